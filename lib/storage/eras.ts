import type { Era } from "../contracts/mod.ts";
import type { Writer } from "./writer.ts";

const PREFIX = "era";
const ROW_BYTES = 400;

/** What a server spoke when it was asked. */
export interface EraVerdict {
  /** Hash of how the server is reached; another hash is another server. */
  readonly fingerprint: string;
  readonly era: Era;
  /** Epoch milliseconds of when it was found out, and not merely confirmed. */
  readonly at: number;
}

/** Which era each server spoke the last time. All of it is in memory, so that nothing here ever waits. */
export interface EraRepository {
  get(server: string): EraVerdict | undefined;
  /** Keeps a verdict; it is written within 100 ms. */
  set(server: string, verdict: EraVerdict): void;
  remove(server: string): void;
}

/** Reads the verdicts kept in the database; one that cannot be read is found out anew. */
export async function openEras(
  { kv, writer }: { readonly kv: Deno.Kv; readonly writer: Writer },
): Promise<EraRepository> {
  const verdicts = new Map<string, EraVerdict>();
  for await (const { key: [, server], value } of kv.list({ prefix: [PREFIX] }, { batchSize: 500 })) {
    if (typeof server === "string" && isVerdict(value)) verdicts.set(server, value);
  }

  const write = (server: string, value: EraVerdict | undefined) => {
    const key = [PREFIX, server];
    const mutation = value === undefined
      ? { kind: "delete", key } as const
      : { kind: "set", key, value } as const;
    writer.enqueue({ kind: "single", id: key.join("\0"), mutation, sizeBytes: ROW_BYTES });
  };
  return {
    get: (server) => verdicts.get(server),
    set(server, verdict) {
      verdicts.set(server, verdict);
      write(server, verdict);
    },
    remove(server) {
      if (verdicts.delete(server)) write(server, undefined);
    },
  };
}

function isVerdict(value: unknown): value is EraVerdict {
  if (typeof value !== "object" || value === null) return false;
  const { fingerprint, era, at } = value as Readonly<Record<string, unknown>>; // just shown to be an object
  return typeof fingerprint === "string" && (era === "legacy" || era === "modern") && typeof at === "number";
}
