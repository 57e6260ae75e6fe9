import type { ServerConfig } from "../contracts/mod.ts";
import type { ManagementOptions } from "./options.ts";

/** A server from elsewhere as it is to be taken in. */
export interface SettledServer {
  readonly server: ServerConfig;
  /** What the person is told of it. */
  readonly warnings: readonly string[];
}

/**
 * Isolates a server from an import or a registry where the machine can do that.
 *
 * In a process that isolates nothing itself the entry stays as it is.
 */
export async function settleServer(
  { isolation, config }: Pick<ManagementOptions, "isolation" | "config">,
  server: ServerConfig,
): Promise<SettledServer> {
  if (isolation === undefined) return { server, warnings: [] };
  const { entry, open } = await isolation.settle(server, config.snapshot().config);
  const warnings = open === undefined ? [] : [`runs with your rights, not isolated: ${open}`];
  return { server: { ...server, ...entry }, warnings };
}
