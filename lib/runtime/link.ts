import {
  type PeerMessage,
  type ServerConfig,
  type ServerFailure,
  type ToolDefinition,
  wireOf,
} from "../contracts/mod.ts";
import { isRetryable, type UpstreamConnection } from "../upstream/mod.ts";
import type { ActorOptions } from "./actor_options.ts";
import { Caretaker } from "./caretaker.ts";
import { connectServer } from "./connect.ts";
import { toFailure } from "./failures.ts";
import { toUnrest } from "./health.ts";
import { ListPace } from "./list_pace.ts";
import type { MachineEvent } from "./machine.ts";

/** What a link works with. */
export interface LinkOptions extends ActorOptions {
  /** The entry to connect with. */
  readonly server: () => ServerConfig;
  /** Whether, or how long, the server is made to wait with its news is something else now. */
  readonly onPace: () => void;
  /** Takes what becomes of attempts and connections. */
  readonly report: (event: MachineEvent) => void;
}

/**
 * The one connection that an actor has at a time: opened, looked after and
 * ended as the machine asks. Nothing is opened before what was there has ended.
 */
export class Link {
  readonly #options: LinkOptions;
  #connection: UpstreamConnection | undefined;
  #caretaker: Caretaker | undefined;
  #attempt: AbortController | undefined;
  #opening: Promise<void> = Promise.resolve();
  #ended: Promise<void> = Promise.resolve();
  #opened = 0;
  readonly #pace = new ListPace();
  /** As it was last told. */
  #unrest: number | undefined;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** The open connection. */
  get connection(): UpstreamConnection | undefined {
    return this.#connection;
  }

  /** Who looks after the open connection. */
  get caretaker(): Caretaker | undefined {
    return this.#caretaker;
  }

  /** Times that a connection was made after the first one. */
  get reconnects(): number {
    return Math.max(0, this.#opened - 1);
  }

  /** How long a server that announces other tools all the time is made to wait, milliseconds. */
  get unrestMs(): number | undefined {
    return this.#pace.tellingAt(this.#options.platform.clock.monotonic());
  }

  /** Resolves when nothing is left of what was to end. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Makes an attempt, which reports `opened` or `failed`, or was ended. */
  open(attempt: number): void {
    this.#opening = this.#open(attempt);
  }

  /** Ends the attempt in flight and the connection; resolves when nothing is left of either. Never rejects. */
  end(): Promise<void> {
    this.#ended = this.#end(this.#ended);
    return this.#ended;
  }

  async #open(attempt: number): Promise<void> {
    const controller = new AbortController();
    this.#attempt = controller;
    const { gates, log } = this.#options;
    const server = this.#options.server();
    try {
      await this.#ended;
      using _place = await (wireOf(server) === "stdio" ? gates.stdio : gates.http).enter(controller.signal);
      log.debug("server connecting", { server: server.name, attempt });
      await this.#connect(server, attempt, controller.signal);
    } catch (thrown) {
      if (controller.signal.aborted) return;
      const error = this.#toFailure("server not connected", thrown);
      this.#options.report({ kind: "failed", attempt, error, retryable: isRetryable(error.code) });
    }
  }

  async #connect(server: ServerConfig, attempt: number, signal: AbortSignal): Promise<void> {
    const { platform: { clock }, catalogue, eras, log, connect = connectServer } = this.#options;
    const startedAt = clock.monotonic();
    /** What happens before anybody looks after the connection. */
    const early: { isOver?: boolean; lost?: Error; listChanged?: boolean } = {};
    const { connection, tools } = await connect({
      ...this.#options,
      server,
      config: this.#options.config(),
      log: this.#options.serverLog,
      signal,
      lastEra: eras.recall(server),
      onNotification: (message) => {
        if (early.isOver !== true) early.listChanged ||= isListChange(message);
        else if (isListChange(message)) this.#caretaker?.listAtPace();
        this.#options.onMessage(message);
      },
      onClosed: (failure) => {
        if (early.isOver !== true) early.lost = failure;
        else this.#onLost(failure, attempt);
      },
    });
    if (signal.aborted) return await connection.close();
    this.#connection = connection;
    eras.learn(server, connection.era);
    await catalogue.set(server, tools);
    if (signal.aborted) return; // whoever ended it has the connection
    if (early.lost !== undefined) return await this.#giveUp(connection, early.lost);
    early.isOver = true;
    this.#caretaker = this.#lookAfter(connection, attempt);
    if (early.listChanged === true) this.#caretaker.listAtPace();
    this.#opened++;
    const tookMs = Math.round(clock.monotonic() - startedAt);
    log.info("server ready", { server: server.name, attempt, tools: tools.length, tookMs });
    this.#options.report({ kind: "opened", attempt, era: connection.era, tools: tools.length });
  }

  /** A connection that was lost before anybody could use it is a failed attempt. */
  async #giveUp(connection: UpstreamConnection, lost: Error): Promise<never> {
    this.#connection = undefined;
    await connection.close();
    throw lost;
  }

  #lookAfter(connection: UpstreamConnection, attempt: number): Caretaker {
    const { platform: { clock, random }, config, log, server, report } = this.#options;
    return new Caretaker({
      clock,
      random,
      connection,
      config,
      log,
      server,
      pace: this.#pace,
      onTools: (tools) => this.#onTools(tools, attempt),
      onPace: () => this.#onPace(),
      onDead: (failure) => this.#onLost(failure, attempt),
      onIdle: () => report({ kind: "unused", attempt }),
    });
  }

  async #onTools(tools: readonly ToolDefinition[], attempt: number): Promise<void> {
    const { catalogue, server, onTools, report } = this.#options;
    await catalogue.set(server(), tools);
    onTools();
    report({ kind: "listed", attempt, tools: tools.length });
  }

  /** Tells people when the server is made to wait, and who shows its health whenever that changes. */
  #onPace(): void {
    const { log, serverLog, server, onPace } = this.#options;
    const before = this.#unrest;
    this.#unrest = this.unrestMs;
    if (before === this.#unrest) return;
    if (before === undefined && this.#unrest !== undefined) {
      log.warn("tools announced too often", { server: server().name, pauseMs: this.#unrest });
      serverLog.write("warn", `[mcpproxy] ${toUnrest(this.#unrest)}`);
    }
    onPace();
  }

  #onLost(failure: Error, attempt: number): void {
    const error = this.#toFailure("server connection lost", failure);
    this.#options.report({ kind: "closed", attempt, error });
  }

  /** Writes a failure down where people look for it. */
  #toFailure(what: string, thrown: unknown): ServerFailure {
    const { platform, log, serverLog, server } = this.#options;
    const error = toFailure(thrown, platform.clock.now());
    log.warn(what, { server: server().name, code: error.code, cause: error.message });
    serverLog.write("error", error.message);
    return error;
  }

  async #end(before: Promise<void>): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#caretaker?.[Symbol.dispose]();
    this.#caretaker = undefined;
    this.#attempt?.abort(new DOMException("The server is being stopped", "AbortError"));
    await before;
    await this.#opening;
    try {
      await connection?.close();
    } catch (cause) {
      this.#options.log.error("connection not closed", { server: this.#options.server().name, cause });
    }
  }
}

function isListChange({ method }: PeerMessage): boolean {
  return method === "notifications/tools/list_changed";
}
