import { toStorageError } from "./failures.ts";
import { MAX_VALUE_BYTES } from "./operation.ts";
import type { Writer } from "./writer.ts";

const PREFIX = "meta";

/** Single values under names of their own. */
export interface MetaRepository {
  /**
   * Reads a value as it was set.
   *
   * @throws {GatewayError} MCPX_STORAGE_FAILED if the database does not answer.
   */
  get<T>(key: string): Promise<T | undefined>;
  /**
   * Sets a value, at most 64 KB, and resolves when it is durable.
   *
   * @throws {GatewayError} MCPX_DISK_FULL or MCPX_STORAGE_FAILED if it cannot be made durable.
   */
  set(key: string, value: unknown): Promise<void>;
}

/** Reads every value; what throws here would throw later, where nobody can help it. */
export async function checkMeta(kv: Deno.Kv): Promise<void> {
  await Array.fromAsync(kv.list({ prefix: [PREFIX] }, { batchSize: 100 }), () => {});
}

/** Opens the single values. */
export function openMeta(
  { kv, writer, path }: { readonly kv: Deno.Kv; readonly writer: Writer; readonly path: string },
): MetaRepository {
  return {
    async get<T>(key: string) {
      try {
        // Each key has one owner, which alone writes it and so knows its type.
        return (await kv.get([PREFIX, key])).value as T | null ?? undefined;
      } catch (thrown) {
        throw toStorageError("read database", path, thrown);
      }
    },
    async set(key, value) {
      const mutation = { kind: "set", key: [PREFIX, key], value } as const;
      await writer.commit({ kind: "single", id: `${PREFIX}\0${key}`, mutation, sizeBytes: MAX_VALUE_BYTES });
    },
  };
}
