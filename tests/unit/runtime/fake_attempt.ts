import { GatewayError, type PeerMessage, type ToolDefinition } from "../../../lib/contracts/mod.ts";
import type { RuntimeOptions } from "../../../lib/runtime/mod.ts";
import type { UpstreamConnection } from "../../../lib/upstream/mod.ts";

/** What an attempt is made with. */
export type ConnectOptions = Parameters<NonNullable<RuntimeOptions["connect"]>>[0];
/** What it leads to. */
export type Connected = Awaited<ReturnType<NonNullable<RuntimeOptions["connect"]>>>;

/** How an attempt to connect ends. */
export type Ending = "ready" | "refused" | "no such command";

/** One attempt, and the process it stands for as long as that lives. */
export interface Attempt {
  readonly server: ConnectOptions["server"];
  /** What the server is said to have spoken the last time. */
  readonly lastEra: ConnectOptions["lastEra"];
  /** Not aborted, and not yet answered. */
  readonly isPending: boolean;
  readonly isReady: boolean;
  /** Answers the attempt; later answers, and those to an aborted one, change nothing. */
  settle(ending: Ending): void;
  /** The connection is lost; what the server has started lives until it is closed. */
  exit(): void;
  /** The server stops answering anything. */
  hang(): void;
  say(message: PeerMessage): void;
  tools: readonly ToolDefinition[];
}

/** Makes a tool. */
export function tool(name: string, description = "does it"): ToolDefinition {
  return { name, description, inputSchema: { type: "object" } };
}

/** An attempt whose process exists only here. */
export class FakeAttempt implements Attempt {
  readonly server: ConnectOptions["server"];
  readonly lastEra: ConnectOptions["lastEra"];
  readonly connected: Promise<Connected>;
  tools: readonly ToolDefinition[];
  isLive = true;
  isPending = true;
  isReady = false;
  #isHung = false;
  #closing: Promise<void> | undefined;
  readonly #options: ConnectOptions;
  readonly #end: () => Promise<void>;
  readonly #answer = Promise.withResolvers<Connected>();
  readonly #gone = Promise.withResolvers<never>();

  constructor(options: ConnectOptions, wait: () => Promise<void>) {
    this.#options = options;
    this.server = options.server;
    this.lastEra = options.lastEra;
    this.tools = [tool(`${options.server.name}-${options.server.args.join("-")}`)];
    this.#gone.promise.catch(() => {});
    this.#end = async () => {
      await wait();
      this.isLive = false;
    };
    this.connected = this.#answer.promise;
    const { signal } = options;
    const onAbort = () => {
      if (!this.isPending) return;
      this.isPending = false;
      void this.#end().then(() => this.#answer.reject(signal.reason));
    };
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
  }

  settle(ending: Ending): void {
    if (!this.isPending) return;
    this.isPending = false;
    if (ending === "ready") {
      this.isReady = true;
      return this.#answer.resolve({ connection: this.#connection(), tools: this.tools });
    }
    const code = ending === "refused" ? "MCPX_HTTP_CONN_REFUSED" : "MCPX_STDIO_SPAWN_ENOENT";
    const failure = new GatewayError(code, `Cannot start server "${this.server.name}": ${ending}`);
    void this.#end().then(() => this.#answer.reject(failure));
  }

  exit(): void {
    if (!this.isReady || this.#closing !== undefined) return;
    this.#lose();
    this.#options.onClosed(this.#failure());
  }

  hang(): void {
    this.#isHung = true;
  }

  say(message: PeerMessage): void {
    if (this.isReady) this.#options.onNotification(message);
  }

  #failure(): GatewayError {
    return new GatewayError("MCPX_UPSTREAM_CLOSED", `Cannot use server "${this.server.name}": it is gone`);
  }

  #lose(): void {
    this.isReady = false;
    this.#gone.reject(this.#failure());
  }

  #reply<T>(value: () => T): Promise<T> {
    return Promise.race([
      this.#gone.promise,
      this.#isHung ? Promise.withResolvers<T>().promise : Promise.resolve().then(value),
    ]);
  }

  #connection(): UpstreamConnection {
    return {
      wire: "stdio",
      era: "legacy",
      protocolVersion: "2025-11-25",
      serverInfo: {},
      capabilities: { tools: {} },
      instructions: undefined,
      pid: 1,
      listTools: () => this.#reply(() => this.tools),
      listOffers: () => this.#reply(() => []),
      request: () => this.#reply(() => this),
      ping: () => this.#isHung ? Promise.reject(new Error("No answer")) : this.#reply(() => undefined),
      notify: () => {},
      close: () => {
        this.#lose();
        this.#closing ??= this.#end();
        return this.#closing;
      },
    } as unknown as UpstreamConnection; // all that a runtime uses
  }
}
