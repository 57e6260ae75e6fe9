import type { EventFilter, GatewayEvent } from "../contracts/mod.ts";
import { GatewayError, isWantedEvent } from "../contracts/quick.ts";
import { type Clock, sleep } from "../platform/mod.ts";
import { readEvents } from "./event_reader.ts";

/** Waits between two looks for a daemon that has gone; the last one goes on. */
const WAITS_MS = [250, 500, 1_000, 2_000, 5_000];

/** Where to go on after an interruption. */
export interface EventPlace {
  readonly since?: number;
  readonly lastEventId?: string;
}

/** What following events takes. */
export interface FollowEventsOptions {
  readonly clock: Clock;
  /** Opens the stream. @throws {GatewayError} MCPX_DAEMON_NOT_RUNNING, and what the daemon says. */
  readonly open: (place: EventPlace) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
}

/**
 * Follows the events of a daemon, over its restarts too: a stream that ends is
 * opened again behind the last event. A daemon that is new sends a snapshot.
 *
 * @throws {GatewayError} If the first stream cannot be opened, or a later one is refused.
 */
export async function* followEvents(
  { clock, open }: FollowEventsOptions,
  { types, since }: EventFilter,
  signal: AbortSignal,
): AsyncGenerator<GatewayEvent> {
  let place: EventPlace = { since };
  let misses: number | undefined; // until the first stream is there
  while (!signal.aborted) {
    try {
      const stream = await open(place);
      misses = 0;
      for await (const event of readEvents(stream, signal)) {
        if (signal.aborted) return;
        if (event.id !== "") place = { lastEventId: event.id };
        if (isWantedEvent(event.type, types)) yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (misses === undefined || isRefusal(error)) throw error;
    }
    await pause(clock, WAITS_MS[Math.min(misses ?? 0, WAITS_MS.length - 1)] ?? 0, signal);
    misses = (misses ?? 0) + 1;
  }
}

/** A daemon that is away, or on its way out or in, is waited for. */
function isRefusal(error: unknown): boolean {
  return error instanceof GatewayError && error.code !== "MCPX_DAEMON_NOT_RUNNING" &&
    error.code !== "MCPX_SHUTTING_DOWN";
}

async function pause(clock: Clock, waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(clock, waitMs, signal);
  } catch {
    // Nobody listens any more; the loop sees it.
  }
}
