import { ServerConfigSchema } from "../../lib/contracts/mod.ts";
import { createEventBus } from "../../lib/events/mod.ts";
import { Actor } from "../../lib/runtime/actor.ts";
import type { ActorOptions } from "../../lib/runtime/actor_options.ts";
import { createMachine, step } from "../../lib/runtime/machine.ts";
import { News } from "../../lib/runtime/news.ts";
import { createView, type ServerRecord } from "../../lib/runtime/view.ts";
import { openGateway } from "../../mod.ts";
import { createManualClock } from "../support/manual_clock.ts";
import { openWorkspace } from "../support/workspace.ts";
import { median } from "./programs.ts";

/** What one operation costs; medians. */
export interface Operation {
  readonly name: string;
  readonly ns: number;
  /** Bytes of the heap that one takes. */
  readonly bytes: number;
}

const ROUNDS = 9;

/** Keeps what is measured from being optimised away. */
let sink = 0;

/**
 * Times an operation, and sees what it takes of the heap while no collection can run.
 *
 * @param repeat Does it so many times; the loop is its own, so that each is compiled for itself.
 */
function measure(name: string, times: number, repeat: (times: number) => number): Operation {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS + 3; round++) {
    const startedAt = performance.now();
    sink += repeat(times);
    if (round >= 3) rounds.push((performance.now() - startedAt) * 1e6 / times);
  }
  const few = Math.min(times, 1_000);
  const heaps: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const before = Deno.memoryUsage().heapUsed;
    sink += repeat(few);
    heaps.push((Deno.memoryUsage().heapUsed - before) / few);
  }
  // A collection in between makes a round negative.
  return { name, ns: median(rounds), bytes: Math.max(0, Math.round(median(heaps))) };
}

function record(failures: number): ServerRecord {
  return {
    config: ENTRY,
    quarantined: false,
    state: { state: "connecting", attempt: failures, since: 0 },
    connection: undefined,
    lastError: undefined,
    failures,
    reconnects: 0,
  };
}

const ENTRY = ServerConfigSchema.parse({ name: "x", command: "x" });

/** Measures the view with so many servers. */
function measureView(servers: number): Operation[] {
  const names = Array.from({ length: servers }, (_, index) => `server-${index}`);
  const view = createView();
  for (const name of names) view.set(name, record(0));
  return [
    measure(`read the view, ${servers} servers`, 20_000_000, (times) => {
      let sum = 0;
      for (let turn = 0; turn < times; turn++) sum += view.current().version;
      return sum;
    }),
    measure(`read one server of the view by name, ${servers} servers`, 2_000_000, (times) => {
      let sum = 0;
      for (let turn = 0; turn < times; turn++) {
        sum += view.current().servers.get(names[turn % servers] ?? "")?.failures ?? 0;
      }
      return sum;
    }),
    measure(`go through the view, ${servers} servers`, Math.ceil(400_000 / servers), (times) => {
      let sum = 0;
      for (let turn = 0; turn < times; turn++) {
        for (const [, { failures }] of view.current().servers) sum += failures;
      }
      return sum;
    }),
    measure(`update the view, ${servers} servers`, 200_000, (times) => {
      for (let turn = 0; turn < times; turn++) view.set(names[turn % servers] ?? "", record(turn));
      return view.current().version;
    }),
  ];
}

/** Measures actors that tell a view and those who listen, as a runtime with so many servers has them. */
function measureActors(servers: number): Operation[] {
  const clock = createManualClock();
  const bus = createEventBus(clock);
  const view = createView();
  const catalogue = { get: () => undefined };
  using news = new News({ clock, bus, catalogue, view: () => view.current(), onListenerError: () => {} });
  using _listener = news.onState((name) => sink += name.length);
  const actors = Array.from({ length: servers }, (_, index) => {
    const name = `server-${index}`;
    const onChange = (fresh: ServerRecord) => {
      view.set(name, fresh);
      news.changed(name, fresh.state.state);
    };
    const platform = { clock, random: { number: () => 0.5 } };
    const options = { platform, onChange } as unknown as ActorOptions; // an idle actor uses nothing else
    return new Actor(ENTRY, options);
  });
  const reasons = ["disabled", "quarantined"] as const;
  let turns = 0;
  return [
    measure(`read the state of an actor, ${servers} servers`, 20_000_000, (times) => {
      const [actor] = actors;
      let sum = 0;
      for (let turn = 0; turn < times; turn++) if (actor?.state.state === "idle") sum++;
      return sum;
    }),
    measure(
      `a command that changes a state: machine, view and news, ${servers} servers`,
      100_000,
      (times) => {
        for (let turn = 0; turn < times; turn++, turns++) {
          const reason = reasons[Math.floor(turns / servers) % 2] ?? "disabled";
          actors[turns % servers]?.apply(ENTRY, { kind: "hold", reason }, false);
          if (turn % 1_000 === 0) clock.advance(50); // a burst is told
        }
        return view.current().version;
      },
    ),
  ];
}

/** Measures view, machine, actors and events in this process. */
export function measureOperations(): Operation[] {
  const run = { kind: "wanted", wanted: { kind: "run", onDemand: false, dozes: false } } as const;
  const context = { now: 0, jitter: 0.5 };
  let machine = step(createMachine(), run, context).machine;
  const bus = createEventBus(createManualClock());
  using _listener = bus.subscribe(({ seq }) => sink += seq);
  return [
    ...measureView(100),
    ...measureView(1_000),
    ...measureActors(100),
    ...measureActors(1_000),
    measure("a command through the machine alone", 2_000_000, (times) => {
      for (let turn = 0; turn < times; turn++) machine = step(machine, run, context).machine;
      return machine.attempt;
    }),
    measure("publish an event to one listener", 500_000, (times) => {
      for (let turn = 0; turn < times; turn++) bus.publish("x", turn);
      return bus.lastSeq;
    }),
  ];
}

/** How long an edit takes. */
export interface EditLatency {
  readonly servers: number;
  /** From the end of the write until the new server is connecting; sorted. */
  readonly ms: readonly number[];
}

/** Saves the config file again and again, each time with a server more. */
export async function measureEdits(servers: number, rounds: number): Promise<EditLatency> {
  const idle = (index: number) => ({
    name: `idle-${index}`,
    url: "http://127.0.0.1:9/mcp",
    enabled: false,
  });
  const rest = Array.from({ length: servers }, (_, index) => idle(index));
  await using workspace = await openWorkspace({ mcpServers: rest });
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  const ms: number[] = [];
  for (let round = 0; round < rounds; round++) {
    // Nothing of the round before is on its way any more.
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    const name = `new-${round}`;
    const seen = Promise.withResolvers<number>();
    using _watch = gateway.onServerChange((changed) => changed === name && seen.resolve(performance.now()));
    const added = { name, url: "http://127.0.0.1:9/mcp", quarantined: false };
    await workspace.write({ listen: "127.0.0.1:0", mcpServers: [...rest, added] });
    const savedAt = performance.now();
    ms.push(await seen.promise - savedAt);
  }
  return { servers, ms: ms.toSorted((a, b) => a - b) };
}
