/**
 * A small process beside the gateway that ends its children should it be
 * killed: it reads from a pipe, and the system closes that with the gateway,
 * however the gateway ends.
 *
 * @module
 */

import { type ChildProcess, MARK_VARIABLE, type Platform } from "../platform/mod.ts";
import type { KnownProcess } from "./child_record.ts";
import { settledWithin } from "./within.ts";

/** Sees to it that children do not outlive the gateway. */
export interface Guard extends AsyncDisposable {
  /** Tells which children there are now. */
  watch(children: Iterable<KnownProcess>): void;
}

/**
 * Each line has all children, as `ID:START`. At the end of the input they get a
 * second to notice that theirs was closed as well, and two more after SIGTERM.
 * A group whose id leads another process by now is not touched; whatever
 * carries the mark is, on Linux, also outside of the groups.
 */
const SCRIPT = `
exec >/dev/null 2>&1
mark=$1
groups=
while read -r line; do groups=$line; done
[ "$groups" = none ] && exit

is_ours() {
  [ -r "/proc/$1/stat" ] && read -r stat <"/proc/$1/stat" || return 0
  set -- "$2" \${stat##*) }
  [ "$1" = "\${21}" ]
}
left() {
  for entry in $groups; do
    group=\${entry%%:*}
    case $group in 0 | 1 | *[!0-9]*) continue ;; esac
    is_ours "$group" "\${entry#*:}" && kill -s 0 -- "-$group" && echo "-$group"
  done
  [ -r /proc/self/environ ] || return
  for file in $(grep -alF -- "$mark" /proc/[0-9]*/environ); do
    file=\${file%/environ}
    echo "\${file#/proc/}"
  done
}
signal() {
  for one in $(left); do kill -s "$1" -- "$one"; done
}
wait_for() {
  for pause; do
    [ -z "$(left)" ] && exit
    sleep "$pause" || sleep 1
  done
}

wait_for 0.1 0.2 0.3 0.4
signal TERM
wait_for 0.1 0.2 0.4 0.6 0.7
signal KILL
`;

/** It only has to read the end of its input. */
const END_MS = 1_000;

const encoder = new TextEncoder();

/**
 * Starts a guard.
 *
 * @param instance First part of the mark of all children.
 * @returns `undefined` where there is no shell.
 */
export function openGuard(platform: Platform, instance: string): Guard | undefined {
  if (platform.machine.os === "windows") return undefined;
  try {
    return new ShellGuard(platform, instance);
  } catch {
    return undefined; // what is left then ends at the next start
  }
}

class ShellGuard implements Guard {
  readonly #platform: Platform;
  readonly #child: ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;

  constructor(platform: Platform, instance: string) {
    this.#platform = platform;
    this.#child = platform.processes.spawn({
      command: "/bin/sh",
      args: ["-c", SCRIPT, "mcpproxy-guard", `${MARK_VARIABLE}=${instance}/`],
      env: { PATH: platform.env.PATH ?? "" },
      cwd: "/",
      label: "guard",
    });
    this.#writer = this.#child.stdin.getWriter();
    for (const stream of [this.#child.stdout, this.#child.stderr]) void stream.cancel().catch(() => {});
  }

  watch(children: Iterable<KnownProcess>): void {
    this.#tell([...children].map(({ pid, identity }) => `${pid}:${toStart(identity)}`).join(" "));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#tell("none");
    await this.#writer.close().catch(() => {});
    if (!await settledWithin(this.#platform.clock, END_MS, this.#child.exited)) {
      this.#child.signalGroup("SIGKILL");
    }
    await this.#child.exited;
  }

  /** A guard that was killed cannot be told anything; the record is still there. */
  #tell(line: string): void {
    void this.#writer.write(encoder.encode(line + "\n")).catch(() => {});
  }
}

/** The identity ends with the time of start as the system's process table has it; elsewhere than on Linux nobody compares it. */
function toStart(identity: string): string {
  return identity.split("/").at(-1)?.replaceAll(/\s/g, "_") ?? "";
}
