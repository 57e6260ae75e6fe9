import { createHash } from "node:crypto";
import type { Config } from "../contracts/mod.ts";
import { applyEnvironment } from "./environment.ts";
import { expandTopLevel } from "./expand.ts";
import { parseConfig } from "./parse.ts";

/** The config in force; frozen through and through. */
export interface Snapshot {
  /** Grows by one with each change. */
  readonly version: number;
  /** SHA-256 of the effective config, in hex. */
  readonly hash: string;
  readonly path: string;
  readonly config: Config;
  /** Things to know that are no mistakes. */
  readonly notices: readonly string[];
}

/** What is laid over the text of a config. */
export interface Surroundings {
  /** Named in errors. */
  readonly path: string;
  readonly env: Readonly<Record<string, string>>;
  /** Lays the command line over what file and environment say. */
  readonly overrides?: (config: Config) => Config;
}

/**
 * Makes the snapshot that a text stands for: what it says, then the
 * environment, then the command line. Pure.
 *
 * @throws {GatewayError} MCPX_CONFIG_PARSE_ERROR, MCPX_CONFIG_INVALID, MCPX_CONFIG_MISSING_SECRET.
 */
export function toSnapshot(
  text: string,
  { path, env, overrides }: Surroundings,
  { version, notices = [] }: { readonly version: number; readonly notices?: readonly string[] },
): Snapshot {
  const parsed = parseConfig(text, path);
  const expanded = expandTopLevel(parsed.config, env, path);
  const effective = applyEnvironment(expanded, env);
  const config = overrides?.(effective.config) ?? effective.config;
  return deepFreeze({
    version,
    hash: sha256(JSON.stringify(config)),
    path,
    config,
    notices: [...notices, ...parsed.notices, ...effective.notices],
  });
}

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** A frozen object can hold others that are not, so all of it is walked. */
function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
