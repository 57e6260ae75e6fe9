/**
 * Follows the events of the gateway for as long as somebody looks at the page.
 *
 * @module
 */

import { type Api, Refusal } from "./api.ts";
import { createFrameReader, type Frame } from "./frames.ts";

/** An event as the gateway tells it. */
export interface LiveEvent {
  readonly type: string;
  /** Absent for what says only that events were lost. */
  readonly payload?: unknown;
}

/** Who hears of events. */
export interface LiveListener {
  onEvent(event: LiveEvent): void;
  /** Whether what the page shows is as it is now. */
  onState(isLive: boolean): void;
}

/** Following that can be ended. */
export interface Live {
  start(): void;
  stop(): void;
}

/** The gateway says something every 15 s; after this it is taken to be gone. */
const SILENCE_MS = 40_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

/**
 * Creates the following of events. A connection that is lost is made again
 * from where it ended. A page in the background listens to nothing: a browser
 * has few connections for one address, and hears of the state when it is back.
 */
export function createLive(api: Api, listener: LiveListener): Live {
  let run: AbortController | undefined;
  let isWanted = false;

  function update(): void {
    const isSeen = isWanted && document.visibilityState === "visible";
    if (isSeen && run === undefined) {
      run = new AbortController();
      void follow(api, listener, run.signal);
    } else if (!isSeen) {
      run?.abort();
      run = undefined;
    }
  }

  document.addEventListener("visibilitychange", update);
  return {
    start() {
      isWanted = true;
      update();
    },
    stop() {
      isWanted = false;
      update();
    },
  };
}

async function follow(api: Api, listener: LiveListener, signal: AbortSignal): Promise<void> {
  let last = "";
  let waitMs = FIRST_WAIT_MS;
  while (!signal.aborted) {
    try {
      await readOnce(api, { last, signal }, (frame) => {
        waitMs = FIRST_WAIT_MS;
        last = frame.id ?? last;
        listener.onState(true);
        listener.onEvent(toEvent(frame));
      });
    } catch (error) {
      // Without a key there is nothing to wait for: the page asks for one.
      if (error instanceof Refusal && error.isSignedOut) return;
    }
    if (signal.aborted) return;
    listener.onState(false);
    await pause(waitMs, signal);
    waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2);
  }
}

interface Place {
  readonly last: string;
  readonly signal: AbortSignal;
}

async function readOnce(api: Api, { last, signal }: Place, hear: (frame: Frame) => void): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const stream = await api.open("/events", {
      signal: AbortSignal.any([signal, silence.signal]),
      headers: last === "" ? {} : { "last-event-id": last },
    });
    const read = createFrameReader();
    const reader = stream.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      read(part.value).forEach(hear);
    }
  } finally {
    clearTimeout(timer);
  }
}

function toEvent({ event, data }: Frame): LiveEvent {
  const value: unknown = JSON.parse(data);
  return { type: event, payload: Reflect.get(Object(value), "payload") };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
