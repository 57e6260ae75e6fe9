const SCHEMA_KEY = ["schema"];
const REPLACED_KEY = ["replaced_at"];

/** What this program writes and reads; one step of {@link MIGRATIONS} leads to each from the one before. */
export const SCHEMA_VERSION = 3;

/** What a database says of itself. */
export interface Mark {
  readonly version: number;
  /** Epoch milliseconds; `undefined` unless a damaged database was set aside for this one. */
  readonly replacedAt: number | undefined;
}

/** Reads the mark; `undefined` if there is none, or one that no version ever wrote. */
export async function readMark(kv: Deno.Kv): Promise<Mark | undefined> {
  const [version, replacedAt] = await kv.getMany<[unknown, unknown]>([SCHEMA_KEY, REPLACED_KEY]);
  if (typeof version.value !== "number" || !Number.isSafeInteger(version.value) || version.value < 1) {
    return undefined;
  }
  return {
    version: version.value,
    replacedAt: typeof replacedAt.value === "number" ? replacedAt.value : undefined,
  };
}

/** Writes the mark in one step. */
export async function writeMark(kv: Deno.Kv, { version, replacedAt }: Mark): Promise<void> {
  const transaction = kv.atomic().set(SCHEMA_KEY, version);
  if (replacedAt !== undefined) transaction.set(REPLACED_KEY, replacedAt);
  await transaction.commit();
}
