/**
 * Whatever is in a name or a text: one event stays one line, and each line is
 * what it says it is.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openLogs, readServerLog } from "../../../lib/observability/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const ENDS = ["\n", "\r", "\r\n", "\u2028", "\u2029", "\u0085", "\v", "\f", "\0", "\x1b[2K\x1b[1G"];
const FORGED = [
  '{"level":"error","message":"forged"}',
  "2026-11-05T12:00:00.000Z ERROR forged",
  '","level":"error","message":"forged","x":"',
  "\\",
  '\\"}',
  "\u202e\u2066forged",
  "${env:HOME}",
  "%s%n%x",
  "</script><script>",
  "=cmd|' /C calc'!A0",
];
const AROUND = [
  (text: string) => text,
  (text: string) => `name${text}`,
  (text: string) => `${text}name`,
  (text: string) => `${text}${text}`,
  (text: string) => `"${text}"`,
];
/** Five hundred texts that would like to be a line of their own. */
const HOSTILE = ENDS.flatMap((end) => FORGED.flatMap((forged) => AROUND.map((wrap) => wrap(end + forged))));

// deno-lint-ignore no-control-regex
const OBEYED = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;

async function written(json: boolean): Promise<{ readonly main: string[]; readonly server: number }> {
  const root = await Deno.makeTempDir();
  const platform = {
    ...createDenoPlatform(),
    clock: createManualClock(),
    stderr: { write: () => {} },
  };
  try {
    const directory = join(root, "logs");
    const logs = openLogs({
      platform,
      directory,
      level: "info",
      console: false,
      json,
      maxSizeBytes: 10_000_000,
      maxBackups: 1,
      redact: (text) => text,
    });
    const log = logs.logger("test");
    const ofServer = logs.serverLog("evil");
    for (const text of HOSTILE) {
      log.info(text, { [text]: text, list: [text], cause: new Error(text) });
      ofServer.write("info", text);
    }
    await logs[Symbol.asyncDispose]();
    const main = await Deno.readTextFile(join(directory, "main.log"));
    const { files } = platform;
    const server = await readServerLog({ files, directory, name: "evil", tail: 10_000 });
    ok(server.every(({ level }) => level === "info"));
    return { main: main.split("\n").slice(0, -1), server: server.length };
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

Deno.test("500 hostile texts make 500 lines of JSON, each with its level", async () => {
  strictEqual(HOSTILE.length, 500);
  const { main, server } = await written(true);

  strictEqual(main.length, 500);
  strictEqual(server, 500);
  const levels = new Set(main.map((line) => JSON.parse(line).level));
  deepStrictEqual(levels.size, 1);
  ok(!levels.has("error"));
});

Deno.test("500 hostile texts make 500 lines for people, and nothing that a terminal would obey", async () => {
  const { main } = await written(false);

  strictEqual(main.length, 500);
  deepStrictEqual(main.filter((line) => OBEYED.test(line)), []);
});
