/** One change of one key. */
export type Mutation =
  | { readonly kind: "set"; readonly key: Deno.KvKey; readonly value: unknown }
  | { readonly kind: "delete"; readonly key: Deno.KvKey };

/**
 * Something to write. A `single` operation shares a transaction with others;
 * a `stepped` one makes its own, several if need be, and may be run again
 * after it failed half-way.
 */
export type Operation =
  | {
    readonly kind: "single";
    /** Of several waiting operations with one id only the last is carried out. */
    readonly id: string;
    readonly mutation: Mutation;
    /** Upper bound of what it adds to a transaction. */
    readonly sizeBytes: number;
  }
  | { readonly kind: "stepped"; readonly id: string; readonly run: (kv: Deno.Kv) => Promise<void> };

/** A value of KV has at most this size. */
export const MAX_VALUE_BYTES = 65_536;

/** Adds a mutation to a transaction. */
export function apply(transaction: Deno.AtomicOperation, mutation: Mutation): void {
  if (mutation.kind === "set") transaction.set(mutation.key, mutation.value);
  else transaction.delete(mutation.key);
}
