/**
 * A TCP proxy on loopback that makes the network between two ends bad: slow,
 * cut after so many bytes, reset, refusing, or silent.
 *
 * ```ts
 * await using proxy = await openTcpProxy(server.port);
 * proxy.set({ cutAfterBytes: 300, then: "reset" });
 * await fetch(`http://127.0.0.1:${proxy.port}/mcp`); // breaks off in the answer
 * ```
 *
 * @module
 */

import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** What is wrong with the network; for connections made from now on, and open ones where it makes sense. */
export interface NetworkFault {
  /** Time that each piece takes, in both directions. */
  readonly latencyMs?: number;
  /** Bytes from the server that come through on each connection before it breaks. */
  readonly cutAfterBytes?: number;
  /** How it breaks; default `close`. */
  readonly then?: "close" | "reset" | "hang";
  /** Takes connections and bytes, and lets nothing through. */
  readonly blackHole?: boolean;
}

/** An open proxy. */
export interface TcpProxy extends AsyncDisposable {
  readonly port: number;
  /** Connections taken so far. */
  readonly accepted: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Bytes of the server that were let through, over all connections. */
  readonly passedBytes: number;
  /** Takes the place of the fault before; `{}` makes the network good. */
  set(fault: NetworkFault): void;
  /** Breaks every open connection. */
  reset(): void;
  /** Stops listening, so that connections are refused, and breaks the open ones. */
  refuse(): Promise<void>;
  /** Listens again, on the same port. */
  accept(): Promise<void>;
}

/** Opens a proxy in front of a port of this machine. */
export async function openTcpProxy(targetPort: number): Promise<TcpProxy> {
  const proxy = new LoopbackProxy(targetPort);
  await proxy.accept();
  return proxy;
}

class LoopbackProxy implements TcpProxy {
  readonly #targetPort: number;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #server = createServer();
  #fault: NetworkFault = {};
  port = 0;
  accepted = 0;
  passedBytes = 0;

  constructor(targetPort: number) {
    this.#targetPort = targetPort;
  }

  get open(): number {
    return this.#pairs.size;
  }

  set(fault: NetworkFault): void {
    this.#fault = fault;
  }

  reset(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.resetAndDestroy();
  }

  async refuse(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.reset();
    await closed;
  }

  async accept(): Promise<void> {
    this.#server = createServer((socket) => this.#join(socket));
    await new Promise<void>((resolve) => this.#server.listen(this.port, "127.0.0.1", () => resolve()));
    this.port = (this.#server.address() as AddressInfo).port; // it listens on TCP
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#fault = {}; // what ends now ends at once
    for (const timer of this.#timers) clearTimeout(timer);
    await this.refuse();
  }

  #join(client: Socket): void {
    this.accepted++;
    const server = connect(this.#targetPort, "127.0.0.1");
    const pair = [client, server] as const;
    this.#pairs.add(pair);
    let left = this.#fault.cutAfterBytes ?? Infinity;
    for (const [from, to] of [[client, server], [server, client]] as const) {
      from.on("error", () => {});
      from.on("close", () => {
        this.#pairs.delete(pair);
        this.#later(() => to.destroy());
      });
      from.on("data", (bytes) => {
        if (from === server) left = this.#passBack(pair, bytes, left);
        else this.#pass(to, bytes);
      });
    }
  }

  /** Lets through what may come through, and breaks the connection where it is to break. */
  #passBack(pair: readonly [Socket, Socket], bytes: Uint8Array, left: number): number {
    const [client] = pair;
    const part = bytes.subarray(0, Math.max(0, left));
    if (!this.#fault.blackHole) this.passedBytes += part.length;
    if (part.length > 0) this.#pass(client, part);
    if (bytes.length < left) return left - bytes.length;
    if (this.#fault.then !== "hang") this.#later(() => client.write("", () => this.#break(pair)));
    return 0;
  }

  #break(pair: readonly [Socket, Socket]): void {
    for (const socket of pair) {
      if (this.#fault.then === "reset") socket.resetAndDestroy();
      else socket.destroy();
    }
  }

  #pass(to: Socket, bytes: Uint8Array): void {
    if (this.#fault.blackHole) return;
    this.#later(() => void (to.destroyed || to.write(bytes)));
  }

  #later(act: () => void): void {
    const { latencyMs = 0 } = this.#fault;
    if (latencyMs === 0) return act();
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, latencyMs);
    this.#timers.add(timer);
  }
}
