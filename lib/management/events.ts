import {
  type EventFilter,
  type GatewayEvent,
  isWantedEvent,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import type { BusEvent, EventBus } from "../events/mod.ts";
import { toIso } from "./server_views.ts";

/** Events that a follower may be behind; then it gets a gap and the latest of them. */
const MAX_QUEUED = 512;

/** What following events in this process takes. */
export interface FollowOptions {
  readonly bus: EventBus;
  /** The state as it is now. */
  readonly snapshot: () => Promise<unknown>;
}

/** Lists the events that are kept. */
export function listEvents(
  bus: EventBus,
  { since, type, limit }: VerbParsed<"events.list">,
): VerbOutput<"events.list"> {
  const found = bus.since(since);
  const isGap = found === "gap";
  const types = type?.split(",").map((one) => one.trim()).filter((one) => one !== "");
  const kept = isGap ? oldest(bus) : found;
  const events = kept.filter((event) => isWantedEvent(event.type, types)).slice(-limit);
  return {
    events: events.map((event) => toGatewayEvent(event, bus.instance)),
    last_seq: bus.lastSeq,
    gap: isGap,
  };
}

/** All that is kept: the ring forgets from its old end, one size of it at a time at most. */
function oldest(bus: EventBus): readonly BusEvent[] {
  let [low, high] = [0, bus.lastSeq];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (bus.since(middle) === "gap") low = middle + 1;
    else high = middle;
  }
  const found = bus.since(low);
  return found === "gap" ? [] : found;
}

/** Follows the events of this process; see the Management contract. */
export async function* followBus(
  { bus, snapshot }: FollowOptions,
  { types, since }: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<GatewayEvent> {
  const { instance } = bus;
  const queue: BusEvent[] = [];
  let lost = false;
  let wake = () => {};
  using _subscription = bus.subscribe((event) => {
    if (queue.length >= MAX_QUEUED) {
      queue.shift();
      lost = true;
    }
    queue.push(event);
    wake();
  });
  const onAbort = () => wake();
  signal.addEventListener("abort", onAbort);
  try {
    const startSeq = bus.lastSeq;
    const missed = since === undefined ? "gap" : bus.since(since);
    if (missed !== "gap") queue.unshift(...missed);
    else if (since !== undefined) yield toGap(startSeq, instance);
    if (missed === "gap" && isWantedEvent("snapshot", types)) {
      yield { seq: startSeq, id: `${instance}:${startSeq}`, type: "snapshot", payload: await snapshot() };
    }
    while (!signal.aborted) {
      const event = queue.shift();
      if (lost) {
        lost = false;
        yield toGap(event?.seq ?? bus.lastSeq, instance);
      }
      if (event !== undefined) {
        if (isWantedEvent(event.type, types)) yield toGatewayEvent(event, instance);
        continue;
      }
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (signal.aborted) resolve();
      });
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function toGap(seq: number, instance: string): GatewayEvent {
  return { seq, id: `${instance}:${seq}`, type: "gap", payload: { reason: "events were lost" } };
}

function toGatewayEvent({ seq, at, type, payload }: BusEvent, instance: string): GatewayEvent {
  return { seq, id: `${instance}:${seq}`, type, at: toIso(at), payload };
}
