import { isAbsolute } from "node:path";
import type { Config, ServerConfig } from "../contracts/mod.ts";
import { wireOf } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { Capabilities } from "./capabilities.ts";
import { isProtected, type ProtectedPaths } from "./danger.ts";
import { isolationModeOf, startsContainers } from "./mode.ts";
import { scriptOf, treeOfScript } from "./program_tree.ts";

/** What a server from elsewhere is given when it is taken in. */
export interface Newcomer {
  /** Members for its entry; empty if it stays as it is. */
  readonly entry: Pick<ServerConfig, "isolation" | "working_dir">;
  /** Why it is to run with the rights of the person, in words for them. */
  readonly open?: string;
}

/** What the decision needs to know. */
export interface NewcomerOptions {
  readonly platform: Pick<Platform, "files">;
  readonly able: Capabilities;
  readonly config: Config;
  readonly paths: ProtectedPaths;
}

const AS_IT_IS: Newcomer = { entry: {} };

/**
 * Decides how a server that comes from an import or a registry is to run: isolated, where this machine can do that and
 * the server would still find what its own entry names.
 *
 * The network stays on, since most such programs fetch themselves or speak to a service; files, processes, variables
 * and the gateway are what is kept from it. The entry says all of it, for the person to change.
 */
export async function settleNewcomer(server: ServerConfig, options: NewcomerOptions): Promise<Newcomer> {
  const { able, config, paths } = options;
  if (wireOf(server) !== "stdio" || server.isolation !== undefined) return AS_IT_IS;
  if (config.isolation !== undefined || isolationModeOf(server, config) !== "none") return AS_IT_IS;
  if (startsContainers(server)) return AS_IT_IS;
  const { auto, bubblewrap, docker } = able;
  if (auto === undefined) {
    const lost = [bubblewrap, docker].map((one) => one.usable ? "" : one.why);
    return {
      entry: {},
      open: `this machine cannot isolate it: no bubblewrap (${lost[0]}), no Docker (${lost[1]})`,
    };
  }
  const script = scriptOf(server.command ?? "", server.args);
  const program = isAbsolute(server.command ?? "") ? server.command : script;
  if (auto === "docker" && program !== undefined) {
    return { entry: {}, open: `its program ${program} lies on this machine, which no container sees` };
  }
  if (script !== undefined && isProtected(await treeOfScript(script, options.platform), paths)) {
    return { entry: {}, open: `its program ${script} lies where no isolated server may read` };
  }
  const named = await namedPaths(server, script, options.platform);
  const places = [...new Set([...server.working_dir === undefined ? [] : [server.working_dir], ...named])];
  const [only] = places;
  if (places.length > 1) {
    return { entry: {}, open: `it is given ${places.join(" and ")}, of which an isolated one sees one` };
  }
  if (only !== undefined && isProtected(only, paths)) {
    return { entry: {}, open: `it is given ${only}, which no isolated server may have` };
  }
  const isolation = { mode: "auto", network_mode: "bridge" } as const;
  return { entry: only === undefined ? { isolation } : { isolation, working_dir: only } };
}

/** Paths among its arguments that are there, but for its own program. */
async function namedPaths(
  { args }: ServerConfig,
  script: string | undefined,
  { files }: Pick<Platform, "files">,
): Promise<string[]> {
  const named: string[] = [];
  for (const arg of args) {
    const path = /^--?[\w-]+=(\/.*)$/.exec(arg)?.[1] ?? arg;
    if (!isAbsolute(path) || path === script) continue;
    const real = await files.realPath(path).catch(() => undefined);
    if (real !== undefined) named.push(path);
  }
  return named;
}
