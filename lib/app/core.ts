import { dirname, join } from "node:path";
import type { Caller, Config, Management } from "../contracts/mod.ts";
import type { Activity } from "../activity/mod.ts";
import {
  type Calls,
  createCalls,
  createDiscoveries,
  createLimits,
  createResults,
  isExposed,
  openInspector,
  openRelay,
  type Relay,
} from "../calls/mod.ts";
import { socketPathOf } from "../client/mod.ts";
import { type ConfigService, locateConfig, openConfig, resolveDataDir } from "../config/mod.ts";
import { createEventBus, type EventBus } from "../events/mod.ts";
import { createIsolation, type Isolation } from "../isolation/mod.ts";
import { createManagement } from "../management/mod.ts";
import { type Logs, openLogs } from "../observability/mod.ts";
import { createRegistries } from "../registries/mod.ts";
import { connectServer, openRuntime, type Runtime } from "../runtime/mod.ts";
import { openToolIndex } from "../search/mod.ts";
import { createRedactor, openSecretStore } from "../secrets/mod.ts";
import { openTokenCounter } from "../tokens/mod.ts";
import { openMemoryStorage, openStorage, type Storage } from "../storage/mod.ts";
import { openGatewayActivity, recordConfigFile, recordSystem } from "./activity.ts";
import { publishActivity } from "./activity_events.ts";
import { openGatewayScanner } from "./scanner.ts";
import { watchChildren } from "./children.ts";
import { createFinder } from "./finder.ts";
import { tellOfConfig } from "./config_news.ts";
import { type Identity, openIdentity } from "./identity.ts";
import type { PlaceOptions } from "./options.ts";
import {
  lockDataDirectory,
  lockedBy,
  openApiKey,
  openDataDirectory,
  openTokenKey,
  withOverrides,
} from "./place.ts";
import { tellOfTrust } from "./trust_news.ts";
import { recordServers } from "./server_changes.ts";

const DAY_MS = 86_400_000;
/** Longest wait for a server whose tools are not known, in a process without daemon. */
const LEARN_WAIT_MS = 60_000;

/** Everything below the surfaces. */
export interface Core extends Identity {
  readonly config: ConfigService;
  readonly dataDir: string;
  readonly socketPath: string;
  readonly apiKey: string;
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

/** How the core is to work. */
export interface CoreOptions extends PlaceOptions {
  /** A daemon owns the data directory; a short-lived process makes do with memory if it is taken. */
  readonly running: boolean;
  readonly logToConsole: boolean;
  readonly phase: () => string;
  readonly listenAddress: () => string | undefined;
  readonly onNotice: (text: string) => void;
}

/** The first things to be there: config, data directory, lock, key, logs. */
export interface Ground {
  readonly config: ConfigService;
  readonly dataDir: string;
  readonly apiKey: string;
  /** Key of the hashes of agent tokens. */
  readonly tokenKey: string;
  readonly logs: Logs;
  /** Opens the storage; the listener hears in words what a person should know of it. */
  readonly storage: (onNotice: (text: string) => void) => Promise<Storage>;
  readonly redactor: ReturnType<typeof createRedactor>;
  /** Whether this process holds the lock of the data directory. */
  readonly ownsDataDir: boolean;
}

/**
 * Opens what must be there before anything may listen or start.
 *
 * @throws {GatewayError} For a bad config or data directory, or a second daemon.
 */
export async function openGround(stack: AsyncDisposableStack, options: CoreOptions): Promise<Ground> {
  const { platform } = options;
  const { env, machine: { home, cwd } } = platform;
  const path = locateConfig({ flag: options.config, dataDir: options.dataDir, env, home, cwd });
  const config = stack.use(
    await openConfig(platform, {
      path,
      overrides: (read: Config) => withOverrides(read, options),
      watch: options.running,
      mustExist: options.configMustExist,
    }),
  );
  const snapshot = config.snapshot();
  for (const notice of snapshot.notices) options.onNotice(notice);
  const dataDir = resolveDataDir({
    flag: options.dataDir,
    env,
    config: snapshot.config,
    configPath: config.path,
    home,
  });
  await openDataDirectory(platform, dataDir);
  const { storage, ownsDataDir } = await chooseStorage(stack, options, dataDir);
  const apiKey = await openApiKey(platform, dataDir, snapshot.config);
  const tokenKey = await openTokenKey(platform, dataDir);
  const redactor = createRedactor();
  redactor.add(apiKey);
  redactor.add(tokenKey);
  const logs = stack.use(openLogs(logOptions(options, snapshot.config, dataDir, redactor)));
  return { config, dataDir, apiKey, tokenKey, logs, storage, redactor, ownsDataDir };
}

async function chooseStorage(stack: AsyncDisposableStack, options: CoreOptions, dataDir: string) {
  const { platform } = options;
  const lock = await lockDataDirectory(platform, dataDir);
  if (lock !== undefined) {
    stack.use(lock);
    const path = join(dataDir, "mcpproxy.db");
    const storage = (onNotice: (text: string) => void) => openStorage(platform, { path, onNotice });
    return { storage, ownsDataDir: true };
  }
  if (options.running) throw await lockedBy(platform, dataDir);
  return { storage: () => openMemoryStorage(platform), ownsDataDir: false };
}

function logOptions(
  options: CoreOptions,
  config: Config,
  dataDir: string,
  redactor: ReturnType<typeof createRedactor>,
) {
  const { logging } = config;
  return {
    platform: options.platform,
    directory: logDirectory(dataDir, config),
    level: logging.level,
    console: options.logToConsole && logging.enable_console,
    file: options.running && logging.enable_file,
    filename: logging.filename,
    json: logging.json_format,
    maxSizeBytes: logging.max_size * 1024 * 1024,
    maxBackups: logging.max_backups,
    maxAgeMs: logging.max_age === 0 ? Infinity : logging.max_age * DAY_MS,
    compress: logging.compress,
    redact: (text: string) => redactor.redact(text),
  };
}

function logDirectory(dataDir: string, { logging }: Config): string {
  return logging.log_dir === "" ? join(dataDir, "logs") : logging.log_dir;
}

/** Opens storage, servers, calls and the management service on the ground. */
export async function openCore(
  stack: AsyncDisposableStack,
  ground: Ground,
  options: CoreOptions,
): Promise<Core> {
  const { platform, version } = options;
  const { config, dataDir, apiKey, logs, redactor } = ground;
  const busLog = logs.logger("events");
  const bus = createEventBus(platform.clock, {
    instance: platform.random.uuid(),
    onListenerError: (cause) => busLog.error("listener failed", { cause }),
  });
  const storageLog = logs.logger("storage");
  const storage = stack.use(
    await ground.storage((notice) => {
      storageLog.warn("storage notice", { notice });
      bus.publish("storage.notice", { notice });
      options.onNotice(notice);
      // A command ends before anyone would ask for its status.
      if (!options.running) platform.stderr.write(`${notice}\n`);
    }),
  );
  // Before all that is put on record, so that it is closed after it.
  const { running, onNotice } = options;
  const activity = stack.use(openGatewayActivity({ ...ground, platform, bus, running, onNotice }));
  const system = recordSystem(stack, { activity, platform });
  stack.use(recordConfigFile(activity, config));
  if (running) stack.use(publishActivity({ activity, bus, clock: platform.clock }));
  tellOfConfig(stack, { config, bus, logs, onNotice: options.onNotice });
  const index = openToolIndex();
  const onDemand = !options.running;
  // Before any server starts: what is left of it may hold what it needs.
  const children = await watchChildren(stack, { ...ground, platform, bus, onNotice: options.onNotice });
  const scanner = await openGatewayScanner(stack, { platform, config, log: logs.logger("scan"), onNotice });
  const isolation = createIsolation({ platform, dataDir, configDirectory: dirname(config.path) });
  if (ground.ownsDataDir) await sweep(isolation, logs);
  const secrets = openSecretStore(platform, dataDir);
  const runtime = stack.use(
    await openRuntime({
      scanner,
      platform: children.platform,
      config,
      storage,
      index,
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
    publish: (type, payload) => void bus.publish(type, payload),
    onNotice: options.onNotice,
  }));
  const counter = openTokenCounter(platform.clock);
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
    results,
    activity,
  };
  const identity = openIdentity(stack, { ...ground, platform, storage });
  const finder = createFinder({ platform, config: configNow, runtime, index, log: logs.logger("search") });
  const calls = createCalls({ ...dispatch, ledger, index, finder });
  const relay = stack.use(openRelay(dispatch));
  const socketPath = socketPathOf(dataDir, configNow().tray_endpoint);
  const management = createManagement({
    platform,
    config,
    runtime,
    calls,
    finder,
    ledger,
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
    usageOf: children.usage,
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
      apiKey: () => apiKey,
    },
  });
  const parts = { config, dataDir, socketPath, apiKey, logs, bus, storage, activity, system };
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

/** Containers of an earlier gateway that was killed. */
async function sweep(isolation: Isolation, logs: Logs): Promise<void> {
  const containers = await isolation.sweep();
  if (containers.length > 0) logs.logger("upstream").warn("left-over containers removed", { containers });
}
