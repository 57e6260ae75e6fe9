import { basename } from "node:path";
import type { ServerConfig } from "../contracts/mod.ts";

/** Programs that fetch a package and run it, and how a version stands in a name for each. */
const RUNNERS: Readonly<Record<string, RegExp>> = {
  npx: /^(?:@[^/@]+\/)?[^@]+@\d/,
  bunx: /^(?:@[^/@]+\/)?[^@]+@\d/,
  pnpx: /^(?:@[^/@]+\/)?[^@]+@\d/,
  uvx: /(?:@|==)\d/,
  pipx: /(?:@|==)\d/,
};
/** Options that have the package as their value. */
const NAMING = new Set(["-p", "--package", "--from", "--spec"]);
/** Words before the package. */
const VERBS = new Set(["run", "dlx", "exec", "tool"]);

/**
 * Gives the package that a server runs in whatever version is newest at each
 * start; what was looked at when the server was let in is then not what runs.
 *
 * @returns `undefined` for one of a fixed version, and for other programs.
 */
export function unpinnedPackage(
  { command = "", args }: Pick<ServerConfig, "command" | "args">,
): string | undefined {
  const isPinned = RUNNERS[basename(command).replace(/\.(?:cmd|exe)$/, "")];
  if (isPinned === undefined) return undefined;
  const named = args.findIndex((arg) => NAMING.has(arg));
  const name = named >= 0 ? args[named + 1] : args.find((arg) => !arg.startsWith("-") && !VERBS.has(arg));
  // A path or an address of a repository is no name of a registry.
  if (name === undefined || /^[./~]|:\/\/|^git\+/.test(name) || isPinned.test(name)) return undefined;
  return name;
}
