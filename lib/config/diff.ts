import { isDeepStrictEqual } from "node:util";
import {
  type Apply,
  type Config,
  ConfigSchema,
  type ServerConfig,
  ServerConfigSchema,
} from "../contracts/mod.ts";
import type { z } from "zod";

/** How one server differs between two configs. */
export interface ServerDiff {
  readonly name: string;
  readonly kind: "added" | "removed" | "changed";
  /** Whether the change needs a new connection. */
  readonly restart: boolean;
}

type Servers = { readonly mcpServers: readonly ServerConfig[] };

/** Lists the servers that differ, those of `to` first. Pure. */
export function diffServers(from: Servers, to: Servers): ServerDiff[] {
  const before = new Map(from.mcpServers.map((server) => [server.name, server]));
  const diffs: ServerDiff[] = [];
  for (const server of to.mcpServers) {
    const old = before.get(server.name);
    before.delete(server.name);
    if (old === undefined) diffs.push({ name: server.name, kind: "added", restart: false });
    else if (!isDeepStrictEqual(old, server)) {
      const restart = changedKeys(old, server).some((key) =>
        applyOf(ServerConfigSchema.shape, key) === "server"
      );
      diffs.push({ name: server.name, kind: "changed", restart });
    }
  }
  for (const name of before.keys()) diffs.push({ name, kind: "removed", restart: false });
  return diffs;
}

/** Lists the top-level keys whose change takes effect only when the daemon starts again. */
export function diffDaemonKeys(from: Config, to: Config): string[] {
  const { shape } = ConfigSchema.unwrap();
  return changedKeys(from, to).filter((key) => applyOf(shape, key) === "daemon");
}

function changedKeys(from: object, to: object): string[] {
  const [a, b] = [new Map(Object.entries(from)), new Map(Object.entries(to))];
  return [...new Set([...a.keys(), ...b.keys()])].filter((key) => !isDeepStrictEqual(a.get(key), b.get(key)));
}

/** Every field says in its schema how it applies; `name` never changes within one entry. */
function applyOf(shape: Readonly<Record<string, z.ZodType>>, key: string): Apply {
  const apply = shape[key]?.meta()?.apply;
  return apply === "server" || apply === "daemon" ? apply : "live";
}
