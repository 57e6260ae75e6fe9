import type { ClientPeer, ServerConfig } from "../contracts/mod.ts";
import { GatewayError } from "../contracts/mod.ts";
import { type Clock, openDeadline, untilAborted } from "../platform/mod.ts";
import type { UpstreamConnection } from "../upstream/mod.ts";
import type { WaitOptions } from "./actor_options.ts";

/** A client that says nothing for this long gets a new connection when it comes back. */
const IDLE_MS = 30 * 60_000;

/** Connects to a server for one client; told of the end if it comes by itself. */
export type ConnectFor = (
  server: ServerConfig,
  peer: ClientPeer,
  options: { readonly signal: AbortSignal; readonly onClosed: () => void },
) => Promise<UpstreamConnection>;

interface Entry {
  readonly server: string;
  readonly peer: string;
  readonly controller: AbortController;
  readonly connection: Promise<UpstreamConnection>;
  users: number;
  idle: Disposable | undefined;
}

/**
 * The connections that belong to one client each, for servers that are set to
 * `"connection": "session"`. Made when first needed, closed with the client.
 */
export class SessionConnections implements AsyncDisposable {
  readonly #clock: Clock;
  readonly #connect: ConnectFor;
  readonly #entries = new Map<string, Entry>();
  readonly #closing = new Set<Promise<void>>();
  #disposed = false;

  constructor(options: { readonly clock: Clock; readonly connect: ConnectFor }) {
    this.#clock = options.clock;
    this.#connect = options.connect;
  }

  /** Connections that are open or being opened. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * Works with the client's own connection.
   *
   * @throws What connecting throws, MCPX_SERVER_NOT_READY if it takes longer than the wait, and what the work throws.
   */
  async use<T>(
    server: ServerConfig,
    { peer, signal, waitMs }: WaitOptions & { readonly peer: ClientPeer },
    work: (connection: UpstreamConnection) => Promise<T>,
  ): Promise<T> {
    if (this.#disposed) {
      throw new GatewayError("MCPX_SHUTTING_DOWN", "Cannot go on: mcpproxy is shutting down");
    }
    const key = JSON.stringify([server.name, (peer.standing?.() ?? peer).id]);
    const entry = this.#entries.get(key) ?? this.#open(key, server, peer);
    entry.users++;
    entry.idle?.[Symbol.dispose]();
    try {
      return await work(await this.#within(entry, { name: server.name, signal, waitMs }));
    } finally {
      entry.users--;
      if (entry.users === 0) entry.idle = this.#clock.after(IDLE_MS, () => this.#end(key, entry));
    }
  }

  /** Tells all servers that have a connection for this client. */
  notify(peer: string, method: string, params?: Readonly<Record<string, unknown>>): void {
    for (const entry of this.#entries.values()) {
      if (entry.peer !== peer) continue;
      void entry.connection.then((connection) => connection.notify(method, params), () => {});
    }
  }

  /** The client has gone. */
  endPeer(peer: string): void {
    for (const [key, entry] of this.#entries) if (entry.peer === peer) this.#end(key, entry);
  }

  /** The server is stopped or to be reached in another way. */
  endServer(server: string): void {
    for (const [key, entry] of this.#entries) if (entry.server === server) this.#end(key, entry);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    for (const [key, entry] of this.#entries) this.#end(key, entry);
    await Promise.all(this.#closing);
  }

  #open(key: string, server: ServerConfig, peer: ClientPeer): Entry {
    const controller = new AbortController();
    const forget = () => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      entry.idle?.[Symbol.dispose]();
    };
    // The connection outlives the request that it was made for.
    const client = peer.standing?.() ?? peer;
    const connection = this.#connect(server, client, { signal: controller.signal, onClosed: () => forget() });
    const entry: Entry = {
      server: server.name,
      peer: client.id,
      controller,
      connection,
      users: 0,
      idle: undefined,
    };
    // Whoever waits for it gets the error; the next one tries again.
    connection.catch(() => forget());
    this.#entries.set(key, entry);
    return entry;
  }

  async #within(
    entry: Entry,
    { name, signal, waitMs }: WaitOptions & { readonly name: string },
  ): Promise<UpstreamConnection> {
    using deadline = openDeadline(this.#clock, waitMs, {
      parent: signal,
      onExpired: () =>
        new GatewayError(
          "MCPX_SERVER_NOT_READY",
          `Cannot use server "${name}": it was not ready within ${waitMs / 1000} s`,
          { details: { server: name } },
        ),
    });
    return await untilAborted(deadline.signal, entry.connection);
  }

  #end(key: string, entry: Entry): void {
    this.#entries.delete(key);
    entry.idle?.[Symbol.dispose]();
    entry.controller.abort(new DOMException("The connection is not needed any more", "AbortError"));
    const closing: Promise<void> = entry.connection.then((connection) => connection.close(), () => {})
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
