import type { Check, ServerConfig } from "../contracts/mod.ts";
import { type Capabilities, isolationModeOf } from "../isolation/mod.ts";
import type { ManagementOptions } from "./options.ts";

/**
 * Says what this machine can isolate servers with. That it can do nothing is
 * a problem only if a server is to be isolated.
 *
 * @returns Nothing in a process that cannot isolate anything itself.
 */
export async function checkIsolation(
  { isolation, config }: ManagementOptions,
  servers: Iterable<ServerConfig>,
): Promise<Check[]> {
  if (isolation === undefined) return [];
  const snapshot = config.snapshot().config;
  const modes = [...servers].map((server) => isolationModeOf(server, snapshot)).filter((mode) =>
    mode !== "none"
  );
  return [judge(await isolation.capabilities(), modes)];
}

function judge(able: Capabilities, modes: readonly string[]): Check {
  const { bubblewrap, docker, auto } = able;
  const summary = [["bubblewrap", bubblewrap] as const, ["docker", docker] as const]
    .map(([name, one]) => (one.usable ? `${name} ${one.version} works` : `no ${name}: ${one.why}`))
    .join("; ");
  const lost = [bubblewrap, docker].find((one) => !one.usable);
  const isMissed = modes.some((mode) =>
    mode === "auto" ? auto === undefined : !(mode === "docker" ? docker : bubblewrap).usable
  );
  if (!isMissed || lost === undefined || lost.usable) {
    return {
      id: "isolation",
      level: "ok",
      summary: `${summary}; ${modes.length} servers are to be isolated`,
    };
  }
  return {
    id: "isolation",
    level: "problem",
    summary,
    code: "MCPX_ISOLATION_UNAVAILABLE",
    remedy: modes.includes("docker") && !docker.usable ? docker.remedy : lost.remedy,
  };
}
