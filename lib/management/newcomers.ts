import type { ServerConfig } from "../contracts/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { unpinnedPackage } from "./unpinned.ts";

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
  const loose = unpinnedPackage(server);
  const pin = loose === undefined ? [] : [
    `runs the newest ${loose} at each start; a version in its name keeps it as it was when you looked`,
  ];
  if (isolation === undefined) return { server, warnings: pin };
  const { entry, open } = await isolation.settle(server, config.snapshot().config);
  const warnings = open === undefined ? pin : [...pin, `runs with your rights, not isolated: ${open}`];
  return { server: { ...server, ...entry }, warnings };
}
