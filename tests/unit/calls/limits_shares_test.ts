import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { Caller, CallerScope } from "../../../lib/contracts/mod.ts";
import { ADMIN, type Scene, scene, server } from "./limits_fixture.ts";

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
