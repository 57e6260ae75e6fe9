import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import type { Caller, CallerScope, Config } from "../../../lib/contracts/mod.ts";
import { createLimits, type Limits } from "../../../lib/calls/mod.ts";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { createManualClock, type ManualClock } from "../../support/manual_clock.ts";

const ADMIN: Caller = { role: "admin", label: "admin key", surface: "mcp" };
const NEVER = new AbortController().signal;

interface Scene {
  readonly clock: ManualClock;
  readonly limits: Limits;
  /** Puts other settings into force. */
  set(settings: Partial<Config>): void;
  /** Asks for a slot as one client. */
  enter(
    client: string,
    more?: { server?: string; signal?: AbortSignal; caller?: Caller },
  ): ReturnType<Limits["enter"]>;
}

function scene(settings: Partial<Config>, limitFor?: (caller: Caller) => number | undefined): Scene {
  const clock = createManualClock();
  let config = toConfig(settings);
  const limits = createLimits({ clock, config: () => config, limitFor });
  return {
    clock,
    limits,
    set(next) {
      config = toConfig(next);
      limits.refresh();
    },
    enter: (client, { server = "github", signal = NEVER, caller = ADMIN } = {}) =>
      limits.enter({ server, caller, client, signal }),
  };
}

// Only what the limits read.
const toConfig = (settings: Partial<Config>) => ({ mcpServers: [], ...settings }) as unknown as Config;

function server(settings: Record<string, unknown>): Partial<Config> {
  return { mcpServers: [{ name: "github", ...settings }] } as unknown as Partial<Config>;
}

function codeOf(error: unknown): unknown {
  ok(error instanceof GatewayError);
  return [error.code, error.details.scope, error.details.reason];
}

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

/** What one client asks for: so many calls at once, each so long after the one before. */
interface Load {
  readonly atOnce: number;
  readonly everyMs: number;
  readonly caller?: Caller;
}

/** A machine in which every call takes the same time, so that all slots come free at once: the worst case. */
async function latencies(
  { clock, enter }: Scene,
  clients: Readonly<Record<string, Load>>,
): Promise<Map<string, number[]>> {
  const took = new Map<string, number[]>();
  const call = async (client: string, caller: Caller | undefined) => {
    const startedAt = clock.monotonic();
    const release = await enter(client, { caller });
    await new Promise<void>((resolve) => void clock.after(SERVICE_MS, resolve));
    release?.();
    took.set(client, [...took.get(client) ?? [], clock.monotonic() - startedAt]);
  };
  const loop = async (client: string, { everyMs, caller }: Load) => {
    while (clock.monotonic() < RUN_MS) {
      await call(client, caller);
      if (everyMs > 0) await new Promise<void>((resolve) => void clock.after(everyMs, resolve));
    }
  };
  const loops = Object.entries(clients).flatMap(([client, load]) =>
    Array.from({ length: load.atOnce }, () => loop(client, load))
  );
  await clock.advanceAsync(RUN_MS + 10_000);
  await Promise.all(loops);
  return took;
}

const SERVICE_MS = 100;
const RUN_MS = 20_000;

function p99(values: readonly number[] = []): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? NaN;
}

Deno.test("Limits keep the p99 of an agent though another makes ten times the calls of its share", async () => {
  const settings = server({ max_concurrent_requests: 4, queue_size: 100 });
  const modest = { atOnce: 1, everyMs: 37 };

  const fair = await latencies(scene(settings), { modest, other: { atOnce: 2, everyMs: 0 } });
  const crowded = await latencies(scene(settings), { modest, other: { atOnce: 20, everyMs: 0 } });

  const ratio = p99(crowded.get("modest")) / p99(fair.get("modest"));
  ok(ratio <= 1.5, `p99 rose to ${ratio} times`);
  ok((crowded.get("modest") ?? []).length > 100);
});

Deno.test("Limits share the slots of one server evenly among four agents, though one asks for all", async () => {
  const settings = server({ max_concurrent_requests: 4, queue_size: 100 });
  const share = { atOnce: 1, everyMs: 0 };

  const fair = await latencies(scene(settings), { a: share, b: share, c: share, greedy: share });
  const crowded = await latencies(scene(settings), {
    a: share,
    b: share,
    c: share,
    greedy: { atOnce: 10, everyMs: 0 },
  });

  for (const client of ["a", "b", "c"]) {
    ok(p99(crowded.get(client)) <= 1.5 * p99(fair.get(client)), client);
    strictEqual((crowded.get(client) ?? []).length, (fair.get(client) ?? []).length);
  }
});

function agent(name: string): Caller {
  const scope = { token: name } as unknown as CallerScope; // whose it is, is all that is asked
  return { role: "agent", label: `token:${name}`, surface: "mcp", scope };
}

Deno.test("Limits.enter() gives an agent with ten sessions the turns of one", async () => {
  const settings = server({ max_concurrent_requests: 4, queue_size: 200 });
  const modest = { atOnce: 1, everyMs: 37, caller: agent("modest") };
  const greedy = { atOnce: 10, everyMs: 0, caller: agent("greedy") };
  // Each of them calls itself something else.
  const sessions = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`session ${index}`, greedy]));

  const alone = await latencies(scene(settings), { modest, other: { ...greedy, atOnce: 2 } });
  const beside = await latencies(scene(settings), { modest, ...sessions });

  const ratio = p99(beside.get("modest")) / p99(alone.get("modest"));
  ok(ratio <= 1.5, `p99 rose to ${ratio} times`);
  ok((beside.get("modest") ?? []).length > 100);
});

Deno.test("Limits.enter() tells programs with the admin key apart by address and name", async () => {
  const { enter, limits } = scene(server({ max_concurrent_requests: 1, queue_size: 10 }));
  const far = { ...ADMIN, address: "10.0.0.9" };
  const order: string[] = [];
  const ask = async (what: string, client: string, caller = ADMIN) => {
    const release = await enter(client, { caller });
    order.push(what);
    release?.();
  };
  const first = enter("editor");

  const all = [
    ask("a1", "agent"),
    ask("a2", "agent"),
    ask("b1", "other"),
    ask("c1", "agent", far),
  ];
  strictEqual(limits.figures().gates[0]?.waiting, 4);
  if (typeof first === "function") first();
  await Promise.all(all);

  deepStrictEqual(order, ["a1", "b1", "c1", "a2"]);
});
