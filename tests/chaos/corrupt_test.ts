import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { Chance } from "./random.ts";
import { createChance, inRound, rounds, SEED } from "./random.ts";
import { CONSENTS, LISTS, TOOLS } from "./store_content.ts";
import type { Finding } from "./store_reader.ts";

const FILE = "mcpproxy.db";
const HERE = new URL(".", import.meta.url).pathname;

type Blow = (file: string, chance: Chance) => void | Promise<void>;

function patch(file: string, change: (bytes: Uint8Array) => Uint8Array | void): void {
  const bytes = Deno.readFileSync(file);
  Deno.writeFileSync(file, change(bytes) ?? bytes);
}

function noise(bytes: Uint8Array, chance: Chance): void {
  for (let at = 0; at < bytes.length; at++) bytes[at] = chance.below(256);
}

/** A part of the file that starts where a page does. */
function page(bytes: Uint8Array, chance: Chance): Uint8Array {
  const number = chance.below(Math.max(1, Math.floor(bytes.length / 4096)));
  return bytes.subarray(number * 4096, (number + 1) * 4096);
}

/** What can happen to one file. */
const BLOWS: Readonly<Record<string, Blow>> = {
  "one bit": (file, chance) =>
    patch(file, (bytes) => {
      const at = chance.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
    }),
  "sixty-four bits": (file, chance) =>
    patch(file, (bytes) => {
      for (let count = 0; count < 64; count++) {
        const at = chance.below(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8));
      }
    }),
  "noise in the middle": (file, chance) =>
    patch(file, (bytes) => {
      const at = chance.below(bytes.length);
      noise(bytes.subarray(at, at + 1 + chance.below(2000)), chance);
    }),
  "a page of noise": (file, chance) => patch(file, (bytes) => noise(page(bytes, chance), chance)),
  "a page of zeros": (file, chance) => patch(file, (bytes) => void page(bytes, chance).fill(0)),
  "a page of another": (file, chance) =>
    patch(file, (bytes) => page(bytes, chance).set(page(bytes, chance).slice())),
  // With these KV begins a table and its index, both empty: a check of the whole file finds nothing wrong.
  "a table's first page an index's": (file) =>
    patch(file, (bytes) => bytes.copyWithin(4 * 4096, 5 * 4096, 6 * 4096)),
  "an index's first page a table's": (file) =>
    patch(file, (bytes) => bytes.copyWithin(5 * 4096, 4 * 4096, 5 * 4096)),
  "zeros at the start": (file) => patch(file, (bytes) => void bytes.fill(0, 0, 100)),
  "noise at the start": (file, chance) => patch(file, (bytes) => noise(bytes.subarray(0, 100), chance)),
  "cut somewhere": (file, chance) => patch(file, (bytes) => bytes.slice(0, chance.below(bytes.length))),
  "cut at a page": (file, chance) =>
    patch(file, (bytes) => bytes.slice(0, 4096 * chance.below(Math.floor(bytes.length / 4096)))),
  "empty": (file) => patch(file, () => new Uint8Array()),
  "all noise": (file, chance) => patch(file, (bytes) => noise(bytes, chance)),
  "text": (file) => Deno.writeTextFileSync(file, "not a database ".repeat(5_000)),
  "gone": (file) => Deno.removeSync(file),
  "longer": (file, chance) =>
    patch(file, (bytes) => {
      const longer = new Uint8Array(bytes.length + 5_000);
      noise(longer, chance);
      longer.set(bytes);
      return longer;
    }),
  "open to all": (file) => Deno.chmodSync(file, 0o666),
  "closed to all": (file) => Deno.chmodSync(file, 0),
  "read-only": (file) => Deno.chmodSync(file, 0o400),
  "newer schema": async (file) => {
    if (!file.endsWith(FILE)) return;
    const kv = await Deno.openKv(file);
    await kv.set(["schema"], 99);
    kv.close();
  },
};

/** A file of the database, of one that was closed or of one whose writer was killed. */
const TARGETS = [
  { end: "close", suffix: "" },
  { end: "kill", suffix: "" },
  { end: "kill", suffix: "-wal" },
  { end: "kill", suffix: "-shm" },
] as const;

async function run(program: string, ...args: readonly string[]) {
  const { code, stdout, stderr, signal } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-q", "-A", join(HERE, program), ...args],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, signal, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

/** Damages a copy and starts twice on it. */
async function strike(
  source: string,
  target: { readonly suffix: string; readonly blow: Blow },
  chance: Chance,
) {
  const directory = await Deno.makeTempDir({ prefix: "mp-" });
  const path = join(directory, FILE);
  for (const { name } of Deno.readDirSync(source)) {
    Deno.copyFileSync(join(source, name), join(directory, name));
  }
  await target.blow(path + target.suffix, chance);
  const { code, stdout, stderr } = await run("store_reader.ts", path);
  const names = [...Deno.readDirSync(directory)].map(({ name }) => name);
  await Deno.remove(directory, { recursive: true });
  strictEqual(code, 0, `the process ended: ${stderr}`);
  const findings: Finding[] = stdout.trim().split("\n").map((line) => JSON.parse(line));
  return { findings, names };
}

type Outcome = "set aside" | "refused" | "unharmed";

/** Nothing is ever approved that was not, and nothing gone without a word. */
function judge([first, second]: readonly Finding[], names: readonly string[]): Outcome {
  ok(first !== undefined && second !== undefined);
  if (first.error !== undefined) {
    strictEqual(first.error.code, "MCPX_STORAGE_TOO_NEW", JSON.stringify(first.error));
    strictEqual(second.error?.code, "MCPX_STORAGE_TOO_NEW");
    match(first.error.message, /its schema is \d+, this version reads up to \d+$/);
    return "refused";
  }
  for (const { consents = {} } of [first, second]) {
    for (const [key, value] of Object.entries(CONSENTS)) {
      ok(consents[key] !== "approved" || value === "approved", `${key} was ${value}, is ${consents[key]}`);
    }
  }
  strictEqual(second.error, undefined);
  deepStrictEqual(second.notices.filter((text) => /set aside/.test(text)), [], "the second start is quiet");
  if (first.replacedAt === undefined) {
    ok(names.every((name) => !name.includes("corrupt")), names.join());
    demandWhole(first);
    return "unharmed";
  }
  deepStrictEqual([first.lists, first.tools], [0, 0]);
  ok(Object.values(first.consents ?? {}).every((value) => value === undefined));
  match(first.notices.join("\n"), /is damaged .* was set aside as .* counts as not approved/);
  deepStrictEqual([first.level, second.level], ["degraded", "degraded"]);
  match(second.summary ?? "", /was found damaged at/);
  deepStrictEqual([second.replacedAt, second.setAside], [first.replacedAt, first.setAside]);
  ok(names.some((name) => name.startsWith(`${FILE}.corrupt-`)), names.join());
  return "set aside";
}

/** A changed name or value may cost one entry; everything else is there. */
function demandWhole({ lists = 0, tools = 0, consents = {}, notices }: Finding): void {
  const unreadable = notices.filter((text) => /^Cannot read the stored tools/.test(text)).length;
  ok(lists + unreadable >= LISTS - 1, `${lists} lists and ${unreadable} told of`);
  ok(tools >= TOOLS - 1, `${tools} tools`);
  const kept = Object.keys(CONSENTS).filter((key) => consents[key] !== undefined).length;
  ok(kept >= Object.keys(CONSENTS).length - 1, `${kept} consents`);
}

Deno.test("a damaged database never ends the program, is never silently emptied, and never grants consent", async () => {
  const scratch = await Deno.makeTempDir({ prefix: "mp-" });
  const sources = { close: join(scratch, "close"), kill: join(scratch, "kill") };
  for (const [end, directory] of Object.entries(sources)) {
    Deno.mkdirSync(directory);
    await run("store_content.ts", join(directory, FILE), end);
  }
  const chance = createChance(SEED);
  // A file that was closed and is gone altogether is how a person starts anew.
  const all = TARGETS.flatMap((target) =>
    Object.entries(BLOWS).map(([name, blow]) => ({ ...target, name, blow }))
  )
    .filter(({ end, name }) => end !== "close" || name !== "gone");
  const outcomes: Record<Outcome, number> = { "set aside": 0, refused: 0, unharmed: 0 };
  const count = rounds({ short: all.length, long: 500 });
  for (let point = 0; point < count; point++) {
    const { end, suffix, name, blow } = all[point % all.length] ?? chance.pick(all);
    await inRound(`point ${point}, ${name}, database${suffix} after ${end}`, async () => {
      const { findings, names } = await strike(sources[end], { suffix, blow }, chance);
      outcomes[judge(findings, names)]++;
    });
  }
  await Deno.remove(scratch, { recursive: true });
  ok(
    outcomes.refused > 0 && outcomes.unharmed > 0 && outcomes["set aside"] > count / 4,
    JSON.stringify(outcomes),
  );
  console.log(`${count} damages: ${JSON.stringify(outcomes)}, 0 crashes, 0 silent losses`);
});
