import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { Gateway } from "../../mod.ts";
import { openTestGateway, openWorkspace, waitForStatus } from "../support/workspace.ts";

/** An HTTP server with sessions, which it forgets when told to. Its tool acts, so nothing may be sent twice. */
interface Forgetful extends AsyncDisposable {
  readonly url: string;
  /** `initialize` requests, and calls by the number they carry. */
  readonly initialised: () => number;
  readonly calls: ReadonlyMap<number, number>;
  /** A new process behind the same address: every session is gone. */
  forget(): void;
  /** Answers the call with number 0, which waits until then. */
  release(): void;
}

function serveForgetful(): Forgetful {
  const sessions = new Set<string>();
  const calls = new Map<number, number>();
  const slow = Promise.withResolvers<void>();
  let initialised = 0;

  async function answer(id: unknown, method: string, n: number): Promise<unknown> {
    if (method === "tools/list") {
      return { tools: [{ name: "act", inputSchema: { type: "object" }, annotations: { readOnlyHint: false } }] };
    }
    if (method !== "tools/call") return {};
    calls.set(n, (calls.get(n) ?? 0) + 1);
    if (n === 0) await slow.promise;
    return { content: [{ type: "text", text: `did ${n}` }], id };
  }

  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const session = request.headers.get("mcp-session-id");
    if (request.method !== "POST") return new Response(null, { status: session === null ? 400 : 405 });
    const { id, method, params } = await request.json();
    if (method === "initialize") {
      initialised++;
      const fresh = crypto.randomUUID();
      sessions.add(fresh);
      const result = {
        protocolVersion: "2025-06-18",
        capabilities: { tools: {} },
        serverInfo: { name: "forgetful", version: "1" },
      };
      return Response.json({ jsonrpc: "2.0", id, result }, { headers: { "mcp-session-id": fresh } });
    }
    if (session === null) return new Response("No session", { status: 400 });
    if (!sessions.has(session)) return new Response("Session not found", { status: 404 });
    if (id === undefined) return new Response(null, { status: 202 });
    return Response.json({ jsonrpc: "2.0", id, result: await answer(id, method, params?.arguments?.n ?? 0) });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    initialised: () => initialised,
    calls,
    forget: () => sessions.clear(),
    release: () => slow.resolve(),
    async [Symbol.asyncDispose]() {
      slow.resolve();
      await server.shutdown();
    },
  };
}

/** What a call was answered with. */
async function act(gateway: Gateway, n: number): Promise<string> {
  const result = await gateway.management.request("calls.call", {
    tool_name: "forgetful:act",
    arguments: { n },
  });
  return JSON.stringify(result);
}

Deno.test("100 calls over the restart of a server: one new session, 100 answers, nothing done twice", async () => {
  await using server = serveForgetful();
  await using workspace = await openWorkspace({
    mcpServers: [{ name: "forgetful", url: server.url, quarantined: false }],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "forgetful", "ready");
  strictEqual(server.initialised(), 1);

  server.forget();
  const numbers = Array.from({ length: 100 }, (_, index) => index + 1);
  const answers = await Promise.all(numbers.map((n) => act(gateway, n)));

  answers.forEach((answer, index) => match(answer, new RegExp(`did ${index + 1}"`)));
  strictEqual(server.initialised(), 2);
  deepStrictEqual([...server.calls].sort(([a], [b]) => a - b), numbers.map((n) => [n, 1]));
});

Deno.test("a call that a server still works on when it forgets its sessions is not made twice", async () => {
  await using server = serveForgetful();
  await using workspace = await openWorkspace({
    mcpServers: [{ name: "forgetful", url: server.url, quarantined: false }],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "forgetful", "ready");
  const slow = act(gateway, 0);
  while (!server.calls.has(0)) await act(gateway, 1);

  server.forget();
  const other = act(gateway, 2);
  server.release();

  match(await slow, /did 0"/);
  match(await other, /did 2"/);
  strictEqual(server.calls.get(0), 1);
});
