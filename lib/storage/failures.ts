import { type ErrorCode, GatewayError } from "../contracts/mod.ts";
import { isDiskFull } from "../platform/mod.ts";

/** What the machine is to blame for; setting the database aside would not help. */
const ENVIRONMENT =
  /database is locked|database table is locked|unable to open database|readonly database|read-only file system|disk I\/O error|--unstable-kv/i;

const DAMAGE = /could not deserialize|malformed|not a database|no such (?:table|column)/i;

/** The database holds what cannot be read; ends in a new one. */
export class DamageError extends Error {
  override readonly name = "DamageError";
}

/** Turns what the database threw into an error with a code. */
export function toStorageError(action: string, path: string, thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const text = describe(thrown);
  return new GatewayError(codeOf(thrown), `Cannot ${action} "${path}": ${text}`, {
    remedy: /--unstable-kv/.test(text) ? "Start it as deno run -A --unstable-kv mcpproxy.js" : undefined,
    cause: thrown,
  });
}

/** The code of a failed write. */
export function codeOfWrite(thrown: unknown): ErrorCode {
  return isDiskFull(thrown) ? "MCPX_DISK_FULL" : "MCPX_STORAGE_FAILED";
}

/** The text of a thrown value, without a period at its end. */
export function describe(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, "");
}

/** Tells whether an operation will fail again however often it is tried. */
export function isHopeless(thrown: unknown): boolean {
  return /too large|too many|could not be cloned/i.test(describe(thrown));
}

/**
 * Tells whether a failure to read means that the file itself is damaged. What
 * is not known to mean it does not: a mistake of ours must not cost a database.
 */
export function isDamage(thrown: unknown): boolean {
  return thrown instanceof DamageError || DAMAGE.test(describe(thrown));
}

/** Tells whether the machine is to blame for a failure to open: no other file would fare better. */
export function isOfEnvironment(thrown: unknown): boolean {
  return isDiskFull(thrown) || ENVIRONMENT.test(describe(thrown)) ||
    Object.values(Deno.errors).some((type) => thrown instanceof type);
}

function codeOf(thrown: unknown): ErrorCode {
  const text = describe(thrown);
  if (/database is locked/.test(text)) return "MCPX_DATA_DIR_LOCKED";
  if (thrown instanceof Deno.errors.PermissionDenied) return "MCPX_DATA_DIR_DENIED";
  if (/unable to open database|readonly database|read-only file system/i.test(text)) {
    return "MCPX_DATA_DIR_DENIED";
  }
  return codeOfWrite(thrown);
}
