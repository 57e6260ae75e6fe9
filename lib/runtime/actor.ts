import type { ServerConfig, ServerFailure, ServerState } from "../contracts/mod.ts";
import { openDeadline } from "../platform/mod.ts";
import type { UpstreamConnection } from "../upstream/mod.ts";
import type { ActorOptions, WaitOptions } from "./actor_options.ts";
import { createBreaker, type Outcome } from "./breaker.ts";
import type { Caretaker } from "./caretaker.ts";
import { isHeldForPackage, isWireFailure, leftAlone, notReady, tooSlow } from "./failures.ts";
import { Link } from "./link.ts";
import { createMachine, type MachineEffect, type MachineEvent, step, type Wanted } from "./machine.ts";
import { type ServerRecord, toFacts } from "./view.ts";

/**
 * The one owner of one server's connection. Takes events in order, runs them
 * through the machine and does what the machine asks for.
 */
export class Actor {
  readonly #options: ActorOptions;
  readonly #link: Link;
  #server: ServerConfig;
  #quarantined = false;
  #machine = createMachine();
  #retryTimer: Disposable | undefined;
  readonly #breaker = createBreaker();
  /** The last attempt that the breaker was told of as one that has failed. */
  #blamed = 0;
  #lastError: ServerFailure | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(server: ServerConfig, options: ActorOptions) {
    this.#server = server;
    this.#options = options;
    this.#link = new Link({
      ...options,
      server: () => this.#server,
      onPace: () => this.#publish(),
      report: (event) => this.#send(event),
    });
  }

  /** The config entry the actor works with. */
  get server(): ServerConfig {
    return this.#server;
  }

  /** What is true of the server now. */
  get state(): ServerState {
    return this.#machine.state;
  }

  /** Nobody wants the server any more, and it has ended. */
  get isGone(): boolean {
    const { wanted } = this.#machine;
    return wanted.kind === "hold" && wanted.reason === "removed" && this.state.state === "idle";
  }

  /** Takes a new entry and what is wanted; `restart` asks for a new connection. */
  apply(server: ServerConfig, wanted: Wanted, restart: boolean): void {
    this.#server = server;
    this.#quarantined = wanted.kind === "hold" && wanted.reason === "quarantined";
    this.#send({ kind: "wanted", wanted });
    this.#link.caretaker?.refresh();
    if (!restart) return;
    this.#breaker.reset();
    this.#send({ kind: "changed" });
  }

  /** Stops the connection and makes a new one. */
  restart(): void {
    this.#breaker.reset();
    this.#send({ kind: "restart" });
  }

  /** Asks the server for its tools again, soon. @throws {GatewayError} MCPX_SERVER_NOT_READY — it is not connected. */
  relist(): void {
    const caretaker = this.#readyCaretaker();
    if (caretaker === undefined) throw notReady(this.#server.name, this.state, this.#lastError);
    caretaker.listSoon();
  }

  /** The record for the view. */
  record(): ServerRecord {
    const { state, failures } = this.#machine;
    return {
      config: this.#server,
      quarantined: this.#quarantined || isHeldForPackage(state),
      state,
      failures,
      connection: state.state === "ready" ? toFacts(this.#link.connection) : undefined,
      lastError: this.#lastError,
      reconnects: this.#link.reconnects,
      unrestMs: state.state === "ready" ? this.#link.unrestMs : undefined,
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
    const now = clock.monotonic();
    const pass = this.#breaker.admit(now);
    if (typeof pass === "number") throw leftAlone(this.#server.name, pass - now);
    let attempt: number | undefined;
    let outcome: Outcome = "ok";
    try {
      const caretaker = this.#readyCaretaker() ?? await this.#becomeReady(wait);
      attempt = this.#machine.attempt;
      return await caretaker.use(work);
    } catch (error) {
      outcome = wait.signal.aborted ? "unknown" : this.#judge(error, attempt);
      throw error;
    } finally {
      this.#breaker.record(pass, outcome, clock.monotonic());
    }
  }

  /** However many calls a lost connection takes along, it is one failure of the server. */
  #judge(error: unknown, used: number | undefined): Outcome {
    if (!isWireFailure(error)) return "ok";
    const { attempt, state } = this.#machine;
    if (used === attempt && state.state === "ready") return "failed";
    const lost = used ?? attempt;
    if (lost <= this.#blamed) return "unknown";
    this.#blamed = lost;
    return "failed";
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
      const { state } = this.state;
      if (state !== "connecting" && state !== "stopping") {
        throw notReady(this.#server.name, this.state, this.#lastError);
      }
      await this.#nextChange(deadline.signal);
    }
  }

  /** Stops for good, unless it is wanted again, and waits until nothing is left of the server. */
  async dispose(): Promise<void> {
    this.#send({ kind: "wanted", wanted: { kind: "hold", reason: "removed" } });
    while (this.state.state === "stopping") await this.#nextChange();
    await this.#link.ended;
  }

  #readyCaretaker(): Caretaker | undefined {
    return this.state.state === "ready" ? this.#link.caretaker : undefined;
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
    if (machine.state.state === "ready" && before.state.state !== "ready") {
      this.#breaker.ease(clock.monotonic());
    }
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
        return this.#link.open(effect.attempt);
      case "stop":
        void this.#link.end().then(() => this.#send({ kind: "stopped" }));
        return;
      case "discard":
        void this.#link.end();
        return;
      case "schedule":
        this.#retryTimer = clock.after(
          Math.max(0, effect.at - clock.now()),
          () => this.#send({ kind: "retry", attempt: effect.attempt }),
        );
        return;
      case "unschedule":
        return this.#retryTimer?.[Symbol.dispose]();
      default:
        return effect satisfies never;
    }
  }
}
