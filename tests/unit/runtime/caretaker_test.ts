import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Config, ConfigSchema, ServerConfigSchema } from "../../../lib/contracts/mod.ts";
import type { Logger } from "../../../lib/observability/mod.ts";
import { Caretaker } from "../../../lib/runtime/caretaker.ts";
import { ListPace } from "../../../lib/runtime/list_pace.ts";
import type { UpstreamConnection } from "../../../lib/upstream/mod.ts";
import { createManualClock, type ManualClock } from "../../support/manual_clock.ts";

const SILENT = new Proxy({}, { get: () => () => {} }) as Logger; // a logger that takes anything

interface Scene extends Disposable {
  readonly clock: ManualClock;
  readonly caretaker: Caretaker;
  readonly seen: string[];
  answers: boolean;
  /** What becomes of a list. */
  takes: () => Promise<void>;
}

function open(
  entry: Record<string, unknown> = {},
  list: () => Promise<[]> = () => Promise.resolve([]),
): Scene {
  const clock = createManualClock();
  const seen: string[] = [];
  const server = ServerConfigSchema.parse({ name: "a", command: "x", ...entry });
  const config: Config = ConfigSchema.parse({});
  const connection = {
    wire: "stdio",
    ping() {
      seen.push("ping");
      return scene.answers ? Promise.resolve() : Promise.reject(new Error("no answer"));
    },
    listTools() {
      seen.push("list");
      return list();
    },
  } as unknown as UpstreamConnection; // the caretaker uses nothing else of it
  const caretaker = new Caretaker({
    clock,
    random: { number: () => 0.5 },
    connection,
    server: () => server,
    config: () => config,
    log: SILENT,
    pace: new ListPace(),
    onTools() {
      seen.push("tools");
      return scene.takes();
    },
    onPace: () => {},
    onDead: ({ code }) => seen.push(code),
    onIdle: () => seen.push("idle"),
  });
  const scene: Scene = {
    clock,
    caretaker,
    seen,
    answers: true,
    takes: () => Promise.resolve(),
    [Symbol.dispose]: () => caretaker[Symbol.dispose](),
  };
  return scene;
}

Deno.test("Caretaker gives a server up after three pings without an answer", async () => {
  using scene = open();
  scene.answers = false;
  await scene.clock.advanceAsync(60_000);
  deepStrictEqual(scene.seen, ["ping", "ping"]);
  await scene.clock.advanceAsync(30_000);
  deepStrictEqual(scene.seen, ["ping", "ping", "ping", "MCPX_UPSTREAM_CLOSED"]);
});

Deno.test("Caretaker counts only misses in a row", async () => {
  using scene = open();
  for (const answers of [false, false, true, false, false]) {
    scene.answers = answers;
    await scene.clock.advanceAsync(30_000);
  }
  deepStrictEqual(scene.seen, ["ping", "ping", "ping", "ping", "ping"]);
});

Deno.test("Caretaker does not ping a server that is in use", async () => {
  using scene = open();
  const call = Promise.withResolvers<void>();
  const using_ = scene.caretaker.use(() => call.promise);
  await scene.clock.advanceAsync(120_000);
  deepStrictEqual(scene.seen, []);

  call.resolve();
  await using_;
  await scene.clock.advanceAsync(30_000);
  deepStrictEqual(scene.seen, ["ping"]);
});

Deno.test("Caretaker answers a burst of list changes with one list, and lists every five minutes", async () => {
  using scene = open({ health_check_interval: "0" });
  for (let i = 0; i < 10; i++) {
    scene.caretaker.listSoon();
    await scene.clock.advanceAsync(100);
  }
  await scene.clock.advanceAsync(1_000);
  deepStrictEqual(scene.seen, ["list", "tools"]);
  await scene.clock.advanceAsync(300_000);
  deepStrictEqual(scene.seen, ["list", "tools", "list", "tools"]);
});

Deno.test("Caretaker asks for one list at a time, and again if another was wished for meanwhile", async () => {
  const late = Promise.withResolvers<[]>();
  using scene = open({ health_check_interval: "0" }, () => late.promise);
  scene.caretaker.listSoon();
  await scene.clock.advanceAsync(2_000);
  scene.caretaker.listSoon();
  await scene.clock.advanceAsync(10_000);
  deepStrictEqual(scene.seen, ["list"]);

  late.resolve([]);
  await scene.clock.advanceAsync(2_000);
  deepStrictEqual(scene.seen, ["list", "tools", "list", "tools"]);
});

Deno.test("Caretaker asks a server less and less that says all the time that its tools have changed", async () => {
  using scene = open({ health_check_interval: "0", tool_discovery_interval: "0" });
  const listsIn = async (minutes: number) => {
    const before = scene.seen.length;
    for (let second = 0; second < 60 * minutes; second++) {
      scene.caretaker.listAtPace();
      await scene.clock.advanceAsync(1_000);
    }
    return (scene.seen.length - before) / 2;
  };

  deepStrictEqual([await listsIn(1), await listsIn(9), await listsIn(20)], [7, 4, 4]);

  // A person need not wait.
  scene.caretaker.listSoon();
  await scene.clock.advanceAsync(2_000);
  strictEqual(scene.seen.length, 2 * 16);

  // As it was at first, once it has been quiet.
  await scene.clock.advanceAsync(601_000);
  scene.seen.length = 0;
  scene.caretaker.listAtPace();
  await scene.clock.advanceAsync(2_000);
  deepStrictEqual(scene.seen, ["list", "tools"]);
});

Deno.test("Caretaker does not ask for the next list while the one before is taken in", async () => {
  using scene = open({ health_check_interval: "0", tool_discovery_interval: "0" });
  const taken = Promise.withResolvers<void>();
  scene.takes = () => taken.promise;
  scene.caretaker.listAtPace();
  await scene.clock.advanceAsync(2_000);
  scene.caretaker.listAtPace();
  await scene.clock.advanceAsync(60_000);
  deepStrictEqual(scene.seen, ["list", "tools"]);

  taken.resolve();
  await scene.clock.advanceAsync(4_000);
  deepStrictEqual(scene.seen, ["list", "tools", "list", "tools"]);
});

Deno.test("Caretaker tells when a stdio server has been idle, counted from its last use", async () => {
  using scene = open({ idle_timeout: "1m", health_check_interval: "0", tool_discovery_interval: "0" });
  await scene.clock.advanceAsync(59_000);
  await scene.caretaker.use(() => Promise.resolve());
  await scene.clock.advanceAsync(59_000);
  deepStrictEqual(scene.seen, []);
  await scene.clock.advanceAsync(1_000);
  deepStrictEqual(scene.seen, ["idle"]);
});

Deno.test("Caretaker leaves no timer behind", () => {
  const scene = open({ idle_timeout: "1m" });
  scene.caretaker.listSoon();
  scene[Symbol.dispose]();
  strictEqual(scene.clock.pending, 0);
});
