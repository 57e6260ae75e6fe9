import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import {
  backoffMs,
  createMachine,
  type MachineEvent,
  type ServerMachine,
  step,
} from "../../../lib/runtime/machine.ts";

const AT = { now: 1_000, jitter: 0.5 };
const RUN: MachineEvent = { kind: "wanted", wanted: { kind: "run", onDemand: false, dozes: true } };
const ON_DEMAND: MachineEvent = { kind: "wanted", wanted: { kind: "run", onDemand: true, dozes: false } };
const DISABLE: MachineEvent = { kind: "wanted", wanted: { kind: "hold", reason: "disabled" } };
const QUARANTINE: MachineEvent = { kind: "wanted", wanted: { kind: "hold", reason: "quarantined" } };
const ERROR = { code: "MCPX_UPSTREAM_CLOSED", message: "gone", remedy: "wait", at: 0 } as const;

function after(...events: MachineEvent[]): ServerMachine {
  return events.reduce((machine, event) => step(machine, event, AT).machine, createMachine());
}

function opened(attempt: number): MachineEvent {
  return { kind: "opened", attempt, era: "legacy", tools: 3 };
}

function failed(attempt: number, retryable = true): MachineEvent {
  return { kind: "failed", attempt, error: ERROR, retryable };
}

function closed(attempt: number): MachineEvent {
  return { kind: "closed", attempt, error: ERROR };
}

const STATES: Readonly<Record<string, ServerMachine>> = {
  idle: createMachine(),
  disabled: after(DISABLE),
  asleep: after(ON_DEMAND),
  connecting: after(RUN),
  ready: after(RUN, opened(1)),
  backoff: after(RUN, failed(1)),
  failed: after(RUN, failed(1, false)),
  stopping: after(RUN, opened(1), DISABLE),
  restarting: after(RUN, opened(1), { kind: "restart" }),
  drowsy: after(RUN, opened(1), { kind: "unused", attempt: 1 }),
  dozing: after(RUN, opened(1), { kind: "unused", attempt: 1 }, { kind: "stopped" }),
};

const EVENTS: Readonly<Record<string, MachineEvent>> = {
  run: RUN,
  disable: DISABLE,
  changed: { kind: "changed" },
  restart: { kind: "restart" },
  needed: { kind: "needed" },
  opened: opened(1),
  failed: failed(1),
  fatal: failed(1, false),
  closed: closed(1),
  listed: { kind: "listed", attempt: 1, tools: 9 },
  retry: { kind: "retry", attempt: 1 },
  unused: { kind: "unused", attempt: 1 },
  stopped: { kind: "stopped" },
};

/** Where each event leads, and what it makes the actor do. "-" changes nothing. */
const GRID: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  idle: { run: "connecting open", disable: "idle" },
  disabled: { run: "connecting open", disable: "idle" },
  asleep: { run: "connecting open", disable: "idle", needed: "connecting open" },
  connecting: {
    disable: "stopping stop",
    changed: "stopping stop",
    restart: "stopping stop",
    opened: "ready",
    failed: "backoff schedule",
    fatal: "failed",
  },
  ready: {
    disable: "stopping stop",
    changed: "stopping stop",
    restart: "stopping stop",
    closed: "backoff discard schedule",
    listed: "ready",
    unused: "stopping stop",
  },
  backoff: {
    disable: "stopping unschedule stop",
    changed: "connecting unschedule open",
    restart: "connecting unschedule open",
    needed: "connecting unschedule open",
    retry: "connecting open",
  },
  failed: { disable: "idle", changed: "connecting open", restart: "connecting open" },
  stopping: { stopped: "idle" },
  restarting: { stopped: "connecting open" },
  drowsy: { stopped: "idle" },
  dozing: {
    run: "idle",
    disable: "idle",
    changed: "connecting open",
    restart: "connecting open",
    needed: "connecting open",
  },
};

Deno.test("step() walks the whole grid of states and events", () => {
  const wrong: string[] = [];
  for (const [state, machine] of Object.entries(STATES)) {
    for (const [name, event] of Object.entries(EVENTS)) {
      const result = step(machine, event, AT);
      const wanted = GRID[state]?.[name] ?? "-";
      const moved = result.machine.state !== machine.state || result.effects.length > 0;
      const found = moved
        ? [result.machine.state.state, ...result.effects.map(({ kind }) => kind)].join(" ")
        : "-";
      if (found !== wanted) wrong.push(`${state} + ${name}: ${found}, wanted ${wanted}`);
    }
  }
  deepStrictEqual(wrong, []);
});

Deno.test("step() drops the result of an older attempt", () => {
  const second = after(RUN, failed(1), { kind: "retry", attempt: 1 });

  strictEqual(second.attempt, 2);
  strictEqual(step(second, opened(1), AT).machine.state.state, "connecting");
  strictEqual(step(second, opened(2), AT).machine.state.state, "ready");
});

Deno.test("step() shows why an idle server does not run", () => {
  deepStrictEqual(after(QUARANTINE).state, { state: "idle", reason: "quarantined" });
  deepStrictEqual(after(DISABLE).state, { state: "idle", reason: "disabled" });
  deepStrictEqual(after(ON_DEMAND).state, { state: "idle", reason: "asleep" });
});

Deno.test("step() lets a server that sleeps by default go back to sleep when its connection ends", () => {
  const lost = after(ON_DEMAND, { kind: "needed" }, opened(1), closed(1));

  deepStrictEqual(lost.state, { state: "idle", reason: "asleep" });
});

Deno.test("step() wakes a server that a call needs while it goes to sleep", () => {
  const drowsy = after(RUN, opened(1), { kind: "unused", attempt: 1 }, { kind: "needed" });

  strictEqual(step(drowsy, { kind: "stopped" }, AT).machine.state.state, "connecting");
});

Deno.test("step() wakes a server that may not sleep any more, also while it goes to sleep", () => {
  const awake: MachineEvent = { kind: "wanted", wanted: { kind: "run", onDemand: false, dozes: false } };
  const drowsy = after(RUN, opened(1), { kind: "unused", attempt: 1 });
  const asleep = step(drowsy, { kind: "stopped" }, AT).machine;

  strictEqual(step(asleep, awake, AT).machine.state.state, "connecting");
  strictEqual(
    step(step(drowsy, awake, AT).machine, { kind: "stopped" }, AT).machine.state.state,
    "connecting",
  );
});

Deno.test("step() counts failures on unless the connection was stable for a minute", () => {
  const crashing = after(RUN, failed(1), { kind: "retry", attempt: 1 }, opened(2), closed(2));
  strictEqual(crashing.failures, 2);

  const ready = after(RUN, failed(1), { kind: "retry", attempt: 1 }, opened(2));
  const stable = step(ready, closed(2), { now: 1_000 + 60_000, jitter: 0.5 }).machine;
  strictEqual(stable.failures, 1);
});

Deno.test("backoffMs() doubles from one second to a minute, spread over the whole range", () => {
  deepStrictEqual([1, 2, 3, 6, 7, 50].map((failures) => backoffMs(failures, 1)), [
    1_000,
    2_000,
    4_000,
    32_000,
    60_000,
    60_000,
  ]);
  strictEqual(backoffMs(7, 0), 100);
  strictEqual(backoffMs(3, 0.5), 2_000);
  deepStrictEqual([0, 0.5, 1].map((jitter) => backoffMs(7, jitter, true)), [48_000, 54_000, 60_000]);
});

Deno.test("step() starts a program that ends at once twelve times in five minutes at most, and goes on", () => {
  for (const jitter of [0, 0.5, 0.999]) {
    const error = { ...ERROR, code: "MCPX_STDIO_EXIT_NONZERO" } as const;
    const end = 300_000;
    let now = 0;
    let starts = 1;
    let { machine } = step(createMachine(), RUN, { now, jitter });
    for (;;) {
      const { attempt } = machine;
      ({ machine } = step(machine, { kind: "failed", attempt, error, retryable: true }, { now, jitter }));
      if (machine.state.state !== "backoff") throw new Error(machine.state.state);
      now = machine.state.retryAt;
      if (now > end) break;
      ({ machine } = step(machine, { kind: "retry", attempt }, { now, jitter }));
      starts++;
    }
    ok(starts <= 12 && starts >= 9, `${starts} starts`);
  }
});

Deno.test("step() reaches what is wanted from any history, with at most one connection open", () => {
  const event = fc.constantFrom(
    ...Object.values(EVENTS),
    QUARANTINE,
    closed(2),
    opened(2),
    failed(2),
    closed(3),
    opened(3),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), fc.constantFrom(RUN, DISABLE), (history, last) => {
      let machine = createMachine();
      let open = 0;
      for (const one of [...history, last]) {
        const result = step(machine, one, AT);
        for (const effect of result.effects) {
          if (effect.kind === "open") open++;
          if (effect.kind === "stop" || effect.kind === "discard") open = 0;
        }
        if (one.kind === "failed" && result.machine !== machine) open = 0;
        machine = result.machine;
        ok(open <= 1, `two connections after ${one.kind}`);
      }
      // What the world owes the machine now happens: stops end, attempts succeed.
      for (let i = 0; i < 4; i++) {
        if (machine.state.state === "stopping") machine = step(machine, { kind: "stopped" }, AT).machine;
        if (machine.state.state === "backoff") {
          machine = step(machine, { kind: "retry", attempt: machine.attempt }, AT).machine;
        }
        if (machine.state.state === "failed") machine = step(machine, { kind: "restart" }, AT).machine;
        if (last === RUN) machine = step(machine, { kind: "needed" }, AT).machine;
        if (machine.state.state === "connecting") {
          machine = step(machine, opened(machine.attempt), AT).machine;
        }
      }
      strictEqual(machine.state.state, last === RUN ? "ready" : "idle");
    }),
    { numRuns: 2_000 },
  );
});
