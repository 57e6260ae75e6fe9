import { type Caller, type Config, GatewayError, type ServerConfig, toMs } from "../contracts/mod.ts";
import type { Clock } from "../platform/mod.ts";
import { Gate, type GateBounds, type Release, Shed, type ShedReason } from "./gate.ts";

/** Whose limit it is. */
export type LimitScope = "token" | "server" | "global";

/** Calls at one gate. */
export interface GateFigures {
  readonly scope: LimitScope;
  /** Name of the server or token; empty for the global limit. */
  readonly name: string;
  readonly limit: number;
  readonly active: number;
  readonly waiting: number;
}

/** Calls that were turned away since the start. */
export interface ShedFigures {
  readonly scope: LimitScope;
  readonly name: string;
  readonly reason: ShedReason;
  readonly count: number;
}

/** What the limits have counted. */
export interface LimitFigures {
  readonly gates: readonly GateFigures[];
  readonly shed: readonly ShedFigures[];
}

/** A call that wants to be made. */
export interface LimitedCall {
  readonly server: string;
  readonly caller: Caller;
  /** What the client calls itself: tells programs with the same key apart, never those with the same token. */
  readonly client: string | undefined;
  readonly signal: AbortSignal;
}

/** Limits of calls at once, as the config states them. */
export interface Limits {
  /**
   * Takes a slot at every limit that concerns a call.
   *
   * @returns Gives the slots back; `undefined` if no limit concerns the call.
   * @throws {GatewayError} MCPX_TOO_MANY_CALLS, also as the rejection.
   * @throws The abort reason of the signal.
   */
  enter(call: LimitedCall): Release | Promise<Release> | undefined;
  /** Puts a new config into force; calls that wait under the old one are let in as it allows. */
  refresh(): void;
  figures(): LimitFigures;
}

/** What the limits are built from. */
export interface LimitsOptions {
  readonly clock: Clock;
  readonly config: () => Config;
  /** Calls at once that one caller may make; `undefined` means no limit. */
  readonly limitFor?: (caller: Caller) => number | undefined;
}

const DEFAULT_WAIT_MS = 30_000;
/** Long enough for some calls to end, short enough for an agent to wait. */
const RETRY_AFTER_MS = 2_000;
const MAX_COUNTED = 1000;

interface Step {
  readonly scope: LimitScope;
  readonly name: string;
  readonly gate: Gate;
}

/** Opens the limits. */
export function createLimits({ clock, config, limitFor }: LimitsOptions): Limits {
  const servers = new Map<string, Step>();
  const tokens = new Map<string, Step>();
  const shed = new Map<string, ShedFigures>();
  let global: Step | undefined;
  let of: Config | undefined;
  let isOpen = true;

  function refresh(): void {
    const now = config();
    if (of === now) return;
    of = now;
    global = settle(global, { scope: "global", name: "" }, boundsOf(now));
    const wanted = new Map(now.mcpServers.map((server) => [server.name, serverBounds(server, now)]));
    for (const name of new Set([...servers.keys(), ...wanted.keys()])) {
      const step = settle(servers.get(name), { scope: "server", name }, wanted.get(name));
      if (step === undefined) servers.delete(name);
      else servers.set(name, step);
    }
    isOpen = global === undefined && servers.size === 0;
  }

  /** Brings a gate to its bounds; one without bounds stays as long as calls are in it. */
  function settle(
    step: Step | undefined,
    place: Pick<Step, "scope" | "name">,
    bounds: GateBounds | undefined,
  ): Step | undefined {
    if (step === undefined) return bounds && { ...place, gate: new Gate(clock, bounds) };
    step.gate.resize(bounds ?? UNLIMITED);
    return bounds === undefined && step.gate.isEmpty ? undefined : step;
  }

  function tokenStep(caller: Caller, now: Config): Step | undefined {
    const slots = limitFor?.(caller);
    if (slots === undefined || slots <= 0) return undefined;
    const bounds = { ...queueOf(now, {}), slots };
    const known = tokens.get(caller.label);
    if (known === undefined) {
      const step: Step = { scope: "token", name: caller.label, gate: new Gate(clock, bounds) };
      dropIdle(tokens);
      tokens.set(caller.label, step);
      return step;
    }
    if (known.gate.bounds.slots !== slots) known.gate.resize(bounds);
    return known;
  }

  function turnedAway(error: unknown, { scope, name }: Step): unknown {
    if (!(error instanceof Shed)) return error;
    const { reason, bounds } = error;
    const key = JSON.stringify([scope, name, reason]);
    const count = (shed.get(key)?.count ?? 0) + 1;
    if (count > 1 || shed.size < MAX_COUNTED) shed.set(key, { scope, name, reason, count });
    return tooMany({ scope, name }, reason, bounds);
  }

  function enter(call: LimitedCall): Release | Promise<Release> | undefined {
    const now = config();
    if (of !== now) refresh();
    const token = limitFor === undefined ? undefined : tokenStep(call.caller, now);
    if (isOpen && token === undefined) return undefined;
    const steps = [token, servers.get(call.server), global].filter((step) => step !== undefined);
    return steps.length === 0 ? undefined : pass(steps, call);
  }

  /** One gate after the other, always in the same order, so that no two calls wait for each other. */
  function pass(steps: readonly Step[], call: LimitedCall): Release | Promise<Release> {
    const client = turnOf(call);
    const waiting = { signal: call.signal, since: clock.monotonic() };
    const held: Release[] = [];
    const release = () => held.forEach((one) => one());
    const fail = (error: unknown, step: Step): never => {
      release();
      throw turnedAway(error, step);
    };
    const next = (index: number): Release | Promise<Release> => {
      const step = steps[index];
      if (step === undefined) return release;
      let entered: Release | Promise<Release>;
      try {
        entered = step.gate.enter(client, waiting);
      } catch (error) {
        return fail(error, step);
      }
      if (typeof entered === "function") {
        held.push(entered);
        return next(index + 1);
      }
      return entered.then((one) => {
        held.push(one);
        return next(index + 1);
      }, (error) => fail(error, step));
    };
    return next(0);
  }

  refresh();
  return {
    enter,
    refresh,
    figures: () => ({
      gates: [...(global === undefined ? [] : [global]), ...servers.values(), ...tokens.values()].map(
        toFigures,
      ),
      shed: [...shed.values()],
    }),
  };
}

/**
 * Who takes turns with others: a token, however many sessions it opens. The
 * admin key and the socket are many programs', so these are told apart by
 * address and name.
 */
function turnOf({ caller: { label, scope, address }, client }: LimitedCall): string {
  return scope === undefined ? `${label}\n${address ?? ""}\n${client ?? ""}` : label;
}

const UNLIMITED: GateBounds = { slots: Infinity, waiting: Infinity, waitMs: Infinity };

type Stated = Pick<ServerConfig, "max_concurrent_requests" | "queue_size" | "queue_timeout">;

/** The global limit; `undefined` if there is none. */
function boundsOf(config: Config): GateBounds | undefined {
  return toBounds(config, {});
}

/** The limit of a server: what it does not state it inherits, 0 means none. Pure. */
export function serverBounds(server: Stated, config: Config): GateBounds | undefined {
  return toBounds(server, config.server_concurrency_defaults ?? {});
}

function toBounds(own: Stated, inherited: Stated): GateBounds | undefined {
  const slots = own.max_concurrent_requests ?? inherited.max_concurrent_requests ?? 0;
  return slots === 0 ? undefined : { ...queueOf(own, inherited), slots };
}

function queueOf(own: Stated, inherited: Stated): Omit<GateBounds, "slots"> {
  const timeout = own.queue_timeout ?? inherited.queue_timeout;
  const waitMs = timeout === undefined ? DEFAULT_WAIT_MS : toMs(timeout);
  // As everywhere, 0 switches the limit off: then a call waits as long as its caller does.
  return { waiting: own.queue_size ?? inherited.queue_size ?? 0, waitMs: waitMs === 0 ? Infinity : waitMs };
}

/** Tokens come and go; gates that nobody is in are not kept for ever. */
function dropIdle(steps: Map<string, Step>): void {
  if (steps.size < MAX_COUNTED) return;
  for (const [name, { gate }] of steps) if (gate.isEmpty) steps.delete(name);
}

function toFigures({ scope, name, gate }: Step): GateFigures {
  return { scope, name, limit: gate.bounds.slots, active: gate.active, waiting: gate.depth };
}

function tooMany(
  { scope, name }: Pick<Step, "scope" | "name">,
  reason: ShedReason,
  { slots, waiting, waitMs }: GateBounds,
): GatewayError {
  const what = {
    token: `Cannot call with token "${name}"`,
    server: `Cannot call server "${name}"`,
    global: "Cannot call any server",
  }[scope];
  const found = reason === "queue_full"
    ? (waiting === 0
      ? `${slots} run, the most there may be`
      : `${slots} run and ${waiting} wait, the most there may be`)
    : `no place became free within ${waitMs / 1000} s, ${slots} may run at once`;
  return new GatewayError(
    "MCPX_TOO_MANY_CALLS",
    `${what}: ${found}`,
    {
      details: {
        scope,
        ...(scope === "server" ? { server: name } : {}),
        reason,
        limit: slots,
        retry_after_ms: RETRY_AFTER_MS,
      },
    },
  );
}
