import { isAlive, openFamily, readRow } from "./deno_family.ts";
import { readUsage } from "./deno_usage.ts";
import {
  type ChildProcess,
  type ExitStatus,
  MARK_VARIABLE,
  type Processes,
  type ProcessFamily,
  type SpawnOptions,
} from "./processes.ts";

/** {@link Processes} over `Deno.Command`; each child leads its own process group. */
export function createDenoProcesses(): Processes {
  const families = new Set<ProcessFamily>();
  return {
    spawn(options) {
      const child = spawn(options);
      families.add(child);
      // A leader may end before its family; that stays until nothing of it is left.
      void child.exited.then(() =>
        families.forEach((family) => family.isGroupAlive() || families.delete(family))
      );
      return child;
    },
    isAlive,
    identityOf,
    family: openFamily,
    usage: readUsage,
    killAll() {
      for (const family of families) family.signalGroup("SIGKILL");
      families.clear();
    },
  };
}

function spawn({ command, args, env, cwd, mark }: SpawnOptions): ChildProcess {
  const child = new Deno.Command(command, {
    args: [...args],
    env: mark === undefined ? { ...env } : { ...env, [MARK_VARIABLE]: mark },
    clearEnv: true,
    cwd,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    detached: true,
  }).spawn();
  const exited: Promise<ExitStatus> = child.status.then(
    ({ code, signal }) => ({ code, signal: signal ?? undefined }),
  );
  return {
    pid: child.pid,
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    ...openFamily({ leader: child.pid, mark }),
  };
}

let bootId: string | undefined;

/** An id comes back sooner or later, but not with the same time of start. */
function identityOf(pid: number): string | undefined {
  if (Deno.build.os === "linux") {
    const row = readRow(pid);
    bootId ??= Deno.readTextFileSync("/proc/sys/kernel/random/boot_id").trim();
    return row?.lives === true ? `${bootId}/${row.startTicks}` : undefined;
  }
  if (Deno.build.os === "windows") return undefined;
  const { stdout } = new Deno.Command("ps", { args: ["-o", "lstart=", "-p", `${pid}`], stderr: "null" })
    .outputSync();
  return new TextDecoder().decode(stdout).trim() || undefined;
}
