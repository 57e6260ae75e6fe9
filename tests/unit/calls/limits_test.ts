import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import type { Caller, Config } from "../../../lib/contracts/mod.ts";
import { codeOf, scene, server } from "./limits_fixture.ts";

Deno.test("Limits.enter() asks nothing of calls when no limit is set", () => {
  const { enter, limits } = scene({});

  strictEqual(enter("a"), undefined);
  deepStrictEqual(limits.figures(), { gates: [], shed: [] });
});

Deno.test("Limits.enter() lets as many in as the server may have, and turns the next away", () => {
  const { enter, limits } = scene(server({ max_concurrent_requests: 2 }));
  const first = enter("a");
  enter("a");

  throws(() => enter("a"), (error) => {
    deepStrictEqual(codeOf(error), ["MCPX_TOO_MANY_CALLS", "server", "queue_full"]);
    return true;
  });
  ok(typeof first === "function");
  first();
  first();

  strictEqual(typeof enter("a"), "function");
  throws(() => enter("a"));
  deepStrictEqual(limits.figures().shed, [{
    scope: "server",
    name: "github",
    reason: "queue_full",
    count: 2,
  }]);
  strictEqual(enter("a", { server: "other" }), undefined);
});

Deno.test("Limits.enter() inherits what a server does not state, and 0 opts out", () => {
  const defaults = { max_concurrent_requests: 1, queue_size: 1 };
  const { enter } = scene({
    server_concurrency_defaults: defaults,
    mcpServers: [
      { name: "inherits" },
      { name: "free", max_concurrent_requests: 0 },
      { name: "unqueued", queue_size: 0 },
      { name: "wider", max_concurrent_requests: 2 },
    ],
  } as unknown as Partial<Config>);
  const twice = (server: string) => [enter("a", { server }), attempt(() => enter("a", { server }))];

  deepStrictEqual(twice("inherits").map(kindOf), ["in", "waits"]);
  deepStrictEqual(twice("free").map(kindOf), ["unlimited", "unlimited"]);
  deepStrictEqual(twice("unqueued").map(kindOf), ["in", "refused"]);
  deepStrictEqual(twice("wider").map(kindOf), ["in", "in"]);
});

function attempt<T>(work: () => T): T | Error {
  try {
    return work();
  } catch (error) {
    return error as Error; // whatever was thrown is only told from the rest
  }
}

function kindOf(entered: unknown): string {
  if (entered === undefined) return "unlimited";
  if (entered instanceof Error) return "refused";
  return entered instanceof Promise ? "waits" : "in";
}

Deno.test("Limits.enter() makes a call wait for its turn, and no longer than it may", async () => {
  const { enter, clock } = scene(server({ max_concurrent_requests: 1, queue_size: 2, queue_timeout: "5s" }));
  const running = enter("a");
  const waiting = enter("a");
  const late = enter("a");
  ok(typeof running === "function" && waiting instanceof Promise && late instanceof Promise);

  clock.advance(4_000);
  running();
  const release = await waiting;
  clock.advance(1_000);

  await rejects(late, (error) => {
    deepStrictEqual(codeOf(error), ["MCPX_TOO_MANY_CALLS", "server", "queue_timeout"]);
    return true;
  });
  release();
  strictEqual(clock.pending, 0);
});

Deno.test("Limits.enter() counts the wait at all gates together", async () => {
  const { enter, clock } = scene({
    ...server({ max_concurrent_requests: 1, queue_size: 5, queue_timeout: "10s" }),
    max_concurrent_requests: 1,
    queue_size: 5,
    queue_timeout: "10s",
  });
  const first = enter("a");
  const elsewhere = enter("a", { server: "other" });
  const second = enter("b");
  ok(typeof first === "function" && elsewhere instanceof Promise && second instanceof Promise);

  clock.advance(6_000);
  first();
  const other = await elsewhere;
  await settle();
  clock.advance(3_999);
  await settle();
  clock.advance(1);

  await rejects(second, (error) => {
    deepStrictEqual(codeOf(error), ["MCPX_TOO_MANY_CALLS", "global", "queue_timeout"]);
    return true;
  });
  other();
  strictEqual(typeof enter("c"), "function", "the slot at the server was given back");
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

Deno.test("Limits.enter() frees the place of a call that its client has cancelled", async () => {
  const { enter, limits } = scene(server({ max_concurrent_requests: 1, queue_size: 1 }));
  const left = new AbortController();
  const running = enter("a");
  const waiting = enter("a", { signal: left.signal });
  const reason = new DOMException("The client went away", "AbortError");

  left.abort(reason);

  await rejects(Promise.resolve(waiting), reason);
  strictEqual(limits.figures().gates[0]?.waiting, 0);
  const next = enter("a");
  ok(typeof running === "function" && next instanceof Promise);
  running();
  strictEqual(typeof await next, "function");
});

Deno.test("Limits.enter() does not let a call wait whose client has gone", async () => {
  const { enter, limits } = scene(server({ max_concurrent_requests: 1, queue_size: 1 }));
  enter("a");

  await rejects(async () => await enter("a", { signal: AbortSignal.abort(new Error("gone")) }), /gone/);

  strictEqual(limits.figures().gates[0]?.waiting, 0);
});

Deno.test("Limits.enter() limits the calls of one token over all servers", () => {
  const agent: Caller = { role: "agent", label: "mcp_agt_1", surface: "mcp" };
  const { enter, limits } = scene({}, ({ role }) => role === "agent" ? 1 : undefined);

  const first = enter("a", { caller: agent, server: "one" });

  strictEqual(kindOf(first), "in");
  throws(() => enter("b", { caller: agent, server: "two" }), (error) => {
    deepStrictEqual(codeOf(error), ["MCPX_TOO_MANY_CALLS", "token", "queue_full"]);
    return true;
  });
  strictEqual(enter("c", { server: "one" }), undefined);
  deepStrictEqual(limits.figures().gates, [
    { scope: "token", name: "mcp_agt_1", limit: 1, active: 1, waiting: 0 },
  ]);
});

Deno.test("Limits.refresh() lets waiting calls in when the limit is raised or taken away", async () => {
  const { enter, set, limits } = scene(server({ max_concurrent_requests: 1, queue_size: 9 }));
  const entered = [1, 2, 3].map(() => enter("a"));

  set(server({ max_concurrent_requests: 2, queue_size: 9 }));
  strictEqual(typeof await entered[1], "function");
  set({});
  const last = await entered[2];

  strictEqual(typeof last, "function");
  strictEqual(limits.figures().gates[0]?.active, 3);
  strictEqual(kindOf(enter("a")), "in");
  for (const release of await Promise.all(entered)) release?.();
});

Deno.test("Limits.refresh() keeps counting calls under a limit that comes back", () => {
  const limited = server({ max_concurrent_requests: 1 });
  const { enter, set } = scene(limited);
  enter("a");

  set({});
  set(limited);

  throws(() => enter("a"));
});
