import type { Clock } from "../platform/mod.ts";
import { FairQueue, type QueueBounds, type Ticket } from "./fair_queue.ts";

/** What a gate lets through at once; `Infinity` means no limit. */
export interface GateBounds extends QueueBounds {
  /** Longest wait of a call, at all gates together. */
  readonly waitMs: number;
}

/** Why a call was turned away. */
export type ShedReason = "queue_full" | "queue_timeout";

/** A call was turned away. */
export class Shed extends Error {
  constructor(readonly reason: ShedReason, readonly bounds: GateBounds) {
    super(reason);
    this.name = "Shed";
  }
}

/** Gives a slot back; a second time does nothing. */
export type Release = () => void;

/** How a call waits. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** When it began to wait, on the monotonic clock. */
  readonly since: number;
}

interface Waiter {
  readonly letIn: (slot: Release) => void;
  readonly refuse: (reason: unknown) => void;
}

/** A bounded number of calls at once; the others wait in a fair queue or are turned away. */
export class Gate {
  readonly #clock: Clock;
  readonly #queue: FairQueue;
  readonly #waiters = new Map<Ticket, Waiter>();
  #bounds: GateBounds;

  constructor(clock: Clock, bounds: GateBounds) {
    this.#clock = clock;
    this.#bounds = bounds;
    this.#queue = new FairQueue(bounds);
  }

  /** Calls that run. */
  get active(): number {
    return this.#queue.held;
  }

  /** Calls that wait. */
  get depth(): number {
    return this.#queue.waiting;
  }

  get bounds(): GateBounds {
    return this.#bounds;
  }

  get isEmpty(): boolean {
    return this.#queue.isEmpty;
  }

  /**
   * Lets a call in: at once with a way to give the slot back, or later.
   *
   * @throws {Shed} Also as the rejection: the queue is full, or the wait was too long.
   * @throws The abort reason of the signal.
   */
  enter(client: string, waiting: Waiting): Release | Promise<Release> {
    const offer = this.#queue.offer(client, this.#clock.monotonic());
    if (offer.kind === "granted") return this.#slotOf(client);
    if (offer.kind === "full") throw new Shed("queue_full", this.#bounds);
    if (offer.displaced !== undefined) this.#turnAway(offer.displaced, "queue_full");
    return this.#wait(offer.ticket, waiting);
  }

  /** Changes the bounds while calls run and wait. */
  resize(bounds: GateBounds): void {
    this.#bounds = bounds;
    const { granted, displaced } = this.#queue.resize(bounds, this.#clock.monotonic());
    this.#admit(granted);
    for (const ticket of displaced) this.#turnAway(ticket, "queue_full");
  }

  #wait(ticket: Ticket, { signal, since }: Waiting): Promise<Release> {
    return new Promise<Release>((resolve, reject) => {
      const leave = (reason: unknown) => {
        this.#queue.cancel(ticket, this.#clock.monotonic());
        this.#waiters.get(ticket)?.refuse(reason);
      };
      const onAbort = () => leave(signal.reason);
      const left = this.#bounds.waitMs - (this.#clock.monotonic() - since);
      const timer = left === Infinity
        ? undefined
        : this.#clock.after(Math.max(0, left), () => leave(new Shed("queue_timeout", this.#bounds)));
      const forget = () => {
        this.#waiters.delete(ticket);
        timer?.[Symbol.dispose]();
        signal.removeEventListener("abort", onAbort);
      };
      this.#waiters.set(ticket, {
        letIn: (slot) => (forget(), resolve(slot)),
        refuse: (reason) => (forget(), reject(reason)),
      });
      signal.addEventListener("abort", onAbort, { once: true });
      if (signal.aborted) onAbort();
    });
  }

  #slotOf(client: string): Release {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#admit(this.#queue.release(client, this.#clock.monotonic()));
    };
  }

  #admit(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) {
      const slot = this.#slotOf(ticket.client);
      const waiter = this.#waiters.get(ticket);
      if (waiter === undefined) slot();
      else waiter.letIn(slot);
    }
  }

  #turnAway(ticket: Ticket, reason: ShedReason): void {
    this.#waiters.get(ticket)?.refuse(new Shed(reason, this.#bounds));
  }
}
