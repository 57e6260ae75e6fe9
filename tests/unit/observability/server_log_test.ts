import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { followServerLog, openLogs, readServerLog } from "../../../lib/observability/mod.ts";
import { type Clock, createDenoPlatform, type Files } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

async function openFixture(maxSizeBytes = 1_000_000) {
  const directory = await Deno.makeTempDir();
  const clock = createManualClock(0);
  const platform = { ...createDenoPlatform(), clock };
  const logs = openLogs({
    platform,
    directory,
    level: "info",
    console: false,
    json: false,
    maxSizeBytes,
    maxBackups: 5,
    redact: (text) => text,
  });
  const log = logs.serverLog("srv");
  return {
    directory,
    files: platform.files,
    path: join(directory, "server-srv.log"),
    source: (tail: number) => ({ files: platform.files, directory, name: "srv", tail }),
    write(from: number, to: number) {
      for (let turn = from; turn <= to; turn++) log.write("info", `line ${turn}`);
    },
    async [Symbol.asyncDispose]() {
      await logs[Symbol.asyncDispose]();
      await Deno.remove(directory, { recursive: true });
    },
  };
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);

/** Time passes at once; only the waits asked for are kept. */
function createHurriedClock(waits: number[]): Clock {
  return {
    ...createManualClock(),
    after(delayMs, callback) {
      waits.push(delayMs);
      const timer = setTimeout(callback, 0);
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
  };
}

Deno.test("readServerLog() reads back time, level and message of the last lines", async () => {
  await using fixture = await openFixture();
  fixture.write(1, 5);

  const lines = await readServerLog(fixture.source(2));

  deepStrictEqual(lines, [
    { timestamp: "1970-01-01T00:00:00.000Z", level: "info", message: "line 4", server: "srv" },
    { timestamp: "1970-01-01T00:00:00.000Z", level: "info", message: "line 5", server: "srv" },
  ]);
  deepStrictEqual(await readServerLog({ ...fixture.source(9), name: "other" }), []);
  deepStrictEqual(await readServerLog({ ...fixture.source(9), name: "../server-srv" }), []);
});

Deno.test("readServerLog() goes back into renamed files when the current one is short", async () => {
  await using fixture = await openFixture(120);
  fixture.write(1, 14);
  const messages = async (tail: number) =>
    (await readServerLog(fixture.source(tail))).map(({ message }) => message);

  deepStrictEqual(await messages(7), range(8, 14));
  deepStrictEqual((await messages(1000)).at(-1), "line 14");
  await Deno.remove(fixture.path);
  ok((await messages(3)).length === 3, "a missing current file does not hide the others");
});

Deno.test("readServerLog() reads only the end of a big file", async () => {
  await using fixture = await openFixture();
  const line = `1970-01-01T00:00:00.000Z info ${"é".repeat(200)}\n`;
  await Deno.writeTextFile(fixture.path, line.repeat(20_000) + "torn li");
  let sizeBytes = 0;
  const files: Files = {
    ...fixture.files,
    async readPart(...given) {
      const part = await fixture.files.readPart(...given);
      sizeBytes += part?.bytes.length ?? 0;
      return part;
    },
  };

  const lines = await readServerLog({ ...fixture.source(300), files });

  strictEqual(lines.length, 300);
  ok(lines.every(({ message }) => message === "é".repeat(200)));
  ok(sizeBytes < 400_000, `read ${sizeBytes} bytes`);
  // The first window ends within a line, which must not count as one.
  for (let tail = 150; tail < 156; tail++) {
    const some = await readServerLog(fixture.source(tail));
    ok(some.length === tail && some.every(({ timestamp }) => timestamp !== ""));
  }
});

Deno.test("readServerLog() takes lines of another program as they are, made harmless", async () => {
  await using fixture = await openFixture();
  await Deno.writeTextFile(
    fixture.path,
    "plain \u001b[2Jtext\n\n2026-01-01T00:00:00.000Z shout x\n2026-01-01T00:00:00.000Z warn \u202ey\n",
  );

  deepStrictEqual(
    (await readServerLog(fixture.source(10))).map((
      { timestamp, level, message },
    ) => [timestamp, level, message]),
    [["", "info", "plain \\x1b[2Jtext"], ["", "info", "2026-01-01T00:00:00.000Z shout x"], [
      "2026-01-01T00:00:00.000Z",
      "warn",
      "\\u{202e}y",
    ]],
  );
});

Deno.test("followServerLog() yields the tail, then new lines across rotations, and ends on abort", async () => {
  await using fixture = await openFixture(120);
  fixture.write(1, 2);
  const waits: number[] = [];
  const abort = new AbortController();
  const follow = followServerLog({
    ...fixture.source(1),
    clock: createHurriedClock(waits),
    signal: abort.signal,
  });
  const messages: string[] = [];

  for await (const { message } of follow) {
    messages.push(message);
    if (message === "line 2") fixture.write(3, 3);
    if (message === "line 3") fixture.write(4, 11);
    if (message === "line 11") fixture.write(12, 12);
    if (message === "line 12") abort.abort();
  }

  deepStrictEqual(messages, range(2, 12));
  ok(waits.length >= 3 && waits.every((wait) => wait === 250), waits.join());
});

Deno.test("followServerLog() waits for a file that does not exist and for a line to be complete", async () => {
  await using fixture = await openFixture();
  const abort = new AbortController();
  let polls = 0;
  const clock: Clock = {
    ...createHurriedClock([]),
    after(_, callback) {
      if (++polls === 2) Deno.writeTextFileSync(fixture.path, "half");
      if (polls === 4) Deno.writeTextFileSync(fixture.path, " done\nnext", { append: true });
      if (polls === 6) abort.abort();
      const timer = setTimeout(callback, 0);
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
  };
  const messages: string[] = [];

  const follow = followServerLog({ ...fixture.source(0), clock, signal: abort.signal });
  for await (const { message } of follow) messages.push(message);

  deepStrictEqual(messages, ["half done"]);
});

Deno.test("followServerLog() with tail 0 yields only what is written from now on", async () => {
  await using fixture = await openFixture();
  fixture.write(1, 3);
  const abort = new AbortController();
  const clock: Clock = {
    ...createHurriedClock([]),
    after(_, callback) {
      fixture.write(4, 4);
      const timer = setTimeout(callback, 0);
      return { [Symbol.dispose]: () => clearTimeout(timer) };
    },
  };
  const follow = followServerLog({ ...fixture.source(0), clock, signal: abort.signal });

  const first = await follow.next();
  abort.abort();

  strictEqual(first.value?.message, "line 4");
  deepStrictEqual(await follow.next(), { value: undefined, done: true });
});
