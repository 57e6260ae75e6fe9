import { isDeepStrictEqual } from "node:util";
import { dirname, join } from "node:path";
import { type Check, GatewayError, type ServerConfig } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { maskTree } from "../secrets/mod.ts";
import { findCommand } from "./find_command.ts";
import type { ManagementOptions } from "./options.ts";

const OPEN_TO_OTHERS = 0o077;
/** Below this, the database may soon be unable to take what is written. */
const LITTLE_SPACE_BYTES = 500 * 1024 * 1024;
const NO_SPACE_BYTES = 50 * 1024 * 1024;

/** Looks at the config as it is in the file. */
export function checkConfig({ config }: ManagementOptions): Check {
  const rejection = config.rejection();
  const { path, version, notices } = config.snapshot();
  if (rejection !== undefined) {
    return {
      id: "config",
      level: "problem",
      summary: `${rejection.message}; the last good config stays in force`,
      code: rejection.code,
      remedy: rejection.remedy,
    };
  }
  const [notice] = notices;
  if (notice !== undefined) return { id: "config", level: "warning", summary: notice };
  return { id: "config", level: "ok", summary: `${path}, version ${version}` };
}

/** Paths that only their owner should reach, with the mode each should have. */
async function privatePaths({ facts, config }: ManagementOptions) {
  // A config that could not be read counts as one with secrets in it.
  const document = await config.document().catch(() => undefined);
  const isSecret = document === undefined || !isDeepStrictEqual(document.value, maskTree(document.value));
  return [
    { path: facts.dataDir, mode: 0o700 },
    { path: join(facts.dataDir, "api_key"), mode: 0o600 },
    { path: join(facts.dataDir, "mcpproxy.db"), mode: 0o600 },
    { path: facts.socketPath, mode: 0o600 },
    ...(isSecret ? [{ path: config.path, mode: 0o600 }] : []),
  ];
}

/** Finds paths that others can reach. */
export async function findWideModes(options: ManagementOptions) {
  const { platform: { files, machine } } = options;
  if (machine.os === "windows") return [];
  const paths = await privatePaths(options);
  const found = await Promise.all(
    paths.map(async ({ path, mode }) => {
      const stat = await files.stat(path).catch(() => undefined);
      // A link has no mode of its own, and what it leads to is somebody's choice.
      const isWide = stat?.mode !== undefined && stat.kind !== "symlink" &&
        (stat.mode & OPEN_TO_OTHERS) !== 0;
      return isWide ? [{ path, mode, found: stat.mode ?? 0 }] : [];
    }),
  );
  return found.flat();
}

/** Looks at who can read what is private. */
export async function checkModes(options: ManagementOptions): Promise<Check> {
  const wide = await findWideModes(options);
  const [first] = wide;
  if (first === undefined) return { id: "modes", level: "ok", summary: "private files are for you only" };
  const list = wide.map(({ path, found }) => `${path} (0${found.toString(8)})`).join(", ");
  return {
    id: "modes",
    level: "warning",
    summary: `open to others: ${list}`,
    code: "MCPX_DATA_DIR_DENIED",
    remedy: "mcpproxy doctor fix MCPX_DATA_DIR_DENIED --execute",
    fixer_key: "modes_tighten",
  };
}

/** Looks at the database. */
export function checkStorage({ storage }: ManagementOptions): Check {
  const { level, summary, remedy, pending } = storage.health();
  if (level === "healthy") {
    return { id: "storage", level: "ok", summary: `the database works, ${pending} changes on their way` };
  }
  return { id: "storage", level: "problem", summary, remedy, code: "MCPX_STORAGE_FAILED" };
}

/** Looks at the record of activity. */
export function checkActivity({ activity, facts }: ManagementOptions): Check {
  if (!facts.running) {
    return { id: "activity", level: "skipped", summary: "no daemon runs that would record" };
  }
  const { level, summary, remedy, records, removed_early: removed } = activity.health();
  if (level === "opening") return { id: "activity", level: "ok", summary };
  if (level === "healthy") {
    const early = removed === 0
      ? ""
      : `; ${removed} of the oldest went before their time, as there was no room`;
    return {
      id: "activity",
      level: "ok",
      summary: `activity is recorded, ${records} records are kept${early}`,
    };
  }
  const code = "MCPX_STORAGE_FAILED";
  return { id: "activity", level: level === "off" ? "problem" : "warning", summary, remedy, code };
}

/** Looks at the room on the disk of the data directory. */
export async function checkDisk(
  { platform: { files }, facts: { dataDir } }: ManagementOptions,
): Promise<Check> {
  const free = await files.freeBytes(dataDir).catch(() => undefined);
  if (free === undefined) {
    return { id: "disk", level: "skipped", summary: "the system does not tell the free space" };
  }
  const summary = `${Math.round(free / 1024 / 1024)} MB free for ${dataDir}`;
  if (free >= LITTLE_SPACE_BYTES) return { id: "disk", level: "ok", summary };
  return {
    id: "disk",
    level: free < NO_SPACE_BYTES ? "problem" : "warning",
    summary,
    code: "MCPX_DISK_FULL",
    remedy: `Free space on the disk of ${dataDir}`,
  };
}

/** Looks whether the address could be listened on, when no daemon of ours does. */
export async function checkPort({ platform: { network }, facts }: ManagementOptions): Promise<Check> {
  const address = facts.listenAddress();
  if (facts.running) return { id: "port", level: "ok", summary: `listening on ${address}` };
  const parts = /^(.*):(\d{1,5})$/.exec(address);
  const hostname = (parts?.[1] ?? "").replace(/^\[(.*)\]$/, "$1") || "127.0.0.1";
  try {
    const port = Number(parts?.[2] ?? 0);
    const listener = await network.listen({ kind: "tcp", hostname, port }, () => new Response());
    await listener.shutdown();
    return { id: "port", level: "ok", summary: `${address} is free` };
  } catch (error) {
    const isTaken = error instanceof Deno.errors.AddrInUse;
    return {
      id: "port",
      level: "problem",
      summary: isTaken ? `another program listens on ${address}` : `${address} cannot be listened on`,
      code: isTaken ? "MCPX_PORT_IN_USE" : "MCPX_LISTEN_DENIED",
      remedy: "Stop that program, or choose another address with --listen",
    };
  }
}

/** Where programs of servers come from, by their name. */
const ORIGINS: Readonly<Record<string, string>> = {
  npx: "Install Node.js",
  node: "Install Node.js",
  uvx: "Install uv",
  uv: "Install uv",
  docker: "Install Docker",
  deno: "Install Deno",
  python: "Install Python",
  python3: "Install Python",
};

/** Looks for the programs that servers start, each once. */
export async function checkCommands(
  servers: ReadonlyMap<string, ServerConfig>,
  platform: Platform,
  configPath: string,
): Promise<Check[]> {
  const users = new Map<string, string[]>();
  for (const [name, { command, enabled }] of servers) {
    if (command === undefined || !enabled || command.includes("${")) continue;
    users.set(command, [...(users.get(command) ?? []), name]);
  }
  const place = { path: platform.env.PATH ?? "", cwd: dirname(configPath) };
  return await Promise.all(
    [...users].sort().map(async ([command, names]): Promise<Check> => {
      const found = await findCommand(platform, command, place);
      const id = `command:${command}`;
      if (found !== undefined) return { id, level: "ok", summary: found };
      return {
        id,
        level: "problem",
        summary: `"${command}" was not found, wanted by ${names.join(", ")}`,
        code: "MCPX_STDIO_SPAWN_ENOENT",
        remedy: `${ORIGINS[command] ?? `Install ${command}`}, or set "command" to a full path`,
      };
    }),
  );
}

/** Puts a check that itself fails into words. */
export async function orFailure(id: string, check: () => Check | Promise<Check>): Promise<Check> {
  try {
    return await check();
  } catch (error) {
    const why = error instanceof GatewayError ? error.message : "the check failed unexpectedly";
    return {
      id,
      level: "problem",
      summary: why,
      code: error instanceof GatewayError ? error.code : "MCPX_INTERNAL",
    };
  }
}
