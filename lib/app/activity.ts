import { join } from "node:path";
import { type Config, GatewayError } from "../contracts/mod.ts";
import {
  type Activity,
  type ActivityLimits,
  createAbsentActivity,
  openActivity,
  openActivityLater,
  recordChange,
} from "../activity/mod.ts";
import type { ConfigService } from "../config/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { Logs } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { Redactor } from "../secrets/mod.ts";

/** What the record of activity is opened with. */
export interface ActivityPlace {
  readonly platform: Platform;
  readonly dataDir: string;
  /** Whether this process holds the lock of the data directory. */
  readonly ownsDataDir: boolean;
  /** A daemon, or a short-lived process. */
  readonly running: boolean;
  readonly config: ConfigService;
  readonly redactor: Pick<Redactor, "redact">;
  readonly logs: Logs;
  readonly bus: EventBus;
  readonly onNotice: (text: string) => void;
}

/**
 * Opens the record of activity. A command without a daemon opens its file only
 * when it has something to record or to read.
 */
export function openGatewayActivity(place: ActivityPlace): Activity {
  const { platform, dataDir, config, redactor, running } = place;
  const log = place.logs.logger("activity");
  const onNotice = (notice: string) => {
    log.warn("activity notice", { notice });
    place.bus.publish("activity.notice", { notice });
    place.onNotice(notice);
    // A command ends before anyone would ask for its status.
    if (!running) platform.stderr.write(`${notice}\n`);
  };
  if (!place.ownsDataDir) return createAbsentActivity(heldByAnother(dataDir), onNotice);
  const open = () =>
    openActivity({
      platform,
      path: join(dataDir, "activity.kv"),
      redact: (text) => redactor.redact(text),
      limits: () => toLimits(config.snapshot().config),
      onNotice,
    });
  return running ? open() : openActivityLater(open);
}

function toLimits(config: Config): ActivityLimits {
  return {
    retentionDays: config.activity_retention_days,
    maxRecords: config.activity_max_records,
    maxSizeMb: config.activity_max_size_mb,
    maxPayloadBytes: config.activity_max_response_size,
    cleanupMinutes: config.activity_cleanup_interval_min,
  };
}

function heldByAnother(dataDir: string): GatewayError {
  return new GatewayError(
    "MCPX_DATA_DIR_LOCKED",
    `Cannot use the activity of data directory "${dataDir}": a daemon that does not answer here holds it`,
    { remedy: "Ask that daemon, with its own --config and --data-dir, or stop it", details: { dataDir } },
  );
}

/** Puts on record what somebody changes in the config file itself; changes by verbs are told by those. */
export function recordConfigFile(activity: Activity, config: ConfigService): Disposable {
  const stack = new DisposableStack();
  stack.use(config.onChange((to, from, source) => {
    if (source !== "file") return;
    const details = { version: to.version, changed_fields: changedKeys(from.config, to.config) };
    recordChange(activity, { type: "config_change", action: "reload", details });
  }));
  stack.use(config.onRejection((error) => {
    if (error !== undefined) recordChange(activity, { type: "config_change", action: "reload", error });
  }));
  return stack;
}

function changedKeys(from: Config, to: Config): string[] {
  const keys = new Set([...Object.keys(from), ...Object.keys(to)]);
  const textOf = (config: Config, key: string) => JSON.stringify(Reflect.get(config, key));
  return [...keys].filter((key) => textOf(from, key) !== textOf(to, key)).sort();
}

/** Puts on record that the gateway runs, and, when the stack is disposed, that it has stopped. */
export function recordSystem(
  stack: AsyncDisposableStack,
  { activity, platform: { clock } }: { readonly activity: Activity; readonly platform: Platform },
): { started(details: Readonly<Record<string, unknown>>): void } {
  const openedAt = clock.monotonic();
  let startedAt: number | undefined;
  stack.defer(() => {
    if (startedAt === undefined) return;
    const details = { uptime_seconds: Math.round((clock.monotonic() - startedAt) / 1000) };
    recordChange(activity, { type: "system_stop", action: "stop", details });
  });
  return {
    started(details) {
      startedAt = clock.monotonic();
      const took = { startup_duration_ms: Math.round(startedAt - openedAt) };
      recordChange(activity, { type: "system_start", action: "start", details: { ...details, ...took } });
    },
  };
}
