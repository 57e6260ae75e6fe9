import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { BusEvent } from "../../../lib/events/mod.ts";
import { entry, openScene, type Scene, tool } from "./scene.ts";

/** Everything that is told of servers from now on. */
function listen({ bus, runtime }: Scene) {
  const heard = {
    events: [] as BusEvent["payload"][],
    visible: [] as (readonly string[])[],
    states: [] as string[],
  };
  bus.subscribe(({ type, payload }) => type === "servers.changed" ? heard.events.push(payload) : undefined);
  runtime.onExposedChange((servers) => heard.visible.push(servers));
  runtime.onState((name) => heard.states.push(`${name} ${runtime.view().servers.get(name)?.state.state}`));
  return heard;
}

Deno.test("Runtime tells of a burst of changes with one event that names every server", async () => {
  await using scene = await openScene({ servers: [entry("a"), entry("b")] });
  await scene.clock.advanceAsync(100);
  const heard = listen(scene);

  scene.attempts[0]?.settle("ready");
  await scene.clock.advanceAsync(20);
  scene.attempts[1]?.settle("refused");
  await scene.clock.advanceAsync(20);
  scene.attempts[0]?.exit();
  await scene.clock.advanceAsync(9);
  deepStrictEqual(heard.events, []);
  await scene.clock.advanceAsync(1);

  deepStrictEqual(heard.events, [{
    reason: "backoff",
    servers: ["b", "a"],
    reasons: { b: "backoff", a: "backoff" },
    stats: {
      total_servers: 2,
      connected_servers: 0,
      connecting_servers: 0,
      quarantined_servers: 0,
      total_tools: 1,
    },
  }]);
  deepStrictEqual(heard.states, ["a ready", "b backoff", "a backoff"]);
});

Deno.test("Runtime tells of a server that is gone, and of what waits when it is disposed", async () => {
  const scene = await openScene({ servers: [entry("a"), entry("b")], always: "ready" });
  await scene.clock.advanceAsync(100);
  const heard = listen(scene);

  scene.configure([entry("b")]);
  await scene.clock.advanceAsync(100);
  await scene[Symbol.asyncDispose]();

  deepStrictEqual(heard.states.filter((state) => state.startsWith("a")), [
    "a stopping",
    "a idle",
    "a undefined",
  ]);
  const reasons = heard.events.map((payload) => (payload as { reasons: unknown }).reasons); // as published
  deepStrictEqual(reasons, [{ a: "removed" }, { b: "idle" }]);
  deepStrictEqual(heard.visible, [["a"]]);
});

Deno.test("Runtime.onExposedChange() tells when tools come, change, or are not the same any more", async () => {
  const servers = [entry("a", { tool_discovery_interval: "10s" })];
  await using scene = await openScene({ servers, always: "ready" });
  const heard = listen(scene);
  await scene.clock.advanceAsync(50);
  deepStrictEqual(heard.visible.splice(0), [["a"]]);

  // Lists that say the same are no news, and nothing is written for them.
  const before = scene.runtime.catalogue.get("a");
  const writes = scene.writes;
  await scene.clock.advanceAsync(60_000);
  deepStrictEqual(heard.visible, []);
  strictEqual(scene.writes, writes);
  strictEqual(scene.runtime.catalogue.get("a")?.tools, before?.tools);

  const [server] = scene.live("a");
  if (server !== undefined) server.tools = [tool("a-"), tool("new")];
  for (let turn = 0; turn < 10; turn++) server?.say({ method: "notifications/tools/list_changed" });
  await scene.clock.advanceAsync(2_000);
  deepStrictEqual(scene.indexed.get("a")?.map(({ name }) => name), ["a-", "new"]);
  await scene.clock.advanceAsync(50);
  deepStrictEqual(heard.visible.splice(0), [["a"]]);

  scene.configure([{ ...entry("a", { tool_discovery_interval: "10s" }), disabled_tools: ["new"] }]);
  await scene.clock.advanceAsync(50);
  deepStrictEqual(heard.visible.splice(0), [["a"]]);
  scene.configure([entry("a", { quarantined: true })]);
  await scene.clock.advanceAsync(50);
  deepStrictEqual(heard.visible.splice(0), [["a"]]);
  scene.configure([entry("a", { quarantined: true, args: ["another"] })]);
  await scene.clock.advanceAsync(50);
  deepStrictEqual(heard.visible.splice(0), []);
});

Deno.test("Runtime.onExposedChange() tells of a server that fails once, however often it tries", async () => {
  await using scene = await openScene({ servers: [entry("a")], always: "ready" });
  await scene.clock.advanceAsync(100);
  const heard = listen(scene);

  scene.always = "refused";
  scene.live("a")[0]?.exit();
  await scene.clock.advanceAsync(300_000);
  deepStrictEqual(heard.visible.splice(0), [["a"]]);
  scene.always = "ready";
  await scene.clock.advanceAsync(60_000);
  deepStrictEqual(heard.visible, [["a"]]);
});

Deno.test("Runtime swaps the tools of a restarted server in one step, and tells of it once", async () => {
  const tools = Array.from({ length: 20 }, (_, index) => tool(`t${index}`));
  await using scene = await openScene({ servers: [entry("a")] });
  const [first] = scene.attempts;
  if (first !== undefined) first.tools = tools;
  first?.settle("ready");
  await scene.clock.advanceAsync(100);
  const heard = listen(scene);
  const seen = new Set<number>();
  using _watch = scene.runtime.onState(() => {
    const known = scene.runtime.catalogue.get("a");
    seen.add(tools.filter(({ name }) => known?.byName.has(name)).length);
  });

  scene.runtime.restart("a");
  await scene.clock.advanceAsync(10);
  const second = scene.attempts[1];
  if (second !== undefined) second.tools = [...tools.slice(0, 19), tool("other")];
  second?.settle("ready");
  await scene.clock.advanceAsync(100);

  deepStrictEqual([...seen], [20, 19]);
  strictEqual(scene.runtime.catalogue.get("a")?.byName.has("other"), true);
  deepStrictEqual(heard.visible.splice(0), [["a"]]);

  // Another connection may offer other prompts, though its tools are the same.
  scene.runtime.restart("a");
  await scene.clock.advanceAsync(10);
  const third = scene.attempts[2];
  if (third !== undefined && second !== undefined) third.tools = second.tools;
  third?.settle("ready");
  await scene.clock.advanceAsync(100);
  deepStrictEqual(heard.visible, [["a"]]);
});

Deno.test("Runtime lists the tools again for a server that says at once that they have changed", async () => {
  await using scene = await openScene({ servers: [entry("a")], indexMs: 10 });
  await scene.clock.advanceAsync(0);
  const [server] = scene.attempts;
  server?.settle("ready");
  await scene.clock.advanceAsync(1);
  server?.say({ method: "notifications/tools/list_changed" });
  if (server !== undefined) server.tools = [tool("later")];
  await scene.clock.advanceAsync(2_100);

  deepStrictEqual(scene.runtime.catalogue.get("a")?.tools.map(({ name }) => name), ["later"]);
});

Deno.test("Runtime tells everyone else when one listener throws", async () => {
  await using scene = await openScene({ servers: [entry("a")] });
  using _broken = scene.runtime.onState(() => {
    throw new Error("Broken");
  });
  const heard = listen(scene);
  scene.attempts[0]?.settle("ready");
  await scene.clock.advanceAsync(100);

  deepStrictEqual(heard.states, ["a ready"]);
});
