import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { Gateway } from "../../mod.ts";
import { openTestGateway, openWorkspace, waitForStatus } from "../support/workspace.ts";

type Json = Record<string, unknown>;

const HEADERS = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** A legacy server without sessions; `answer` gives the JSON text of a call's result. */
function serve(answer: (params: Json) => string | Promise<string>) {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method, params = {} } = await request.json() as {
      id?: unknown;
      method: string;
      params?: Json;
    };
    if (id === undefined) return new Response(null, { status: 202 });
    const say = (result: string) =>
      new Response(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${result}}`, {
        headers: { "content-type": "application/json" },
      });
    switch (method) {
      case "initialize":
        return say(
          '{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"}}',
        );
      case "tools/list":
        return say(
          '{"tools":[{"name":"t","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]}',
        );
      case "tools/call":
        return say(await answer(params));
      default:
        return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } });
    }
  });
  return { url: `http://127.0.0.1:${server.addr.port}/mcp`, [Symbol.asyncDispose]: () => server.shutdown() };
}

async function openBehind(url: string) {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await openWorkspace({ mcpServers: [{ name: "s", url, quarantined: false }] }));
  const gateway = stack.use(await openTestGateway(workspace));
  await waitForStatus(gateway, "s", "ready");
  const owned = stack.move();
  return { gateway, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function post(gateway: Gateway, path: string, body: string, session?: string): Promise<Response> {
  return await fetch(new URL(path, gateway.mcpUrl), {
    method: "POST",
    headers: {
      ...HEADERS,
      "x-api-key": gateway.apiKey,
      ...(session === undefined ? {} : { "mcp-session-id": session }),
    },
    body,
  });
}

async function openSession(gateway: Gateway, path: string): Promise<string> {
  const params = { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "c", version: "1" } };
  const response = await post(
    gateway,
    path,
    JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params }),
  );
  await response.body?.cancel();
  return response.headers.get("mcp-session-id") ?? "";
}

Deno.test("messages come out of the gateway as they went in, whatever is in them", async () => {
  let result = "{}";
  let got: Json = {};
  await using server = serve((params) => {
    got = params;
    return result;
  });
  await using opened = await openBehind(server.url);
  const { gateway } = opened;
  const session = await openSession(gateway, "/mcp/s/s");
  const number = fc.oneof(
    fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.constantFrom("1e400", "0.1000000000000000055511", "1E-400"),
  );
  const leaf = fc.oneof(
    number,
    fc.string({ unit: "grapheme" }).map((text) => JSON.stringify(text)),
    fc.constantFrom("true", "null"),
  );
  const { tree } = fc.letrec<{ tree: string }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      leaf,
      fc.array(tie("tree"), { maxLength: 4 }).map((items) => `[${items.join(",")}]`),
      fc.dictionary(fc.string(), tie("tree"), { maxKeys: 4 }).map(toObject),
    ),
  }));
  const object = fc.dictionary(
    fc.string().filter((key) => key !== "resultType" && key !== "_meta"),
    tree,
    { maxKeys: 5 },
  ).map(toObject);
  await fc.assert(
    fc.asyncProperty(object, object, async (args, answer) => {
      result = `{"content":[{"type":"x-new","x":${answer}}],"x-extra":${answer}}`;
      const body =
        `{"jsonrpc":"2.0","id":12345678901234567890,"method":"tools/call","params":{"name":"t","arguments":${args},"x-more":[1]}}`;
      const text = await (await post(gateway, "/mcp/s/s", body, session)).text();
      strictEqual(text, `{"jsonrpc":"2.0","id":12345678901234567890,"result":${normal(result)}}`);
      deepStrictEqual(got.arguments, JSON.parse(args));
      deepStrictEqual(got["x-more"], [1]);
    }),
    { numRuns: 300 },
  );
});

function toObject(entries: Record<string, string>): string {
  return `{${Object.entries(entries).map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(",")}}`;
}

/** The same text with keys in the order in which JavaScript keeps them; numbers keep their digits. */
function normal(text: string): string {
  // Deno has both functions; the library types lag behind.
  const json = JSON as unknown as {
    parse(
      text: string,
      reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): unknown;
  };
  const value = json.parse(
    text,
    (_key, value, { source }) =>
      typeof value === "number" && source !== undefined && JSON.stringify(value) !== source
        ? json.rawJSON(source)
        : value,
  );
  return JSON.stringify(value);
}
