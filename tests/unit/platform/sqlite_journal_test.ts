import { strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { isJournalSound } from "../../../lib/platform/sqlite_journal.ts";

interface Files {
  readonly path: string;
  readonly journal: Uint8Array;
  readonly index: Uint8Array;
}

/** Copies the files of a database while it is open, as they are when its process is killed. */
async function killed(directory: string): Promise<Files> {
  const live = join(directory, "live.db");
  const path = join(directory, "killed.db");
  const kv = await Deno.openKv(live);
  for (let key = 0; key < 40; key++) await kv.set(["key", key], "x".repeat(key * 200));
  for (const suffix of ["", "-wal", "-shm"]) Deno.copyFileSync(live + suffix, path + suffix);
  kv.close();
  return { path, journal: Deno.readFileSync(`${path}-wal`), index: Deno.readFileSync(`${path}-shm`) };
}

async function withKilled(run: (files: Files) => void | Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await run(await killed(directory));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice();
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

Deno.test("isJournalSound() sees every damage to what was committed", () =>
  withKilled(({ journal, index }) => {
    strictEqual(isJournalSound(journal, index), true);

    for (let at = 0; at < journal.length; at += 1_009) {
      strictEqual(isJournalSound(flipped(journal, at), index), false, `byte ${at}`);
    }
    strictEqual(isJournalSound(journal.subarray(0, journal.length - 1), index), false, "one byte short");
    strictEqual(isJournalSound(new Uint8Array(), index), false, "empty");
    strictEqual(isJournalSound(undefined, index), false, "gone");
    strictEqual(isJournalSound(journal.slice().fill(0, 0, 32), index), false, "zeros at the start");
    strictEqual(isJournalSound(journal.slice().fill(7, 16, 24), index), false, "a header of another journal");
  }));

Deno.test("isJournalSound() is content with what a kill or a power cut leaves", () =>
  withKilled(({ journal, index }) => {
    const torn = new Uint8Array(journal.length + 3_000);
    torn.set(journal);
    strictEqual(isJournalSound(torn, index), true, "a frame that was being written");
    strictEqual(isJournalSound(undefined, undefined), true, "a closed database");
    strictEqual(isJournalSound(journal, undefined), true, "no index to compare with");
    strictEqual(isJournalSound(journal, flipped(index, 20)), true, "an index whose copies differ");
    strictEqual(isJournalSound(journal, index.subarray(0, 50)), true, "half an index");
  }));

Deno.test("KeyValues.isSound() looks at file, journal and tables", () =>
  withKilled(async ({ path, journal }) => {
    const { keyValues } = createDenoPlatform();
    strictEqual(await keyValues.isSound(`${path}.none`), true);

    Deno.writeFileSync(`${path}-wal`, journal.subarray(0, journal.length / 2));
    strictEqual(await keyValues.isSound(path), false, "half a journal");

    Deno.writeFileSync(`${path}-wal`, journal);
    strictEqual(await keyValues.isSound(path), true);
  }));

Deno.test("KeyValues.copy() writes a store and its journal into one file", () =>
  withKilled(async ({ path }) => {
    const { keyValues } = createDenoPlatform();

    await keyValues.copy(path, `${path}.copy`);

    const kv = await keyValues.open(`${path}.copy`);
    const { value } = await kv.get<string>(["key", 39]);
    kv.close();
    strictEqual(value?.length, 39 * 200);
  }));
