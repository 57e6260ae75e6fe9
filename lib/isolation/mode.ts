import { basename } from "node:path";
import { type Config, resolveFeatures, type ServerConfig, wireOf } from "../contracts/mod.ts";

/** How a server is confined; `auto` takes what the machine can do. */
export type IsolationMode = "none" | "docker" | "bubblewrap" | "auto";

/** Programs that start containers of their own. */
const ENGINES = new Set(["docker", "podman", "nerdctl"]);

/**
 * Decides how a server is to be confined. Pure.
 *
 * What the entry says wins over `isolation` and `docker_isolation` of the
 * config. `enabled: true` without a mode, here or there, means isolated by
 * whatever there is, and never "not isolated". HTTP servers run elsewhere.
 *
 * @returns `none` also for a program that starts containers itself, unless its own entry names a mode.
 */
export function isolationModeOf(server: ServerConfig, config: Config): IsolationMode {
  if (wireOf(server) !== "stdio") return "none";
  const { enabled, mode } = server.isolation ?? {};
  if (enabled === false) return "none";
  if (mode !== undefined) return toMode(mode);
  const general = generalModeOf(config);
  if (general === "none") return enabled === true ? "auto" : "none";
  return startsContainers(server) ? "none" : general;
}

/** Tells whether the program of a server starts containers itself. */
export function startsContainers({ command = "" }: Pick<ServerConfig, "command">): boolean {
  return ENGINES.has(basename(command));
}

/** Decides how servers are confined that say nothing about it themselves. Pure. */
export function generalModeOf(config: Config): IsolationMode {
  if (config.isolation !== undefined) return config.isolation;
  const mode = config.docker_isolation?.mode;
  if (mode !== undefined && mode !== "") return toMode(mode);
  return resolveFeatures(config).enable_docker_isolation ? "docker" : "none";
}

/** mcpproxy-go calls its confinement without an engine a sandbox. */
function toMode(mode: IsolationMode | "sandbox"): IsolationMode {
  return mode === "sandbox" ? "bubblewrap" : mode;
}
