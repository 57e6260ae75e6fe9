import { dirname, join } from "node:path";
import type { Caller, Management } from "../contracts/mod.ts";
import type { Activity } from "../activity/mod.ts";
import {
  type Calls,
  createCalls,
  createDiscoveries,
  createFlows,
  createLimits,
  createResults,
  isExposed,
  openInspector,
  openRelay,
  type Relay,
} from "../calls/mod.ts";
import { socketPathOf } from "../client/mod.ts";
import type { ConfigService } from "../config/mod.ts";
import { createEventBus, type EventBus } from "../events/mod.ts";
import { createIsolation, type Isolation } from "../isolation/mod.ts";
import { createManagement } from "../management/mod.ts";
import type { Logs } from "../observability/mod.ts";
import { createRegistries } from "../registries/mod.ts";
import { connectServer, openRuntime, type Runtime } from "../runtime/mod.ts";
import { openIndexFile, openToolIndex, sliceIndex } from "../search/mod.ts";
import { openSecretStore } from "../secrets/mod.ts";
import { openTokenCounter } from "../tokens/mod.ts";
import type { Storage } from "../storage/mod.ts";
import { openGatewayActivity, recordConfigFile, recordSystem } from "./activity.ts";
import { createCallStarts } from "./call_starts.ts";
import { publishActivity } from "./activity_events.ts";
import { type AdminKey, createAdminKey } from "./admin_key.ts";
import { openScanRenewal, type ScanRenewal } from "./scan_renewal.ts";
import { openGatewayScanner } from "./scanner.ts";
import { watchChildren } from "./children.ts";
import { createFinder } from "./finder.ts";
import { tellOfConfig } from "./config_news.ts";
import { type Identity, openIdentity } from "./identity.ts";
import { type CoreOptions, type Ground, logDirectory } from "./ground.ts";
import { tellOfConsent } from "./consent_news.ts";
import { tellOfTrust } from "./trust_news.ts";
import { recordServers } from "./server_changes.ts";

/** Longest wait for a server whose tools are not known, in a process without daemon. */
const LEARN_WAIT_MS = 60_000;

/** Everything below the surfaces. */
export interface Core extends Identity {
  readonly config: ConfigService;
  readonly dataDir: string;
  readonly socketPath: string;
  readonly adminKey: AdminKey;
  readonly logs: Logs;
  readonly bus: EventBus;
  readonly runtime: Runtime;
  readonly calls: Calls;
  readonly relay: Relay;
  readonly management: Management;
  readonly storage: Storage;
  readonly activity: Activity;
  /** Puts on record that the gateway runs; that it has stopped follows by itself. */
  readonly system: ReturnType<typeof recordSystem>;
}

/** Opens storage, servers, calls and the management service on the ground. */
export async function openCore(
  stack: AsyncDisposableStack,
  ground: Ground,
  options: CoreOptions,
): Promise<Core> {
  const { platform, version } = options;
  const { config, dataDir, logs, redactor } = ground;
  const busLog = logs.logger("events");
  const bus = createEventBus(platform.clock, {
    instance: platform.random.uuid(),
    onListenerError: (cause) => busLog.error("listener failed", { cause }),
  });
  const storageLog = logs.logger("storage");
  const opening = ground.storage((notice) => {
    storageLog.warn("storage notice", { notice });
    bus.publish("storage.notice", { notice });
    options.onNotice(notice);
    // A command ends before anyone would ask for its status.
    if (!options.running) platform.stderr.write(`${notice}\n`);
  });
  // While the disk is read.
  const indexFile = ground.ownsDataDir ? stack.use(openKeptIndex(options, ground)) : undefined;
  const index = openToolIndex();
  const [opened] = await Promise.all([opening, indexFile?.serve(index)]);
  const storage = stack.use(opened);
  // Before all that is put on record, so that it is closed after it.
  const { running, onNotice } = options;
  const activity = stack.use(openGatewayActivity({ ...ground, platform, bus, running, onNotice }));
  const system = recordSystem(stack, { activity, platform });
  stack.use(recordConfigFile(activity, config));
  if (running) stack.use(publishActivity({ activity, bus, clock: platform.clock }));
  tellOfConfig(stack, { config, bus, logs, onNotice: options.onNotice });
  const onDemand = !options.running;
  // Before any server starts: what is left of it may hold what it needs.
  const children = await watchChildren(stack, { ...ground, platform, bus, onNotice: options.onNotice });
  const scanLog = logs.logger("scan");
  let renewal: ScanRenewal | undefined;
  const onRules = () => renewal?.start();
  const scanner = await openGatewayScanner(stack, { platform, config, log: scanLog, onNotice, onRules });
  const isolation = createIsolation({ platform, dataDir, configDirectory: dirname(config.path) });
  if (ground.ownsDataDir) await sweep(isolation, logs);
  const secrets = openSecretStore(platform, dataDir);
  const runtime = stack.use(
    await openRuntime({
      scanner,
      platform: children.platform,
      config,
      storage,
      index: sliceIndex(index, { clock: platform.clock, file: indexFile }),
      logs,
      bus,
      redactor,
      keyring: (name) => secrets.get(name),
      version,
      onDemand,
      connect: (one) => connectServer({ ...one, isolation }),
    }),
  );
  stack.use(tellOfTrust({ runtime, bus, activity }));
  if (running) {
    const { clock } = platform;
    renewal = stack.use(openScanRenewal({ runtime, clock, storage, activity, bus, log: scanLog, onNotice }));
  }
  // Its listeners go with the runtime itself, so that they hear how servers are stopped.
  if (running) recordServers(activity, runtime);
  const configNow = () => config.snapshot().config;
  const limitFor = ({ scope }: Caller) => scope?.maxConcurrent;
  const limits = createLimits({ clock: platform.clock, config: configNow, limitFor });
  stack.use(config.onChange(() => limits.refresh()));
  const inspector = stack.use(openInspector({
    platform,
    config: configNow,
    log: logs.logger("inspect"),
    scanner,
    publish: (type, payload) => void bus.publish(type, payload),
    onNotice: options.onNotice,
  }));
  const flows = createFlows({
    clock: platform.clock,
    random: platform.random,
    onChange: (consent) => tellOfConsent(bus, consent),
  });
  const counter = stack.use(openTokenCounter(platform.clock));
  const ledger = { counter, discoveries: createDiscoveries({ clock: platform.clock, counter }) };
  const results = createResults({ platform, config: configNow });
  const dispatch = {
    platform,
    config: configNow,
    runtime,
    storage,
    log: logs.logger("calls"),
    limits,
    inspector,
    flows,
    results,
    activity,
    onStart: running ? createCallStarts({ bus, clock: platform.clock }) : undefined,
  };
  const adminKey = createAdminKey({
    ...ground,
    platform,
    config: configNow,
    onNew: (key) => redactor.add(key),
  });
  const identity = openIdentity(stack, { ...ground, platform, storage });
  const finder = createFinder({ platform, config: configNow, runtime, index, log: logs.logger("search") });
  const calls = createCalls({ ...dispatch, ledger, index, finder });
  const relay = stack.use(openRelay({ ...dispatch, discoveries: ledger.discoveries }));
  const socketPath = socketPathOf(dataDir, configNow().tray_endpoint);
  const management = createManagement({
    platform,
    config,
    runtime,
    calls,
    finder,
    ledger,
    flows,
    results,
    limits,
    registries: createRegistries(platform, configNow),
    index,
    storage,
    bus,
    activity,
    secrets,
    ...identity,
    logDirectory: logDirectory(dataDir, configNow()),
    isolation,
    renewals: renewal,
    usages: children.usages,
    learnTools: onDemand ? (signal, names) => learnTools(runtime, signal, names) : () => Promise.resolve(),
    facts: {
      version,
      dataDir,
      socketPath,
      startedAt: platform.clock.now(),
      startConfig: configNow(),
      running: options.running,
      phase: options.phase,
      listenAddress: () => options.listenAddress() ?? configNow().listen,
      apiKey: adminKey.text,
    },
    adminKey,
  });
  const parts = { config, dataDir, socketPath, adminKey, logs, bus, storage, activity, system };
  return { ...parts, ...identity, runtime, calls, relay, management };
}

/** Connects servers whose tools nobody has listed yet; those that fail are named by the answer itself. */
async function learnTools(runtime: Runtime, signal: AbortSignal, names?: readonly string[]): Promise<void> {
  const unknown = [...runtime.view().servers]
    .filter(([name, record]) => isExposed(record) && runtime.catalogue.get(name) === undefined)
    .map(([name]) => name)
    .filter((name) => names === undefined || names.includes(name));
  await Promise.allSettled(
    unknown.map((name) => runtime.use(name, { signal, waitMs: LEARN_WAIT_MS }, () => Promise.resolve())),
  );
  // What was listed before this start may have to be decided about first.
  await runtime.trust.settled();
  signal.throwIfAborted();
}

function openKeptIndex({ platform }: CoreOptions, { dataDir, logs }: Ground) {
  const log = logs.logger("search");
  return openIndexFile({
    ...platform,
    path: join(dataDir, "search.index"),
    onFailure: (doing, cause) => log.warn(`index not ${doing === "read" ? "read" : "written"}`, { cause }),
  });
}

/** Containers of an earlier gateway that was killed. */
async function sweep(isolation: Isolation, logs: Logs): Promise<void> {
  const containers = await isolation.sweep();
  if (containers.length > 0) logs.logger("upstream").warn("left-over containers removed", { containers });
}
