/**
 * Agent tokens as texts: how they look, how they are recognised, how long
 * they last. Pure.
 *
 * @module
 */

import { createHmac } from "node:crypto";
import { GatewayError, type Permission, PERMISSIONS, toMs } from "../../contracts/mod.ts";

const START = "mcp_agt_";
const SHAPE = /^mcp_agt_[0-9a-f]{64}$/;
const PREFIX_CHARS = 12;
const DAY_MS = 86_400_000;

/** Bytes of randomness in a token. */
export const TOKEN_BYTES = 32;
/** Longest life of a token. */
export const MAX_LIFE_MS = 365 * DAY_MS;

/** Writes a token from 32 random bytes. */
export function toToken(bytes: Uint8Array): string {
  return START + Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Tells whether a text has the form of a token. */
export function isToken(text: string): boolean {
  return SHAPE.test(text);
}

/** The first characters, by which a person recognises a token. */
export function prefixOf(token: string): string {
  return token.slice(0, PREFIX_CHARS);
}

/** What is kept in place of a token. Without the key nobody can tell whether a guess is right. */
export function hashToken(token: string, key: string): string {
  return createHmac("sha256", key).update(token).digest("hex");
}

/**
 * Reads how long a token is to last.
 *
 * @param text Days such as `30d`, or a duration such as `12h`.
 * @returns Milliseconds, up to 365 days.
 * @throws {GatewayError} MCPX_INVALID_INPUT.
 */
export function toLifeMs(text: string): number {
  const [, days] = /^(\d{1,4})d$/.exec(text) ?? [];
  const lifeMs = days === undefined ? durationMs(text) : Number(days) * DAY_MS;
  if (lifeMs !== undefined && lifeMs > 0 && lifeMs <= MAX_LIFE_MS) return lifeMs;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot read expiry "${text.slice(0, 40)}": wanted more than nothing and at most 365d`,
    { remedy: "Give days or hours, such as 30d or 12h" },
  );
}

function durationMs(text: string): number | undefined {
  try {
    return toMs(text);
  } catch {
    return undefined;
  }
}

/** Puts permissions in order and adds `read`, without which no other is of use. */
export function normalizePermissions(permissions: readonly Permission[]): Permission[] {
  return PERMISSIONS.filter((one) => one === "read" || permissions.includes(one));
}
