import {
  type Config,
  GatewayError,
  type ServerConfig,
  toGatewayError,
  toMs,
  type ToolDefinition,
} from "../contracts/mod.ts";
import type { Logger } from "../observability/mod.ts";
import type { Clock, Random } from "../platform/mod.ts";
import type { UpstreamConnection } from "../upstream/mod.ts";
import type { ListPace } from "./list_pace.ts";
import { openRhythm, type Rhythm } from "./rhythm.ts";

/** When a person wants a list; more wishes meanwhile are answered with the same one. */
const WISH_DELAY_MS = 2_000;
const PING_TIMEOUT_MS = 5_000;
const MAX_MISSES = 3;

/** What a caretaker works with. */
export interface CaretakerOptions {
  readonly clock: Clock;
  readonly random: Pick<Random, "number">;
  readonly connection: UpstreamConnection;
  readonly server: () => ServerConfig;
  readonly config: () => Config;
  readonly log: Logger;
  /** How soon news of other tools are followed; the server's own, whatever becomes of its connections. */
  readonly pace: ListPace;
  /** A fresh list has come; the next is asked for when this one has been taken in. */
  readonly onTools: (tools: readonly ToolDefinition[]) => Promise<void>;
  /** How long the server is made to wait with its news may be something else now. */
  readonly onPace: () => void;
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
  readonly #pings: Rhythm;
  readonly #lists: Rhythm;
  #soon: { readonly timer: Disposable; readonly at: number } | undefined;
  /** A list is on its way; `again` says what asks for another meanwhile. */
  #listing: { again?: "wish" | "news" } | undefined;
  #idle: { readonly timer: Disposable; readonly timeoutMs: number } | undefined;
  #users = 0;
  #usedSincePing = false;
  #misses = 0;
  #disposed = false;

  constructor(options: CaretakerOptions) {
    this.#options = options;
    const { server, config } = options;
    this.#pings = openRhythm({
      ...options,
      periodMs: () => toMs(server().health_check_interval ?? config().health_check_interval),
      work: () => void this.#check(),
    });
    this.#lists = openRhythm({
      ...options,
      periodMs: () => toMs(server().tool_discovery_interval ?? config().tool_discovery_interval),
      work: () => void this.#list(),
    });
    this.#watchIdle();
  }

  /** Takes changed times of the config over. */
  refresh(): void {
    this.#pings.refresh();
    this.#lists.refresh();
    if (this.#users === 0 && this.#idle?.timeoutMs !== this.#idleMs()) this.#watchIdle();
  }

  /** Marks the connection as used for as long as the work takes. */
  async use<T>(work: (connection: UpstreamConnection) => Promise<T>): Promise<T> {
    this.#users++;
    this.#usedSincePing = true;
    this.#idle?.timer[Symbol.dispose]();
    try {
      return await work(this.#options.connection);
    } finally {
      this.#users--;
      if (this.#users === 0) this.#watchIdle();
    }
  }

  /** Lists the tools again soon, as somebody wishes; several wishes become one list. */
  listSoon(): void {
    this.#listAfter(WISH_DELAY_MS, "wish");
  }

  /** The server says that its tools have changed; they are listed when its pace allows. */
  listAtPace(): void {
    const { clock, pace, onPace } = this.#options;
    const now = clock.monotonic();
    if (this.#soon !== undefined || this.#listing?.again !== undefined) return pace.heard(now);
    if (this.#listing !== undefined) this.#listing.again = "news";
    else this.#listAfter(pace.delayAt(now), "news");
    onPace();
  }

  #listAfter(delayMs: number, why: "wish" | "news"): void {
    const { clock } = this.#options;
    if (this.#disposed) return;
    if (this.#listing !== undefined) {
      this.#listing.again = why;
      return;
    }
    const at = clock.monotonic() + delayMs;
    if (this.#soon !== undefined && this.#soon.at <= at) return;
    this.#soon?.timer[Symbol.dispose]();
    const timer = clock.after(delayMs, () => {
      this.#soon = undefined;
      void this.#list();
    });
    this.#soon = { timer, at };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#pings[Symbol.dispose]();
    this.#lists[Symbol.dispose]();
    this.#soon?.timer[Symbol.dispose]();
    this.#idle?.timer[Symbol.dispose]();
  }

  #idleMs(): number | undefined {
    const { connection, server } = this.#options;
    const timeout = server().idle_timeout;
    if (timeout === undefined || connection.wire !== "stdio") return undefined;
    return toMs(timeout) || undefined;
  }

  #watchIdle(): void {
    const { clock, onIdle } = this.#options;
    this.#idle?.timer[Symbol.dispose]();
    this.#idle = undefined;
    const timeoutMs = this.#idleMs();
    if (this.#disposed || timeoutMs === undefined) return;
    this.#idle = { timer: clock.after(timeoutMs, onIdle), timeoutMs };
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

  /** One list at a time, so that an older one never takes the place of a newer one. */
  async #list(): Promise<void> {
    if (this.#listing !== undefined) {
      this.#listing.again ??= "wish";
      return;
    }
    const { connection, log, onTools, onPace, server } = this.#options;
    const listing: { again?: "wish" | "news" } = this.#listing = {};
    try {
      const tools = await connection.listTools();
      if (!this.#disposed) await onTools(tools);
    } catch (error) {
      // The list of before stays in force; a dead connection reports itself.
      if (!this.#disposed) {
        log.warn("tools not listed", { server: server().name, cause: toGatewayError(error).message });
      }
    }
    this.#listing = undefined;
    if (this.#disposed) return;
    this.#lists.restart();
    onPace();
    if (listing.again === "wish") this.listSoon();
    if (listing.again === "news") this.listAtPace();
  }
}
