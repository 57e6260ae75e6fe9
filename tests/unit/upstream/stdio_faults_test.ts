import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { type Fault, faultd, type Script } from "../../support/faultd/mod.ts";
import { createMark, open as openServer, type Opened, type Overrides, server } from "./fixture.ts";

const BRIEF = { stdin: 100, term: 100 };

const code = (wanted: string) => (error: unknown) => {
  strictEqual(error instanceof GatewayError ? error.code : error, wanted);
  return true;
};

function open(script: Script, overrides: Overrides = {}): Promise<Opened> {
  return openServer(server(faultd(script)), { stopGraceMs: BRIEF, ...overrides });
}

/** Calls a tool of faultd; the faults are those of this call alone. */
function call({ connection }: Opened, ...faults: Fault[]): Promise<unknown> {
  return connection.request("tools/call", { name: "fault", arguments: { do: faults } });
}

function textOf(result: unknown): string {
  return (result as { content: { text: string }[] }).content[0]?.text ?? "";
}

Deno.test("UpstreamConnection finds 100 answers among 10,000 lines that are no messages", async () => {
  await using opened = await open({});

  for (let round = 0; round < 100; round++) {
    match(textOf(await call(opened, { kind: "garbage", lines: 100 })), /^fault:/);
  }

  const notes = opened.heard.lines.filter((line) => line.startsWith("[mcpproxy] 1"));
  deepStrictEqual(notes.map((line) => line.replace(/^\D+/, "")), [
    "10 lines of standard output were no MCP messages so far",
    "100 lines of standard output were no MCP messages so far",
    "1000 lines of standard output were no MCP messages so far",
    "10000 lines of standard output were no MCP messages so far",
  ]);
});

Deno.test("UpstreamConnection ends with a program that prints nothing but text any more", async () => {
  const mark = createMark();
  const opened = await open({}, { environment: mark.env });
  await call(opened, { kind: "garbage", lines: 999 });

  await rejects(call(opened, { kind: "garbage", lines: 1_001 }, { kind: "hang" }), (error) => {
    code("MCPX_UPSTREAM_PROTOCOL")(error);
    match((error as GatewayError).message, /more than 1000 lines in a row that are no MCP messages$/);
    return true;
  });

  deepStrictEqual(opened.heard.closed.map(({ code }) => code), ["MCPX_UPSTREAM_PROTOCOL"]);
  await opened.connection.close();
  deepStrictEqual(mark.survivors(), []);
  await rejects(
    open({ start: [{ kind: "garbage", lines: 1_001 }, { kind: "ignore", what: "SIGTERM" }] }, {
      environment: mark.env,
    }),
    code("MCPX_STDIO_HANDSHAKE_INVALID"),
  );
  deepStrictEqual(mark.survivors(), []);
});

Deno.test("UpstreamConnection takes answers in pieces of any size, and none that is cut off", async () => {
  const opened = await open({ rules: [{ on: "tools/list", do: { kind: "split", bytes: 1 } }] });
  strictEqual((await opened.connection.listTools()).length, 2);
  for (const bytes of [1, 2, 3, 7, 64]) {
    const result = { content: [{ type: "text", text: "Grüße, 世界 🚀" }] };
    const answer = await call(opened, { kind: "result", result }, { kind: "split", bytes });
    deepStrictEqual(answer, result);
  }

  await rejects(call(opened, { kind: "partial", bytes: 30, then: "close" }), code("MCPX_UPSTREAM_CLOSED"));

  await opened.connection.close();
});

Deno.test("UpstreamConnection loses one answer of 50 MB and nothing else", async () => {
  await using opened = await open({});
  const others = [1, 2, 3].map(() => call(opened, { kind: "delay", ms: 1 }));

  await rejects(
    call(opened, { kind: "size", bytes: 50 * 1024 * 1024 }),
    code("MCPX_UPSTREAM_MESSAGE_TOO_LARGE"),
  );

  for (const other of others) match(textOf(await other), /^fault:/);
  match(textOf(await call(opened)), /^fault:/);
  strictEqual(textOf(await call(opened, { kind: "size", bytes: 15 * 1024 * 1024 })).length, 15 * 1024 * 1024);
});

Deno.test("UpstreamConnection reads a flood on standard error and passes on little of it", async () => {
  await using opened = await open({});

  // The answer comes only after the program could write all of it.
  await call(opened, { kind: "stderr", lines: 300_000, bytes: 100 });
  await opened.heard.seen("299999 ");

  const { lines } = opened.heard;
  const leftOut = lines.flatMap((line) => /^\[mcpproxy\] left out (\d+) lines/.exec(line)?.[1] ?? []);
  ok(lines.length < 20_000, `${lines.length} lines`);
  strictEqual(
    leftOut.reduce((sum, count) => sum + Number(count), 0),
    300_000 + leftOut.length - lines.length,
  );
});

Deno.test("UpstreamConnection settles every call of a server that does not read", async () => {
  const mark = createMark();
  const opened = await open({}, { environment: mark.env });
  const { connection } = opened;
  await call(opened, { kind: "deaf" });
  const text = "x".repeat(3 * 1024 * 1024);
  const send = () => connection.request("tools/call", { name: "echo", arguments: { text } });
  const waiting = [send(), send()].map((one) => one.catch((error: GatewayError) => error.code));

  await rejects(send(), { code: "MCPX_UPSTREAM_CLOSED", message: /does not read its input$/ });
  Deno.kill(connection.pid ?? 0, "SIGKILL");

  deepStrictEqual(await Promise.all(waiting), ["MCPX_STDIO_EXIT_NONZERO", "MCPX_STDIO_EXIT_NONZERO"]);
  await connection.close();
  deepStrictEqual(mark.survivors(), []);
});

Deno.test("UpstreamConnection ends a server that will not go, with everything it has started", async () => {
  const mark = createMark();
  const opened = await open({
    start: [
      { kind: "ignore", what: "SIGTERM" },
      { kind: "ignore", what: "end" },
      { kind: "fork" },
      { kind: "fork", stubborn: true },
      { kind: "fork", stubborn: true, session: true },
    ],
  }, { environment: mark.env });
  await call(opened);
  // A shell takes a moment to start its sleeper; each look is a call to the server.
  for (let looks = 0; looks < 200 && mark.survivors().length < 7; looks++) await call(opened);
  strictEqual(mark.survivors().length, 7, "the server, and three shells with a sleeper each");

  await opened.connection.close();

  deepStrictEqual(mark.survivors(), []);
  deepStrictEqual(opened.heard.closed, []);
});

Deno.test("UpstreamConnection ends with its process though another holds the output open", async () => {
  const mark = createMark();
  const forks: Fault[] = [
    { kind: "fork", holdOutput: true, stubborn: true },
    { kind: "fork", holdOutput: true, stubborn: true, session: true },
  ];
  const opened = await open({}, { environment: mark.env, stopGraceMs: { stdin: 100, term: 5_000 } });

  await rejects(call(opened, ...forks, { kind: "exit", code: 3 }), code("MCPX_STDIO_EXIT_NONZERO"));

  strictEqual(mark.survivors().length, 4, "they are still being ended");
  await opened.connection.close();
  deepStrictEqual(mark.survivors(), []);
});

Deno.test("openUpstream() leaves nothing of an attempt that is given up", async () => {
  const mark = createMark();
  const controller = new AbortController();
  const opening = open({
    start: [
      { kind: "ignore", what: "SIGTERM" },
      { kind: "ignore", what: "end" },
      { kind: "fork", stubborn: true, session: true },
      { kind: "stderr" },
    ],
    rules: [{ on: "initialize", do: { kind: "hang" } }],
  }, {
    environment: mark.env,
    signal: controller.signal,
    onStderr: () => controller.abort(new RangeError("enough")),
  });

  await rejects(opening, { message: "enough" });

  deepStrictEqual(mark.survivors(), []);
});

Deno.test("UpstreamConnection takes the first answer to a request and no other", async () => {
  await using opened = await open({ tools: ["other"] });
  const { connection } = opened;

  match(textOf(await call(opened, { kind: "duplicate", times: 5 })), /^fault:/);
  const hung = connection.request("tools/call", { name: "fault", arguments: { do: [{ kind: "late" }] } }, {
    timeoutMs: 50,
  });
  await rejects(hung, code("MCPX_CALL_TIMEOUT"));
  for (const id of [null, "x", -1, 1e9, {}, [1]]) {
    await rejects(
      connection.request("tools/call", { name: "fault", arguments: { do: [{ kind: "id", id }] } }, {
        timeoutMs: 20,
      }),
      code("MCPX_CALL_TIMEOUT"),
    );
  }

  match(textOf(await connection.request("tools/call", { name: "other", arguments: {} })), /^other:/);
});

Deno.test("UpstreamConnection lives through storms, and lists without an end are refused", async () => {
  await using opened = await open({
    rules: [{ on: "tools/list", nth: [1, 50], do: { kind: "endless" } }],
  }, { limits: { maxPages: 50 } });

  await rejects(opened.connection.listTools(), code("MCPX_UPSTREAM_PROTOCOL"));
  await call(opened, { kind: "storm", times: 5_000 });

  strictEqual(opened.heard.notifications.length, 5_000);
  strictEqual((await opened.connection.listTools()).length, 2);
});

Deno.test("openUpstream() agrees with faultd of either revision", async () => {
  for (const [era, expected] of [["legacy", "legacy"], ["modern", "modern"]] as const) {
    await using opened = await open({ era });

    strictEqual(opened.connection.era, expected);
    match(textOf(await call(opened)), /^fault:/);
  }
});
