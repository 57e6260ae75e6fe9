import { GatewayError } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { checkConfig } from "./check.ts";
import { commitEdit } from "./commit_edit.ts";
import { mergeConfig } from "./merge_patch.ts";
import { findConflicts, toPatch } from "./patches.ts";
import { toEdits } from "./to_edits.ts";
import { type JsonObject, readValue } from "./values.ts";
import { editVerified } from "./verified.ts";

/** What a person made of a copy of the config file. */
export interface HandEdit {
  readonly path: string;
  /** Text of the copy when the person got it. */
  readonly base: string;
  /** Text that the person has made of it. */
  readonly text: string;
}

/**
 * Puts a hand-edited copy in the place of the config file. What others have
 * changed in the file meanwhile stays: then only the person's changes are made.
 *
 * @returns `saved` if the file now is the person's text, `merged` if it has the changes of others too.
 * @throws {GatewayError} MCPX_CONFIG_PARSE_ERROR, MCPX_CONFIG_INVALID — the text is wrong; MCPX_CONFIG_CONFLICT — others
 * have changed the same keys; MCPX_CONFIG_UNWRITABLE.
 */
export async function saveHandEdit(
  platform: Platform,
  { path, base, text }: HandEdit,
): Promise<"saved" | "merged"> {
  const demandValid = (candidate: string) => {
    const check = checkConfig(candidate, { path, env: platform.env });
    if (!check.valid) throw check.error;
  };
  demandValid(text);
  const written = await commitEdit(platform, {
    path,
    mayBeBlank: true,
    acceptedText: base,
    change(before) {
      if (before === base) return text;
      const edits = (stored: JsonObject) => toEdits(stored, merge(stored, { path, base, text }));
      return editVerified(before, { edits, path, verify: demandValid });
    },
  });
  return written === text ? "saved" : "merged";
}

function merge(stored: JsonObject, { path, base, text }: HandEdit): JsonObject {
  const start = readValue(base, path);
  const mine = toPatch(start, readValue(text, path));
  const conflicts = findConflicts(mine, toPatch(start, stored));
  if (conflicts.length === 0) return mergeConfig(stored, mine);
  throw new GatewayError(
    "MCPX_CONFIG_CONFLICT",
    `Cannot save config "${path}": ${
      conflicts.map((key) => `"${key}"`).join(", ")
    } was changed there meanwhile`,
    { remedy: "Look at the file as it is now, then make your change again", details: { path, conflicts } },
  );
}
