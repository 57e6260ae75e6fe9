import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";
import { RICH_RESULT, TOOLS } from "../../support/fixtures/mcp_script.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { call, createMark, open, server, stdioServer } from "./fixture.ts";

const code = (wanted: string) => (error: unknown) => {
  strictEqual(error instanceof GatewayError ? error.code : error, wanted);
  return true;
};

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
  await rejects(open(stdioServer("modern", "supports=2030-01-01")), GatewayError);
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
  await rejects(circle.connection.listTools(), {
    code: "MCPX_UPSTREAM_PROTOCOL",
    message: /goes round in circles$/,
  });

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
