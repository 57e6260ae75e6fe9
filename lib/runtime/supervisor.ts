import { dirname } from "node:path";
import { type Config, didYouMean, GatewayError, type ServerConfig } from "../contracts/mod.ts";
import { diffServers, type Snapshot } from "../config/mod.ts";
import type { Logger } from "../observability/mod.ts";
import { createPackageResolver } from "../packages/mod.ts";
import type { UpstreamConnection } from "../upstream/mod.ts";
import { Actor } from "./actor.ts";
import type { WaitOptions } from "./actor_options.ts";
import type { Catalogue } from "./catalogue.ts";
import { createEraMemory, type EraMemory } from "./eras.ts";
import { type Asking, openExtraConnection } from "./extra_connection.ts";
import { isHeldForPackage } from "./failures.ts";
import { createGate } from "./gate.ts";
import { type MessageListener, News } from "./news.ts";
import { createPackageGate, type PackageGate } from "./package_gate.ts";
import { plan, wantedOf } from "./plan.ts";
import type { Runtime, RuntimeOptions } from "./runtime.ts";
import { SessionConnections } from "./session_connections.ts";
import { Baselines } from "./trust/baselines.ts";
import { reviewOffers } from "./trust/inspect.ts";
import type { Trust, TrustChange } from "./trust/trust_types.ts";
import { createView, type ServerRecord, type ViewSnapshot } from "./view.ts";

/** Starting an `npx` server is a burst of CPU, so few start at once. */
const STDIO_CONNECTS = 4;
const HTTP_CONNECTS = 16;
/** A command on the terminal has its result before the server ends; nobody likes to wait for that. */
const BRIEF_GRACE = { stdin: 1_000, term: 2_000 };
/** Longest wait for a server that somebody wants to look at. */
const INSPECT_WAIT_MS = 30_000;
/** Keys of the top that every server goes by unless its entry says otherwise. */
const COMMON_KEYS = ["quarantine_enabled", "health_check_interval", "tool_discovery_interval"] as const;

/** Keeps every server as the config wants it: one actor each, told what is wanted whenever that has changed. */
export class Supervisor implements Runtime {
  readonly #options: RuntimeOptions;
  readonly #log: Logger;
  readonly #actors = new Map<string, Actor>();
  readonly #view = createView();
  readonly #gates = { stdio: createGate(STDIO_CONNECTS), http: createGate(HTTP_CONNECTS) };
  readonly #sessions: SessionConnections;
  readonly #news: News;
  readonly #onConfig: Disposable;
  readonly #eras: EraMemory;
  /** Reconciliations run one after the other. */
  #work: Promise<void> = Promise.resolve();
  readonly #baselines: Baselines;
  readonly #packages: PackageGate;
  #disposed = false;

  readonly catalogue: Catalogue;
  readonly trust: Trust;

  constructor(options: RuntimeOptions, { catalogue, trust }: { catalogue: Catalogue; trust: Trust }) {
    this.#options = options;
    this.catalogue = catalogue;
    this.trust = trust;
    trust.onChange((server, kind, changes) => {
      if (kind === "tool") this.#news.listed(server);
      if (kind === "package") this.#onPackages(server, changes);
    });
    const { clock } = options.platform;
    this.#eras = createEraMemory(options.storage, () => clock.now());
    const log = this.#log = options.logs.logger("runtime");
    this.#news = new News({
      clock,
      bus: options.bus,
      view: () => this.view(),
      catalogue,
      onListenerError: (cause) => log.error("listener failed", { cause }),
    });
    const resolver = createPackageResolver(options.platform);
    this.#packages = createPackageGate({ trust, resolver, log });
    this.#sessions = new SessionConnections({
      clock,
      connect: (server, peer, { signal, onClosed }) => this.#connectFor(server, { peer, signal, onClosed }),
    });
    this.#baselines = new Baselines({
      trust,
      log,
      config: () => options.config.snapshot().config,
      use: (server, signal, work) => this.use(server, { signal, waitMs: 0 }, work),
    });
    this.#onConfig = options.config.onChange((to, from) => this.#onSnapshot(to, from));
  }

  /** Shows what is known of all servers, then starts them. Resolves when they are on their way. */
  async start(): Promise<void> {
    const { config } = this.#options.config.snapshot();
    const isRun = (server: ServerConfig) => wantedOf(server, config, this.#options.onDemand).kind === "run";
    await Promise.all(config.mcpServers.map((server) => this.catalogue.expose(server, isRun(server))));
    await this.#enqueue(config.mcpServers.map(({ name }) => name));
  }

  settled(): Promise<void> {
    return this.#work;
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
    const { config } = this.server(name);
    const actor = this.#actors.get(name);
    if (actor !== undefined && config.connection === "session" && wait.peer !== undefined) {
      return await this.#sessions.use(config, { ...wait, peer: wait.peer }, work);
    }
    if (actor === undefined) {
      throw new GatewayError("MCPX_SERVER_NOT_READY", `Cannot use server "${name}": it is being removed`);
    }
    return await actor.use(wait, work);
  }

  async inspect(name: string, signal: AbortSignal): Promise<void> {
    const { config, state } = this.server(name);
    const { kind } = wantedOf(config, this.#options.config.snapshot().config, true);
    if (kind === "run" && !isHeldForPackage(state)) {
      return await this.use(name, { signal, waitMs: INSPECT_WAIT_MS }, async (connection) => {
        await this.catalogue.set(config, await connection.listTools(signal));
        await reviewOffers(this.trust, config, connection, signal);
      });
    }
    await using connection = await this.#connectFor(config, { signal, onClosed: () => {} });
    await this.trust.review(config, "tool", await connection.listTools(signal));
    await reviewOffers(this.trust, config, connection, signal);
  }

  restart(name: string): void {
    this.server(name);
    this.#sessions.endServer(name);
    this.#actors.get(name)?.restart();
  }

  relist(name: string): void {
    this.server(name);
    this.#actors.get(name)?.relist();
  }

  onMessage(listener: MessageListener): Disposable {
    return this.#news.onMessage(listener);
  }

  onState(listener: (server: string) => void): Disposable {
    return this.#news.onState(listener);
  }

  onExposedChange(listener: (servers: readonly string[]) => void): Disposable {
    return this.#news.onExposedChange(listener);
  }

  notifyFor(peerId: string, method: string, params?: Readonly<Record<string, unknown>>): void {
    this.#sessions.notify(peerId, method, params);
  }

  endPeer(peerId: string): void {
    this.#sessions.endPeer(peerId);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#onConfig[Symbol.dispose]();
    this.#baselines.end();
    await this.#work;
    await Promise.all([
      this.#sessions[Symbol.asyncDispose](),
      ...[...this.#actors.values()].map((actor) => actor.dispose()),
      this.#baselines.done(),
    ]);
    await this.trust[Symbol.asyncDispose]();
    this.#news[Symbol.dispose]();
  }

  #onSnapshot(to: Snapshot, from: Snapshot): void {
    const concernsAll = COMMON_KEYS.some((key) => from.config[key] !== to.config[key]);
    const changed = diffServers(from.config, to.config).map(({ name }) => name);
    const all = to.config.mcpServers.map(({ name }) => name);
    void this.#enqueue(concernsAll ? [...new Set([...all, ...changed])] : changed);
  }

  #enqueue(names: readonly string[]): Promise<void> {
    this.#work = this.#work.then(async () => {
      for (const name of names) {
        await this.#reconcile(name).catch((cause) =>
          this.#log.error("server not reconciled", { server: name, cause })
        );
      }
    });
    return this.#work;
  }

  /** Level-based: reads the snapshot as it is now, whatever led here. */
  async #reconcile(name: string): Promise<void> {
    if (this.#disposed) return;
    const { config } = this.#options.config.snapshot();
    const entry = config.mcpServers.find((server) => server.name === name);
    const actor = this.#actors.get(name);
    const action = plan(entry, actor?.server, needsRestart);
    if (entry === undefined) return await this.#remove(name);
    const wanted = wantedOf(entry, config, this.#options.onDemand);
    if (action === "restart" || wanted.kind === "hold") this.#sessions.endServer(name);
    // The actor first: from then on nothing of an old connection can get into the catalogue.
    (actor ?? this.#start(entry)).apply(entry, wanted, action === "restart");
    await this.catalogue.expose(entry, wanted.kind === "run");
  }

  #start(entry: ServerConfig): Actor {
    const { platform, config, logs, redactor, keyring, version, onDemand, connect } = this.#options;
    const actor = new Actor(entry, {
      platform,
      config: (): Config => config.snapshot().config,
      baseDirectory: dirname(config.path),
      version,
      catalogue: this.catalogue,
      eras: this.#eras,
      gates: this.#gates,
      redactor,
      keyring,
      packages: this.#packages,
      log: this.#log,
      serverLog: logs.serverLog(entry.name),
      connect,
      onChange: (record) => this.#onChange(entry.name, record),
      onMessage: (message) => this.#news.said(entry.name, message),
      onTools: () => this.#news.listed(entry.name),
      stopGraceMs: onDemand ? BRIEF_GRACE : undefined,
    });
    this.#actors.set(entry.name, actor);
    return actor;
  }

  /** Stopping takes a while and must not hold up the other servers, so nobody waits for it here. */
  async #remove(name: string): Promise<void> {
    const actor = this.#actors.get(name);
    if (actor === undefined) return;
    this.#sessions.endServer(name);
    void actor.dispose().then(() => this.#forget(name, actor));
    this.#eras.forget(name);
    await this.catalogue.remove(name);
  }

  /** If it is wanted again by now, the same actor serves it; so there are never two of one name. */
  #forget(name: string, actor: Actor): void {
    if (this.#actors.get(name) !== actor || !actor.isGone) return;
    this.#actors.delete(name);
    this.#view.delete(name);
    this.#news.changed(name, "removed");
  }

  #onChange(name: string, record: ServerRecord): void {
    if (!this.#actors.has(name)) return;
    const before = this.#view.current().servers.get(name);
    this.#view.set(name, record);
    const isHeld = isHeldForPackage(record.state);
    const wasHeld = before !== undefined && isHeldForPackage(before.state);
    if (isHeld || wasHeld && !record.quarantined && record.config.enabled) {
      void this.catalogue.expose(record.config, !isHeld);
    }
    this.#news.changed(name, record.state.state);
    if (record.state.state === "ready" && !this.#options.onDemand) this.#baselines.close(record.config);
  }

  /** Somebody has accepted the package that a server was held for. */
  #onPackages(server: string, changes: readonly TrustChange[]): void {
    const record = this.#view.current().servers.get(server);
    if (record === undefined || !isHeldForPackage(record.state)) return;
    if (changes.some(({ to }) => to.status === "approved" && !to.blocked)) {
      this.#actors.get(server)?.restart();
    }
  }

  #connectFor(server: ServerConfig, asking: Asking): Promise<UpstreamConnection> {
    const shared = {
      trust: this.trust,
      gates: this.#gates,
      packages: this.#packages,
      stopGraceMs: this.#options.onDemand ? BRIEF_GRACE : undefined,
    };
    return openExtraConnection(this.#options, shared, { ...asking, server });
  }
}

function needsRestart(from: ServerConfig, to: ServerConfig): boolean {
  return diffServers({ mcpServers: [from] }, { mcpServers: [to] }).some(({ restart }) => restart);
}
