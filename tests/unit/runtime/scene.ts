/**
 * A runtime over servers that exist only here: every attempt to connect is
 * answered as the test says, on a clock that the test turns.
 *
 * @module
 */

import type { ConfigListener, ConfigService, Snapshot } from "../../../lib/config/mod.ts";
import {
  ConfigSchema,
  type ServerConfigInput,
  ServerConfigSchema,
  type ToolDefinition,
} from "../../../lib/contracts/mod.ts";
import { createEventBus, type EventBus } from "../../../lib/events/mod.ts";
import type { Logs } from "../../../lib/observability/mod.ts";
import type { Platform } from "../../../lib/platform/mod.ts";
import { openRuntime, type Runtime, type RuntimeOptions } from "../../../lib/runtime/mod.ts";
import type { ToolIndex, ToolSource } from "../../../lib/search/mod.ts";
import type { CatalogueEntry, EraVerdict, Storage } from "../../../lib/storage/mod.ts";
import { createApprovalStore, createCleanScanner } from "../../support/trust.ts";
import { createManualClock, type ManualClock } from "../../support/manual_clock.ts";
import {
  type Attempt,
  type Connected,
  type ConnectOptions,
  type Ending,
  FakeAttempt,
} from "./fake_attempt.ts";

export { type Attempt, type Ending, tool } from "./fake_attempt.ts";

/** What goes on around the runtime. */
export interface Scene extends AsyncDisposable {
  readonly clock: ManualClock;
  readonly bus: EventBus;
  readonly runtime: Runtime;
  /** Every attempt so far. */
  readonly attempts: readonly Attempt[];
  /** Live processes of a server. */
  live(name: string): Attempt[];
  /** What should never have happened. */
  readonly faults: readonly string[];
  /** Puts these servers into force. */
  configure(servers: readonly ServerConfigInput[]): void;
  /** Answers every attempt to come at once with this. */
  always: Ending | undefined;
  /** What the search index holds, by server. */
  readonly indexed: ReadonlyMap<string, readonly ToolDefinition[]>;
  /** What storage holds, by server. */
  readonly stored: ReadonlyMap<string, CatalogueEntry>;
  /** Times that a list was written. */
  readonly writes: number;
  /** Servers that the index does not take. */
  readonly indexFaults: Set<string>;
}

/** How slow the world is. */
export interface SceneOptions {
  readonly servers?: readonly ServerConfigInput[];
  readonly stored?: readonly CatalogueEntry[];
  readonly always?: Ending;
  /** Time that an attempt takes when `always` answers it. */
  readonly connectMs?: number;
  /** Time that a process takes to end. */
  readonly stopMs?: number;
  /** Time that the index takes for a server. */
  readonly indexMs?: number;
  readonly random?: () => number;
  readonly onDemand?: boolean;
}

/** A stdio server that nobody has to start, trusted whatever it shows. */
export function entry(name: string, fields: Partial<ServerConfigInput> = {}): ServerConfigInput {
  return { name, command: "x", quarantined: false, trust_mode: "auto", ...fields };
}

const SILENT = new Proxy({}, { get: () => () => {} });

/** Opens a scene. */
export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const clock = createManualClock();
  const bus = createEventBus(clock);
  const world = createWorld(clock, options);
  const config = createConfig(options.servers ?? []);
  const opening = openRuntime({
    platform: {
      clock,
      random: { number: options.random ?? (() => 0.5) },
    } as unknown as Platform, // nothing else of it is used where connections are made here
    config,
    storage: world.storage,
    scanner: createCleanScanner(),
    index: world.index,
    logs: { logger: () => SILENT, serverLog: () => SILENT } as unknown as Logs, // takes anything
    bus,
    redactor: SILENT as RuntimeOptions["redactor"], // takes anything
    version: "0",
    onDemand: options.onDemand ?? false,
    connect: world.connect,
  });
  await clock.advanceAsync(indexTime(options));
  const runtime = await opening;
  return {
    clock,
    bus,
    runtime,
    attempts: world.attempts,
    live: (name) => world.live(name),
    faults: world.faults,
    configure: (servers) => config.put(servers),
    indexed: world.indexed,
    stored: world.stored,
    indexFaults: world.indexFaults,
    get writes() {
      return world.writes();
    },
    get always() {
      return world.always;
    },
    set always(ending) {
      world.always = ending;
    },
    async [Symbol.asyncDispose]() {
      let isOver = false;
      const done = runtime[Symbol.asyncDispose]().then(() => void (isOver = true));
      for (let step = 0; step < 1_000 && !isOver; step++) await clock.advanceAsync(100);
      await done;
    },
  };
}

function indexTime({ indexMs = 0, servers = [] }: SceneOptions): number {
  return indexMs * servers.length * 2;
}

function createConfig(first: readonly ServerConfigInput[]) {
  const listeners = new Set<ConfigListener>();
  let version = 0;
  const toSnapshot = (servers: readonly ServerConfigInput[]): Snapshot => ({
    version: ++version,
    hash: String(version),
    path: "/config.json",
    config: ConfigSchema.parse({ mcpServers: servers.map((server) => ServerConfigSchema.parse(server)) }),
    notices: [],
  });
  let snapshot = toSnapshot(first);
  return {
    path: "/config.json",
    snapshot: () => snapshot,
    onChange(listener: ConfigListener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    put(servers: readonly ServerConfigInput[]) {
      const from = snapshot;
      snapshot = toSnapshot(servers);
      for (const listener of listeners) listener(snapshot, from, "test");
    },
  } as unknown as ConfigService & { put(servers: readonly ServerConfigInput[]): void }; // all that a runtime uses
}

function createWorld(
  clock: ManualClock,
  { connectMs = 0, stopMs = 0, indexMs = 0, always, stored: kept = [] }: SceneOptions,
) {
  const attempts: FakeAttempt[] = [];
  const indexed = new Map<string, readonly ToolDefinition[]>();
  const stored = new Map(kept.map((one) => [one.server, one]));
  const eras = new Map<string, EraVerdict>();
  const faults: string[] = [];
  const indexFaults = new Set<string>();
  let writes = 0;
  let turn = 0;
  const wait = (ms: number) =>
    ms === 0 ? Promise.resolve() : new Promise<void>((resolve) => void clock.after(ms, resolve));
  /** Sooner or later, so that nothing can rely on an order. */
  const indexWait = () => wait(indexMs * (turn++ % 3));
  const live = (name: string) => attempts.filter((attempt) => attempt.isLive && attempt.server.name === name);
  const world = {
    always,
    attempts,
    indexed,
    stored,
    live,
    faults,
    indexFaults,
    writes: () => writes,
    connect(options: ConnectOptions): Promise<Connected> {
      const { name } = options.server;
      if (live(name).length > 0) faults.push(`a second process of ${name}`);
      const attempt = new FakeAttempt(options, () => wait(stopMs));
      attempts.push(attempt);
      const { always } = world;
      if (always !== undefined) void wait(connectMs).then(() => attempt.settle(always));
      return attempt.connected;
    },
    storage: {
      approvals: createApprovalStore(),
      catalogue: {
        load: () => Promise.resolve(new Map(stored)),
        save(list: CatalogueEntry) {
          writes++;
          stored.set(list.server, list);
        },
        remove: (name: string) => void stored.delete(name),
      },
      eras: {
        get: (name: string) => eras.get(name),
        set: (name: string, verdict: EraVerdict) => void eras.set(name, verdict),
        remove: (name: string) => void eras.delete(name),
      },
    } as unknown as Storage, // all that a runtime uses
    index: {
      waiting: [],
      async takeServer(name: string, tools: readonly ToolSource[]) {
        await indexWait();
        if (indexFaults.has(name)) throw new Error("The index is full");
        if (tools.length > 0) indexed.set(name, tools.map(({ definition }) => definition));
        else indexed.delete(name);
      },
      async removeServer(name: string) {
        await indexWait();
        indexed.delete(name);
      },
      saveServer: () => new Uint8Array(),
    } as unknown as ToolIndex, // all that a runtime uses
  };
  return world;
}
