import { isDeepStrictEqual } from "node:util";
import {
  type Apply,
  type Config,
  type ConfigEffect,
  ConfigSchema,
  type ServerConfig,
  ServerConfigSchema,
  type ServerEffect,
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

/** Two configs, and what is to be known of the gateway that goes from one to the other. */
export interface Transition {
  readonly from: Config;
  readonly to: Config;
  /** The config that the daemon was started with. */
  readonly start: Config;
  /** Whether a server of a config is let run at all. */
  readonly runs: (server: ServerConfig, config: Config) => boolean;
}

/** Says how a change takes effect: on each server that it concerns, and by key of the top. Pure. */
export function describeEffect({ from, to, start, runs }: Transition): ConfigEffect {
  const before = new Map(from.mcpServers.map((server) => [server.name, server]));
  const after = new Map(to.mcpServers.map((server) => [server.name, server]));
  const servers = [...new Set([...after.keys(), ...before.keys()])].flatMap((name) => {
    const [old, next] = [before.get(name), after.get(name)];
    const didRun = old !== undefined && runs(old, from);
    const willRun = next !== undefined && runs(next, to);
    const effect = serverEffect(name, { old, next, didRun, willRun });
    return effect.change === "same" && effect.action === "none" ? [] : [effect];
  });
  const pending = diffDaemonKeys(start, to);
  const keys = changedKeys(from, to).filter((name) => name !== "mcpServers").map((name) =>
    keyEffect(name, from, to)
  );
  return {
    changed: servers.length > 0 || keys.length > 0,
    servers,
    keys,
    restart_required: keys.map(({ name }) => name).filter((name) => pending.includes(name)),
  };
}

interface ServerTransition {
  readonly old: ServerConfig | undefined;
  readonly next: ServerConfig | undefined;
  readonly didRun: boolean;
  readonly willRun: boolean;
}

function serverEffect(name: string, { old, next, didRun, willRun }: ServerTransition): ServerEffect {
  const fields = old === undefined || next === undefined ? [] : changedKeys(old, next).map((field) => ({
    name: field,
    apply: applyOf(ServerConfigSchema.shape, field),
  }));
  const change = old === undefined
    ? "added"
    : next === undefined
    ? "removed"
    : fields.length > 0
    ? "changed"
    : "same";
  const needsRestart = fields.some(({ apply }) => apply === "server");
  const action = didRun && willRun
    ? needsRestart ? "restart" : fields.length > 0 ? "update" : "none"
    : didRun
    ? "stop"
    : willRun
    ? "start"
    : "none";
  return { name, change, action, fields };
}

function keyEffect(name: string, from: object, to: object): ConfigEffect["keys"][number] {
  const [old, next] = [Reflect.get(from, name), Reflect.get(to, name)];
  const change = old === undefined ? "added" : next === undefined ? "removed" : "changed";
  const apply = applyOf(ConfigSchema.unwrap().shape, name) === "daemon" ? "daemon" : "live";
  return { name, change, apply };
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
