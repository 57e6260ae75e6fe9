import type { ServerConfig } from "../contracts/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { packageWarnings } from "./packages.ts";

/** A server from elsewhere as it is to be taken in. */
export interface SettledServer {
  readonly server: ServerConfig;
  /** What the person is told of it. */
  readonly warnings: readonly string[];
}

/**
 * Looks at what a server would run, and isolates a server from an import or a registry where the machine can do that.
 *
 * In a process that isolates nothing itself the entry stays as it is.
 */
export async function settleServer(
  { isolation, config }: Pick<ManagementOptions, "isolation" | "config">,
  server: ServerConfig,
): Promise<SettledServer> {
  const pin = packageWarnings(server);
  if (isolation === undefined) return { server, warnings: pin };
  const { entry, open } = await isolation.settle(server, config.snapshot().config);
  const warnings = open === undefined ? pin : [...pin, `runs with your rights, not isolated: ${open}`];
  return { server: { ...server, ...entry }, warnings };
}
