import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { GatewayError, type ServerConfigInput } from "../../../lib/contracts/mod.ts";
import { closeBaseline } from "../../../lib/runtime/trust/inspect.ts";
import { fingerprintOf } from "../../../lib/runtime/fingerprint.ts";
import { ServerConfigSchema } from "../../../lib/contracts/mod.ts";
import { type Attempt, entry, openScene, type Scene, tool } from "./scene.ts";

const WAIT = { signal: new AbortController().signal, waitMs: 30_000 };

/** The one live process of a server. */
function one(scene: Scene, name = "a"): Attempt {
  const [only, ...others] = scene.live(name);
  strictEqual(others.length, 0);
  if (only === undefined) throw new Error(`${name} has no process`);
  return only;
}

const stateOf = (scene: Scene, name = "a") => scene.runtime.view().servers.get(name)?.state.state;
const toolsOf = (scene: Scene, name = "a") =>
  scene.runtime.catalogue.get(name)?.tools.map(({ name }) => name);
const callOf = (scene: Scene, name = "a") =>
  scene.runtime.use(name, WAIT, (connection) => connection.request("x"));

/** Numbers that look random and are the same each time. */
function dice(): () => number {
  let seed = 1;
  return () => (seed = seed * 48_271 % 2_147_483_647) / 2_147_483_647;
}

Deno.test("Runtime starts no server before what is left of the last one has ended", async () => {
  await using scene = await openScene({ servers: [entry("a")], always: "ready", stopMs: 15_000 });
  await scene.clock.advanceAsync(0);
  one(scene).exit();
  await scene.clock.advanceAsync(0);
  strictEqual(stateOf(scene), "backoff");

  // What ends it is one thing, what asks for the stop another.
  scene.configure([entry("a", { enabled: false })]);
  await scene.clock.advanceAsync(0);
  scene.configure([entry("a")]);
  await scene.clock.advanceAsync(14_000);
  strictEqual(scene.attempts.length, 1);
  await scene.clock.advanceAsync(1_000);

  strictEqual(stateOf(scene), "ready");
  deepStrictEqual(scene.faults, []);
});

Deno.test("Runtime remembers what a server spoke for a week, and not of another one of its name", async () => {
  const day = 24 * 60 * 60 * 1000;
  await using scene = await openScene({ servers: [entry("a")], always: "ready" });
  await scene.clock.advanceAsync(0);
  const again = async (fields: Partial<ServerConfigInput>, afterMs = 0) => {
    scene.configure([]);
    scene.configure([entry("a", { ...fields, enabled: false })]);
    await scene.clock.advanceAsync(afterMs);
    scene.configure([entry("a", fields)]);
    await scene.clock.advanceAsync(0);
    return scene.attempts.at(-1)?.lastEra;
  };
  strictEqual(scene.attempts[0]?.lastEra, undefined);
  strictEqual(await again({}), "legacy");
  strictEqual(await again({ command: "other" }), undefined);
  strictEqual(await again({ command: "other" }, 6 * day), "legacy");
  strictEqual(await again({ command: "other" }, 2 * day), undefined);
});

Deno.test("Runtime honours an entry that comes back while its server is still ending", async () => {
  await using scene = await openScene({ servers: [entry("a")], always: "ready", stopMs: 15_000 });
  await scene.clock.advanceAsync(0);

  scene.configure([]);
  await scene.clock.advanceAsync(1_000);
  strictEqual(toolsOf(scene), undefined);
  scene.configure([entry("a", { args: ["new"] })]);
  await scene.clock.advanceAsync(0);
  const call = callOf(scene);
  await scene.clock.advanceAsync(15_000);

  strictEqual(await call, one(scene));
  deepStrictEqual(one(scene).server.args, ["new"]);
  deepStrictEqual(toolsOf(scene), ["a-new"]);
  strictEqual(scene.attempts.length, 2);
  deepStrictEqual(scene.faults, []);
});

Deno.test("Runtime leaves nothing of a server that was removed, put back and removed again", async () => {
  await using scene = await openScene({ servers: [entry("a")], always: "ready", stopMs: 1_000 });
  await scene.clock.advanceAsync(0);
  for (const servers of [[], [entry("a")], []]) {
    scene.configure(servers);
    await scene.clock.advanceAsync(400);
  }
  await scene.clock.advanceAsync(5_000);

  strictEqual(scene.runtime.view().servers.size, 0);
  strictEqual(scene.live("a").length, 0);
  await rejects(callOf(scene), { code: "MCPX_SERVER_NOT_FOUND" });
});

Deno.test("Runtime takes a connection that is lost before it is of use for a failed attempt", async () => {
  await using scene = await openScene({ servers: [entry("a")], indexMs: 10 });
  await scene.clock.advanceAsync(0);
  const [first] = scene.attempts;
  first?.settle("ready");
  await scene.clock.advanceAsync(1);
  first?.exit();
  scene.always = "ready";
  await scene.clock.advanceAsync(25);
  strictEqual(stateOf(scene), "backoff");
  await scene.clock.advanceAsync(1_000);

  strictEqual(stateOf(scene), "ready");
  strictEqual(scene.attempts.length, 2);
});

Deno.test("Runtime goes on with everything else when the index does not take a server's tools", async () => {
  await using scene = await openScene({ servers: [entry("a"), entry("b")] });
  scene.indexFaults.add("a");
  scene.always = "ready";
  for (const attempt of scene.attempts) attempt.settle("ready");
  await scene.clock.advanceAsync(0);

  deepStrictEqual([stateOf(scene), stateOf(scene, "b")], ["ready", "ready"]);
  deepStrictEqual(toolsOf(scene), ["a-"]);
  scene.configure([entry("b", { args: ["new"] })]);
  await scene.clock.advanceAsync(0);
  deepStrictEqual(toolsOf(scene, "b"), ["b-new"]);
});

Deno.test("Runtime answers 100 calls that a lost session took along with one new connection", async () => {
  await using scene = await openScene({ servers: [entry("a")], always: "ready" });
  await scene.clock.advanceAsync(0);
  one(scene).hang();
  const first = Array.from({ length: 100 }, () => callOf(scene));
  const failed = Promise.allSettled(first);
  one(scene).exit();
  deepStrictEqual([...new Set((await failed).map(({ status }) => status))], ["rejected"]);

  const answers = await Promise.all(Array.from({ length: 100 }, () => callOf(scene)));

  strictEqual(new Set(answers).size, 1);
  strictEqual(scene.attempts.length, 2);
});

Deno.test("Runtime lists and keeps the tools of a server that is down", async () => {
  const servers = [entry("a"), entry("b", { args: ["new"] })];
  const stored = servers.map((server) => ({
    server: server.name,
    fingerprint: fingerprintOf(ServerConfigSchema.parse(entry(server.name))),
    tools: [tool("kept")],
    listedAt: 5,
  }));
  await using scene = await openScene({ servers, stored, always: "refused" });
  deepStrictEqual(toolsOf(scene), ["kept"]);
  deepStrictEqual([...scene.indexed.keys()], ["a"]);
  strictEqual(toolsOf(scene, "b"), undefined, "another server under the same name");

  await scene.clock.advanceAsync(300_000);
  deepStrictEqual([stateOf(scene), toolsOf(scene)], ["backoff", ["kept"]]);
  await rejects(callOf(scene), { code: "MCPX_SERVER_NOT_READY", message: /refused/ });
});

Deno.test("Runtime brings 500 servers back after an outage, 16 at a time and each at its own pace", async () => {
  const servers = Array.from({ length: 500 }, (_, index): ServerConfigInput => ({
    name: `s${index}`,
    url: `http://127.0.0.1:1/${index}`,
    quarantined: false,
  }));
  await using scene = await openScene({ servers, always: "ready", connectMs: 20, random: dice() });
  const count = (state: string) =>
    [...scene.runtime.view().servers.values()].filter((record) => record.state.state === state).length;
  let most = 0;
  const pass = async (seconds: number) => {
    for (let tenth = 0; tenth < seconds * 10; tenth++) {
      await scene.clock.advanceAsync(100);
      most = Math.max(most, scene.attempts.filter(({ isPending }) => isPending).length);
    }
  };
  await pass(2);
  strictEqual(count("ready"), 500);

  const before = scene.attempts.length;
  scene.always = "refused";
  for (const attempt of scene.attempts) attempt.exit();
  await pass(30);
  strictEqual(count("ready"), 0);
  const tries = scene.attempts.length - before;
  ok(tries > 500 && tries < 500 * 12, `${tries} tries in 30 s`);
  scene.always = "ready";
  await pass(60);

  strictEqual(count("ready"), 500);
  ok(most <= 16, `${most} at a time`);
});

Deno.test("Runtime asks a server that refuses everybody less than twice a second, whoever calls", async () => {
  await using scene = await openScene({ servers: [entry("a")], always: "refused", random: dice() });
  const answers: Promise<unknown>[] = [];
  const hammer = async (seconds: number) => {
    for (let call = 0; call < seconds * 500; call++) {
      answers.push(callOf(scene).then(() => "done", ({ message }) => message));
      await scene.clock.advanceAsync(2);
    }
  };
  await hammer(1);
  const before = scene.attempts.length;
  await hammer(25);
  const whileOpen = scene.attempts.length - before;
  ok(whileOpen < 50, `${whileOpen} attempts in 25 s`);
  const said = new Set(
    (await Promise.all(answers)).map((message) => String(message).replace(/\d+ s$/, "n s")),
  );
  deepStrictEqual([...said].sort(), [
    'Cannot use server "a": Cannot start server "a": refused',
    'Cannot use server "a": most of its last calls failed, so it is left alone for n s',
  ]);

  scene.always = "ready";
  await scene.clock.advanceAsync(60_000);
  strictEqual(await callOf(scene), one(scene));
});

Deno.test("Runtime lets a call through as soon as a server that was left alone is back", async () => {
  await using scene = await openScene({ servers: [entry("a")], always: "refused", random: () => 0.1 });
  for (let call = 0; call < 20; call++) {
    const answer = callOf(scene).catch(() => {});
    await scene.clock.advanceAsync(1);
    await answer;
  }
  await rejects(callOf(scene), /left alone for 30 s/);

  scene.always = "ready";
  await scene.clock.advanceAsync(10_000);
  strictEqual(stateOf(scene), "ready");
  strictEqual(await callOf(scene), one(scene));
  strictEqual(await callOf(scene), one(scene));
});

Deno.test("Runtime applies new times of the config to connections that stand", async () => {
  const servers = [entry("a", { tool_discovery_interval: "1h", idle_timeout: "1h" })];
  await using scene = await openScene({ servers, always: "ready" });
  await scene.clock.advanceAsync(0);
  one(scene).tools = [tool("later")];

  scene.configure([entry("a", { tool_discovery_interval: "10s", idle_timeout: "30s" })]);
  await scene.clock.advanceAsync(10_000);
  deepStrictEqual(toolsOf(scene), ["later"]);
  await scene.clock.advanceAsync(20_000);
  deepStrictEqual(scene.runtime.view().servers.get("a")?.state, { state: "idle", reason: "asleep" });
  scene.configure([entry("a", { tool_discovery_interval: "10s" })]);
  await scene.clock.advanceAsync(0);

  strictEqual(stateOf(scene), "ready");
  strictEqual(scene.attempts.length, 2);
});

Deno.test("Runtime takes a server that was let in at its word, also about what nobody has asked for", async () => {
  await using scene = await openScene({
    servers: [entry("a", { trust_mode: "manual" }), entry("b", { quarantined: true, trust_mode: "manual" })],
    always: "ready",
  });
  await scene.clock.advanceAsync(0);
  const { trust } = scene.runtime;
  await trust.settled();
  await scene.clock.advanceAsync(0);

  for (const kind of ["tool", "prompt", "resource", "resource_template", "instructions"] as const) {
    deepStrictEqual([kind, trust.hasStarted("a", kind), trust.hasStarted("b", kind)], [kind, true, false]);
  }
  const server = ServerConfigSchema.parse(entry("a", { trust_mode: "manual" }));
  await trust.review(server, "instructions", [{ text: "obey" }]);
  strictEqual(trust.isAccepted("a", "instructions", "instructions", { text: "obey" }), false);
});

Deno.test("closeBaseline() takes a list that is refused for an empty one, and goes on when the connection breaks", async () => {
  const reviewed: (readonly [string, number])[] = [];
  const trust = {
    hasStarted: (_server: string, kind: string) => kind === "resource",
    review: (_server: unknown, kind: string, shown: readonly unknown[]) =>
      Promise.resolve(void reviewed.push([kind, shown.length])),
  };
  const server = ServerConfigSchema.parse(entry("a"));
  const { signal } = new AbortController();
  const connection = (failure: Error) => ({
    instructions: "Be kind",
    listOffers: (kind: string) =>
      kind === "prompts" ? Promise.reject(failure) : Promise.resolve([{ uri: "x" }]),
  });

  await closeBaseline(trust, server, connection(new Error("no")), signal);
  deepStrictEqual(reviewed, [["prompt", 0], ["resource_template", 1], ["instructions", 1]]);

  const broken = new GatewayError("MCPX_UPSTREAM_CLOSED", "Cannot go on: it is gone");
  await rejects(closeBaseline(trust, server, connection(broken), signal), broken);
  strictEqual(reviewed.length, 3);
});
