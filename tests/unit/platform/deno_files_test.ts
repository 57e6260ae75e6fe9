import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { createDenoPlatform, isDiskFull } from "../../../lib/platform/mod.ts";

const { files } = createDenoPlatform();

async function withDirectory(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await run(directory);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

/** The id of a process that has ended. */
async function deadPid(): Promise<number> {
  const child = new Deno.Command("true").spawn();
  await child.status;
  return child.pid;
}

Deno.test("Files.writeAtomic() clears away what dead writers of the same file have left", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "config.json");
    const dead = await deadPid();
    // Process 1 lives as long as the system does.
    const kept = [
      "config.json.tmp.1-7",
      "config.json.tmp.notes",
      "config.json.tmp",
      `other.json.tmp.${dead}-7`,
    ];
    const left = [`config.json.tmp.${dead}-7`, `config.json.tmp.${Deno.pid}-7`];
    for (const name of [...kept, ...left]) Deno.writeTextFileSync(join(directory, name), "half");

    await files.writeAtomic(path, "whole", 0o600);

    deepStrictEqual(await files.list(directory), ["config.json", ...kept].sort());
    strictEqual(await files.readText(path), "whole");
  }));

Deno.test("Files.writeAtomic() lets several writers of one file finish", () =>
  withDirectory(async (directory) => {
    const path = join(directory, "file");
    const texts = Array.from({ length: 20 }, (_, number) => `${number}`.repeat(10_000));

    await Promise.all(texts.map((text) => files.writeAtomic(path, text, 0o600)));

    deepStrictEqual(await files.list(directory), ["file"]);
    strictEqual(texts.includes(await files.readText(path) ?? ""), true);
  }));

Deno.test("Files.sweep() is content where there is nothing to sweep", () =>
  withDirectory(async (directory) => {
    await files.sweep(join(directory, "none", "file"));
    await rejects(files.writeAtomic(join(directory, "none", "file"), "", 0o600), Deno.errors.NotFound);
  }));

Deno.test("isDiskFull() knows the words of the system and of the database", () => {
  for (const words of ["No space left on device (os error 28)", "database or disk is full"]) {
    strictEqual(isDiskFull(new Error(words)), true, words);
  }
  strictEqual(isDiskFull(new Deno.errors.PermissionDenied("Permission denied (os error 13)")), false);
  strictEqual(isDiskFull("disk is full"), false);
});
