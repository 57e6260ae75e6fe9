import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { serveScript } from "../../support/fixtures/mcp_http.ts";
import { RICH_RESULT, TOOLS } from "../../support/fixtures/mcp_script.ts";
import { call, open, server } from "./fixture.ts";

const code = (wanted: string) => (error: unknown) => {
  strictEqual(error instanceof GatewayError ? error.code : error, wanted);
  return true;
};

const WIRES = [
  { protocol: "streamable-http", behaviours: [] },
  { protocol: "streamable-http", behaviours: ["stream"] },
  { protocol: "sse", behaviours: ["sse-only"] },
] as const;

/** Serves nothing but the port, for what needs an address where nobody listens. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

for (const { protocol, behaviours } of WIRES) {
  const wire = [protocol, ...behaviours].join(" ");

  Deno.test(`UpstreamConnection over ${wire} passes everything on as it came`, async () => {
    await using http = serveScript(behaviours);
    await using opened = await open(server({ url: http.url, protocol }), {
      limits: { maxMessageBytes: 100_000 },
    });
    const { connection } = opened;

    deepStrictEqual([connection.wire, connection.era, connection.pid], [protocol, "legacy", undefined]);
    deepStrictEqual((await connection.listTools()).map(({ name }) => name), Object.keys(TOOLS));
    deepStrictEqual(await call(opened, "rich"), RICH_RESULT);
    const seen: unknown[] = [];
    await call(opened, "steps", { count: 50 }, { onProgress: ({ progress }) => seen.push(progress) });
    deepStrictEqual(seen, Array.from({ length: 50 }, (_, at) => at + 1));
    await rejects(call(opened, "refusing"), {
      code: -32099,
      message: "Not today",
      data: { until: "tomorrow" },
    });
    await connection.ping(5_000);
  });

  Deno.test(`UpstreamConnection over ${wire} fails only the call whose answer is too large`, async () => {
    await using http = serveScript(behaviours);
    await using opened = await open(server({ url: http.url, protocol }), {
      limits: { maxMessageBytes: 100_000 },
    });
    const other = call(opened, "echo");

    await rejects(call(opened, "big", { bytes: 300_000 }), code("MCPX_UPSTREAM_MESSAGE_TOO_LARGE"));

    await other;
    await call(opened, "big", { bytes: 40_000 });
    deepStrictEqual(opened.heard.closed, []);
  });

  Deno.test(`UpstreamConnection over ${wire} delivers notifications of the server`, async () => {
    await using http = serveScript(behaviours);
    await using opened = await open(server({ url: http.url, protocol }));
    await http.seen(/^stream 1$/);

    await call(opened, "change");

    await opened.heard.seen("notifications/tools/list_changed");
  });

  Deno.test(`UpstreamConnection over ${wire} reports a session that the server has forgotten, once`, async () => {
    await using http = serveScript(behaviours);
    await using opened = await open(server({ url: http.url, protocol }));
    await call(opened, "forget");

    await Promise.all([
      rejects(call(opened, "echo"), code("MCPX_UPSTREAM_CLOSED")),
      rejects(call(opened, "echo"), code("MCPX_UPSTREAM_CLOSED")),
    ]);

    await rejects(call(opened, "echo"), code("MCPX_UPSTREAM_CLOSED"));
    deepStrictEqual(opened.heard.closed.map(({ code }) => code), ["MCPX_UPSTREAM_CLOSED"]);
  });

  Deno.test(`UpstreamConnection over ${wire} reports a server that is gone`, async () => {
    const http = serveScript(behaviours);
    await using opened = await open(server({ url: http.url, protocol }));
    await http[Symbol.asyncDispose]();

    await rejects(call(opened, "echo"), GatewayError);

    await opened.heard.seen("MCPX_");
    strictEqual(opened.heard.closed.length, 1);
  });

  Deno.test(`openUpstream() over ${wire} names what the server answers instead`, async () => {
    const answers = [
      ["status=401", "MCPX_HTTP_401"],
      ["status=403", "MCPX_HTTP_403"],
      ["status=404", "MCPX_HTTP_404"],
      ["status=429", "MCPX_HTTP_4XX"],
      ["status=500", "MCPX_HTTP_5XX"],
      ["status=503", "MCPX_HTTP_5XX"],
      ["html", "MCPX_HTTP_HANDSHAKE_INVALID"],
    ] as const;
    for (const [behaviour, wanted] of answers) {
      await using http = serveScript([...behaviours, behaviour]);
      await rejects(open(server({ url: http.url, protocol })), code(wanted), behaviour);
    }
    await rejects(
      open(server({ url: `http://127.0.0.1:${freePort()}/`, protocol })),
      code("MCPX_HTTP_CONN_REFUSED"),
    );
    await rejects(open(server({ url: "http://nope.invalid/", protocol })), code("MCPX_HTTP_DNS_FAILED"));
  });

  Deno.test(`openUpstream() over ${wire} gives up in time, and when it is told to`, async () => {
    const behaviour = protocol === "sse" ? "slow-stream" : "hang-initialize";
    await using http = serveScript([...behaviours, behaviour]);
    const entry = server({ url: http.url, protocol });
    await rejects(open(entry, { timeoutMs: 50 }), code("MCPX_HTTP_TIMEOUT"));

    const controller = new AbortController();
    const opening = open(entry, { signal: controller.signal });
    controller.abort(new RangeError("enough"));

    await rejects(opening, { name: "RangeError", message: "enough" });
  });
}

Deno.test("openUpstream() falls back to SSE where the URL speaks only that", async () => {
  await using http = serveScript(["sse-only"]);
  await using opened = await open(server({ url: http.url }));

  strictEqual(opened.connection.wire, "sse");
  deepStrictEqual(await call(opened, "rich"), RICH_RESULT);
  strictEqual(http.log[0], "POST /mcp");
});

Deno.test("openUpstream() tells what Streamable HTTP met if SSE does no better", async () => {
  await using http = serveScript(["status=404"]);

  await rejects(open(server({ url: http.url })), code("MCPX_HTTP_404"));

  deepStrictEqual(http.log, ["POST /mcp", "GET /mcp"]);
});

Deno.test("openUpstream() tries no other wire where a server refuses the person", async () => {
  await using http = serveScript(["status=401"]);

  await rejects(open(server({ url: http.url })), code("MCPX_HTTP_401"));

  deepStrictEqual(http.log, ["POST /mcp"]);
});

Deno.test("openUpstream() refuses a URL or header that cannot be, without its value", async () => {
  await rejects(open(server({ url: "not a url", protocol: "http" })), code("MCPX_CONFIG_INVALID"));
  await rejects(
    open(server({ url: "http://127.0.0.1/", headers: { Authorization: "a\nsecret" } })),
    (error) => {
      code("MCPX_CONFIG_INVALID")(error);
      strictEqual((error as Error).message.includes("secret"), false);
      return true;
    },
  );
});

Deno.test("openUpstream() sends the headers of the server on both HTTP wires", async () => {
  for (const protocol of ["streamable-http", "sse"] as const) {
    const seen = new Set<string | null>();
    await using http = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ headers }) => {
      seen.add(headers.get("authorization"));
      return new Response("no", { status: 403 });
    });

    const url = `http://127.0.0.1:${http.addr.port}/`;
    await rejects(
      open(server({ url, protocol, headers: { Authorization: "Bearer t" } })),
      code("MCPX_HTTP_403"),
    );

    deepStrictEqual([...seen], ["Bearer t"]);
  }
});

Deno.test("openUpstream() names TLS that is none", async () => {
  await using http = serveScript([]);

  await rejects(
    open(server({ url: http.url.replace("http:", "https:") })),
    code("MCPX_HTTP_TLS_FAILED"),
  );
});

Deno.test("openUpstream() agrees with a server of the modern revision only", async () => {
  await using http = serveScript(["modern"]);
  await using opened = await open(server({ url: http.url }));
  const { connection } = opened;

  deepStrictEqual([connection.era, connection.protocolVersion], ["modern", "2026-07-28"]);
  deepStrictEqual(connection.serverInfo, { name: "scripted", version: "1.0.0" });
  deepStrictEqual(await call(opened, "rich"), RICH_RESULT);
  await rejects(connection.request("no/such"), { code: -32601 });
  await connection.ping(5_000);
  deepStrictEqual(opened.heard.closed, []);
});

Deno.test("openUpstream() agrees with the SDK's own server of the modern revision only", async () => {
  const handler = createMcpHandler(() => {
    const mcp = new McpServer({ name: "sdk", version: "2" });
    mcp.registerTool("hello", { description: "Greets" }, () => ({ content: [{ type: "text", text: "hi" }] }));
    return mcp;
  }, { legacy: "reject" });
  await using http = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => handler.fetch(request),
  );
  await using opened = await open(server({ url: `http://127.0.0.1:${http.addr.port}/mcp` }));
  const { connection } = opened;

  deepStrictEqual([connection.era, connection.serverInfo.name], ["modern", "sdk"]);
  deepStrictEqual((await connection.listTools()).map(({ name }) => name), ["hello"]);
  const { content } = await call(opened, "hello") as { content: unknown };
  deepStrictEqual(content, [{ type: "text", text: "hi" }]);
  await rejects(connection.request("no/such"), { code: -32601 });
  await connection.ping(5_000);
});
