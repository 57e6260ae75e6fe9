import type { Check, ServerConfig } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";

/** What Linux tells of the limits of this process. */
const LIMITS = "/proc/self/limits";
/** What the gateway has open when nobody uses it, and some room; counted 45. */
const OWN = 64;
/** Pipes, log and handle of a program, and what starting it takes for a moment; counted 6. */
const EACH_PROGRAM = 8;
const EACH_ADDRESS = 4;
/** Connections of clients, event streams and calls on their way. */
const CLIENTS = 128;
const REMEDY =
  'Type "ulimit -n 4096" in the shell that starts mcpproxy, or set LimitNOFILE=4096 in its systemd unit';

/** Looks whether the system gives this process as many open files as its servers and clients take. */
export async function checkOpenFiles(
  { files, machine }: Pick<Platform, "files" | "machine">,
  servers: Iterable<Pick<ServerConfig, "enabled" | "command">>,
): Promise<Check> {
  const id = "open_files";
  const most = machine.os === "linux" ? readLimit(await files.readText(LIMITS)) : undefined;
  if (most === undefined) {
    return { id, level: "skipped", summary: "the system does not tell how many files may be open" };
  }
  const needed = filesFor(servers);
  const summary = `${most === Infinity ? "any number of" : most} files may be open`;
  if (most >= needed + CLIENTS) return { id, level: "ok", summary };
  const level = most < needed ? "problem" : "warning";
  return {
    id,
    level,
    summary: `${summary}; the servers take up to ${needed}, and each client one or more`,
    remedy: REMEDY,
  };
}

/** The soft limit of open files; `undefined` if the text does not have it. Pure. */
function readLimit(limits: string | undefined): number | undefined {
  const [, most] = /^Max open files\s+(\d+|unlimited)\s/m.exec(limits ?? "") ?? [];
  if (most === undefined) return undefined;
  return most === "unlimited" ? Infinity : Number(most);
}

function filesFor(servers: Iterable<Pick<ServerConfig, "enabled" | "command">>): number {
  let needed = OWN;
  for (const { enabled, command } of servers) {
    if (enabled) needed += command === undefined ? EACH_ADDRESS : EACH_PROGRAM;
  }
  return needed;
}
