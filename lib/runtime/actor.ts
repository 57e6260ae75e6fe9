import { type ServerConfig, type ServerFailure, type ToolDefinition, wireOf } from "../contracts/mod.ts";
import { openDeadline } from "../platform/mod.ts";
import { isRetryable, type UpstreamConnection } from "../upstream/mod.ts";
import type { ActorOptions, WaitOptions } from "./actor_options.ts";
import { createBreaker } from "./breaker.ts";
import { Caretaker } from "./caretaker.ts";
import { connectServer } from "./connect.ts";
import { isWireFailure, leftAlone, notReady, toFailure, tooSlow } from "./failures.ts";
import { createMachine, type MachineEffect, type MachineEvent, step, type Wanted } from "./machine.ts";
import { type ServerRecord, toFacts } from "./view.ts";

/**
 * The one owner of one server's connection. Takes events in order, runs them
 * through the machine and does what the machine asks for.
 */
export class Actor {
  readonly #options: ActorOptions;
  #server: ServerConfig;
  #quarantined = false;
  #machine = createMachine();
  #connection: UpstreamConnection | undefined;
  #attempt: AbortController | undefined;
  #opening: Promise<void> = Promise.resolve();
  #cleanup: Promise<void> = Promise.resolve();
  #retryTimer: Disposable | undefined;
  #caretaker: Caretaker | undefined;
  readonly #breaker = createBreaker();
  #lastError: ServerFailure | undefined;
  #opened = 0;
  readonly #watchers = new Set<() => void>();

  constructor(server: ServerConfig, options: ActorOptions) {
    this.#server = server;
    this.#options = options;
  }

  /** The config entry the actor works with. */
  get server(): ServerConfig {
    return this.#server;
  }

  /** Takes a new entry and what is wanted; `restart` asks for a new connection. */
  apply(server: ServerConfig, wanted: Wanted, restart: boolean): void {
    this.#server = server;
    this.#quarantined = wanted.kind === "hold" && wanted.reason === "quarantined";
    this.#send({ kind: "wanted", wanted });
    if (!restart) return;
    this.#breaker.reset();
    this.#send({ kind: "changed" });
  }

  /** Stops the connection and makes a new one. */
  restart(): void {
    this.#breaker.reset();
    this.#send({ kind: "restart" });
  }

  /** The record for the view. */
  record(): ServerRecord {
    const { state, failures } = this.#machine;
    return {
      config: this.#server,
      quarantined: this.#quarantined,
      state,
      failures,
      connection: state.state === "ready" ? toFacts(this.#connection) : undefined,
      lastError: this.#lastError,
      reconnects: Math.max(0, this.#opened - 1),
    };
  }

  /**
   * Works with the connection, waking or reconnecting the server if need be.
   *
   * @throws {GatewayError} MCPX_SERVER_NOT_READY with the cause, once an attempt has failed or if most calls fail;
   *   and whatever the work throws.
   */
  async use<T>(wait: WaitOptions, work: (connection: UpstreamConnection) => Promise<T>): Promise<T> {
    const { clock } = this.#options.platform;
    const closedUntil = this.#breaker.refusal(clock.now());
    if (closedUntil !== undefined) throw leftAlone(this.#server.name, closedUntil - clock.now());
    let isOk = true;
    try {
      const caretaker = this.#readyCaretaker() ?? await this.#becomeReady(wait);
      return await caretaker.use(work);
    } catch (error) {
      isOk = !isWireFailure(error);
      throw error;
    } finally {
      this.#breaker.record(isOk, clock.now());
    }
  }

  async #becomeReady({ signal, waitMs }: WaitOptions): Promise<Caretaker> {
    using deadline = openDeadline(this.#options.platform.clock, waitMs, {
      parent: signal,
      onExpired: () => tooSlow(this.#server.name, waitMs),
    });
    this.#send({ kind: "needed" });
    for (;;) {
      const caretaker = this.#readyCaretaker();
      if (caretaker !== undefined) return caretaker;
      const { state } = this.#machine.state;
      if (state !== "connecting" && state !== "stopping") {
        throw notReady(this.#server.name, this.#machine.state, this.#lastError);
      }
      await this.#nextChange(deadline.signal);
    }
  }

  /** Stops for good and waits until nothing is left of the server. */
  async dispose(): Promise<void> {
    this.#send({ kind: "wanted", wanted: { kind: "hold", reason: "removed" } });
    while (this.#machine.state.state === "stopping") await this.#nextChange();
    await this.#cleanup;
  }

  #readyCaretaker(): Caretaker | undefined {
    return this.#machine.state.state === "ready" ? this.#caretaker : undefined;
  }

  #nextChange(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = () => {
        this.#watchers.delete(onChange);
        reject(signal?.reason);
      };
      const onChange = () => {
        this.#watchers.delete(onChange);
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      this.#watchers.add(onChange);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  #send(event: MachineEvent): void {
    const before = this.#machine;
    const { clock, random } = this.#options.platform;
    const { machine, effects } = step(before, event, { now: clock.now(), jitter: random.number() });
    this.#machine = machine;
    if ("error" in machine.state && machine.state !== before.state) this.#lastError = machine.state.error;
    if (machine.state.state === "ready") this.#lastError = undefined;
    for (const effect of effects) this.#perform(effect);
    if (machine.state !== before.state || event.kind === "wanted") this.#publish();
  }

  #publish(): void {
    this.#options.onChange(this.record());
    for (const watcher of [...this.#watchers]) watcher();
  }

  #perform(effect: MachineEffect): void {
    const { clock } = this.#options.platform;
    switch (effect.kind) {
      case "open":
        this.#opening = this.#open(effect.attempt);
        return;
      case "stop":
        this.#cleanup = this.#stop().then(() => this.#send({ kind: "stopped" }));
        return;
      case "discard":
        this.#cleanup = this.#stop();
        return;
      case "schedule":
        this.#retryTimer = clock.after(
          Math.max(0, effect.at - clock.now()),
          () => this.#send({ kind: "retry", attempt: effect.attempt }),
        );
        return;
      case "unschedule":
        this.#retryTimer?.[Symbol.dispose]();
        return;
      default:
        return effect satisfies never;
    }
  }

  /** Never rejects: an attempt ends as `opened` or `failed`, or was aborted by a stop that reports itself. */
  async #open(attempt: number): Promise<void> {
    const controller = new AbortController();
    this.#attempt = controller;
    const { gates, log } = this.#options;
    const server = this.#server;
    try {
      await this.#cleanup;
      using _place = await (wireOf(server) === "stdio" ? gates.stdio : gates.http).enter(controller.signal);
      log.debug("server connecting", { server: server.name, attempt });
      await this.#connect(server, attempt, controller.signal);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      const error = toFailure(thrown, this.#options.platform.clock.now());
      log.warn("server not connected", {
        server: server.name,
        attempt,
        code: error.code,
        cause: error.message,
      });
      this.#options.serverLog.write("error", error.message);
      this.#send({ kind: "failed", attempt, error, retryable: isRetryable(error.code) });
    }
  }

  async #connect(server: ServerConfig, attempt: number, signal: AbortSignal): Promise<void> {
    const { platform, catalogue, log } = this.#options;
    const startedAt = platform.clock.monotonic();
    const { connection, tools } = await connectServer({
      ...this.#options,
      server,
      config: this.#options.config(),
      log: this.#options.serverLog,
      signal,
      onNotification: (method) => this.#onNotification(method),
      onClosed: (failure) => this.#onClosed(failure, attempt),
    });
    if (signal.aborted) return await connection.close();
    this.#connection = connection;
    this.#caretaker = this.#lookAfter(connection, attempt);
    this.#opened++;
    await catalogue.set(server, tools);
    log.info("server ready", {
      server: server.name,
      attempt,
      tools: tools.length,
      tookMs: Math.round(platform.clock.monotonic() - startedAt),
    });
    this.#send({ kind: "opened", attempt, era: connection.era, tools: tools.length });
  }

  #onClosed(failure: Error, attempt: number): void {
    const error = toFailure(failure, this.#options.platform.clock.now());
    this.#options.log.warn("server connection lost", {
      server: this.#server.name,
      code: error.code,
      cause: error.message,
    });
    this.#options.serverLog.write("error", error.message);
    this.#send({ kind: "closed", attempt, error });
  }

  #onNotification(method: string): void {
    if (method === "notifications/tools/list_changed") this.#caretaker?.listSoon();
  }

  async #onTools(tools: readonly ToolDefinition[], attempt: number): Promise<void> {
    await this.#options.catalogue.set(this.#server, tools);
    this.#send({ kind: "listed", attempt, tools: tools.length });
  }

  #lookAfter(connection: UpstreamConnection, attempt: number): Caretaker {
    const { platform: { clock }, config, log } = this.#options;
    return new Caretaker({
      clock,
      connection,
      config,
      log,
      server: () => this.#server,
      onTools: (tools) => void this.#onTools(tools, attempt),
      onDead: (failure) => this.#onClosed(failure, attempt),
      onIdle: () => this.#send({ kind: "unused", attempt }),
    });
  }

  async #stop(): Promise<void> {
    this.#retryTimer?.[Symbol.dispose]();
    this.#caretaker?.[Symbol.dispose]();
    this.#attempt?.abort(new DOMException("The server is being stopped", "AbortError"));
    const connection = this.#connection;
    this.#connection = undefined;
    await this.#opening;
    await (connection ?? this.#connection)?.close();
  }
}
