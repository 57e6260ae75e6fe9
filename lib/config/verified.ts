import { GatewayError } from "../contracts/mod.ts";
import { type ConfigEdit, editConfig } from "./edit.ts";
import { readValue } from "./values.ts";
import type { JsonObject } from "./values.ts";

/** Edits, or what makes them from that which the file states at the moment of the change. */
export type ConfigEdits = readonly ConfigEdit[] | ((stored: JsonObject) => readonly ConfigEdit[]);

/**
 * Applies edits and checks the result, so that only a good text is ever written.
 *
 * @throws {GatewayError} What `verify` throws, in words about the edit if the text itself was good.
 */
export function editVerified(
  before: string,
  { edits, path, verify }: {
    readonly edits: ConfigEdits;
    readonly path: string;
    readonly verify: (text: string) => void;
  },
): string {
  const stored = readValue(before, path); // places in a broken text are those of the file, not of its edited form
  const after = editConfig(before, typeof edits === "function" ? edits(stored) : edits);
  try {
    verify(after);
  } catch (error) {
    throw isValid(before, verify) ? asRefusal(error) : error;
  }
  return after;
}

function isValid(text: string, verify: (text: string) => void): boolean {
  try {
    verify(text);
    return true;
  } catch {
    return false;
  }
}

/** The edit is at fault, not the file; lines and columns would be those of a text nobody can see. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.code !== "MCPX_CONFIG_INVALID") return error;
  const message = error.message
    .replace("Cannot read config", "Cannot change config")
    .replace(/ at \d+:\d+: /, ": ");
  return new GatewayError(error.code, message, {
    remedy: error.remedy,
    cause: error,
    details: error.details,
  });
}
