import { Http1Client } from "./http1/client.ts";
import type {
  HttpClient,
  HttpExchange,
  ListenAddress,
  Listener,
  Network,
  Peer,
  RequestHandler,
} from "./network.ts";

/** {@link Network} over `Deno.serve` and `fetch`. */
export function createDenoNetwork(): Network {
  return { listen, fetch: (input, init) => fetch(input, init), openExchange, socketClient };
}

function listen(address: ListenAddress, handler: RequestHandler): Promise<Listener> {
  if (address.kind === "tcp") return Promise.resolve(listenTcp(address, handler));
  return Promise.resolve(listenSocket(address, handler));
}

function listenTcp(address: ListenAddress & { kind: "tcp" }, handler: RequestHandler): Listener {
  const server = Deno.serve({
    hostname: address.hostname,
    port: address.port,
    onListen: () => {},
    handler: (request, { remoteAddr }) => {
      const peer: Peer = { kind: "tcp", hostname: remoteAddr.hostname, port: remoteAddr.port };
      return handler(request, peer);
    },
  });
  const { hostname, port } = server.addr;
  return { address: { kind: "tcp", hostname, port }, shutdown: () => server.shutdown() };
}

function listenSocket(address: ListenAddress & { kind: "socket" }, handler: RequestHandler): Listener {
  // The mask makes the socket 0600 from its first moment; a chmod afterwards would leave a gap.
  const mask = Deno.umask(0o177);
  try {
    const server = Deno.serve({
      path: address.path,
      onListen: () => {},
      handler: (request) => handler(request, { kind: "socket" }),
    });
    return { address, shutdown: () => server.shutdown() };
  } finally {
    Deno.umask(mask);
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
