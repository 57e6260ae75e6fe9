import type { Era, ServerFailure, ServerState } from "../contracts/mod.ts";

/** What is wanted of a server; kept apart from what is. */
export type Wanted =
  | {
    readonly kind: "run";
    /** Sleeps until a call needs it. */
    readonly onDemand: boolean;
    /** May sleep again when nobody has needed it for a while. */
    readonly dozes: boolean;
  }
  | { readonly kind: "hold"; readonly reason: "disabled" | "quarantined" | "removed" };

/** One server's machine: what is wanted, what is, and the counters that guard both. */
export interface ServerMachine {
  readonly wanted: Wanted;
  readonly state: ServerState;
  /** Number of the latest attempt to connect; results of older ones are dropped. */
  readonly attempt: number;
  /** Failures in a row; decides the back-off. */
  readonly failures: number;
  /** Nobody needs the server: once stopped it stays so until a call asks for it. */
  readonly sleepy: boolean;
}

/** A fact the machine reacts to. */
export type MachineEvent =
  | { readonly kind: "wanted"; readonly wanted: Wanted }
  | { readonly kind: "changed" }
  | { readonly kind: "restart" }
  | { readonly kind: "needed" }
  | { readonly kind: "opened"; readonly attempt: number; readonly era: Era; readonly tools: number }
  | {
    readonly kind: "failed";
    readonly attempt: number;
    readonly error: ServerFailure;
    readonly retryable: boolean;
  }
  | { readonly kind: "closed"; readonly attempt: number; readonly error: ServerFailure }
  | { readonly kind: "listed"; readonly attempt: number; readonly tools: number }
  | { readonly kind: "retry"; readonly attempt: number }
  /** Nobody has used the connection for its idle time. */
  | { readonly kind: "unused"; readonly attempt: number }
  | { readonly kind: "stopped" };

/** Work that the actor does for the machine. */
export type MachineEffect =
  | { readonly kind: "open"; readonly attempt: number }
  /** Abort the attempt in flight, close the connection, then report `stopped`. */
  | { readonly kind: "stop" }
  /** Clean up a connection that is gone; nothing is reported. */
  | { readonly kind: "discard" }
  | { readonly kind: "schedule"; readonly attempt: number; readonly at: number }
  | { readonly kind: "unschedule" };

/** What {@link step} takes from the world. */
export interface StepContext {
  readonly now: number;
  /** Uniform in [0, 1), spreads the retries of many servers. */
  readonly jitter: number;
}

/** Result of {@link step}. */
export interface Step {
  readonly machine: ServerMachine;
  readonly effects: readonly MachineEffect[];
}

const BACKOFF_BASE_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;
const BACKOFF_MIN_MS = 100;
/** Part of a wait for a program that is left to chance. */
const PROGRAM_SPREAD = 0.2;
/** A connection that lived this long starts the back-off anew. */
const STABLE_MS = 60_000;
/** Longest a stop can take: both graces of the process stop, and some slack. */
const STOP_MS = 30_000;

/** A machine that has not been told anything. */
export function createMachine(): ServerMachine {
  return {
    wanted: { kind: "hold", reason: "disabled" },
    state: { state: "idle", reason: "new" },
    attempt: 0,
    failures: 0,
    sleepy: false,
  };
}

/**
 * Computes the time until the next attempt: 1 s doubling to 60 s, full jitter.
 * A program of this machine meets nobody else who tries again with it, and each
 * start of it costs: for that the last fifth is spread alone.
 *
 * @param failures Failures in a row, from 1.
 * @param jitter Uniform in [0, 1).
 * @param isProgram Whether a program is to be started.
 * @returns Milliseconds, at least 100.
 */
export function backoffMs(failures: number, jitter: number, isProgram = false): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_BASE_MS * 2 ** Math.min(failures - 1, 10));
  const share = isProgram ? 1 - PROGRAM_SPREAD * (1 - jitter) : jitter;
  return Math.max(BACKOFF_MIN_MS, Math.round(ceiling * share));
}

/**
 * Moves a machine by one event. Pure and total: every event in every state has
 * an answer, and an event that means nothing there changes nothing.
 */
export function step(machine: ServerMachine, event: MachineEvent, context: StepContext): Step {
  if (isLate(machine, event)) return stay(machine);
  switch (event.kind) {
    case "wanted":
      return onWanted(
        { ...machine, wanted: event.wanted, sleepy: staysSleepy(machine, event.wanted) },
        context,
      );
    case "changed":
    case "restart":
      return onRestart(machine, context);
    case "needed":
      return onNeeded(machine, context);
    case "opened":
      return onOpened(machine, event, context);
    case "failed":
      return onFailed(machine, event, context);
    case "closed":
      return onClosed(machine, event, context);
    case "listed":
      if (machine.state.state !== "ready") return stay(machine);
      return { machine: { ...machine, state: { ...machine.state, tools: event.tools } }, effects: [] };
    case "retry":
      return machine.state.state === "backoff" ? connect(machine, context) : stay(machine);
    case "unused":
      return machine.state.state === "ready" ? stop({ ...machine, sleepy: true }, context) : stay(machine);
    case "stopped":
      return onStopped(machine, context);
    default:
      return event satisfies never;
  }
}

function isLate(machine: ServerMachine, event: MachineEvent): boolean {
  return "attempt" in event && event.attempt !== machine.attempt;
}

/** Who was put to sleep wakes up if that is not wanted any more. */
function staysSleepy({ sleepy }: ServerMachine, wanted: Wanted): boolean {
  return sleepy && (wanted.kind === "hold" || wanted.dozes);
}

function stay(machine: ServerMachine): Step {
  return { machine, effects: [] };
}

function rest(machine: ServerMachine, effects: readonly MachineEffect[] = []): Step {
  const { wanted } = machine;
  if (wanted.kind === "run") {
    return { machine: { ...machine, state: { state: "idle", reason: "asleep" } }, effects };
  }
  const reason = wanted.reason === "removed" ? "disabled" : wanted.reason;
  return { machine: { ...machine, state: { state: "idle", reason } }, effects };
}

function connect(machine: ServerMachine, { now }: StepContext, before: readonly MachineEffect[] = []): Step {
  const attempt = machine.attempt + 1;
  return {
    machine: {
      ...machine,
      attempt,
      state: { state: "connecting", attempt: machine.failures + 1, since: now },
    },
    effects: [...before, { kind: "open", attempt }],
  };
}

function stop(machine: ServerMachine, { now }: StepContext, before: readonly MachineEffect[] = []): Step {
  return {
    machine: { ...machine, failures: 0, state: { state: "stopping", deadline: now + STOP_MS } },
    effects: [...before, { kind: "stop" }],
  };
}

function onWanted(machine: ServerMachine, context: StepContext): Step {
  const { wanted, state } = machine;
  if (wanted.kind === "run") {
    if (state.state !== "idle") return stay(machine);
    const staysAsleep = wanted.onDemand || (machine.sleepy && state.reason === "asleep");
    return staysAsleep ? rest(machine) : connect(machine, context);
  }
  switch (state.state) {
    case "idle":
    case "failed":
      return rest(machine);
    case "backoff":
      return stop(machine, context, [{ kind: "unschedule" }]);
    case "stopping":
      return stay(machine);
    case "connecting":
    case "authenticating":
    case "ready":
      return stop(machine, context);
    default:
      return state satisfies never;
  }
}

function onRestart(machine: ServerMachine, context: StepContext): Step {
  if (machine.wanted.kind === "hold") return stay(machine);
  const fresh = { ...machine, failures: 0, sleepy: false };
  switch (machine.state.state) {
    case "idle":
      return machine.wanted.onDemand ? stay(fresh) : connect(fresh, context);
    case "failed":
      return connect(fresh, context);
    case "backoff":
      return connect(fresh, context, [{ kind: "unschedule" }]);
    case "stopping":
      return stay(fresh);
    case "connecting":
    case "authenticating":
    case "ready":
      return stop(fresh, context);
    default:
      return machine.state satisfies never;
  }
}

function onNeeded(machine: ServerMachine, context: StepContext): Step {
  if (machine.wanted.kind === "hold") return stay(machine);
  if (machine.state.state === "idle") return connect(machine, context);
  if (machine.state.state === "backoff") return connect(machine, context, [{ kind: "unschedule" }]);
  // A call that comes while the server goes to sleep wakes it as soon as it has stopped.
  return machine.sleepy ? stay({ ...machine, sleepy: false }) : stay(machine);
}

function onOpened(
  machine: ServerMachine,
  event: MachineEvent & { kind: "opened" },
  { now }: StepContext,
): Step {
  const { state } = machine;
  if (state.state !== "connecting" && state.state !== "authenticating") return stay(machine);
  return {
    machine: { ...machine, state: { state: "ready", since: now, era: event.era, tools: event.tools } },
    effects: [],
  };
}

function onFailed(
  machine: ServerMachine,
  event: MachineEvent & { kind: "failed" },
  context: StepContext,
): Step {
  const { state } = machine;
  if (state.state !== "connecting" && state.state !== "authenticating") return stay(machine);
  if (event.retryable) return retryLater(machine, event.error, context);
  return { machine: { ...machine, state: { state: "failed", error: event.error } }, effects: [] };
}

function onClosed(
  machine: ServerMachine,
  event: MachineEvent & { kind: "closed" },
  context: StepContext,
): Step {
  if (machine.state.state !== "ready") return stay(machine);
  const failures = context.now - machine.state.since >= STABLE_MS ? 0 : machine.failures;
  if (machine.wanted.kind === "run" && machine.wanted.onDemand) return rest(machine, [{ kind: "discard" }]);
  const next = retryLater({ ...machine, failures }, event.error, context);
  return { machine: next.machine, effects: [{ kind: "discard" }, ...next.effects] };
}

function retryLater(machine: ServerMachine, error: ServerFailure, { now, jitter }: StepContext): Step {
  const failures = machine.failures + 1;
  const retryAt = now + backoffMs(failures, jitter, error.code.startsWith("MCPX_STDIO_"));
  return {
    machine: { ...machine, failures, state: { state: "backoff", attempt: failures, retryAt, error } },
    effects: [{ kind: "schedule", attempt: machine.attempt, at: retryAt }],
  };
}

function onStopped(machine: ServerMachine, context: StepContext): Step {
  if (machine.state.state !== "stopping") return stay(machine);
  const { wanted } = machine;
  if (wanted.kind === "run" && !wanted.onDemand && !machine.sleepy) return connect(machine, context);
  return rest(machine);
}
