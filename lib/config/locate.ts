import { dirname, isAbsolute, join, resolve } from "node:path";
import type { Config } from "../contracts/mod.ts";

/** Where the config file is looked for. */
export interface LocateOptions {
  readonly flag?: string;
  readonly dataDir?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly home: string;
  readonly cwd: string;
}

/** Finds the path of the config file: `--config`, `MCPPROXY_CONFIG`, then `config.json` in the data directory. */
export function locateConfig({ flag, dataDir, env, home, cwd }: LocateOptions): string {
  const named = flag ?? (env.MCPPROXY_CONFIG || undefined);
  if (named !== undefined) return resolve(cwd, expandHome(named, home));
  const directory = dataDir ?? dataDirOf(env);
  return join(
    directory === undefined ? join(home, ".mcpproxy") : resolve(cwd, expandHome(directory, home)),
    "config.json",
  );
}

/** Where the data directory is looked for. */
export interface DataDirOptions {
  readonly flag?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly config?: Pick<Config, "data_dir">;
  readonly configPath: string;
  readonly home: string;
}

/** Finds the data directory: `--data-dir`, the environment, `data_dir` of the config, then `~/.mcpproxy`. */
export function resolveDataDir({ flag, env, config, configPath, home }: DataDirOptions): string {
  const named = flag ?? dataDirOf(env);
  if (named !== undefined) return resolve(expandHome(named, home));
  if (config?.data_dir === undefined) return join(home, ".mcpproxy");
  const path = expandHome(config.data_dir, home);
  return isAbsolute(path) ? path : resolve(dirname(configPath), path);
}

function dataDirOf(env: Readonly<Record<string, string>>): string | undefined {
  return env.MCPPROXY_DATA_DIR || env.MCPPROXY_DATA || undefined;
}

function expandHome(path: string, home: string): string {
  if (path === "~") return home;
  return path.startsWith("~/") ? join(home, path.slice(2)) : path;
}
