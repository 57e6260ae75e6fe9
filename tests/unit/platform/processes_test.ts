import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { kinOf, parsePs, parseRssBytes, parseStat } from "../../../lib/platform/process_table.ts";

const { processes } = createDenoPlatform();

/** Starts a shell command that writes a line when it is set up, and waits for the line. */
async function start(command: string, mark?: string) {
  const { PATH = "" } = Deno.env.toObject();
  const child = processes.spawn({ command: "sh", args: ["-c", command], env: { PATH }, mark });
  const reader = child.stdout.getReader();
  await reader.read();
  return {
    child,
    async [Symbol.asyncDispose]() {
      child.signalGroup("SIGKILL");
      await child.exited;
      await Promise.all([reader.cancel(), child.stderr.cancel(), child.stdin.abort().catch(() => {})]);
    },
  };
}

/** Looks until the condition holds; the system takes a moment to end a process. */
async function until(condition: () => boolean): Promise<void> {
  for (let look = 0; look < 20_000 && !condition(); look++) await Deno.stat("/proc");
  ok(condition());
}

Deno.test("parseStat() reads a row whatever the program is called", () => {
  const rest = "S 10 12 12 0 -1 4194560 1 0 0 0 5 6 7 8 20 0 1 0 1216191 0 0";
  const row = { pid: 12, lives: true, parent: 10, group: 12, cpuMs: 260, startTicks: "1216191" };

  deepStrictEqual(parseStat(`12 (sh) ${rest}\n`), row);
  deepStrictEqual(parseStat(`12 (a) Z 1 (b) ${rest}\n`), row);
  strictEqual(parseStat(`12 (sh) ${rest.replace("S", "Z")}`)?.lives, false);
  strictEqual(parseStat(""), undefined);
  strictEqual(parseStat("12 (sh) S 10"), undefined);
});

Deno.test("parsePs() reads every way in which systems write times", () => {
  const text = [
    "  501   1   501  2048   0:01.50 Ss",
    "  502 501   501   100  01:02:03 Z+",
    "  503 501   503     0 2-00:00:01 R",
    "garbage",
    "",
  ].join("\n");

  deepStrictEqual(parsePs(text), [
    {
      pid: 501,
      lives: true,
      parent: 1,
      group: 501,
      cpuMs: 1_500,
      startTicks: undefined,
      rssBytes: 2_097_152,
    },
    {
      pid: 502,
      lives: false,
      parent: 501,
      group: 501,
      cpuMs: 3_723_000,
      startTicks: undefined,
      rssBytes: 102_400,
    },
    {
      pid: 503,
      lives: true,
      parent: 501,
      group: 503,
      cpuMs: 172_801_000,
      startTicks: undefined,
      rssBytes: 0,
    },
  ]);
});

Deno.test("parseRssBytes() reads the memory of a process, and none of one without", () => {
  strictEqual(parseRssBytes("Name:\tsh\nVmRSS:\t    2048 kB\nThreads:\t1\n"), 2_097_152);
  strictEqual(parseRssBytes("Name:\tkthreadd\n"), 0);
});

Deno.test("kinOf() finds the group and its descendants, but not the dead", () => {
  const row = (pid: number, parent: number, group: number, lives = true) => ({
    pid,
    parent,
    group,
    lives,
    cpuMs: 0,
    startTicks: "1",
  });
  // The descendants come before those they descend from.
  const rows = [row(9, 8, 9), row(8, 5, 8), row(4, 1, 4), row(5, 4, 4), row(6, 4, 4, false), row(7, 1, 7)];

  deepStrictEqual(kinOf(4, rows).map(({ pid }) => pid).sort(), [4, 5, 8, 9]);
  deepStrictEqual(kinOf(99, rows), []);
});

Deno.test("ChildProcess signals what has left its group, as long as it carries the mark", async () => {
  const mark = crypto.randomUUID();
  await using started = await start("setsid sleep 300 & echo; wait", mark);
  const { child } = started;
  const strangers = processes.family({ mark: `${mark.slice(0, -1)}` });

  strictEqual(strangers.isGroupAlive(), false, "a mark counts as a whole");
  strictEqual(child.isGroupAlive(), true);
  child.signalGroup("SIGTERM");
  await child.exited;
  await until(() => !child.isGroupAlive());

  strictEqual(child.signalGroup("SIGKILL"), false);
});

Deno.test("Processes.family() finds by the first part of a mark", async () => {
  const mark = crypto.randomUUID();
  await using _one = await start("echo; sleep 300; :", `${mark}/1`);
  await using _two = await start("echo; sleep 300; :", `${mark}/2`);
  const family = processes.family({ mark });

  strictEqual(family.isGroupAlive(), true);
  strictEqual(family.signalGroup("SIGKILL"), true);

  await until(() => !family.isGroupAlive());
});

Deno.test("Processes.identityOf() tells a process from others, and is silent about the dead", async () => {
  await using started = await start("echo; sleep 300; :");
  const { child } = started;
  const identity = processes.identityOf(child.pid);

  strictEqual(identity, processes.identityOf(child.pid));
  ok(identity !== undefined && identity !== processes.identityOf(Deno.pid));
  child.signalGroup("SIGKILL");
  await child.exited;

  strictEqual(processes.identityOf(child.pid), undefined);
});

Deno.test("Processes.usage() measures a process with what it has started", async () => {
  const busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";
  await using started = await start(`setsid sleep 300 & sleep 300 & ${busy}; echo; wait`);
  const { pid } = started.child;

  const measured = await processes.usage([pid, 999_999_999]);

  deepStrictEqual([...measured.keys()], [pid]);
  const { cpuMs = 0, rssBytes = 0, processes: count } = measured.get(pid) ?? {};
  strictEqual(count, 3);
  ok(cpuMs >= 10, `${cpuMs} ms`);
  ok(rssBytes > 500_000 && rssBytes < 100_000_000, `${rssBytes} bytes`);
  deepStrictEqual(await processes.usage([]), new Map());
  // The one with a session of its own would stay.
  for (const name of await children(pid)) Deno.kill(name, "SIGKILL");
});

async function children(parent: number): Promise<number[]> {
  return (await Deno.readTextFile(`/proc/${parent}/task/${parent}/children`)).trim().split(" ").map(Number);
}

Deno.test("Processes.killAll() ends every family", async () => {
  const own = createDenoPlatform().processes;
  const { PATH = "" } = Deno.env.toObject();
  const mark = crypto.randomUUID();
  const child = own.spawn({
    command: "sh",
    args: ["-c", "trap '' TERM; setsid sleep 300 & echo; wait"],
    env: { PATH },
    mark,
  });
  const reader = child.stdout.getReader();
  await reader.read();

  own.killAll();

  strictEqual((await child.exited).signal, "SIGKILL");
  await until(() => !child.isGroupAlive());
  await Promise.all([reader.cancel(), child.stderr.cancel(), child.stdin.abort().catch(() => {})]);
});
