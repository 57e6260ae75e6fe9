import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { FairQueue, MEMORY_MS, type Ticket } from "../../../lib/calls/fair_queue.ts";

/** Runs everything that is offered to its end, one call per tick, and notes who was let in when. */
function letIn(queue: FairQueue, client: string, now = 0): Ticket | "granted" | "full" {
  const offer = queue.offer(client, now);
  return offer.kind === "waits" ? offer.ticket : offer.kind;
}

Deno.test("FairQueue lets a client's calls in as they came", () => {
  const queue = new FairQueue({ slots: 1, waiting: 9 });

  strictEqual(letIn(queue, "a"), "granted");
  const [second, third] = [letIn(queue, "a"), letIn(queue, "a")];

  deepStrictEqual(queue.release("a", 1), [second]);
  deepStrictEqual(queue.release("a", 2), [third]);
  deepStrictEqual(queue.release("a", 3), []);
  ok(queue.isEmpty);
});

Deno.test("FairQueue lets the second client in right after the call that runs", () => {
  const queue = new FairQueue({ slots: 1, waiting: 99 });
  letIn(queue, "greedy");
  for (let call = 0; call < 50; call++) letIn(queue, "greedy");
  const modest = letIn(queue, "modest");

  deepStrictEqual(queue.release("greedy", 1), [modest]);
});

Deno.test("FairQueue takes turns between clients that all have calls waiting", () => {
  const queue = new FairQueue({ slots: 1, waiting: 99 });
  letIn(queue, "a");
  for (const client of ["a", "a", "a", "b", "b", "c"]) letIn(queue, client);

  const order: string[] = [];
  for (let [running] = queue.release("a", 1); running !== undefined;) {
    order.push(running.client);
    [running] = queue.release(running.client, 1);
  }

  deepStrictEqual(order.join(" "), "b c a b a a");
});

Deno.test("FairQueue gives the next slot to the client that holds the fewest", () => {
  const queue = new FairQueue({ slots: 4, waiting: 99 });
  for (let call = 0; call < 4; call++) letIn(queue, "a");
  letIn(queue, "a");
  const [b1, b2] = [letIn(queue, "b"), letIn(queue, "b")];

  deepStrictEqual(queue.release("a", 1), [b1]);
  deepStrictEqual(queue.release("a", 1), [b2]);
});

Deno.test("FairQueue keeps a slot for a client that was here a moment ago", () => {
  const queue = new FairQueue({ slots: 4, waiting: 99 });
  letIn(queue, "modest", 0);
  queue.release("modest", 1);

  const greedy = [1, 2, 3, 4, 5].map(() => letIn(queue, "greedy", 2));

  deepStrictEqual(greedy.map((one) => one === "granted"), [true, true, true, false, false]);
  strictEqual(letIn(queue, "modest", 3), "granted");
});

Deno.test("FairQueue keeps no slot for a client that has been away", () => {
  const queue = new FairQueue({ slots: 4, waiting: 99 });
  letIn(queue, "modest", 0);
  queue.release("modest", 1);

  const greedy = [1, 2, 3, 4].map(() => letIn(queue, "greedy", 1 + MEMORY_MS));

  deepStrictEqual(greedy, ["granted", "granted", "granted", "granted"]);
});

Deno.test("FairQueue gives one client all slots when there is no other", () => {
  const queue = new FairQueue({ slots: 8, waiting: 0 });

  for (let call = 0; call < 8; call++) strictEqual(letIn(queue, "only"), "granted");
  strictEqual(letIn(queue, "only"), "full");
});

Deno.test("FairQueue turns away the newest call of whoever fills the queue", () => {
  const queue = new FairQueue({ slots: 1, waiting: 3 });
  letIn(queue, "greedy");
  const [, , newest] = [letIn(queue, "greedy"), letIn(queue, "greedy"), letIn(queue, "greedy")];

  strictEqual(letIn(queue, "greedy"), "full");
  const offer = queue.offer("modest", 0);

  ok(offer.kind === "waits");
  strictEqual(offer.displaced, newest);
  strictEqual(queue.waiting, 3);
});

Deno.test("FairQueue.resize() lets waiting calls in, or turns those away for which there is no room", () => {
  const queue = new FairQueue({ slots: 1, waiting: 9 });
  letIn(queue, "a");
  const [one, two, three] = [letIn(queue, "a"), letIn(queue, "a"), letIn(queue, "a")];

  deepStrictEqual(queue.resize({ slots: 2, waiting: 1 }, 1), { granted: [one], displaced: [three] });
  deepStrictEqual(queue.resize({ slots: Infinity, waiting: 0 }, 1), { granted: [two], displaced: [] });
  strictEqual(queue.held, 3);
});

type Step =
  | { readonly kind: "offer"; readonly client: string }
  | { readonly kind: "release"; readonly pick: number }
  | { readonly kind: "cancel"; readonly pick: number }
  | { readonly kind: "resize"; readonly slots: number; readonly waiting: number }
  | { readonly kind: "wait"; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("offer" as const),
      client: fc.constantFrom("a", "b", "c", "d"),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("release" as const), pick: fc.nat(50) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("cancel" as const), pick: fc.nat(50) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("resize" as const),
      slots: fc.constantFrom(1, 2, 3, 5, 8, Infinity),
      waiting: fc.constantFrom(0, 1, 4, 20),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(1, 1000, 6000) }),
  },
);

/** What must be true after every step, whatever happened before. */
class Model {
  readonly queue = new FairQueue({ slots: 2, waiting: 4 });
  readonly running: string[] = [];
  readonly waiting = new Set<Ticket>();
  readonly bounds = { slots: 2, waiting: 4 };
  now = 0;
  offered = 0;
  ended = 0;

  apply(one: Step): void {
    const before = this.running.length;
    if (one.kind === "offer") this.#offer(one.client);
    else if (one.kind === "release") this.#release(one.pick);
    else if (one.kind === "cancel") this.#cancel(one.pick);
    else if (one.kind === "wait") this.now += one.ms;
    else this.#resize(one);
    this.#check(before);
  }

  drain(): void {
    while (this.running.length > 0) this.#release(0);
  }

  #offer(client: string): void {
    this.offered++;
    const offer = this.queue.offer(client, this.now);
    if (offer.kind === "granted") this.running.push(client);
    if (offer.kind === "full") this.ended++;
    if (offer.kind !== "waits") return;
    if (offer.displaced !== undefined) this.#end(offer.displaced);
    this.waiting.add(offer.ticket);
  }

  #release(pick: number): void {
    if (this.running.length === 0) return;
    const [client = ""] = this.running.splice(pick % this.running.length, 1);
    this.ended++;
    this.#grant(this.queue.release(client, this.now));
  }

  #cancel(pick: number): void {
    const ticket = [...this.waiting][pick % Math.max(1, this.waiting.size)];
    if (ticket === undefined) return;
    ok(this.queue.cancel(ticket, this.now));
    strictEqual(this.queue.cancel(ticket, this.now), false);
    this.#end(ticket);
  }

  #resize({ slots, waiting }: { readonly slots: number; readonly waiting: number }): void {
    Object.assign(this.bounds, { slots, waiting });
    const { granted, displaced } = this.queue.resize({ slots, waiting }, this.now);
    this.#grant(granted);
    displaced.forEach((ticket) => this.#end(ticket));
  }

  /** Among one client's calls the first is let in first. */
  #grant(tickets: readonly Ticket[]): void {
    for (const ticket of tickets) {
      const first = [...this.waiting].find(({ client }) => client === ticket.client);
      strictEqual(ticket, first);
      this.waiting.delete(ticket);
      this.running.push(ticket.client);
    }
  }

  #end(ticket: Ticket): void {
    ok(this.waiting.delete(ticket), "a call ends once");
    this.ended++;
  }

  #check(runningBefore: number): void {
    const { queue, running, waiting, bounds } = this;
    strictEqual(queue.held, running.length);
    strictEqual(queue.waiting, waiting.size);
    strictEqual(this.offered, this.ended + running.length + waiting.size);
    ok(running.length <= Math.max(bounds.slots, runningBefore), "never more than there are slots");
    ok(waiting.size <= bounds.waiting, "never more waiting than allowed");
    if (running.length >= bounds.slots) return;
    for (const { client } of waiting) ok(running.includes(client), "nobody starves beside a free slot");
  }
}

Deno.test("FairQueue exceeds nothing, loses nothing, starves nobody, and ends each call once", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const model = new Model();

      for (const one of steps) model.apply(one);
      model.drain();

      strictEqual(model.waiting.size, 0, "everything that waits is let in at last");
      strictEqual(model.offered, model.ended);
      ok(model.queue.isEmpty);
    }),
    { numRuns: 1000 },
  );
});
