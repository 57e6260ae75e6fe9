import type { Writer } from "./writer.ts";

const PREFIX = "tokens";
const ROW_BYTES = 16_384;

/** An agent token as it is kept: all but the token itself. */
export interface TokenRow {
  readonly name: string;
  /** HMAC of the token, in hex. */
  readonly hash: string;
  /** First characters of the token. */
  readonly prefix: string;
  /** Names of servers; `*` stands for all. */
  readonly servers: readonly string[];
  readonly permissions: readonly string[];
  readonly profile: string | undefined;
  /** Calls that may be in flight at once. */
  readonly maxConcurrent: number;
  /** Epoch milliseconds, as all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly revokedAt: number | undefined;
  readonly lastUsedAt: number | undefined;
}

/** The agent tokens. All of them are in memory, so that nothing here waits but for changes to be durable. */
export interface TokenRepository {
  /** In the order of their names. */
  all(): readonly TokenRow[];
  /** Keeps a token, in place of another of this name. @throws {GatewayError} If it cannot be made durable. */
  put(row: TokenRow): Promise<void>;
  /** Forgets a token. @throws {GatewayError} If that cannot be made durable. */
  remove(name: string): Promise<void>;
  /** Notes that a token was used; written within 100 ms. */
  touch(name: string, at: number): void;
}

/** Reads the tokens kept in the database; a row that is damaged is no token. */
export async function openTokenRepository(
  { kv, writer }: { readonly kv: Deno.Kv; readonly writer: Writer },
): Promise<TokenRepository> {
  const rows = new Map<string, TokenRow>();
  for await (const { key: [, name], value } of kv.list({ prefix: [PREFIX] }, { batchSize: 100 })) {
    if (typeof name === "string" && isRow(value) && value.name === name) rows.set(name, value);
  }

  function operation(row: TokenRow) {
    const mutation = { kind: "set", key: [PREFIX, row.name], value: row } as const;
    return { kind: "single", id: `${PREFIX}\0${row.name}`, mutation, sizeBytes: ROW_BYTES } as const;
  }

  return {
    all: () => [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
    async put(row) {
      await writer.commit(operation(row));
      rows.set(row.name, row);
    },
    async remove(name) {
      const mutation = { kind: "delete", key: [PREFIX, name] } as const;
      await writer.commit({ kind: "single", id: `${PREFIX}\0${name}`, mutation, sizeBytes: ROW_BYTES });
      rows.delete(name);
    },
    touch(name, at) {
      const row = rows.get(name);
      if (row === undefined) return;
      const touched = { ...row, lastUsedAt: at };
      rows.set(name, touched);
      writer.enqueue(operation(touched));
    },
  };
}

function isRow(value: unknown): value is TokenRow {
  if (typeof value !== "object" || value === null) return false;
  const { name, hash, prefix, servers, permissions, expiresAt, maxConcurrent } = value as Partial<TokenRow>; // each is looked at
  return [name, hash, prefix].every((text) => typeof text === "string") &&
    [servers, permissions].every((list) =>
      Array.isArray(list) && list.every((one) => typeof one === "string")
    ) &&
    Number.isFinite(expiresAt) && Number.isFinite(maxConcurrent);
}
