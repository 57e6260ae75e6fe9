import { deepStrictEqual, ok } from "node:assert/strict";
import { dirname, join } from "node:path";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { openStorage } from "../../lib/storage/mod.ts";
import { createChance, inRound, rounds, SEED } from "./random.ts";
import { printTimes } from "./times.ts";

const WRITER = new URL("store_writer.ts", import.meta.url).pathname;

interface Range {
  /** The last value that was acknowledged. */
  done: number;
  /** The last value that was asked for. */
  asked: number;
}

/** Lets a writer run until it has said so many lines, then kills it and notes what it has said. */
async function writeAndKill(
  path: string,
  ranges: Map<string, Range>,
  { first, lines }: { readonly first: number; readonly lines: number },
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", WRITER, path, `${first}`],
    stdout: "piped",
    stdin: "null",
  }).spawn();
  let rest = "";
  let seen = 0;
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const complete = (rest + text).split("\n");
    rest = complete.pop() ?? ""; // the kill may cut a line
    for (const line of complete) {
      note(line, ranges);
      if (++seen === lines) child.kill("SIGKILL");
    }
  }
  await child.status;
}

function note(line: string, ranges: Map<string, Range>): void {
  const [what, key = "", value] = line.split(" ");
  if (what === "notice") throw new Error(`The writer was told: ${line}`);
  if (what === "open") return;
  const range = ranges.get(key) ?? { done: -1, asked: -1 };
  ranges.set(key, what === "done" ? { ...range, done: Number(value) } : { ...range, asked: Number(value) });
}

Deno.test("a storage whose process is killed at any moment has kept all that it acknowledged", async () => {
  const directory = await Deno.makeTempDir({ prefix: "mp-" });
  const path = join(directory, "mcpproxy.db");
  const chance = createChance(SEED);
  const ranges = new Map<string, Range>();
  const times: number[] = [];
  const count = rounds({ short: 30, long: 500 });
  let highest = 0;
  for (let round = 0; round < count; round++) {
    await inRound(`round ${round}`, async () => {
      await writeAndKill(path, ranges, { first: highest + 1, lines: 1 + chance.below(250) });
      const notices: string[] = [];
      const startedAt = performance.now();
      await using storage = await openStorage(createDenoPlatform(), {
        path,
        onNotice: (text) => notices.push(text),
      });
      times.push(performance.now() - startedAt);
      deepStrictEqual(notices, []);
      const lists = await storage.catalogue.load();
      for (const [key, range] of ranges) {
        const found = key === "list"
          ? Number(lists.get(key)?.tools[0]?.name ?? -1)
          : (await storage.meta.get<{ value: number }>(key))?.value ?? -1;
        ok(
          range.done <= found && found <= range.asked,
          `${key} is ${found}, wanted ${range.done} to ${range.asked}`,
        );
        highest = Math.max(highest, range.asked);
        ranges.set(key, { done: found, asked: found });
      }
    });
    deepStrictEqual([...Deno.readDirSync(dirname(path))].map(({ name }) => name), ["mcpproxy.db"]);
  }
  await Deno.remove(directory, { recursive: true });
  printTimes(`${count} kills of a writer, ${highest} values, 0 lost; opening`, times);
});
