import { join } from "node:path";

/** Where a daemon answers. */
export type Endpoint =
  | { readonly kind: "socket"; readonly path: string }
  | { readonly kind: "tcp"; readonly url: string; readonly apiKey?: string };

const ANY_HOST = new Set(["", "0.0.0.0", "[::]", "::", "*"]);

/**
 * Path of the control socket: the one that `tray_endpoint` names, else
 * `mcpproxy.sock` in the data directory.
 */
export function socketPathOf(dataDir: string, trayEndpoint = ""): string {
  const named = parseEndpoint(trayEndpoint);
  return named?.kind === "socket" ? named.path : join(dataDir, "mcpproxy.sock");
}

/**
 * Reads an address as `MCPPROXY_TRAY_ENDPOINT` holds it.
 *
 * @param text `unix:///path`, `http://host:port` or `https://host:port`.
 * @param apiKey Key for the HTTP forms.
 * @returns `undefined` if the text has none of these forms.
 */
export function parseEndpoint(text: string, apiKey?: string): Endpoint | undefined {
  const socket = /^unix:\/\/(\/.+)$/.exec(text);
  if (socket?.[1] !== undefined) return { kind: "socket", path: socket[1] };
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  return { kind: "tcp", url: new URL(text).origin, apiKey };
}

/**
 * Turns a listen address into the endpoint at which a program on the same
 * machine reaches it; an address for all interfaces becomes loopback.
 *
 * @param listen `host:port`, `:port` or `[::1]:port`.
 * @returns `undefined` if the address has no port.
 */
export function endpointOfListen(listen: string, apiKey?: string): Endpoint | undefined {
  const parts = /^(.*):(\d{1,5})$/.exec(listen.trim());
  if (parts === null) return undefined;
  const host = ANY_HOST.has(parts[1] ?? "") ? "127.0.0.1" : parts[1];
  const url = `http://${host}:${parts[2]}`;
  return URL.canParse(url) ? { kind: "tcp", url, apiKey } : undefined;
}

/** Writes an endpoint for people; the key is not in it. */
export function toText(endpoint: Endpoint): string {
  return endpoint.kind === "socket" ? `unix://${endpoint.path}` : endpoint.url;
}
