import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type LogsOptions, openLogs, readServerLog } from "../../../lib/observability/mod.ts";
import { createDenoPlatform, type Files } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const NOON = Date.UTC(2026, 10, 5, 12);
const DAY_MS = 86_400_000;

/** Rolls at 100 bytes, which is after each second line. */
async function openFixture(
  options: Partial<LogsOptions> = {},
  seams: (files: Files) => Partial<Files> = () => ({}),
) {
  const directory = await Deno.makeTempDir();
  const clock = createManualClock(NOON);
  const shown: string[] = [];
  const { files } = createDenoPlatform();
  let passes = 0;
  const watched: Files = {
    ...files,
    ...seams(files),
    list: (path) => {
      passes++;
      return files.list(path);
    },
  };
  const logs = openLogs({
    platform: { clock, files: watched, stderr: { write: (text) => void shown.push(text) } },
    directory,
    level: "info",
    console: false,
    json: false,
    maxSizeBytes: 100,
    maxBackups: 3,
    redact: (text) => text,
    ...options,
  });
  return {
    logs,
    clock,
    directory,
    shown,
    files,
    path: (name: string) => join(directory, name),
    names: () => [...Deno.readDirSync(directory)].map(({ name }) => name).sort(),
    async write(name: string, text: string, at = NOON) {
      await Deno.writeTextFile(join(directory, name), text);
      await Deno.utime(join(directory, name), new Date(at), new Date(at));
    },
    passes: () => passes,
    /** Lets the time pass after which a pass is due, until `isDone`. */
    async pass(isDone: () => boolean) {
      clock.advance(2_000);
      for (let look = 0; look < 20_000 && !isDone(); look++) {
        await files.stat(directory);
        if (clock.pending > 1) clock.advance(2_000); // a pass was under way
      }
      ok(isDone(), [...Deno.readDirSync(directory)].map(({ name }) => name).join());
    },
    async [Symbol.asyncDispose]() {
      await logs[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

async function unpacked(path: string): Promise<string> {
  const file = await Deno.open(path);
  return await new Response(file.readable.pipeThrough(new DecompressionStream("gzip"))).text();
}

Deno.test("LogKeeper compresses renamed files of all logs, for their owner only", async () => {
  await using fixture = await openFixture({ compress: true });
  const { logs, names, path } = fixture;
  const packed = ["http.log.1.gz", "main.log.1.gz", "server-a.log.1.gz"];
  await fixture.write("http.log.1", "GET\n");

  for (let turn = 1; turn <= 3; turn++) {
    logs.logger("x").info(`event ${turn}`);
    logs.serverLog("a").write("info", `line ${turn} ${"-".repeat(5)}`);
  }
  ok(names().includes("main.log.1"), "a log call waits for nothing");
  await fixture.pass(() => names().filter((name) => /\.\d/.test(name)).join() === packed.join());

  match(await unpacked(path("main.log.1.gz")), /event 1\n.*event 2\n$/);
  strictEqual(await unpacked(path("http.log.1.gz")), "GET\n");
  for (const name of packed) strictEqual((Deno.statSync(path(name)).mode ?? 0) & 0o777, 0o600);
  strictEqual(Deno.statSync(path("http.log.1.gz")).mtime?.getTime(), NOON);
  deepStrictEqual(fixture.shown, []);
});

Deno.test("LogKeeper removes renamed files past their age and nothing else", async () => {
  await using fixture = await openFixture({ maxAgeMs: 30 * DAY_MS });
  const old = NOON - 30 * DAY_MS;
  for (const name of ["main.log.2", "main.log.3.gz", "http.log.1", "server-gone.log.1.gz"]) {
    await fixture.write(name, "old", old);
  }
  const kept = ["main.log", "main.log.x", "notes.1", "other.log.1", "server-gone.log"];
  for (const name of kept) await fixture.write(name, "", old);
  await fixture.write("main.log.1", "young", old + 60_000);

  fixture.logs.logger("x").info("event");
  await fixture.pass(() => fixture.names().length <= kept.length + 1);

  deepStrictEqual(fixture.names(), [...kept, "main.log.1"].sort());
});

Deno.test("LogKeeper looks again every hour, though nothing is renamed", async () => {
  await using fixture = await openFixture({ maxAgeMs: DAY_MS });
  await fixture.write("main.log.1", "text", NOON - DAY_MS + 3_000_000);
  fixture.logs.logger("x").info("event");
  await fixture.pass(() => fixture.passes() === 1);
  deepStrictEqual(fixture.names(), ["main.log", "main.log.1"]);

  fixture.clock.advance(3_600_000);
  await fixture.pass(() => !fixture.names().includes("main.log.1"));

  deepStrictEqual(fixture.names(), ["main.log"]);
});

Deno.test("LogKeeper replaces what a crash left half-way", async () => {
  await using fixture = await openFixture({ compress: true });
  await fixture.write("main.log.1", "whole\n");
  await fixture.write("main.log.1.gz", "\u001f half");
  await fixture.write("main.log.2.gz.tmp.999999999-7", "half");

  fixture.logs.logger("x").info("event");
  await fixture.pass(() => fixture.names().join() === "main.log,main.log.1.gz");

  strictEqual(await unpacked(fixture.path("main.log.1.gz")), "whole\n");
});

Deno.test("LogKeeper leaves a file alone that is renamed while it is compressed", async () => {
  const done = Promise.withResolvers<boolean>();
  const rolled = Promise.withResolvers<string>();
  await using fixture = await openFixture({ compress: true }, (files) => ({
    async compress(path, options) {
      const packing = files.compress(path, options);
      files.rotate(path.replace(/\.1$/, ""), 3);
      rolled.resolve(path);
      done.resolve(await packing);
      return false;
    },
  }));
  await fixture.write("http.log", "next\n");
  await fixture.write("http.log.1", "first\n");

  fixture.logs.logger("x").info("event");
  fixture.clock.advance(2_000);
  await rolled.promise;

  strictEqual(await done.promise, false);
  deepStrictEqual(fixture.names(), ["http.log.1", "http.log.2", "main.log"]);
});

Deno.test("LogKeeper says once that it fails, and keeps the file", async () => {
  let tries = 0;
  await using fixture = await openFixture({ compress: true }, () => ({
    compress: () => Promise.reject(new Error(`disk full ${++tries}`)),
  }));
  await fixture.write("main.log.1", "text");
  fixture.logs.logger("x").info("event");
  await fixture.pass(() => tries === 1);

  fixture.clock.advance(3_600_000);
  await fixture.pass(() => tries === 2);

  strictEqual(fixture.shown.length, 1);
  match(fixture.shown[0] ?? "", /old log file not tended path=\S+main\.log\.1 .*disk full 1/);
  strictEqual(await Deno.readTextFile(fixture.path("main.log.1")), "text");
});

Deno.test("rotate() moves compressed files on, and the last one goes", async () => {
  await using fixture = await openFixture();
  for (const name of ["a", "a.1", "a.2.gz", "a.3.gz"]) await fixture.write(name, name);

  fixture.files.rotate(fixture.path("a"), 3);
  deepStrictEqual(fixture.names(), ["a.1", "a.2", "a.3.gz"]);
  strictEqual(await Deno.readTextFile(fixture.path("a.3.gz")), "a.2.gz");

  fixture.files.rotate(fixture.path("a"), 3);
  deepStrictEqual(fixture.names(), ["a.2", "a.3"]);
});

Deno.test("readServerLog() reads compressed files too", async () => {
  await using fixture = await openFixture({ compress: true });
  const { logs, files, directory } = fixture;
  for (let turn = 1; turn <= 5; turn++) logs.serverLog("a").write("info", `line ${turn} ${"-".repeat(5)}`);
  await fixture.pass(() => fixture.names().join() === "server-a.log,server-a.log.1.gz,server-a.log.2.gz");

  const read = await readServerLog({ files, directory, name: "a", tail: 4 });

  deepStrictEqual(read.map(({ message }) => message.slice(0, 6)), ["line 2", "line 3", "line 4", "line 5"]);
});
