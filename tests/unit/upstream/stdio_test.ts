import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { UpstreamRpcError } from "../../../lib/upstream/mod.ts";
import { RICH_RESULT, TOOLS } from "../../support/fixtures/mcp_script.ts";
import { call, createMark, open, server, stdioServer } from "./fixture.ts";

const code = (wanted: string) => (error: unknown) => {
  strictEqual(error instanceof GatewayError ? error.code : error, wanted);
  return true;
};

const structured = (result: unknown) =>
  (result as { structuredContent: Record<string, unknown> }).structuredContent;

Deno.test("openUpstream() connects to a stdio server and leaves nothing of it", async () => {
  const mark = createMark();
  const opened = await open(stdioServer("banner"), { environment: mark.env });
  const { connection, heard } = opened;

  deepStrictEqual([connection.wire, connection.era, connection.protocolVersion], [
    "stdio",
    "legacy",
    "2025-11-25",
  ]);
  deepStrictEqual(connection.serverInfo, { name: "scripted", version: "1.0.0" });
  deepStrictEqual(connection.capabilities, { tools: { listChanged: true }, "vendor/thing": {} });
  strictEqual(connection.instructions, "Be kind");
  strictEqual(connection.pid, mark.survivors()[0]);
  deepStrictEqual(heard.lines, ["[stdout] Welcome to this fine server!"]);
  deepStrictEqual((await connection.listTools()).map(({ name }) => name), Object.keys(TOOLS));
  await connection.ping(5_000);

  await Promise.all([connection.close(), connection.close()]);
  await connection.close();

  deepStrictEqual(mark.survivors(), []);
  deepStrictEqual(heard.closed, []);
  await rejects(call(opened, "echo"), code("MCPX_UPSTREAM_CLOSED"));
});

Deno.test("UpstreamConnection over stdio passes everything on as it came", async (t) => {
  const mark = createMark();
  await using opened = await open(stdioServer(), {
    environment: mark.env,
    limits: { maxMessageBytes: 100_000 },
  });
  const { connection, heard } = opened;

  await t.step("results with unknown blocks and fields", async () => {
    deepStrictEqual(await call(opened, "rich"), RICH_RESULT);
    deepStrictEqual(await call(opened, "failing"), {
      content: [{ type: "text", text: "disk is full" }],
      isError: true,
    });
  });

  await t.step("arguments and _meta of the caller", async () => {
    const result = await connection.request("tools/call", {
      name: "echo",
      arguments: { deep: [{ ü: null }] },
      _meta: { trace: "abc" },
    });

    const { _meta, arguments: args } = structured(result);
    deepStrictEqual(args, { deep: [{ ü: null }] });
    strictEqual((_meta as { trace: string }).trace, "abc");
  });

  await t.step("errors of the server", async () => {
    await rejects(call(opened, "refusing"), (error) => {
      strictEqual(error instanceof UpstreamRpcError, true);
      const { code, message, data } = error as UpstreamRpcError;
      deepStrictEqual([code, message, data], [-32099, "Not today", { until: "tomorrow" }]);
      return true;
    });
    await rejects(call(opened, "empty"), code("MCPX_UPSTREAM_PROTOCOL"));
    await rejects(connection.request("no/such"), { code: -32601 });
  });

  await t.step("progress, though the result comes in the same write", async () => {
    const seen: unknown[] = [];
    await call(opened, "steps", { count: 50 }, { onProgress: ({ progress }) => seen.push(progress) });

    deepStrictEqual(seen, Array.from({ length: 50 }, (_, at) => at + 1));
  });

  await t.step("notifications", async () => {
    const before = (await connection.listTools()).length;
    await call(opened, "change");
    await heard.seen("notifications/tools/list_changed");

    strictEqual((await connection.listTools()).length, before + 1);
  });

  await t.step("nothing of the gateway's environment", async () => {
    const { MCP_TEST_MARK, MCPPROXY_CHILD, PATH, HOME, NO_COLOR, ...rest } = structured(
      await call(opened, "environment"),
    );

    strictEqual(MCP_TEST_MARK, mark.env.MCP_TEST_MARK);
    deepStrictEqual([typeof PATH, typeof HOME, NO_COLOR], ["string", "string", "1"]);
    match(String(MCPPROXY_CHILD), /^[0-9a-f-]{36}$/);
    deepStrictEqual(rest, {});
  });

  await t.step("all but the one message that is too large", async () => {
    const other = call(opened, "echo");
    await rejects(call(opened, "big", { bytes: 300_000 }), code("MCPX_UPSTREAM_MESSAGE_TOO_LARGE"));
    await other;
    const kept = await call(opened, "big", { bytes: 99_000 / 2 });

    strictEqual((kept as { content: { text: string }[] }).content[0]?.text.length, 49_500);
    match(heard.lines.join("\n"), /dropped a message of \d+ bytes/);
  });

  await t.step("lines that are no message go to the log", async () => {
    await call(opened, "junk");
    await heard.seen("[stdout] DEBUG: not a message");
  });

  await t.step("a flood on standard error blocks nothing", async () => {
    await call(opened, "noise", { lines: 5_000 });
    await heard.seen("noise 4999 ");
  });

  await t.step("a cancelled call is told to the server, and its late answer is ignored", async () => {
    const controller = new AbortController();
    const request = call(opened, "hanging", {}, { signal: controller.signal });
    await heard.seen("hanging ");
    controller.abort(new RangeError("enough"));

    await rejects(request, { name: "RangeError", message: "enough" });
    await heard.seen("cancelled ");
    await call(opened, "echo");
  });

  await t.step("a call without an answer ends by its own time", async () => {
    await rejects(call(opened, "hanging", {}, { timeoutMs: 1 }), code("MCPX_CALL_TIMEOUT"));
  });
});

Deno.test("UpstreamConnection reports a crash once, with the last words", async () => {
  const mark = createMark();
  const opened = await open(stdioServer("fork-grandchild"), { environment: mark.env });
  const { connection, heard } = opened;
  strictEqual(mark.survivors().length, 2);

  const calls = [call(opened, "hanging"), call(opened, "crash", { code: 7 })];

  for (const one of calls) await rejects(one, code("MCPX_STDIO_EXIT_NONZERO"));
  await rejects(call(opened, "echo"), code("MCPX_STDIO_EXIT_NONZERO"));
  await connection.close();
  strictEqual(heard.closed.length, 1);
  match(heard.closed[0]?.message ?? "", /ended with exit code 7; its last words: fatal: out of cheese$/);
  deepStrictEqual(mark.survivors(), []);
});

Deno.test("UpstreamConnection reports a killed process", async () => {
  const mark = createMark();
  const { connection, heard } = await open(stdioServer(), { environment: mark.env });

  Deno.kill(connection.pid ?? 0, "SIGKILL");
  await heard.seen("SIGKILL");

  strictEqual(heard.closed[0]?.code, "MCPX_STDIO_EXIT_NONZERO");
  await connection.close();
  deepStrictEqual(mark.survivors(), []);
});

Deno.test("UpstreamConnection ends what ignores SIGTERM, and its children", async () => {
  const mark = createMark();
  const { connection, heard } = await open(stdioServer("ignore-sigterm", "fork-grandchild"), {
    environment: mark.env,
    stopGraceMs: { stdin: 1, term: 1_000 },
  });
  strictEqual(mark.survivors().length, 2);

  await connection.close();

  deepStrictEqual(heard.lines, ["no"]);
  deepStrictEqual(mark.survivors(), []);
});

Deno.test("UpstreamConnection ends what has left the group for a session of its own", async () => {
  const mark = createMark();
  const script = `setsid sh -c 'trap "" TERM; sleep 300; :' & exec "$0" "$@"`;
  const { command, args } = stdioServer();
  const { connection, heard } = await open(
    server({ command: "sh", args: ["-c", script, command ?? "", ...args] }),
    { environment: mark.env, stopGraceMs: { stdin: 100, term: 100 } },
  );
  strictEqual(mark.survivors().length, 3);

  await connection.close();

  deepStrictEqual([mark.survivors(), heard.closed], [[], []]);
});
