import { basename, dirname, isAbsolute, join } from "node:path";
import type { Platform } from "../platform/mod.ts";

/** Programs whose first argument that is no option is the program that they run. */
const INTERPRETERS = /^(?:node|nodejs|deno|bun|tsx|ts-node|python[\d.]*|ruby|perl|php|java|bash|sh)$/;
/** Options of these with a file to run as their value. */
const RUNNING = new Set(["run", "-jar", "--"]);
/** What lies at the root of a package. */
const ROOT_FILES = ["package.json", "pyproject.toml", "deno.json", "Gemfile"];
const MAX_UP = 6;

/** The script that an interpreter is to run; `undefined` for other programs, and where it names none by its path. */
export function scriptOf(command: string, args: readonly string[]): string | undefined {
  if (!INTERPRETERS.test(basename(command))) return undefined;
  const first = args.find((arg) => !arg.startsWith("-") && !RUNNING.has(arg));
  return first !== undefined && isAbsolute(first) ? first : undefined;
}

/**
 * The directory that a script needs to start: the folder of packages it lies in, or else that of its own package.
 *
 * @returns The script itself where nothing marks a package.
 */
export async function treeOfScript(script: string, { files }: Pick<Platform, "files">): Promise<string> {
  const inside = script.indexOf("/node_modules/");
  if (inside > 0) return script.slice(0, inside + "/node_modules".length);
  let directory = dirname(script);
  for (let up = 0; up < MAX_UP && directory !== "/"; up++) {
    for (const name of ROOT_FILES) {
      if (await files.stat(join(directory, name)).catch(() => undefined) !== undefined) return directory;
    }
    directory = dirname(directory);
  }
  return script;
}
