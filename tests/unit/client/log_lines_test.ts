import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import type { ErrorCode, LogLine } from "../../../lib/contracts/mod.ts";
import { connectRemote } from "../../../lib/client/mod.ts";
import { readLogLines } from "../../../lib/client/log_lines.ts";
import type { RequestHandler } from "../../../lib/platform/mod.ts";
import { failure, hasCode, openDaemon, OPTIONS, platform, success } from "./client_fixture.ts";

Deno.test("readLogLines() joins lines that come in pieces", async () => {
  const line: LogLine = { timestamp: "t", level: "info", message: "é\u2028 1", server: "a" };
  const bytes = new TextEncoder().encode(`${JSON.stringify(line)}\n\n${JSON.stringify(line)}`);
  const stream = ReadableStream.from(Array.from(bytes, (byte) => Uint8Array.of(byte)));

  deepStrictEqual(await Array.fromAsync(readLogLines(stream)), [line, line]);
});

Deno.test("followLogs() yields lines as they come and ends with its signal", async () => {
  const first: LogLine = { timestamp: "t", level: "info", message: "é\u2028 1", server: "a" };
  const second = { ...first, message: "2" };
  const bytes = new TextEncoder().encode(`${JSON.stringify(first)}\n\n${JSON.stringify(second)}\n`);
  await using daemon = await openDaemon(() =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(bytes);
        },
      }),
      { headers: { "content-type": "application/x-ndjson; charset=utf-8" } },
    )
  );
  await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);
  const controller = new AbortController();
  const lines: LogLine[] = [];

  for await (const line of remote.followLogs({ name: "a", tail: 5 }, controller.signal)) {
    lines.push(line);
    if (lines.length === 2) controller.abort();
  }

  deepStrictEqual(lines, [first, second]);
  strictEqual(daemon.seen[0]?.path, "/api/v1/servers/a/logs?tail=5&follow=true");
});

Deno.test("followLogs() throws the daemon's error and lines that are none", async () => {
  const wrong = () => new Response("{}\n", { headers: { "content-type": "application/x-ndjson" } });
  const cases: [RequestHandler, ErrorCode, RegExp][] = [
    [failure(403, { success: false, code: "MCPX_FORBIDDEN", error: "No" }), "MCPX_FORBIDDEN", /^No$/],
    [success([]), "MCPX_INTERNAL", /status 200 with application\/json/],
    [wrong, "MCPX_INTERNAL", /no log line/],
  ];
  for (const [handler, code, text] of cases) {
    await using daemon = await openDaemon(handler);
    await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);
    const lines = remote.followLogs({ name: "a", tail: 5 }, new AbortController().signal);
    await rejects(Array.fromAsync(lines), hasCode(code, text));
  }
});
