import {
  type Config,
  GatewayError,
  type ServerConfig,
  toGatewayError,
  toMs,
  type ToolDefinition,
} from "../contracts/mod.ts";
import type { Logger } from "../observability/mod.ts";
import type { Clock } from "../platform/mod.ts";
import type { UpstreamConnection } from "../upstream/mod.ts";

/** Several `list_changed` within this time are answered with one new list. */
const RELIST_DELAY_MS = 2_000;
const PING_TIMEOUT_MS = 5_000;
const MAX_MISSES = 3;

/** What a caretaker works with. */
export interface CaretakerOptions {
  readonly clock: Clock;
  readonly connection: UpstreamConnection;
  readonly server: () => ServerConfig;
  readonly config: () => Config;
  readonly log: Logger;
  /** A fresh list has come. */
  readonly onTools: (tools: readonly ToolDefinition[]) => void;
  /** The server has stopped answering. */
  readonly onDead: (failure: GatewayError) => void;
  /** Nobody has used a stdio server for its `idle_timeout`. */
  readonly onIdle: () => void;
}

/**
 * Looks after one open connection for as long as it lives: checks that the
 * server still answers, lists its tools again, and notices when nobody needs it.
 */
export class Caretaker implements Disposable {
  readonly #options: CaretakerOptions;
  readonly #ping: Disposable | undefined;
  #list: { readonly soon: boolean; readonly timer: Disposable | undefined } = {
    soon: false,
    timer: undefined,
  };
  #idle: Disposable | undefined;
  #users = 0;
  #usedSincePing = false;
  #misses = 0;
  #disposed = false;

  constructor(options: CaretakerOptions) {
    this.#options = options;
    const { health_check_interval: own } = options.server();
    const periodMs = toMs(own ?? options.config().health_check_interval);
    if (periodMs > 0) this.#ping = options.clock.every(periodMs, () => void this.#check());
    this.#listIn(this.#listPeriodMs());
    this.#watchIdle();
  }

  /** Marks the connection as used for as long as the work takes. */
  async use<T>(work: (connection: UpstreamConnection) => Promise<T>): Promise<T> {
    this.#users++;
    this.#usedSincePing = true;
    this.#idle?.[Symbol.dispose]();
    try {
      return await work(this.#options.connection);
    } finally {
      this.#users--;
      if (this.#users === 0) this.#watchIdle();
    }
  }

  /** Lists the tools again soon; several wishes become one list. */
  listSoon(): void {
    if (!this.#list.soon) this.#listIn(RELIST_DELAY_MS);
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#ping?.[Symbol.dispose]();
    this.#list.timer?.[Symbol.dispose]();
    this.#idle?.[Symbol.dispose]();
  }

  #watchIdle(): void {
    const { clock, connection, server, onIdle } = this.#options;
    const { idle_timeout: timeout } = server();
    if (this.#disposed || timeout === undefined || connection.wire !== "stdio") return;
    const idleMs = toMs(timeout);
    if (idleMs > 0) this.#idle = clock.after(idleMs, onIdle);
  }

  /** A server with traffic is alive; a busy one may be too busy for a ping. */
  async #check(): Promise<void> {
    const isUsed = this.#usedSincePing || this.#users > 0;
    this.#usedSincePing = false;
    if (isUsed) {
      this.#misses = 0;
      return;
    }
    try {
      await this.#options.connection.ping(PING_TIMEOUT_MS);
      this.#misses = 0;
    } catch (error) {
      if (this.#disposed) return;
      this.#misses++;
      this.#options.log.warn("ping not answered", {
        server: this.#options.server().name,
        misses: this.#misses,
      });
      if (this.#misses >= MAX_MISSES) this.#options.onDead(this.#deathOf(error));
    }
  }

  #deathOf(cause: unknown): GatewayError {
    const { name } = this.#options.server();
    return new GatewayError(
      "MCPX_UPSTREAM_CLOSED",
      `Cannot use server "${name}": it has not answered ${MAX_MISSES} pings in a row`,
      { cause, remedy: `See its log: mcpproxy upstream logs ${name}`, details: { server: name } },
    );
  }

  #listPeriodMs(): number {
    const { server, config } = this.#options;
    return toMs(server().tool_discovery_interval ?? config().tool_discovery_interval);
  }

  #listIn(delayMs: number): void {
    if (delayMs <= 0 || this.#disposed) return;
    this.#list.timer?.[Symbol.dispose]();
    const timer = this.#options.clock.after(delayMs, () => {
      this.#list = { soon: false, timer: undefined };
      void this.#listAgain();
    });
    this.#list = { soon: delayMs === RELIST_DELAY_MS, timer };
  }

  async #listAgain(): Promise<void> {
    const { connection, log, onTools, server } = this.#options;
    try {
      const tools = await connection.listTools();
      if (!this.#disposed) onTools(tools);
    } catch (error) {
      // The list of before stays in force; a dead connection reports itself.
      if (!this.#disposed) {
        log.warn("tools not listed", { server: server().name, cause: toGatewayError(error).message });
      }
    }
    if (!this.#list.soon) this.#listIn(this.#listPeriodMs());
  }
}
