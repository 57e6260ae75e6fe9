import { GatewayError } from "../contracts/mod.ts";
import { type Platform, sleep } from "../platform/mod.ts";
import { lockConfig, readConfig, replaceConfig } from "./config_file.ts";
import { sha256 } from "./effective.ts";
import { isBlank } from "./values.ts";

/** An editor that empties a file and then fills it is through with it well within this time. */
const SETTLE_MS = 300;
const LOOK_MS = 30;
/** Somebody who saves this often while one change is under way is no person. */
const MAX_ROUNDS = 50;

/** How a file is to be changed. */
export interface FileChange {
  readonly path: string;
  /** Text that is known to be unusable; there is no point in waiting for it to become better. */
  readonly rejectedText?: string;
  /** Text that is taken though it is broken. */
  readonly acceptedText?: string;
  /** Whether a file without any text may be taken as it is. */
  readonly mayBeBlank: boolean;
  /** ETags as in the HTTP header; the change is refused if the file has none of them. */
  readonly ifMatch?: string;
  /** Makes the new text from the one that is there. */
  readonly change: (before: string) => string;
}

/**
 * Changes the config file under the lock that all programs keep. A person's
 * editor knows no lock: what it saves before the new text takes the place of
 * the old one is seen, and the change is made anew from that.
 *
 * @returns The text that is now there.
 * @throws {GatewayError} MCPX_CONFIG_CONFLICT, MCPX_CONFIG_NOT_FOUND, MCPX_CONFIG_UNWRITABLE, and what `change` throws.
 */
export async function commitEdit(platform: Platform, options: FileChange): Promise<string> {
  const { files } = platform;
  const { path, ifMatch, change } = options;
  await readConfig(files, path); // says so if the file has gone, before a lock is made for it
  const real = await files.realPath(path);
  using _lock = await lockConfig(platform, real);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const before = await readSettled(platform, options);
    demandMatch(ifMatch, before, path);
    const after = change(before);
    if (after === before || await replaceConfig(platform, real, { from: before, to: after })) return after;
  }
  throw new GatewayError(
    "MCPX_CONFIG_CONFLICT",
    `Cannot change config "${path}": somebody writes it again and again`,
    { remedy: "Find the program that writes the file, or try again later", details: { path } },
  );
}

/** A file that is being written this very moment looks broken or empty; so a broken one is looked at again. */
async function readSettled(platform: Platform, options: FileChange): Promise<string> {
  const { path, rejectedText, acceptedText } = options;
  for (let waited = 0;; waited += LOOK_MS) {
    const text = await readConfig(platform.files, path);
    const trouble = text === acceptedText ? undefined : troubleOf(text, options);
    if (trouble === undefined) return text;
    if (waited >= SETTLE_MS || text === rejectedText) throw trouble;
    await sleep(platform.clock, LOOK_MS);
  }
}

function troubleOf(text: string, { path, mayBeBlank }: FileChange): unknown {
  try {
    return isBlank(text, path) && !mayBeBlank ? emptyFile(path) : undefined;
  } catch (error) {
    return error;
  }
}

/** An empty file stands for defaults when mcpproxy starts; later it means that something cut it off. */
export function emptyFile(path: string): GatewayError {
  const message = "the file is empty, wanted an object";
  const remedy = "Put the settings back, or write {} if there are to be none";
  return new GatewayError("MCPX_CONFIG_PARSE_ERROR", `Cannot read config "${path}": ${message}`, {
    remedy,
    details: { path, problems: [{ path: "", line: 1, column: 1, message, remedy }], total: 1 },
  });
}

function demandMatch(ifMatch: string | undefined, text: string, path: string): void {
  if (ifMatch === undefined || ifMatch.trim() === "*") return;
  const found = sha256(text);
  // A weak tag never matches where bytes count; a bare hash is what a person copies from the JSON.
  const wanted = ifMatch.split(",").map((tag) => tag.trim().replace(/^"(.*)"$/, "$1"));
  if (wanted.includes(found)) return;
  throw new GatewayError(
    "MCPX_CONFIG_CONFLICT",
    `Cannot change config "${path}": its hash is ${found}, wanted ${wanted.join(" or ").slice(0, 200)}`,
    { details: { path, found, wanted } },
  );
}
