import { type ErrorCode, GatewayError } from "../contracts/mod.ts";
import { isDiskFull } from "../platform/mod.ts";

const DAMAGE =
  /could not deserialize|malformed|not a database|no such (?:table|column)|out of range|datatype mismatch/i;

/** The file holds what cannot be read; ends in a new one. */
export class DamageError extends Error {
  override readonly name = "DamageError";
}

/** Tells whether the file itself is to blame. What is not known to mean damage does not. */
export function isDamage(thrown: unknown): boolean {
  return thrown instanceof DamageError || DAMAGE.test(describe(thrown));
}

/** Tells whether a write will fail again however often it is tried. */
export function isHopeless(thrown: unknown): boolean {
  return /too large|too many|could not be cloned/i.test(describe(thrown));
}

/** The text of a thrown value, without a period at its end. */
export function describe(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, "");
}

/** Turns what went wrong with the file into an error with a code. */
export function toActivityError(action: string, path: string, thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const text = describe(thrown);
  return new GatewayError(codeOf(thrown, text), `Cannot ${action} "${path}": ${text}`, {
    remedy: /--unstable-kv/.test(text) ? "Start it as deno run -A --unstable-kv mcpproxy.js" : undefined,
    cause: thrown,
  });
}

function codeOf(thrown: unknown, text: string): ErrorCode {
  if (isDiskFull(thrown)) return "MCPX_DISK_FULL";
  if (/database is locked/.test(text)) return "MCPX_DATA_DIR_LOCKED";
  if (
    thrown instanceof Deno.errors.PermissionDenied ||
    /unable to open database|readonly database|read-only file system/i.test(text)
  ) return "MCPX_DATA_DIR_DENIED";
  return "MCPX_STORAGE_FAILED";
}
