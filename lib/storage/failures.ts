import { type ErrorCode, GatewayError } from "../contracts/mod.ts";

/** Turns what the database threw into an error with a code. */
export function toStorageError(action: string, path: string, thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  const text = describe(thrown);
  return new GatewayError(codeOf(thrown, text), `Cannot ${action} "${path}": ${text}`, {
    remedy: /--unstable-kv/.test(text) ? "Start it as deno run -A --unstable-kv mcpproxy.js" : undefined,
    cause: thrown,
  });
}

/** The text of a thrown value, without a period at its end. */
export function describe(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).replace(/\.$/, "");
}

/** Tells whether an operation will fail again however often it is tried. */
export function isHopeless(thrown: unknown): boolean {
  return /too large|too many|could not be cloned/i.test(describe(thrown));
}

function codeOf(thrown: unknown, text: string): ErrorCode {
  if (/database is locked/.test(text)) return "MCPX_DATA_DIR_LOCKED";
  if (thrown instanceof Deno.errors.PermissionDenied) return "MCPX_DATA_DIR_DENIED";
  if (/unable to open database|readonly database/.test(text)) return "MCPX_DATA_DIR_DENIED";
  return "MCPX_STORAGE_FAILED";
}
