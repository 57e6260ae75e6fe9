/**
 * Who may speak to the listener at all: Host and Origin against DNS
 * rebinding. Pure.
 *
 * @module
 */

import { GatewayError } from "../contracts/mod.ts";
import type { Peer } from "../platform/mod.ts";

/** What the guard decides from. */
export interface GuardFacts {
  readonly peer: Peer;
  readonly headers: Headers;
  /** As the request line has it, with the host of that if it names one. */
  readonly url?: string;
  /** Host part of the address listened on. */
  readonly listenHost: string;
  readonly trustedHosts: readonly string[];
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;
const IP_LITERAL = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/i;
const SCHEME_LENGTH = "http://".length;
const WILDCARDS = ["0.0.0.0", "::", "[::]", ""];

/**
 * Refuses requests whose Host or Origin is not ours.
 *
 * A page on another site can make a browser send requests here under its own
 * host name; only names that are known to mean this machine are let through.
 * Over the socket there is no browser and nothing to check.
 *
 * @throws {GatewayError} MCPX_HOST_FORBIDDEN.
 */
export function checkHost(facts: GuardFacts): void {
  if (facts.peer.kind === "socket") return;
  const host = facts.headers.get("host") ?? "";
  if (!isTrusted(withoutPort(host), facts)) throw refused("Host", host);
  const named = otherHost(facts.url, host);
  if (named !== undefined && !isTrusted(withoutPort(named), facts)) throw refused("request line", named);
  const origin = facts.headers.get("origin");
  if (origin === null) return;
  const url = /^(?:https?|wss?):\/\/([^/?#@]+)$/i.exec(origin);
  if (url === null || !isTrusted(withoutPort(url[1] ?? ""), facts)) throw refused("Origin", origin);
}

/** A request line may name a host of its own, which then counts for whoever reads the URL. */
function otherHost(url: string | undefined, host: string): string | undefined {
  if (url === undefined || url.startsWith(host, SCHEME_LENGTH) && url[SCHEME_LENGTH + host.length] === "/") {
    return undefined;
  }
  return /^[^/]*\/\/([^/?#]*)/.exec(url)?.[1];
}

function isTrusted(host: string, { listenHost, trustedHosts }: GuardFacts): boolean {
  if (trustedHosts.includes("*") || LOOPBACK.test(host)) return true;
  const name = host.toLowerCase();
  // An address cannot be rebound: only names go through DNS.
  if (IP_LITERAL.test(host) && (WILDCARDS.includes(listenHost) || name === listenHost.toLowerCase())) {
    return true;
  }
  return trustedHosts.some((entry) => {
    const trusted = withoutPort(entry.toLowerCase());
    return trusted.startsWith(".")
      ? name.endsWith(trusted) && name.length > trusted.length
      : name === trusted;
  });
}

function withoutPort(host: string): string {
  return host.replace(/:\d{1,5}$/, "");
}

function refused(header: string, value: string): GatewayError {
  return new GatewayError(
    "MCPX_HOST_FORBIDDEN",
    `Cannot accept the request: its ${header} "${value.slice(0, 100)}" is not trusted`,
    { remedy: 'Add the host to "trusted_hosts" in the config' },
  );
}

/** Tells whether the peer is on this machine. */
export function isLoopback(peer: Peer): boolean {
  return peer.kind === "socket" || LOOPBACK.test(peer.hostname) || peer.hostname === "::1" ||
    peer.hostname.startsWith("::ffff:127.");
}
