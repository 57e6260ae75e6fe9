import { type Activity, recordChange } from "../activity/mod.ts";
import { toGatewayError } from "../contracts/mod.ts";
import type { EventBus } from "../events/mod.ts";
import { type ScanRenewals, toScanSettled } from "../management/mod.ts";
import type { Logger } from "../observability/mod.ts";
import type { Clock } from "../platform/mod.ts";
import type { RenewedScan, Runtime } from "../runtime/mod.ts";
import type { Storage } from "../storage/mod.ts";
import { openRenewalReports } from "./renewal_report.ts";

/** What a renewal works with, and who hears of it. */
export interface ScanRenewalOptions {
  readonly runtime: Pick<Runtime, "trust" | "view">;
  readonly clock: Pick<Clock, "after" | "now">;
  readonly storage: Pick<Storage, "meta">;
  readonly activity: Pick<Activity, "record">;
  readonly bus: Pick<EventBus, "publish">;
  readonly log: Pick<Logger, "info" | "error">;
  readonly onNotice: (text: string) => void;
}

/** Scans again what other rules have scanned. */
export interface ScanRenewal extends AsyncDisposable, ScanRenewals {
  /** Begins, or begins anew when what is under way has ended; returns at once. */
  start(): void;
}

/** A start has better things to do. */
const AFTER_START_MS = 5_000;

/**
 * Opens the renewal: a while after the start, and whenever other rules come
 * into force, what servers have shown is scanned by them, and the person hears
 * of what is found now. Nothing that was accepted is held for that.
 */
export function openScanRenewal(options: ScanRenewalOptions): ScanRenewal {
  const { runtime, clock, log } = options;
  const reports = openRenewalReports(options.storage);
  let work: Promise<void> = Promise.resolve();
  let isWaiting = false;
  let isUnderWay = false;
  let isClosed = false;
  const timer = clock.after(AFTER_START_MS, start);

  function start(): void {
    if (isWaiting || isClosed) return;
    isWaiting = true;
    work = work.then(renew).catch((cause) =>
      log.error("scans not renewed", { cause: toGatewayError(cause).message })
    ).finally(() => isUnderWay = false);
  }

  async function renew(): Promise<void> {
    isWaiting = false;
    isUnderWay = true;
    await reports.ready;
    await renewAll();
    await reports.save();
  }

  async function renewAll(): Promise<void> {
    const startedAt = clock.now();
    for (const server of [...runtime.view().servers.keys()]) {
      if (isClosed) return;
      const { rules } = runtime.trust;
      const { scanned, worse } = await runtime.trust.renew([server]);
      if (scanned === 0) continue;
      reports.add({ rules, startedAt, at: clock.now(), scanned, worse });
      tell(options, server, { scanned, worse });
      // What was found is told once only: it must not be lost with a process that is ended here.
      await reports.save();
    }
    reports.finish(clock.now());
  }

  return {
    start,
    get isUnderWay() {
      return isUnderWay;
    },
    get last() {
      return reports.last;
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      timer[Symbol.dispose]();
      await work;
      await reports.ready;
    },
  };
}

function tell(
  { runtime: { trust }, activity, bus, log, onNotice }: ScanRenewalOptions,
  server: string,
  { scanned, worse }: { readonly scanned: number; readonly worse: readonly RenewedScan[] },
): void {
  const { rules } = trust;
  log.info("scans renewed", { server, scanned, worse: worse.length, rules });
  for (const { kind, name, isAccepted, from, to, families } of worse) {
    recordChange(activity, {
      type: "security_scan",
      action: "renewed",
      server,
      tool: name,
      details: { kind, accepted: isAccepted, old_verdict: from, new_verdict: to, families, rules },
    });
  }
  bus.publish("security.scan_settled", toScanSettled(server, trust.entries(server)));
  const accepted = worse.filter(({ isAccepted }) => isAccepted);
  if (accepted.length > 0) onNotice(toNotice(server, accepted, rules));
}

function toNotice(server: string, accepted: readonly RenewedScan[], rules: string): string {
  const held = accepted.filter(({ to }) => to === "hold").length;
  return `Scan rules ${rules} find more than before in ${accepted.length} accepted of server "${server}"` +
    `${held === 0 ? "" : `, ${held} of which they would hold`}. They stay accepted; look at them with: ` +
    `mcpproxy security report ${server}`;
}
