import process from "node:process";
import type { ChildProcess, ExitStatus, Processes, SpawnOptions } from "./platform.ts";

/** {@link Processes} over `Deno.Command`; each child leads its own process group. */
export function createDenoProcesses(): Processes {
  const groups = new Set<number>();
  return {
    spawn(options) {
      const child = spawn(options);
      groups.add(child.pid);
      // A leader may end before its group; the id stays until nothing of the group is left.
      void child.exited.then(() => {
        if (!child.isGroupAlive()) groups.delete(child.pid);
      });
      return child;
    },
    isAlive,
    killAll() {
      for (const pid of groups) signalGroup(pid, "SIGKILL");
      groups.clear();
    },
  };
}

function spawn(options: SpawnOptions): ChildProcess {
  const child = new Deno.Command(options.command, {
    args: [...options.args],
    env: { ...options.env },
    clearEnv: true,
    cwd: options.cwd,
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
    signalGroup: (signal) => signalGroup(child.pid, signal),
    isGroupAlive: () => isAlive(-child.pid),
  };
}

function signalGroup(pid: number, signal: Deno.Signal): boolean {
  try {
    // Windows has no groups; there only the leader can be ended.
    Deno.kill(Deno.build.os === "windows" ? pid : -pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof TypeError) return false;
    throw error;
  }
}

/** A negative id asks for a whole group. */
function isAlive(pid: number): boolean {
  try {
    // Signal 0 only asks; Deno.kill() does not accept it, node:process does.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
