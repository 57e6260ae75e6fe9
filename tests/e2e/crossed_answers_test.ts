import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { startDaemon } from "../support/daemon.ts";
import { reversingServerCommand } from "../support/fixtures/reversing_server.ts";
import { type KeptAnswer, KeptClient } from "../support/kept_client.ts";
import { openWorkspace } from "../support/workspace.ts";

const CLIENTS = 200;
const CALLS = 250;
/** Requests that a client sends at once. */
const TOGETHER = 25;
const PREFIX = "io.modelcontextprotocol/";

/** An HTTP server whose tool gives back its nonce; what has come together is answered in reverse order. */
function serveReversed() {
  const held: (() => void)[] = [];
  const turn = () =>
    new Promise<void>((resolve) => {
      if (held.push(resolve) > 1) return;
      setTimeout(() => {
        for (const release of held.splice(0).reverse()) release();
      }, 0);
    });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    if (request.method !== "POST") return new Response(null, { status: 405 });
    const { id, method, params } = await request.json();
    if (id === undefined) return new Response(null, { status: 202 });
    const say = (result: unknown) => Response.json({ jsonrpc: "2.0", id, result });
    switch (method) {
      case "initialize":
        return say({
          protocolVersion: "2025-06-18",
          capabilities: { tools: {} },
          serverInfo: { name: "h", version: "1" },
        });
      case "tools/list":
        return say({
          tools: [{ name: "t", inputSchema: { type: "object" }, annotations: { readOnlyHint: true } }],
        });
      default:
        await turn();
        return say({ content: [{ type: "text", text: params.arguments?.nonce ?? "" }] });
    }
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** How one client calls: at which endpoint, of which era, which server. */
interface Way {
  readonly path: string;
  readonly isModern: boolean;
  readonly name: string;
  readonly wrap: (args: unknown) => unknown;
}

const plain = (args: unknown) => args;
const WAYS: readonly Way[] = ["pipe", "web"].flatMap((server) =>
  [false, true].flatMap((isModern): Way[] => [
    {
      path: "",
      isModern,
      name: "call_tool_read",
      wrap: (args) => ({ name: `${server}:t`, args }),
    },
    { path: "/all", isModern, name: `${server}__t`, wrap: plain },
    { path: `/s/${server}`, isModern, name: "t", wrap: plain },
  ])
);

const COMMON = { "content-type": "application/json", accept: "application/json, text/event-stream" };

/** Whatever a client must send with each request. */
async function open(client: KeptClient, { isModern, name }: Way, key: string) {
  const headers = { ...COMMON, authorization: `Bearer ${key}` };
  if (isModern) {
    const own = { "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": name };
    const _meta = {
      [`${PREFIX}protocolVersion`]: "2026-07-28",
      [`${PREFIX}clientInfo`]: { name: "same", version: "1" },
      [`${PREFIX}clientCapabilities`]: {},
    };
    return { headers: { ...headers, ...own }, more: { _meta } };
  }
  const params = {
    protocolVersion: "2025-06-18",
    capabilities: {},
    clientInfo: { name: "same", version: "1" },
  };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 0, method: "initialize", params });
  const [answer] = await client.send([{ headers, body }]);
  const session = answer?.headers.get("mcp-session-id") ?? "";
  strictEqual(session.length > 0, true, JSON.stringify(answer));
  return { headers: { ...headers, "mcp-session-id": session }, more: {} };
}

/** Id and text of an answer; one that took its time comes as a stream. */
function read({ body }: KeptAnswer): readonly [unknown, unknown] {
  const { id, result } = JSON.parse(body.startsWith("{") ? body : /^data: (\{.*)$/m.exec(body)?.[1] ?? "{}");
  return [id, result?.content?.[0]?.text ?? body];
}

Deno.test("answers never cross, however many clients of both eras use the same ids at once", async () => {
  await using web = serveReversed();
  await using workspace = await openWorkspace({
    mcpServers: [
      { name: "web", url: web.url, quarantined: false },
      { name: "pipe", ...reversingServerCommand(), quarantined: false },
    ],
  });
  await using daemon = await startDaemon(workspace);
  await Promise.all([daemon.seen(/✓ web/), daemon.seen(/✓ pipe/)]);
  const made = await Promise.all(
    ["ada", "bob"].map((name) =>
      daemon.json(["token", "create", name, "--permissions", "read", "--max-concurrent", `${CLIENTS}`])
    ),
  );
  const keys = [daemon.apiKey, ...made.map((one) => (one as { token: string }).token)];

  const call = async (number: number) => {
    const way = WAYS[number % WAYS.length] as Way; // within the list
    using client = await KeptClient.open(daemon.mcpUrl + way.path);
    const { headers, more } = await open(client, way, keys[number % keys.length] ?? "");
    let right = 0;
    for (let from = 0; from < CALLS; from += TOGETHER) {
      const nonces = Array.from(
        { length: TOGETHER },
        (_, at) => `${number}-${from + at}-${crypto.randomUUID()}`,
      );
      const answers = await client.send(nonces.map((nonce, at) => {
        const params = { name: way.name, arguments: way.wrap({ nonce }), ...more };
        return {
          headers,
          body: JSON.stringify({ jsonrpc: "2.0", id: from + at, method: "tools/call", params }),
        };
      }));
      deepStrictEqual(answers.map(read), nonces.map((nonce, at) => [from + at, nonce]));
      right += answers.length;
    }
    return right;
  };
  const counts = await Promise.all(Array.from({ length: CLIENTS }, (_, number) => call(number)));

  strictEqual(counts.reduce((sum, count) => sum + count, 0), CLIENTS * CALLS);
});
