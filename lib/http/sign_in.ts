import { GatewayError } from "../contracts/mod.ts";
import type { BodyLimits } from "../platform/mod.ts";
import { readJsonText } from "./body.ts";
import { COOKIE, sessionIn } from "./callers.ts";

/** What signing in takes. */
export interface SignInDoor {
  /** Takes a one-time code. @returns The session, `undefined` if the code is not good. */
  redeem(code: string): string | undefined;
  isSession(session: string): boolean;
  end(session: string): void;
}

const MAX_BODY = 1_000;
const LIFE_S = 12 * 3600;
/** Never readable by scripts, never sent by another site. */
const COOKIE_RULES = "Path=/; HttpOnly; SameSite=Strict";

/**
 * Takes the code of a browser and gives it its cookie.
 *
 * @throws {GatewayError} MCPX_UNAUTHORIZED for a code that is not good, MCPX_BODY_TOO_LARGE, MCPX_REQUEST_TIMEOUT.
 */
export async function signIn(request: Request, door: SignInDoor, limits: BodyLimits): Promise<Response> {
  requireJson(request);
  const session = door.redeem(codeIn(await readJsonText(request, { ...limits, maxBytes: MAX_BODY })));
  if (session === undefined) {
    throw new GatewayError("MCPX_UNAUTHORIZED", "Cannot sign in: the code is not known, used, or too old", {
      remedy: "Ask for a new one: mcpproxy status --web-url",
    });
  }
  return answer(`${COOKIE}=${session}; ${COOKIE_RULES}; Max-Age=${LIFE_S}`);
}

/** Ends the session of a browser; there need not be one. */
export function signOut(request: Request, door: SignInDoor): Response {
  requireJson(request);
  const session = sessionIn(request.headers);
  if (session !== undefined) door.end(session);
  return answer(`${COOKIE}=; ${COOKIE_RULES}; Max-Age=0`);
}

function answer(cookie: string): Response {
  return new Response(null, { status: 204, headers: { "set-cookie": cookie, "cache-control": "no-store" } });
}

/**
 * Forms of other sites cannot send JSON.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT.
 */
export function requireJson(request: Request): void {
  if (/^application\/(?:[\w.+-]+\+)?json\b/i.test(request.headers.get("content-type") ?? "")) return;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    "Cannot accept the request: its Content-Type is not application/json",
    { remedy: "Send the header Content-Type: application/json" },
  );
}

function codeIn(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    const code: unknown = Reflect.get(Object(value), "code");
    return typeof code === "string" ? code : "";
  } catch {
    return "";
  }
}
