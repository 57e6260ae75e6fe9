/**
 * Commits operations in as few transactions as the limits of KV allow.
 *
 * @module
 */

import { isHopeless } from "./failures.ts";
import { apply, type Operation } from "./operation.ts";

/** KV allows 1,000 mutations and 819,200 bytes; keys and overhead count too. */
const MAX_MUTATIONS = 500;
const MAX_BYTES = 600_000;

/** Someone who wants to know how an operation ends. */
export interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

/** An operation and who waits for it. */
export interface Waiting {
  readonly operation: Operation;
  readonly waiters: readonly Waiter[];
  /** How often it has failed. */
  readonly attempts: number;
}

/** What did not get durable. */
export interface CommitReport {
  /** Will never succeed. */
  readonly hopeless: readonly { readonly waiting: Waiting; readonly cause: unknown }[];
  /** To be tried again. */
  readonly failed: readonly Waiting[];
  /** Why they failed. */
  readonly error?: unknown;
}

/**
 * Commits operations in order and tells their waiters. Ends at the first
 * failure that is not the fault of one operation: the next would fail as well.
 */
export async function commitAll(kv: Deno.Kv, all: readonly Waiting[]): Promise<CommitReport> {
  const hopeless: { waiting: Waiting; cause: unknown }[] = [];
  const queue = toBatches(all);
  for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
    try {
      await commitBatch(kv, batch);
      for (const { waiters } of batch) waiters.forEach((waiter) => waiter.resolve());
    } catch (error) {
      const [first] = batch;
      if (!isHopeless(error)) return { hopeless, failed: [...batch, ...queue.flat()], error };
      // One of them spoils the transaction: alone, each shows whether it is the one.
      if (batch.length > 1) queue.unshift(...batch.map((waiting) => [waiting]));
      else if (first !== undefined) hopeless.push({ waiting: first, cause: error });
    }
  }
  return { hopeless, failed: [] };
}

function toBatches(all: readonly Waiting[]): Waiting[][] {
  const batches: Waiting[][] = [];
  let current: Waiting[] = [];
  let sizeBytes = 0;
  for (const waiting of all) {
    const { operation } = waiting;
    if (operation.kind === "stepped") {
      batches.push([waiting]);
      continue;
    }
    if (current.length >= MAX_MUTATIONS || sizeBytes + operation.sizeBytes > MAX_BYTES) {
      batches.push(current);
      current = [];
      sizeBytes = 0;
    }
    current.push(waiting);
    sizeBytes += operation.sizeBytes;
  }
  return [...batches, current].filter(({ length }) => length > 0);
}

async function commitBatch(kv: Deno.Kv, batch: readonly Waiting[]): Promise<void> {
  const transaction = kv.atomic();
  let isEmpty = true;
  for (const { operation } of batch) {
    if (operation.kind === "stepped") {
      await operation.run(kv);
      continue;
    }
    apply(transaction, operation.mutation);
    isEmpty = false;
  }
  if (!isEmpty) await transaction.commit();
}
