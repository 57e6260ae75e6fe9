import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { ProcessUsage } from "../../../lib/platform/mod.ts";
import { openUsage, type ServerProcess } from "../../../lib/runtime/usage.ts";
import { createManualClock } from "../../support/manual_clock.ts";

/** A usage over processes that a test makes up. */
function open() {
  const clock = createManualClock();
  const world = {
    list: [] as ServerProcess[],
    found: new Map<number, ProcessUsage>(),
    asked: [] as number[][],
  };
  const listeners = new Set<() => void>();
  const usage = openUsage({
    clock,
    processes: {
      usage(pids) {
        world.asked.push([...pids]);
        return Promise.resolve(world.found);
      },
    },
    list: () => world.list,
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  });
  function set(list: ServerProcess[]): void {
    world.list = list;
    for (const listener of listeners) listener();
  }
  return { clock, world, usage, set };
}

const MB = 1024 * 1024;

Deno.test("Usage measures soon after the start of a process, then every five seconds", async () => {
  const { clock, world, usage, set } = open();
  await clock.advanceAsync(60_000);
  deepStrictEqual([world.asked, clock.pending], [[], 0]);
  set([{ pid: 11, server: "a" }]);
  strictEqual(usage.all().get("a"), undefined);

  world.found = new Map([[11, { cpuMs: 500, rssBytes: 10 * MB, processes: 2 }]]);
  await clock.advanceAsync(1_000);
  deepStrictEqual(usage.all().get("a"), { cpuPercent: 50, rssBytes: 10 * MB, processes: 2 });

  world.found = new Map([[11, { cpuMs: 10_500, rssBytes: 12 * MB, processes: 1 }]]);
  await clock.advanceAsync(5_000);
  deepStrictEqual(usage.all().get("a"), { cpuPercent: 200, rssBytes: 12 * MB, processes: 1 });

  await usage[Symbol.asyncDispose]();
  deepStrictEqual([world.asked, clock.pending], [[[11], [11]], 0]);
});

Deno.test("Usage adds up what one server has, and forgets it with its last process", async () => {
  const { clock, world, usage, set } = open();
  const one = { cpuMs: 100, rssBytes: MB, processes: 1 };
  world.found = new Map([[11, one], [12, one], [13, one]]);
  set([{ pid: 11, server: "a" }, { pid: 12, server: "a" }, { pid: 13, server: "b" }]);
  await clock.advanceAsync(1_000);
  deepStrictEqual(usage.all().get("a"), { cpuPercent: 20, rssBytes: 2 * MB, processes: 2 });

  // One process ends and takes its time with it; another comes and starts from nothing.
  world.found = new Map([[12, { ...one, cpuMs: 50 }], [14, one]]);
  set([{ pid: 12, server: "a" }, { pid: 14, server: "b" }]);
  await clock.advanceAsync(5_000);
  deepStrictEqual(usage.all().get("a"), { cpuPercent: 0, rssBytes: MB, processes: 1 });
  deepStrictEqual(usage.all().get("b"), { cpuPercent: 2, rssBytes: MB, processes: 1 });

  set([]);
  deepStrictEqual([usage.all().get("a"), usage.all().get("b"), clock.pending], [undefined, undefined, 0]);
  await usage[Symbol.asyncDispose]();
});

Deno.test("Usage goes on after a measurement that failed", async () => {
  const { clock, world, usage, set } = open();
  set([{ pid: 11, server: "a" }]);
  world.found = undefined as never; // as a platform that breaks its word
  await clock.advanceAsync(1_000);
  strictEqual(usage.all().get("a"), undefined);

  world.found = new Map([[11, { cpuMs: 600, rssBytes: MB, processes: 1 }]]);
  await clock.advanceAsync(5_000);

  strictEqual(usage.all().get("a")?.cpuPercent, 10);
  await usage[Symbol.asyncDispose]();
});
