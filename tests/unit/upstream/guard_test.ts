import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { type ChildProcess, createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";
import { openGuard } from "../../../lib/upstream/guard.ts";
import { createMark } from "./fixture.ts";

const platform = createDenoPlatform();
const { PATH = "" } = Deno.env.toObject();
const STUBBORN = "trap '' TERM; sleep 300; :";

function start(command: string, env: Readonly<Record<string, string>>, mark?: string): ChildProcess {
  return platform.processes.spawn({ command: "sh", args: ["-c", command], env: { PATH, ...env }, mark });
}

async function letGo({ stdout, stderr, stdin, exited }: ChildProcess): Promise<void> {
  await Promise.all([stdout.cancel(), stderr.cancel(), stdin.abort().catch(() => {}), exited]);
}

/** A guard whose gateway can die: its pipe is closed without a word. */
function openMortal(instance: string) {
  const started: { child: ChildProcess; die: () => Promise<void> }[] = [];
  const mortal: Platform = {
    ...platform,
    processes: {
      ...platform.processes,
      spawn(options) {
        const child = platform.processes.spawn(options);
        const writer = child.stdin.getWriter();
        started.push({ child, die: () => writer.close() });
        const stdin = new WritableStream({
          write: (bytes) => writer.write(bytes),
          close: () => writer.close(),
        });
        return { ...child, stdin };
      },
    },
  };
  const guard = openGuard(mortal, instance);
  const [spawned] = started;
  ok(guard !== undefined && spawned !== undefined);
  return { guard, ...spawned };
}

Deno.test("Guard ends nothing when the gateway ends as it should", async () => {
  const mark = createMark();
  const instance = crypto.randomUUID();
  const stranger = start(STUBBORN, mark.env, `${instance}/1`);
  const { guard, child } = openMortal(instance);
  guard.watch([]);

  await guard[Symbol.asyncDispose]();

  deepStrictEqual(await child.exited, { code: 0, signal: undefined });
  strictEqual(stranger.isGroupAlive(), true);
  stranger.signalGroup("SIGKILL");
  await letGo(stranger);
});

Deno.test("Guard ends what it watches once the gateway is gone, and no other", async () => {
  const mark = createMark();
  const instance = crypto.randomUUID();
  const identityOf = (pid: number) => platform.processes.identityOf(pid) ?? "";
  const grouped = start(STUBBORN, {});
  const marked = start(STUBBORN, mark.env, `${instance}/7`);
  const stranger = start(STUBBORN, mark.env, `${instance}0/7`);
  const replaced = start(STUBBORN, mark.env);
  const { guard, child, die } = openMortal(instance);
  guard.watch([
    { pid: grouped.pid, identity: identityOf(grouped.pid) },
    // Its id once led another process.
    { pid: replaced.pid, identity: "boot/1" },
    // As a system without a process table tells the time.
    { pid: 0, identity: `Mon Jan  1 00:00:00 ${stranger.pid}` },
  ]);

  await new Promise((resolve) => setTimeout(resolve, 0)); // the line goes on its way
  await die();
  await Promise.all([grouped.exited, marked.exited]);

  deepStrictEqual([stranger.isGroupAlive(), replaced.isGroupAlive()], [true, true]);
  for (const other of [stranger, replaced]) other.signalGroup("SIGKILL");
  await Promise.all([grouped, marked, stranger, replaced].map(letGo));
  await child.exited;
});
