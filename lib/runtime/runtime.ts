import { dirname } from "node:path";
import { type Config, didYouMean, GatewayError, type ServerConfig } from "../contracts/mod.ts";
import { type ConfigService, diffServers, type Snapshot } from "../config/mod.ts";
import type { EventBus } from "../events/mod.ts";
import type { Logs } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { ToolIndex } from "../search/mod.ts";
import type { Redactor } from "../secrets/mod.ts";
import type { Storage } from "../storage/mod.ts";
import type { UpstreamConnection } from "../upstream/mod.ts";
import { Actor } from "./actor.ts";
import type { WaitOptions } from "./actor_options.ts";
import { type Catalogue, openCatalogue } from "./catalogue.ts";
import { createGate } from "./gate.ts";
import { plan, wantedOf } from "./plan.ts";
import { createView, type ServerRecord, type ViewSnapshot } from "./view.ts";

/** Starting an `npx` server is a burst of CPU, so few start at once. */
const STDIO_CONNECTS = 4;
const HTTP_CONNECTS = 16;
/** A command on the terminal has its result before the server ends; nobody likes to wait for that. */
const BRIEF_GRACE = { stdin: 1_000, term: 2_000 };

/** What the runtime is built from. */
export interface RuntimeOptions {
  readonly platform: Platform;
  readonly config: ConfigService;
  readonly storage: Storage;
  readonly index: ToolIndex;
  readonly logs: Logs;
  readonly bus: EventBus;
  readonly redactor: Redactor;
  readonly version: string;
  /** Servers sleep until a call needs them. */
  readonly onDemand: boolean;
}

/** The servers, kept as the config wants them. */
export interface Runtime extends AsyncDisposable {
  readonly catalogue: Pick<Catalogue, "get">;
  /** The picture of all servers; reading never waits. */
  view(): ViewSnapshot;
  /** One server's record. @throws {GatewayError} MCPX_SERVER_NOT_FOUND with the closest names. */
  server(name: string): ServerRecord;
  /**
   * Works with a ready connection, woken if need be.
   *
   * @throws {GatewayError} MCPX_SERVER_NOT_READY, and whatever the work throws.
   */
  use<T>(name: string, wait: WaitOptions, work: (connection: UpstreamConnection) => Promise<T>): Promise<T>;
  /** Stops and starts a server. */
  restart(name: string): void;
}

/** Opens the runtime: one actor for each configured server. */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const catalogue = await openCatalogue({
    storage: options.storage,
    index: options.index,
    now: () => options.platform.clock.now(),
  });
  const supervisor = new Supervisor(options, catalogue);
  await supervisor.reconcileAll();
  return supervisor;
}

class Supervisor implements Runtime {
  readonly #options: RuntimeOptions;
  readonly #actors = new Map<string, Actor>();
  readonly #view = createView();
  readonly #gates = { stdio: createGate(STDIO_CONNECTS), http: createGate(HTTP_CONNECTS) };
  readonly #onConfig: Disposable;
  /** Reconciliations run one after the other. */
  #work: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(options: RuntimeOptions, readonly catalogue: Catalogue) {
    this.#options = options;
    this.#onConfig = options.config.onChange((to, from) => this.#onSnapshot(to, from));
  }

  view(): ViewSnapshot {
    return this.#view.current();
  }

  server(name: string): ServerRecord {
    const { servers } = this.#view.current();
    const record = servers.get(name);
    if (record !== undefined) return record;
    throw new GatewayError(
      "MCPX_SERVER_NOT_FOUND",
      `Cannot find server "${name}": no server has this name${didYouMean(name, servers.keys())}`,
      { details: { server: name } },
    );
  }

  async use<T>(
    name: string,
    wait: WaitOptions,
    work: (connection: UpstreamConnection) => Promise<T>,
  ): Promise<T> {
    this.server(name);
    const actor = this.#actors.get(name);
    if (actor === undefined) {
      throw new GatewayError("MCPX_SERVER_NOT_READY", `Cannot use server "${name}": it is being removed`);
    }
    return await actor.use(wait, work);
  }

  restart(name: string): void {
    this.server(name);
    this.#actors.get(name)?.restart();
  }

  async reconcileAll(): Promise<void> {
    await this.#enqueue(this.#options.config.snapshot().config.mcpServers.map(({ name }) => name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#onConfig[Symbol.dispose]();
    await this.#work;
    await Promise.all([...this.#actors.values()].map((actor) => actor.dispose()));
  }

  #onSnapshot(to: Snapshot, from: Snapshot): void {
    const changed = to.config.quarantine_enabled === from.config.quarantine_enabled
      ? diffServers(from.config, to.config).map(({ name }) => name)
      : to.config.mcpServers.map(({ name }) => name);
    void this.#enqueue(changed);
  }

  #enqueue(names: readonly string[]): Promise<void> {
    this.#work = this.#work.then(async () => {
      for (const name of names) await this.#reconcile(name);
    });
    return this.#work;
  }

  /** Level-based: reads the snapshot as it is now, whatever led here. Never rejects. */
  async #reconcile(name: string): Promise<void> {
    if (this.#disposed) return;
    const { config } = this.#options.config.snapshot();
    const entry = config.mcpServers.find((server) => server.name === name);
    const actor = this.#actors.get(name);
    const action = plan(entry, actor?.server, needsRestart);
    if (entry === undefined) return await this.#remove(name);
    const wanted = wantedOf(entry, config, this.#options.onDemand);
    await this.catalogue.expose(entry, wanted.kind === "run");
    const target = actor ?? this.#start(entry);
    target.apply(entry, wanted, action === "restart");
  }

  #start(entry: ServerConfig): Actor {
    const { platform, config, logs, redactor, version, onDemand } = this.#options;
    const actor = new Actor(entry, {
      platform,
      config: (): Config => config.snapshot().config,
      baseDirectory: dirname(config.path),
      version,
      catalogue: this.catalogue,
      gates: this.#gates,
      redactor,
      log: logs.logger("runtime"),
      serverLog: logs.serverLog(entry.name),
      onChange: (record) => this.#onChange(entry.name, record),
      stopGraceMs: onDemand ? BRIEF_GRACE : undefined,
    });
    this.#actors.set(entry.name, actor);
    return actor;
  }

  /** Stopping takes a while and must not hold up the other servers, so nobody waits for it here. */
  async #remove(name: string): Promise<void> {
    const actor = this.#actors.get(name);
    if (actor === undefined) return;
    await this.catalogue.remove(name);
    void actor.dispose().then(() => {
      const isBack = this.#options.config.snapshot().config.mcpServers.some((server) => server.name === name);
      if (this.#disposed || isBack) return;
      this.#actors.delete(name);
      this.#view.delete(name);
      this.#publish("removed", name);
    });
  }

  #onChange(name: string, record: ServerRecord): void {
    if (!this.#actors.has(name)) return;
    this.#view.set(name, record);
    this.#publish(record.state.state, name);
  }

  #publish(reason: string, server: string): void {
    this.#options.bus.publish("servers.changed", { reason, server });
  }
}

function needsRestart(from: ServerConfig, to: ServerConfig): boolean {
  return diffServers({ mcpServers: [from] }, { mcpServers: [to] }).some(({ restart }) => restart);
}
