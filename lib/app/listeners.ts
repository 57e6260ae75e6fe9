import { type Config, GatewayError } from "../contracts/mod.ts";
import type { Listener, OnLost, Platform, RequestHandler } from "../platform/mod.ts";

/** Longest path a unix socket can have on every system we run on. */
const MAX_SOCKET_PATH = 100;
/** A live program on the socket answers well within this time. */
const PROBE_MS = 1_000;

/** A listen address taken apart. */
export interface HostPort {
  readonly hostname: string;
  readonly port: number;
}

/**
 * Reads `host:port`, `[::1]:port` or `:port`.
 *
 * @throws {GatewayError} MCPX_LISTEN_INVALID.
 */
export function parseListen(listen: string): HostPort {
  const [, host, digits] = /^(.*):(\d{1,5})$/.exec(listen) ?? [];
  const port = Number(digits);
  if (host === undefined || port > 65_535) {
    throw new GatewayError("MCPX_LISTEN_INVALID", `Cannot listen on "${listen}": wanted host:port`);
  }
  return { hostname: host === "" ? "0.0.0.0" : host.replace(/^\[(.*)\]$/, "$1"), port };
}

/**
 * Opens the TCP listener.
 *
 * @throws {GatewayError} MCPX_PORT_IN_USE naming the port, MCPX_LISTEN_DENIED, MCPX_LISTEN_INVALID.
 */
export async function listenTcp(
  platform: Platform,
  listen: string,
  handler: RequestHandler,
  onLost?: OnLost,
): Promise<Listener> {
  const { hostname, port } = parseListen(listen);
  try {
    return await platform.network.listen({ kind: "tcp", hostname, port }, handler, onLost);
  } catch (cause) {
    throw listenError(cause, listen, port);
  }
}

function listenError(cause: unknown, listen: string, port: number): GatewayError {
  const name = cause instanceof Error ? cause.name : "";
  if (name === "AddrInUse") {
    return new GatewayError("MCPX_PORT_IN_USE", `Cannot listen on ${listen}: port ${port} is in use`, {
      remedy: `Stop the program that uses port ${port}, or choose another: --listen 127.0.0.1:${port + 1}`,
      cause,
      details: { port },
    });
  }
  if (name === "PermissionDenied") {
    return new GatewayError(
      "MCPX_LISTEN_DENIED",
      `Cannot listen on ${listen}: the system does not allow port ${port}`,
      {
        cause,
      },
    );
  }
  return new GatewayError(
    "MCPX_LISTEN_INVALID",
    `Cannot listen on ${listen}: this machine has no such address`,
    {
      cause,
    },
  );
}

/**
 * Opens the control socket. The caller holds the data directory's lock, so a
 * socket that is already there belongs to a daemon that died, or to a program
 * that does not know the lock.
 *
 * @returns `undefined` if sockets are off or the path is too long, with the reason told.
 */
export async function listenSocket(
  platform: Platform,
  path: string,
  options: {
    readonly config: Config;
    readonly handler: RequestHandler;
    readonly onLost?: OnLost;
    readonly onNotice: (text: string) => void;
  },
): Promise<Listener | undefined> {
  if (!options.config.enable_socket || platform.machine.os === "windows") return undefined;
  if (new TextEncoder().encode(path).length > MAX_SOCKET_PATH) {
    options.onNotice(
      `No control socket: its path is longer than ${MAX_SOCKET_PATH} bytes (${path}); the CLI uses TCP and the key instead`,
    );
    return undefined;
  }
  const there = await platform.files.stat(path);
  if (there !== undefined && there.kind !== "other") {
    throw new GatewayError(
      "MCPX_DATA_DIR_DENIED",
      `Cannot open control socket "${path}": a ${there.kind} is in its place`,
      {
        remedy: `Remove it: rm ${path}`,
      },
    );
  }
  if (there !== undefined && await answers(platform, path)) {
    throw new GatewayError(
      "MCPX_DATA_DIR_LOCKED",
      `Cannot open control socket "${path}": another program answers on it`,
      {
        remedy: "Stop that program, perhaps an mcpproxy-go, or choose another directory with --data-dir",
      },
    );
  }
  if (there !== undefined) await platform.files.remove(path);
  return await platform.network.listen({ kind: "socket", path }, options.handler, options.onLost);
}

/** Any answer at all counts: the socket of a dead daemon refuses the connection. */
async function answers(platform: Platform, path: string): Promise<boolean> {
  using client = platform.network.socketClient(path);
  const late = new AbortController();
  using _timer = platform.clock.after(PROBE_MS, () => late.abort());
  try {
    const response = await client.fetch("http://localhost/healthz", { signal: late.signal });
    await response.body?.cancel();
    return true;
  } catch {
    return late.signal.aborted;
  }
}
