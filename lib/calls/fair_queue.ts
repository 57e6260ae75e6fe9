/**
 * Who may run next when there are fewer slots than calls: each client's calls
 * in their order, and the clients side by side. Pure bookkeeping: it knows no
 * timers and no promises, and is told what time it is.
 *
 * @module
 */

/** How many calls may run and how many may wait; `Infinity` means no limit. */
export interface QueueBounds {
  readonly slots: number;
  readonly waiting: number;
}

/** A call that waits. */
export interface Ticket {
  readonly client: string;
}

/** What became of a call that wants a slot. */
export type Offer =
  | { readonly kind: "granted" }
  | { readonly kind: "full" }
  /** `displaced` has to go in its place: the newest of the client that has the most waiting. */
  | { readonly kind: "waits"; readonly ticket: Ticket; readonly displaced: Ticket | undefined };

/** What a change of the bounds does to calls that wait. */
export interface Resized {
  readonly granted: readonly Ticket[];
  readonly displaced: readonly Ticket[];
}

/**
 * A client that ran something this long ago still finds a slot kept for it.
 * Otherwise one client with many calls would hold all of them whenever another,
 * who calls now and then, comes back, and make it wait for the end of a call.
 */
export const MEMORY_MS = 5_000;

/** At most this part of the slots is kept for clients that run nothing at the moment. */
const KEPT_PART = 4;

interface Client {
  readonly key: string;
  /** Slots in use. */
  held: number;
  /** In the order they came; a set, so that one may leave from the middle. */
  readonly waiting: Set<Ticket>;
  /** When it last gave a slot back or stopped waiting. */
  seenAt: number;
  /** Number of the last grant; the client that was served longest ago goes first. */
  servedAt: number;
}

/** Slots and the calls that wait for them. */
export class FairQueue {
  #slots: number;
  #maxWaiting: number;
  #held = 0;
  #waiting = 0;
  #grants = 0;
  readonly #clients = new Map<string, Client>();
  /** Clients that run nothing and wait for nothing, the one seen longest ago first. */
  readonly #idle = new Set<Client>();
  readonly #queued = new Set<Client>();

  constructor({ slots, waiting }: QueueBounds) {
    this.#slots = slots;
    this.#maxWaiting = waiting;
  }

  /** Slots in use. */
  get held(): number {
    return this.#held;
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#waiting;
  }

  get slots(): number {
    return this.#slots;
  }

  /** Tells whether nothing runs or waits. */
  get isEmpty(): boolean {
    return this.#held === 0 && this.#waiting === 0;
  }

  /**
   * Asks for a slot.
   *
   * @param now Milliseconds of a clock that never goes back.
   */
  offer(key: string, now: number): Offer {
    this.#forget(now);
    const client = this.#client(key, now);
    if (client.waiting.size === 0 && this.#mayTake(client)) {
      this.#take(client);
      return { kind: "granted" };
    }
    const heaviest = this.#waiting < this.#maxWaiting ? undefined : this.#heavierThan(client);
    if (this.#waiting >= this.#maxWaiting && heaviest === undefined) {
      this.#rest(client, now);
      return { kind: "full" };
    }
    const displaced = heaviest === undefined ? undefined : newestOf(heaviest);
    if (displaced !== undefined) this.cancel(displaced, now);
    const ticket: Ticket = { client: key };
    client.waiting.add(ticket);
    this.#idle.delete(client);
    this.#queued.add(client);
    this.#waiting++;
    return { kind: "waits", ticket, displaced };
  }

  /** Gives a slot back. @returns The calls that may run now. */
  release(key: string, now: number): readonly Ticket[] {
    const client = this.#clients.get(key);
    if (client === undefined || client.held === 0) return [];
    client.held--;
    this.#held--;
    this.#rest(client, now);
    return this.#dispatch(now);
  }

  /** Takes a call out of the queue. @returns `false` if it does not wait any more. */
  cancel(ticket: Ticket, now: number): boolean {
    const client = this.#clients.get(ticket.client);
    if (client === undefined || !client.waiting.delete(ticket)) return false;
    this.#waiting--;
    if (client.waiting.size === 0) this.#queued.delete(client);
    this.#rest(client, now);
    return true;
  }

  /** Changes the bounds; what runs already goes on running. */
  resize({ slots, waiting }: QueueBounds, now: number): Resized {
    this.#slots = slots;
    this.#maxWaiting = waiting;
    const granted = this.#dispatch(now);
    const displaced: Ticket[] = [];
    while (this.#waiting > this.#maxWaiting) {
      const heaviest = this.#heavierThan(undefined);
      const newest = heaviest === undefined ? undefined : newestOf(heaviest);
      if (newest === undefined) break;
      this.cancel(newest, now);
      displaced.push(newest);
    }
    return { granted, displaced };
  }

  #dispatch(now: number): readonly Ticket[] {
    this.#forget(now);
    if (this.#waiting === 0) return [];
    const granted: Ticket[] = [];
    for (let next = this.#next(); next !== undefined && this.#mayTake(next); next = this.#next()) {
      const [ticket] = next.waiting;
      if (ticket === undefined) break;
      next.waiting.delete(ticket);
      this.#waiting--;
      if (next.waiting.size === 0) this.#queued.delete(next);
      this.#take(next);
      granted.push(ticket);
    }
    return granted;
  }

  /** The client with the fewest slots; among equals the one served longest ago. */
  #next(): Client | undefined {
    let best: Client | undefined;
    for (const client of this.#queued) {
      if (best === undefined || isBefore(client, best)) best = client;
    }
    return best;
  }

  /**
   * Whoever has less than its share may take any free slot. Beyond its share a
   * client leaves some for those who were here a moment ago.
   */
  #mayTake(client: Client): boolean {
    const free = this.#slots - this.#held;
    if (free <= 0) return false;
    if (free === Infinity) return true;
    const share = Math.max(1, Math.floor(this.#slots / this.#clients.size));
    if (client.held < share) return true;
    const others = this.#idle.size - (this.#idle.has(client) ? 1 : 0);
    return free > Math.min(others, Math.max(1, Math.floor(this.#slots / KEPT_PART)));
  }

  #take(client: Client): void {
    this.#idle.delete(client);
    client.held++;
    client.servedAt = ++this.#grants;
    this.#held++;
  }

  /** The client with the most waiting calls, if that are more than another would have with one more. */
  #heavierThan(other: Client | undefined): Client | undefined {
    let heaviest: Client | undefined;
    for (const client of this.#queued) {
      if (client.waiting.size > (heaviest?.waiting.size ?? 0)) heaviest = client;
    }
    if (heaviest === undefined || other === undefined) return heaviest;
    return heaviest.waiting.size > other.waiting.size + 1 ? heaviest : undefined;
  }

  #client(key: string, now: number): Client {
    const known = this.#clients.get(key);
    if (known !== undefined) return known;
    const client: Client = { key, held: 0, waiting: new Set(), seenAt: now, servedAt: 0 };
    this.#clients.set(key, client);
    this.#idle.add(client);
    return client;
  }

  #rest(client: Client, now: number): void {
    if (client.held > 0 || client.waiting.size > 0) return;
    client.seenAt = now;
    this.#idle.delete(client);
    this.#idle.add(client);
  }

  #forget(now: number): void {
    for (const client of this.#idle) {
      if (now - client.seenAt < MEMORY_MS) return;
      this.#idle.delete(client);
      this.#clients.delete(client.key);
    }
  }
}

function isBefore(a: Client, b: Client): boolean {
  return a.held < b.held || (a.held === b.held && a.servedAt < b.servedAt);
}

function newestOf({ waiting }: Client): Ticket | undefined {
  let newest: Ticket | undefined;
  for (const ticket of waiting) newest = ticket;
  return newest;
}
