import { createHash } from "node:crypto";
import type { ServerConfig } from "../contracts/mod.ts";

/** An entry never changes, and is asked about several times at a start. */
const fingerprints = new WeakMap<ServerConfig, string>();

/**
 * Identifies how a server is reached. A stored list belongs to the entry it
 * was made with; another command or URL under the same name is another server.
 */
export function fingerprintOf(server: ServerConfig): string {
  const known = fingerprints.get(server);
  if (known !== undefined) return known;
  const { command, args, url, protocol, working_dir } = server;
  const launch = JSON.stringify([command, args, url, protocol, working_dir, Object.keys(server.env).sort()]);
  const fingerprint = createHash("sha256").update(launch).digest("hex");
  fingerprints.set(server, fingerprint);
  return fingerprint;
}
