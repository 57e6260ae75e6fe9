import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { join } from "node:path";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { type LogsOptions, openLogs } from "../../../lib/observability/mod.ts";
import { createDenoPlatform, type Files } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const NOON = Date.UTC(2026, 10, 5, 12);

async function openFixture(options: Partial<LogsOptions> = {}) {
  const root = await Deno.makeTempDir();
  const directory = join(root, "logs");
  const shown: string[] = [];
  const clock = createManualClock(NOON);
  const { files } = createDenoPlatform();
  const open = new Set<string>();
  let mostOpen = 0;
  const counted: Files = {
    ...files,
    openAppend(path, mode) {
      const file = files.openAppend(path, mode);
      mostOpen = Math.max(mostOpen, open.add(path).size);
      return {
        ...file,
        [Symbol.dispose]() {
          open.delete(path);
          file[Symbol.dispose]();
        },
      };
    },
  };
  const platform = { clock, files: counted, stderr: { write: (text: string) => void shown.push(text) } };
  const logs = openLogs({
    platform,
    directory,
    level: "info",
    console: true,
    json: false,
    maxSizeBytes: 1_000_000,
    maxBackups: 2,
    redact: (text) => text.replaceAll("hunter2", "***"),
    ...options,
  });
  return {
    logs,
    directory,
    shown,
    mostOpen: () => mostOpen,
    read: (name = "main.log") => Deno.readTextFile(join(directory, name)),
    async [Symbol.asyncDispose]() {
      await logs[Symbol.asyncDispose]();
      await Deno.remove(root, { recursive: true });
    },
  };
}

Deno.test("logger() writes one line for people to stderr and file", async () => {
  await using fixture = await openFixture();
  const { logs, shown, read } = fixture;

  logs.logger("runtime").info("server ready", {
    server: "github",
    attempt: 2,
    note: "two words",
    none: undefined,
  });
  logs.logger("runtime").debug("not wanted");

  const line =
    '2026-11-05T12:00:00.000Z INFO  runtime: server ready server=github attempt=2 note="two words"\n';
  deepStrictEqual(shown, [line]);
  strictEqual(await read(), line);
});

Deno.test("logger() writes JSON lines when asked to, and nothing to stderr when that is off", async () => {
  await using fixture = await openFixture({
    json: true,
    console: false,
    level: "trace",
    filename: "other.log",
  });

  fixture.logs.logger("http").trace("request", { status: 200, path: "/a\u001b[31m\u202e" });

  const text = await fixture.read("other.log");
  deepStrictEqual(fixture.shown, []);
  ok(text.includes("/a\\u001b[31m\\u202e"), text);
  deepStrictEqual(JSON.parse(text), {
    timestamp: "2026-11-05T12:00:00.000Z",
    level: "trace",
    room: "http",
    message: "request",
    fields: { status: 200, path: "/a\u001b[31m\u202e" },
  });
});

Deno.test("logger() takes secrets out of messages, keys, nested values and errors", async () => {
  await using fixture = await openFixture();
  const cause = new TypeError("no hunter2 here");

  fixture.logs.logger("calls").error("failed with hunter2", {
    hunter2: 1,
    nested: { list: ["x hunter2 y"] },
    error: new GatewayError("MCPX_INTERNAL", 'Cannot use "hunter2"', { cause }),
    url: new URL("http://h/?k=hunter2"),
  });

  const text = await fixture.read();
  ok(!text.includes("hunter2") && !fixture.shown.join().includes("hunter2"), text);
  match(text, /"code":"MCPX_INTERNAL","message":"Cannot use \\?"\*\*\*/);
  match(text, /TypeError: no \*\*\* here\\n/, "the stack of a foreign error is kept");
});

Deno.test("logger() keeps an event on one line and shows what a terminal would obey", async () => {
  await using fixture = await openFixture();

  fixture.logs.logger("upstream").warn("a\nb\u001b]0;title\u0007", {
    who: "x\r\ny",
    bidi: "a\u202eb",
    "k\n": 1,
  });

  const text = await fixture.read();
  strictEqual(text.split("\n").length, 2);
  ok(
    text.includes('a\\nb\\x1b]0;title\\x07 who="x\\r\\ny" bidi=a\\u{202e}b k\\n=1'),
    text,
  );
});

Deno.test("logger() survives values that cannot be shown and cuts those that are too big", async () => {
  await using fixture = await openFixture();
  const ring: Record<string, unknown> = {};
  ring.self = ring;
  const trap = {
    get value() {
      throw new Error("Trap");
    },
  };

  fixture.logs.logger("x").info("odd", {
    ring,
    trap,
    big: 10n,
    not: NaN,
    date: new Date(NaN),
    fn: Symbol("s"),
  });
  fixture.logs.logger("x").info("long", { text: "y".repeat(100_000), many: Array(1000).fill(0) });

  const text = await fixture.read();
  match(text, /\[deeper\].*trap="\[unreadable\]" big=10 not=NaN/);
  match(text, /… \(83616 more characters\)/);
  ok(text.length < 40_000);
});

Deno.test("openLogs() gives files 0600 and the directory 0700", async () => {
  await using fixture = await openFixture();

  fixture.logs.logger("x").info("event");
  fixture.logs.serverLog("git.hub").write("info", "line");

  const mode = async (...path: string[]) =>
    ((await Deno.stat(join(fixture.directory, ...path))).mode ?? 0) & 0o777;
  deepStrictEqual([await mode(), await mode("main.log"), await mode("server-git.hub.log")], [
    0o700,
    0o600,
    0o600,
  ]);
});

Deno.test("openLogs() closes a log file that others can read", async () => {
  await using fixture = await openFixture();
  await Deno.mkdir(fixture.directory);
  await Deno.writeTextFile(join(fixture.directory, "main.log"), "old\n", { mode: 0o644 });

  fixture.logs.logger("x").info("event");

  strictEqual(((await Deno.stat(join(fixture.directory, "main.log"))).mode ?? 0) & 0o777, 0o600);
  match(await fixture.read(), /^old\n.*event\n$/);
});

Deno.test("openLogs() counts what a file held before", async () => {
  await using fixture = await openFixture({ maxSizeBytes: 100 });
  await Deno.mkdir(fixture.directory);
  await Deno.writeTextFile(join(fixture.directory, "main.log"), `${"o".repeat(90)}\n`);

  fixture.logs.logger("x").info("event");

  match(await fixture.read("main.log.1"), /^o+\n$/);
  match(await fixture.read(), /event\n$/);
});

Deno.test("openLogs() renames a full file and keeps so many backups", async () => {
  await using fixture = await openFixture({ maxSizeBytes: 100, console: false });
  const log = fixture.logs.logger("x");

  for (let turn = 1; turn <= 9; turn++) log.info(`event ${turn}`);

  const names = [...Deno.readDirSync(fixture.directory)].map(({ name }) => name).sort();
  deepStrictEqual(names, ["main.log", "main.log.1", "main.log.2"]);
  match(await fixture.read(), /event 9\n$/);
  match(await fixture.read("main.log.1"), /event 7\n.*event 8\n$/);
  match(await fixture.read("main.log.2"), /event 5\n.*event 6\n$/);
});

Deno.test("openLogs() counts lines a failing file loses and says so when it works again", async () => {
  await using fixture = await openFixture({ console: false });
  await Deno.writeTextFile(fixture.directory, "a file where the directory should be");
  const log = fixture.logs.logger("x");

  log.info("first");
  log.info("second");
  strictEqual(fixture.shown.length, 1);
  match(fixture.shown[0] ?? "", /ERROR observability: log file not writable path=\S+main\.log error=/);

  await Deno.remove(fixture.directory);
  log.info("third");
  match(await fixture.read(), /log lines lost lost=2\n.*third\n$/);
});

Deno.test("two openLogs() in one process do not mix", async () => {
  await using one = await openFixture();
  await using two = await openFixture({ level: "error", json: true });

  one.logs.logger("x").info("one");
  two.logs.logger("x").error("two");

  ok(!(await one.read()).includes("two"));
  deepStrictEqual([one.shown.length, two.shown.length], [1, 1]);
});

Deno.test("serverLog() writes all levels without colours; many servers share few open files", async () => {
  await using fixture = await openFixture({ level: "error", file: false });

  for (let turn = 0; turn < 270; turn++) fixture.logs.serverLog(`s${turn}`).write("info", "start");
  const log = fixture.logs.serverLog("s0");
  log.write("trace", "\u001b[31mred\u001b[0m hunter2\nnext");

  deepStrictEqual(fixture.shown, []);
  ok(fixture.mostOpen() <= 257, `${fixture.mostOpen()} files were open at once`);
  strictEqual(
    await fixture.read("server-s0.log"),
    "2026-11-05T12:00:00.000Z info start\n2026-11-05T12:00:00.000Z trace red ***\\nnext\n",
  );
  throws(() => fixture.logs.serverLog("../x"), RangeError);
});

Deno.test("Logs writes to no file after it is disposed", async () => {
  await using fixture = await openFixture();
  const log = fixture.logs.logger("x");
  log.info("before");
  await fixture.logs[Symbol.asyncDispose]();

  log.info("after");

  strictEqual((await fixture.read()).split("\n").length, 2);
  strictEqual(fixture.shown.length, 2);
});

Deno.test("Logs.accessLog writes one line for each request, without what is secret in any part of it", async () => {
  await using fixture = await openFixture();
  const entry = {
    at: NOON,
    method: "POST",
    url: "http://127.0.0.1:8080/mcp",
    peer: "127.0.0.1",
    userAgent: "client/1",
    status: 200,
    tookMs: 1.23456,
    requestId: "r-1",
  };

  fixture.logs.accessLog?.write(entry);
  fixture.logs.accessLog?.write({ ...entry, userAgent: null, url: "http://127.0.0.1:8080/mcp?token=abc" });
  fixture.logs.accessLog?.write({ ...entry, userAgent: "hunter2 \u2028 é", requestId: "hunter2" });
  await fixture.logs[Symbol.asyncDispose]();

  deepStrictEqual((await fixture.read("http.log")).trim().split("\n"), [
    "2026-11-05T12:00:00.000Z INFO  http: request method=POST path=/mcp status=200 tookMs=1.235 peer=127.0.0.1 userAgent=client/1 requestId=r-1",
    '2026-11-05T12:00:00.000Z INFO  http: request method=POST path="/mcp?token=***" status=200 tookMs=1.235 peer=127.0.0.1 requestId=r-1',
    '2026-11-05T12:00:00.000Z INFO  http: request method=POST path=/mcp status=200 tookMs=1.235 peer=127.0.0.1 userAgent="*** \\u2028 é" requestId=***',
  ]);
});
