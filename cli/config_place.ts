import { resolve } from "node:path";
import { locateConfig, readConfig } from "../lib/config/mod.ts";
import type { Session } from "./session.ts";

/** Path of the config file that these options mean. */
export function configPathOf({ platform: { env, machine }, globals }: Session): string {
  return locateConfig({
    flag: globals.config,
    dataDir: globals.dataDir,
    env,
    home: machine.home,
    cwd: machine.cwd,
  });
}

/**
 * Reads a file that was named on the command line; `-` is standard input.
 *
 * @throws {GatewayError} MCPX_CONFIG_NOT_FOUND, MCPX_CONFIG_INVALID — it cannot be read.
 */
export async function readCandidate(file: string, { terminal, platform }: Session): Promise<string> {
  if (file === "-") return await terminal.readAll();
  return await readConfig(platform.files, resolve(platform.machine.cwd, file));
}
