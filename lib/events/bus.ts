import type { Clock } from "../platform/mod.ts";

const RING = 4096;

/** A numbered fact. */
export interface BusEvent {
  /** Counts up by one from 1, without holes, for as long as the bus lives. */
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Dotted name, such as `servers.changed`. */
  readonly type: string;
  readonly payload: unknown;
}

/** How a bus is to behave. */
export interface EventBusOptions {
  /** How many events are kept for replay. */
  readonly ring?: number;
  /** Name of this run of the gateway; the time of its start when absent. */
  readonly instance?: string;
  /** Hears of listeners that throw; such a listener stays subscribed. */
  readonly onListenerError?: (error: unknown, event: BusEvent) => void;
}

/** Publishes events to everyone and replays the latest. */
export interface EventBus {
  /**
   * Publishes an event. Every listener hears all events in the order of their
   * numbers, also when a listener itself publishes.
   */
  publish(type: string, payload: unknown): BusEvent;
  /** Hears every event from now on, until the result is disposed. */
  subscribe(listener: (event: BusEvent) => void): Disposable;
  /**
   * The events after `seq`, oldest first; `"gap"` if some of them are no
   * longer kept, or if `seq` was never given out by this bus.
   */
  since(seq: number): readonly BusEvent[] | "gap";
  /** Number of the latest event; 0 before the first. */
  readonly lastSeq: number;
  /** Tells this run of the gateway from others, since numbers start anew with each. */
  readonly instance: string;
}

/**
 * Makes an event bus.
 *
 * @throws {RangeError} If `ring` is not a positive integer.
 */
export function createEventBus(clock: Clock, options: EventBusOptions = {}): EventBus {
  return new Bus(clock, options);
}

interface Subscription {
  readonly hear: (event: BusEvent) => void;
  /** Number of the last event before the subscription; queued ones up to it are not for this listener. */
  readonly after: number;
}

class Bus implements EventBus {
  readonly instance: string;
  readonly #clock: Clock;
  readonly #capacity: number;
  readonly #onListenerError: EventBusOptions["onListenerError"];
  readonly #listeners = new Set<Subscription>();
  /** The event with number n is at n modulo the capacity. */
  readonly #ring: BusEvent[] = [];
  readonly #undelivered: BusEvent[] = [];
  #isDelivering = false;
  #lastSeq = 0;

  constructor(clock: Clock, { ring = RING, instance, onListenerError }: EventBusOptions) {
    if (!Number.isSafeInteger(ring) || ring < 1) {
      throw new RangeError(`Cannot create an event bus with ring ${ring}: wanted a positive integer`);
    }
    this.#clock = clock;
    this.instance = instance ?? clock.now().toString(36);
    this.#capacity = ring;
    this.#onListenerError = onListenerError;
  }

  get lastSeq(): number {
    return this.#lastSeq;
  }

  publish(type: string, payload: unknown): BusEvent {
    const seq = ++this.#lastSeq;
    const event: BusEvent = Object.freeze({ seq, at: this.#clock.now(), type, payload });
    this.#ring[seq % this.#capacity] = event;
    this.#undelivered.push(event);
    if (!this.#isDelivering) this.#deliver();
    return event;
  }

  subscribe(listener: (event: BusEvent) => void): Disposable {
    // One function may subscribe twice, so the set holds wrappers.
    const entry = { hear: listener, after: this.#lastSeq };
    this.#listeners.add(entry);
    return { [Symbol.dispose]: () => void this.#listeners.delete(entry) };
  }

  since(seq: number): readonly BusEvent[] | "gap" {
    const oldest = Math.max(1, this.#lastSeq - this.#capacity + 1);
    if (!Number.isSafeInteger(seq) || seq < oldest - 1 || seq > this.#lastSeq) return "gap";
    const events: BusEvent[] = [];
    for (let wanted = seq + 1; wanted <= this.#lastSeq; wanted++) {
      const event = this.#ring[wanted % this.#capacity];
      if (event !== undefined) events.push(event);
    }
    return events;
  }

  #deliver(): void {
    this.#isDelivering = true;
    try {
      for (let event = this.#undelivered.shift(); event !== undefined; event = this.#undelivered.shift()) {
        for (const entry of [...this.#listeners]) {
          // A listener that heard this event may have ended the subscription of another.
          if (event.seq > entry.after && this.#listeners.has(entry)) this.#tell(entry.hear, event);
        }
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  #tell(hear: (event: BusEvent) => void, event: BusEvent): void {
    try {
      hear(event);
    } catch (error) {
      try {
        this.#onListenerError?.(error, event);
      } catch {
        // The one place that could hear of it has just failed itself.
      }
    }
  }
}
