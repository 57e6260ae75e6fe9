import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { sendMcp } from "../support/mcp_caller.ts";
import { nastyAnswers, nastyCalls, nastyFiles, nastyRestCalls } from "../support/nasty_json.ts";
import { openTestGateway, openWorkspace, waitForStatus } from "../support/workspace.ts";

type Gateway = Awaited<ReturnType<typeof openTestGateway>>;

/** Names of tools that have reached the server. */
interface Upstream extends AsyncDisposable {
  readonly url: string;
  readonly called: unknown[];
  /** Text of the next answers to a call; what it asks for is answered honestly when absent. */
  answer: string | undefined;
}

function serveUpstream(): Upstream {
  const called: unknown[] = [];
  const tools = ["allowed", "denied"].map((name) => ({ name, inputSchema: { type: "object" } }));
  const honest: Record<string, unknown> = {
    initialize: {
      protocolVersion: "2025-11-25",
      capabilities: { tools: {} },
      serverInfo: { name: "up", version: "1" },
    },
    "tools/list": { tools },
    "tools/call": { content: [{ type: "text", text: "done" }] },
  };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method, params } = await request.json();
    if (id === undefined) return new Response(null, { status: 202 });
    if (method === "tools/call") called.push(params.name);
    const headers = { "content-type": "application/json" };
    if (method === "tools/call" && upstream.answer !== undefined) {
      return new Response(upstream.answer.replace("$ID", JSON.stringify(id)), { headers });
    }
    return new Response(
      JSON.stringify({ jsonrpc: "2.0", id, result: Object.hasOwn(honest, method) ? honest[method] : {} }),
      { headers },
    );
  });
  const upstream: Upstream = {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    called,
    answer: undefined,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return upstream;
}

async function send(gateway: Gateway, path: string, body: string, headers: Record<string, string> = {}) {
  const response = await fetch(`http://${gateway.address}${path}`, {
    method: "POST",
    headers: {
      "x-api-key": gateway.apiKey,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body,
  });
  return { status: response.status, text: await response.text() };
}

const brief = (text: string) => text.length > 200 ? `${text.slice(0, 200)}… (${text.length})` : text;

Deno.test("JSON that is none, or a trap, gets an answer at every entrance, and nothing breaks", async (t) => {
  await using upstream = serveUpstream();
  await using workspace = await openWorkspace({
    quarantine_enabled: false,
    call_tool_timeout: "1s",
    mcpServers: [{
      name: "up",
      url: upstream.url,
      protocol: "streamable-http",
      quarantined: false,
      disabled_tools: ["denied"],
    }],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "up", "ready");
  const { session } = await sendMcp(gateway.mcpUrl, {
    jsonrpc: "2.0",
    id: 0,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "t", version: "1" } },
  }, { "x-api-key": gateway.apiKey });
  const asClient = { "mcp-session-id": session };

  await t.step("/mcp, in a session and without one", async () => {
    const bodies = nastyCalls("up__allowed");
    ok(bodies.length >= 300, `${bodies.length}`);
    for (const body of bodies) {
      for (const headers of [asClient, { "mcp-protocol-version": "2026-07-28" }]) {
        const { status, text } = await send(gateway, "/mcp", body, headers);
        ok(status < 500, `${status}: ${brief(body)}\n${brief(text)}`);
        ok(status === 202 || /"jsonrpc":\s*"2\.0"/.test(text), `${status}: ${brief(body)}\n${brief(text)}`);
        ok(!text.includes("MCPX_INTERNAL"), `${brief(body)}\n${brief(text)}`);
      }
    }
  });

  await t.step("REST calls", async () => {
    const bodies = nastyRestCalls("up:allowed");
    ok(bodies.length >= 300, `${bodies.length}`);
    for (const body of bodies) {
      const { status, text } = await send(gateway, "/api/v1/tools/call", body);
      ok(status < 500 || status === 504, `${status}: ${brief(body)}\n${brief(text)}`);
      strictEqual(JSON.parse(text).success, status === 200, brief(body));
    }
  });

  await t.step("files to import, and configs to check", async () => {
    const texts = nastyFiles();
    ok(texts.length >= 300, `${texts.length}`);
    const before = await workspace.read();
    for (const [at, content] of texts.entries()) {
      const body = JSON.stringify({ content, preview: true });
      const imported = await send(gateway, "/api/v1/servers/import/json", body);
      ok(imported.status < 500, `${imported.status}: ${brief(content)}\n${brief(imported.text)}`);
      // A config is checked whole, which takes its time.
      if (at % 3 > 0) continue;
      const checked = await send(gateway, "/api/v1/config/validate", content);
      ok(checked.status < 500, `${checked.status}: ${brief(content)}\n${brief(checked.text)}`);
    }
    strictEqual(await workspace.read(), before);
  });

  await t.step("answers of a server", async () => {
    const texts = nastyAnswers();
    ok(texts.length >= 300, `${texts.length}`);
    for (const answer of texts) {
      upstream.answer = answer;
      upstream.called.length = 0;
      const ask = () => send(gateway, "/api/v1/tools/call", '{"tool_name":"up:allowed","arguments":{}}');
      let { status, text } = await ask();
      if (upstream.called.length === 0) {
        // It has failed so often that it is left alone, which a person ends.
        await gateway.management.request("servers.restart", { name: "up" });
        await waitForStatus(gateway, "up", "ready");
        ({ status, text } = await ask());
      }
      ok(upstream.called.length > 0, brief(answer));
      ok(!text.includes("MCPX_INTERNAL"), `${brief(answer)}\n${brief(text)}`);
      ok(typeof JSON.parse(text).success === "boolean", `${status}: ${brief(answer)}`);
    }
    upstream.answer = undefined;
  });

  await t.step("a name that stands twice is one to the rules and to the server", async () => {
    upstream.called.length = 0;
    for (
      const pair of ['"name":"up__denied","name":"up__allowed"', '"name":"up__allowed","name":"up__denied"']
    ) {
      const body = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{${pair},"arguments":{}}}`;
      await send(gateway, "/mcp", body, asClient);
    }
    const rest = '{"tool_name":"up:allowed","tool_name":"up:denied","arguments":{}}';
    await send(gateway, "/api/v1/tools/call", rest);
    deepStrictEqual(upstream.called.filter((name) => name !== "allowed"), []);
  });

  await t.step("ids come back digit by digit", async () => {
    for (const id of ["9007199254740993", "-12345678901234567890", '"12345678901234567890"']) {
      const body = `{"jsonrpc":"2.0","id":${id},"method":"ping"}`;
      const { text } = await send(gateway, "/mcp", body, asClient);
      match(text, new RegExp(`"id":\\s*${id}[,}]`));
    }
  });

  await t.step("nothing has come of it", async () => {
    strictEqual(Reflect.get({}, "polluted"), undefined);
    const { status, text } = await send(
      gateway,
      "/api/v1/tools/call",
      '{"tool_name":"up:allowed","arguments":{}}',
    );
    strictEqual(status, 200);
    match(text, /done/);
  });
});
