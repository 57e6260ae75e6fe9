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
    isGroupAlive: createGroupCheck(child.pid),
  };
}

/**
 * A dead process counts as part of its group until its parent takes notice,
 * which for an orphan in a container may be never. So where the system has a
 * table of its processes, only those that live count.
 */
function createGroupCheck(group: number): () => boolean {
  let known: readonly number[] = [];
  return () => {
    if (!isAlive(-group)) return false;
    if (Deno.build.os !== "linux") return true;
    if (!known.some((pid) => livesIn(group, pid))) {
      known = listProcesses().filter((pid) => livesIn(group, pid));
    }
    return known.length > 0;
  };
}

function listProcesses(): number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter(Number.isInteger);
}

function livesIn(group: number, pid: number): boolean {
  try {
    const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
    // The name before the last bracket may hold anything; then come state, parent and group.
    const [state, , ownGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return Number(ownGroup) === group && state !== "Z" && state !== "X";
  } catch {
    return false; // it has ended meanwhile
  }
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
