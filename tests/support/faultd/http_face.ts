import { type AddressInfo, createServer, type Socket } from "node:net";
import {
  LAST_CHUNK,
  readRequests,
  toChunk,
  toChunkedHead,
  toChunkedResponse,
  toResponse,
  type WireRequest,
} from "./http_wire.ts";
import { type Delivery, type Face, obey } from "./obey.ts";
import { acknowledgement } from "./protocol.ts";
import { createConductor, type Message, paramsOf, type ProcessFault, type Script } from "./script.ts";

/** A script that is served over HTTP. */
export interface HttpFaultd extends AsyncDisposable {
  /** The MCP endpoint. */
  readonly url: string;
  readonly port: number;
  /** Every request so far as `METHOD /path rpc-method`, and `gone` for each connection that ended. */
  readonly log: readonly string[];
  /** Connections that are open now. */
  readonly connections: number;
  /** Takes another script; sessions and streams stay. */
  load(script: Script): void;
  /** Resolves once requests like this have come so many times. */
  seen(pattern: RegExp, times?: number): Promise<void>;
}

/** How it is to be served. */
export interface HttpFaultdOptions {
  readonly port?: number;
  /** Does what only a process can do; without it an `exit` ends the server alone. */
  readonly onProcess?: (fault: ProcessFault) => void;
}

const JSON_TYPE = { "content-type": "application/json" };
const STREAM_TYPE = { "content-type": "text/event-stream" };
const LOST = '{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}';

/** Serves a script over Streamable HTTP at `/mcp` on loopback; a `PUT /control` brings another script. */
export async function serveFaultd(script: Script, options: HttpFaultdOptions = {}): Promise<HttpFaultd> {
  const conductor = createConductor(script);
  const sockets = new Set<Socket>();
  const sessions = new Set<string>();
  const streams = new Set<Socket>();
  const cancelled = new Map<unknown, () => void>();
  const timers = new Set<() => void>();
  const watchers = new Set<() => void>();
  const log: string[] = [];
  const server = createServer((socket) => void serve(socket));

  function note(line: string): void {
    log.push(line);
    for (const watcher of [...watchers]) watcher();
  }

  async function serve(socket: Socket): Promise<void> {
    sockets.add(socket);
    socket.on("error", () => {});
    for await (const request of readRequests(socket)) await handle(request, socket);
    sockets.delete(socket);
    streams.delete(socket);
    socket.destroy();
    note("gone");
  }

  async function handle(request: WireRequest, socket: Socket): Promise<void> {
    const message = parse(request.body);
    note([request.method, request.path, message?.method].filter(Boolean).join(" "));
    if (request.path === "/control") {
      conductor.load(JSON.parse(request.body));
      return send(socket, toResponse(204, {}, ""));
    }
    if (request.method === "GET") return openStream(socket);
    if (request.method === "DELETE") {
      sessions.delete(request.headers["mcp-session-id"] ?? "");
      return send(socket, toResponse(204, {}, ""));
    }
    if (message === undefined) return send(socket, toResponse(400, JSON_TYPE, "{}"));
    await take(message, request, socket);
  }

  async function take(message: Message, request: WireRequest, socket: Socket): Promise<void> {
    if (message.method === "notifications/cancelled") cancelled.get(paramsOf(message).requestId)?.();
    if (typeof message.method !== "string" || message.id === undefined) {
      return send(socket, toResponse(202, {}, ""));
    }
    if (message.method === "subscriptions/listen") openStream(socket, acknowledgement(message));
    socket.once("close", () => cancelled.get(message.id)?.());
    await obey(message, conductor, createFace(message, request, socket));
  }

  function createFace(message: Message, request: WireRequest, socket: Socket): Face {
    const session = request.headers["mcp-session-id"] ?? "";
    return {
      broadcast: (news) => streams.forEach((stream) => send(stream, toChunk(toEvent(news)))),
      process: options.onProcess ?? ((fault) => void (fault.kind === "exit" && stop())),
      forget: () => sessions.clear(),
      hangUp: () => streams.forEach((stream) => stream.end(LAST_CHUNK)),
      cancelled: (id) => new Promise((resolve) => cancelled.set(id, resolve)),
      sleep,
      async deliver(messages, delivery) {
        const isLost = session !== "" && !sessions.has(session);
        const whole = isLost ? toResponse(404, JSON_TYPE, LOST) : respond(message, messages, delivery);
        await carry(socket, whole, delivery);
      },
    };
  }

  function respond(message: Message, messages: readonly Message[], delivery: Delivery): Uint8Array {
    if (delivery.raw !== undefined) {
      return toResponse(
        200,
        delivery.type === undefined ? JSON_TYPE : { "content-type": delivery.type },
        delivery.raw,
      );
    }
    if (delivery.status !== undefined) return toResponse(delivery.status, {}, delivery.body ?? "");
    const headers: Record<string, string> = {};
    const [first] = messages;
    if (message.method === "initialize" && first?.result !== undefined) {
      headers["mcp-session-id"] = crypto.randomUUID();
      sessions.add(headers["mcp-session-id"]);
    }
    if (messages.length > 1 || conductor.script().stream === true) {
      return toChunkedResponse({ ...headers, ...STREAM_TYPE }, messages.map(toEvent).join(""));
    }
    const isRefused = conductor.script().era === "modern" && first?.error !== undefined;
    return toResponse(isRefused ? 400 : 200, { ...headers, ...JSON_TYPE }, JSON.stringify(first));
  }

  async function carry(socket: Socket, response: Uint8Array, delivery: Delivery): Promise<void> {
    const whole = response.subarray(0, delivery.cutAt);
    const step = delivery.chunkBytes ?? Math.max(1, whole.length);
    for (let at = 0; at < whole.length && !socket.destroyed; at += step) {
      send(socket, whole.subarray(at, at + step));
      if (delivery.chunkBytes !== undefined) await sleep(delivery.pauseMs);
    }
    if (delivery.cutAt === undefined || delivery.then === "hang") return;
    // What was written last must have left before the connection is reset.
    await new Promise<void>((resolve) => socket.write("", () => resolve()));
    if (delivery.then === "reset") socket.resetAndDestroy();
    else socket.destroy();
  }

  function openStream(socket: Socket, first?: Message): void {
    send(socket, toChunkedHead(STREAM_TYPE));
    if (first !== undefined) send(socket, toChunk(toEvent(first)));
    streams.add(socket);
  }

  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        timers.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      timers.add(end);
    });
  }

  /** Nothing that waits is left behind. */
  function stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const end of [...timers, ...cancelled.values()]) end();
    for (const socket of sockets) socket.resetAndDestroy();
    return closed;
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", () => resolve()));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    port,
    url: `http://127.0.0.1:${port}/mcp`,
    log,
    get connections() {
      return sockets.size;
    },
    load: (next) => conductor.load(next),
    seen: (pattern, times = 1) =>
      new Promise((resolve) => {
        const look = () => {
          if (log.filter((line) => pattern.test(line)).length < times) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    [Symbol.asyncDispose]: stop,
  };
}

function send(socket: Socket, bytes: Uint8Array): void {
  if (!socket.destroyed) socket.write(bytes);
}

function toEvent(message: Message): string {
  return `event: message\ndata: ${JSON.stringify(message)}\n\n`;
}

function parse(body: string): Message | undefined {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
