import { Http1Client } from "./http1/client.ts";
import { KeptServer } from "./kept_server.ts";
import type {
  HttpClient,
  HttpExchange,
  ListenAddress,
  Listener,
  Network,
  OnLost,
  Peer,
  RequestHandler,
} from "./network.ts";

/** {@link Network} over `Deno.serve` and `fetch`. */
export function createDenoNetwork(): Network {
  return { listen, fetch: (input, init) => fetch(input, init), openExchange, socketClient };
}

function listen(address: ListenAddress, handler: RequestHandler, onLost?: OnLost): Promise<Listener> {
  if (address.kind === "tcp") return Promise.resolve(listenTcp(address, handler, onLost));
  return Promise.resolve(listenSocket(address, handler, onLost));
}

function listenTcp(
  { hostname, port: wanted }: ListenAddress & { kind: "tcp" },
  handler: RequestHandler,
  onLost: OnLost | undefined,
): Listener {
  let port = wanted;
  const kept = new KeptServer({
    open: (signal) => {
      const server = Deno.serve({
        hostname,
        port,
        signal,
        onListen: () => {},
        handler: (request, { remoteAddr }) => {
          const peer: Peer = { kind: "tcp", hostname: remoteAddr.hostname, port: remoteAddr.port };
          return handler(request, peer);
        },
      });
      // Should it be opened again, then where it was.
      port = server.addr.port;
      return server;
    },
    onLost,
  });
  const { addr } = kept.server;
  return {
    address: { kind: "tcp", hostname: addr.hostname, port: addr.port },
    shutdown: () => kept.shutdown(),
  };
}

function listenSocket(
  address: ListenAddress & { kind: "socket" },
  handler: RequestHandler,
  onLost: OnLost | undefined,
): Listener {
  let isFirst = true;
  const kept = new KeptServer({
    open: (signal) => {
      if (!isFirst) removeSocket(address.path);
      isFirst = false;
      return serveSocket(address.path, handler, signal);
    },
    onLost,
  });
  return { address, shutdown: () => kept.shutdown() };
}

function serveSocket(path: string, handler: RequestHandler, signal: AbortSignal) {
  // The mask makes the socket 0600 from its first moment; a chmod afterwards would leave a gap.
  const mask = Deno.umask(0o177);
  try {
    return Deno.serve({
      path,
      signal,
      onListen: () => {},
      handler: (request) => handler(request, { kind: "socket" }),
    });
  } finally {
    Deno.umask(mask);
  }
}

/** What a server leaves that was given up; nobody else may have the name meanwhile. */
function removeSocket(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Loopback is not proxied and not encrypted; there a client of our own costs a fraction of `fetch`. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

function openExchange(url: URL): HttpExchange {
  const isNear = url.protocol === "http:" && LOOPBACK.test(url.hostname) && url.username === "";
  if (!isNear) {
    return {
      send: (request) => fetch(url, { ...request, redirect: "manual" }),
      [Symbol.dispose]: () => {},
    };
  }
  const client = new Http1Client(url);
  return { send: (request) => client.exchange(request), [Symbol.dispose]: () => client[Symbol.dispose]() };
}

function socketClient(path: string): HttpClient {
  const client = Deno.createHttpClient({ proxy: { transport: "unix", path } });
  return {
    fetch: (request, init) => fetch(request, { ...init, client }),
    [Symbol.dispose]: () => client.close(),
  };
}
