import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";
import { UpstreamRpcError } from "../../../lib/upstream/mod.ts";
import { RICH_RESULT, TOOLS } from "../../support/fixtures/mcp_script.ts";
import { createManualClock } from "../../support/manual_clock.ts";
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
    const { MCP_TEST_MARK, PATH, HOME, NO_COLOR, ...rest } = structured(await call(opened, "environment"));

    strictEqual(MCP_TEST_MARK, mark.env.MCP_TEST_MARK);
    deepStrictEqual([typeof PATH, typeof HOME, NO_COLOR], ["string", "string", "1"]);
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

Deno.test("UpstreamConnection does not wait for a process that left the group", async () => {
  const mark = createMark();
  const script = `setsid sleep 300 & exec "$0" "$@"`;
  const { command, args } = stdioServer();
  const { connection, heard } = await open(
    server({ command: "sh", args: ["-c", script, command ?? "", ...args] }),
    {
      environment: mark.env,
      stopGraceMs: { stdin: 2_000, term: 2_000 },
    },
  );

  await connection.close();

  const [left, ...others] = mark.survivors();
  deepStrictEqual([typeof left, others, heard.closed], ["number", [], []]);
  Deno.kill(left ?? 0, "SIGKILL");
});

Deno.test("openUpstream() drains standard error from the start", async () => {
  await using opened = await open(stdioServer("flood-stderr=3000"));

  await opened.heard.seen("flood 2999 ");
});

Deno.test("openUpstream() gives up a server that does not read, and one that does not answer", async () => {
  const mark = createMark();
  for (const behaviour of ["deaf", "hang-initialize"]) {
    await rejects(
      open(stdioServer(behaviour, "fork-grandchild"), {
        environment: mark.env,
        timeoutMs: 300,
        stopGraceMs: { stdin: 50, term: 2_000 },
      }),
      code("MCPX_STDIO_HANDSHAKE_TIMEOUT"),
    );
    deepStrictEqual(mark.survivors(), []);
  }
});

Deno.test("openUpstream() leaves no process of a cancelled attempt", async () => {
  const mark = createMark();
  const controller = new AbortController();
  const opening = open(stdioServer("hang-initialize", "fork-grandchild", "flood-stderr=1"), {
    environment: mark.env,
    signal: controller.signal,
    stopGraceMs: { stdin: 50, term: 2_000 },
    onStderr: () => controller.abort(new RangeError("enough")),
  });

  await rejects(opening, { name: "RangeError", message: "enough" });

  deepStrictEqual(mark.survivors(), []);
  await rejects(open(stdioServer(), { signal: controller.signal, environment: mark.env }), {
    message: "enough",
  });
  deepStrictEqual(mark.survivors(), []);
});

Deno.test("openUpstream() says that a program prints text instead of messages", async () => {
  const mark = createMark();
  const clock = createManualClock();
  const onStderr = () => clock.advance(20_000);

  await rejects(
    open(stdioServer("garbage"), { clock, onStderr, environment: mark.env }),
    code("MCPX_STDIO_HANDSHAKE_INVALID"),
  );
  await rejects(
    open(server({ command: "echo", args: ["hello"] }), { environment: mark.env }),
    code("MCPX_STDIO_HANDSHAKE_INVALID"),
  );
  deepStrictEqual(mark.survivors(), []);
});

Deno.test("openUpstream() tells an early end by its exit code and last words", async () => {
  const mark = createMark();

  await rejects(open(stdioServer("exit-before-initialize=3"), { environment: mark.env }), (error) => {
    code("MCPX_STDIO_EXIT_BEFORE_INITIALIZE")(error);
    const { message, details } = error as GatewayError;
    match(message, /ended with exit code 3 before it answered; its last words: fatal: no token$/);
    deepStrictEqual([details.exit_code, details.stderr], [3, ["fatal: no token"]]);
    return true;
  });
  // It may be gone before anything could be written to it.
  for (let round = 0; round < 20; round++) {
    await rejects(
      open(server({ command: "sh", args: ["-c", "exec 0<&-; exit 4"] })),
      code("MCPX_STDIO_EXIT_BEFORE_INITIALIZE"),
    );
  }
  deepStrictEqual(mark.survivors(), []);
});

Deno.test("openUpstream() names what keeps a program from starting", async () => {
  const file = await Deno.makeTempFile();
  try {
    await rejects(open(server({ command: "no-such-program" })), code("MCPX_STDIO_SPAWN_ENOENT"));
    await rejects(open(server({ command: file })), code("MCPX_STDIO_SPAWN_EACCES"));
    await rejects(open(server({ command: "echo" }), { cwd: "/no/such" }), code("MCPX_CONFIG_INVALID"));
    await rejects(open(server({ command: "echo" }), { cwd: file }), code("MCPX_CONFIG_INVALID"));
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("openUpstream() refuses a revision it does not know", async () => {
  await rejects(open(stdioServer("revision=2030-01-01")), code("MCPX_UPSTREAM_PROTOCOL"));
});

Deno.test("openUpstream() agrees with a server of the modern revision over stdio", async () => {
  await using opened = await open(stdioServer("modern"));
  const { connection } = opened;

  deepStrictEqual([connection.era, connection.protocolVersion], ["modern", "2026-07-28"]);
  deepStrictEqual(connection.serverInfo, { name: "scripted", version: "1.0.0" });
  deepStrictEqual(await call(opened, "rich"), RICH_RESULT);
  await connection.ping(5_000);
});

Deno.test("UpstreamConnection.listTools() takes all pages and leaves out what is no tool", async () => {
  await using opened = await open(stdioServer("paged=4", "malformed-tool"));

  const tools = await opened.connection.listTools();

  deepStrictEqual(tools.map(({ name }) => name), Object.keys(TOOLS));
  deepStrictEqual(tools[0]?.["vendor.field"], ["echo"]);
  match(opened.heard.lines.join("\n"), /left out a tool of the list: .*"broken"/);
});

Deno.test("UpstreamConnection.listTools() refuses a list without an end, or one that is too long", async () => {
  await using circle = await open(stdioServer("paged=4", "circle"), { limits: { maxPages: 50 } });
  await rejects(circle.connection.listTools(), code("MCPX_UPSTREAM_PROTOCOL"));

  await using long = await open(stdioServer("paged=1"), { limits: { maxPages: 5 } });
  await rejects(long.connection.listTools(), code("MCPX_UPSTREAM_PROTOCOL"));

  await using none = await open(stdioServer("no-tools"));
  deepStrictEqual(await none.connection.listTools(), []);
});

Deno.test("UpstreamConnection survives listeners that throw", async () => {
  const platform: Platform = createDenoPlatform();
  await using opened = await open(stdioServer("flood-stderr=2"), {
    platform,
    onStderr() {
      throw new Error("listener");
    },
  });

  await call(opened, "noise", { lines: 3 });
  await call(opened, "echo");
});
