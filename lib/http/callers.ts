/**
 * Who is behind a request: the socket, the admin key, an agent token or a
 * browser that has signed in.
 *
 * @module
 */

import { type Caller, GatewayError } from "../contracts/mod.ts";
import type { Logger } from "../observability/mod.ts";
import type { Clock, Peer } from "../platform/mod.ts";
import { createWrongKeys } from "./wrong_keys.ts";

/** What callers are known by. */
export interface CallersOptions {
  readonly clock: Clock;
  readonly apiKey: () => string;
  /** Aborted when the key in force now has been replaced; it never is when absent. */
  readonly keyEnded?: () => AbortSignal;
  /** Names the caller behind an agent token; throws for one that has ended. */
  readonly identify: (token: string) => Caller | undefined;
  /** Tells whether a browser has signed in. */
  readonly isSession: (session: string) => boolean;
  readonly log: Logger;
}

/** Names callers. */
export interface Callers {
  /**
   * Names the caller behind a key in a header.
   *
   * @returns Admin for the socket without a token and for the admin key; `undefined` if no key was sent.
   * @throws {GatewayError} MCPX_UNAUTHORIZED if a key was sent and is wrong, MCPX_RATE_LIMITED if that
   * happens too often.
   */
  byKey(peer: Peer, headers: Headers): Caller | undefined;
  /** Names the caller behind the cookie of a browser. @throws {GatewayError} MCPX_HOST_FORBIDDEN if another site sent it. */
  byCookie(headers: Headers): Caller | undefined;
}

const SOCKET: Caller = { role: "admin", label: "socket", surface: "http" };
const ADMIN: Caller = { role: "admin", label: "admin key", surface: "http" };
const BROWSER: Caller = { role: "admin", label: "web page", surface: "ui" };

/** Name of the cookie of a browser that has signed in. */
export const COOKIE = "mcpproxy_session";

/** Creates the naming of callers. */
export function createCallers(options: CallersOptions): Callers {
  const wrongKeys = createWrongKeys(options.clock);
  let admins:
    | { readonly ended: AbortSignal | undefined; readonly key: Caller; readonly browser: Caller }
    | undefined;

  /** Made once for each key: every request of an admin comes by here. */
  function adminsNow() {
    const ended = options.keyEnded?.();
    if (admins === undefined || admins.ended !== ended) {
      const until = ended === undefined ? {} : { ended };
      admins = { ended, key: { ...ADMIN, ...until }, browser: { ...BROWSER, ...until } };
    }
    return admins;
  }

  function refuse(peer: Peer): GatewayError {
    const wait = wrongKeys.count(peer);
    if (wait === undefined) {
      return new GatewayError("MCPX_UNAUTHORIZED", "Cannot accept the request: its key is not valid");
    }
    if (wait.isFirst) {
      const from = peer.kind === "tcp" ? peer.hostname : "socket";
      options.log.warn("many wrong keys", { from });
    }
    return new GatewayError(
      "MCPX_RATE_LIMITED",
      "Cannot accept the request: too many wrong keys came from this address",
      {
        remedy: "Send the right key, which is always accepted, or wait as long as Retry-After says",
        details: { retry_after_ms: wait.waitMs },
      },
    );
  }

  return {
    byKey(peer, headers) {
      const key = keyIn(headers);
      // Whoever may use the socket may do everything, and may ask for less: a token counts there, too.
      if (peer.kind === "socket" && key?.startsWith("mcp_agt_") !== true) return SOCKET;
      if (key === null) return undefined;
      const caller = key.startsWith("mcp_agt_") ? options.identify(key) : undefined;
      if (caller !== undefined) return caller;
      if (isSame(key, options.apiKey())) return adminsNow().key;
      throw refuse(peer);
    },
    byCookie(headers) {
      const session = sessionIn(headers);
      if (session === undefined || !options.isSession(session)) return undefined;
      const site = headers.get("sec-fetch-site");
      if (site === null || site === "same-origin" || site === "none") return adminsNow().browser;
      throw new GatewayError("MCPX_HOST_FORBIDDEN", "Cannot accept the request: another site has sent it", {
        remedy: "Open the page of mcpproxy itself",
      });
    },
  };
}

/** The key that a request carries in a header; `null` if there is none. */
function keyIn(headers: Headers): string | null {
  return headers.get("x-api-key") ??
    (/^Bearer\s+(\S+)\s*$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null);
}

/** The session in the cookies of a request. */
export function sessionIn(headers: Headers): string | undefined {
  const cookies = headers.get("cookie");
  if (cookies === null) return undefined;
  for (const cookie of cookies.split(";")) {
    const [name, value] = cookie.trim().split("=", 2);
    if (name === COOKIE) return value;
  }
}

/**
 * Compares in a time that tells nothing of where the keys differ. Every request
 * comes by here, and the way over bytes costs 4 µs where this takes a tenth of one.
 */
function isSame(found: string, wanted: string): boolean {
  if (wanted === "" || found.length !== wanted.length) return false;
  let difference = 0;
  for (let index = 0; index < wanted.length; index++) {
    difference |= found.charCodeAt(index) ^ wanted.charCodeAt(index);
  }
  return difference === 0;
}
