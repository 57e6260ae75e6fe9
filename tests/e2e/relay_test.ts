import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import type { Gateway } from "../../mod.ts";
import { openTestGateway, openWorkspace, reference, waitForStatus } from "../support/workspace.ts";

type Json = Record<string, unknown>;
type Named = { readonly name: string };

const PREFIX = "io.modelcontextprotocol/";

/** A modern server that wants to know a name before it answers. */
function serveModern() {
  const seen: Json[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const { id, method, params = {} } = await request.json() as {
      id?: unknown;
      method: string;
      params?: Json;
    };
    seen.push({ method, ...params });
    if (id === undefined) return new Response(null, { status: 202 });
    const say = (result: unknown) => Response.json({ jsonrpc: "2.0", id, result });
    if (request.headers.get("mcp-protocol-version") !== "2026-07-28") {
      const error = { code: -32022, message: "no", data: { supported: ["2026-07-28"] } };
      return Response.json({ jsonrpc: "2.0", id, error }, { status: 400 });
    }
    switch (method) {
      case "server/discover":
        return say({
          resultType: "complete",
          supportedVersions: ["2026-07-28"],
          capabilities: { tools: {}, "x-future": { deep: [1] } },
          _meta: { [`${PREFIX}serverInfo`]: { name: "modern", version: "1" } },
        });
      case "tools/list":
        return say({
          resultType: "complete",
          ttlMs: 5,
          cacheScope: "public",
          tools: [{ name: "greet", inputSchema: { type: "object" }, "x-vendor": { kept: true } }],
        });
      case "tools/call": {
        const { inputResponses, requestState } = params as { inputResponses?: Json; requestState?: string };
        if (inputResponses === undefined) {
          return say({
            resultType: "input_required",
            requestState: "opaque",
            inputRequests: {
              who: {
                method: "elicitation/create",
                params: {
                  mode: "form",
                  message: "Who?",
                  requestedSchema: { type: "object", properties: {} },
                },
              },
            },
          });
        }
        const who = inputResponses.who as { content?: { name?: string } };
        const text = `hello ${who.content?.name} ${requestState}`;
        return say({ resultType: "complete", content: [{ type: "text", text }], "x-result": { big: 1 } });
      }
      default:
        return Response.json({ jsonrpc: "2.0", id, error: { code: -32601, message: "no" } }, { status: 404 });
    }
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/mcp`,
    seen,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function openServers() {
  await using stack = new AsyncDisposableStack();
  const modern = stack.use(serveModern());
  const workspace = stack.use(await openWorkspace());
  const config = {
    listen: "127.0.0.1:0",
    profiles: [{ name: "one", servers: ["modern"] }],
    mcpServers: [
      reference("everything"),
      reference("everything", { entry: { name: "own", connection: "session" } }),
      { name: "modern", url: modern.url, quarantined: false },
    ],
  };
  await workspace.write(config);
  const gateway = stack.use(await openTestGateway(workspace));
  for (const name of ["everything", "own", "modern"]) await waitForStatus(gateway, name, "ready");
  const owned = stack.move();
  return { gateway, workspace, config, modern, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const at = (gateway: Gateway, path: string) => new URL(path, gateway.mcpUrl);

/** A legacy client that answers whatever it is asked. */
async function connect(gateway: Gateway, path: string, name = "Ada") {
  const client = new Client({ name: "e2e", version: "1" }, {
    capabilities: { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } },
  });
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: "assistant",
    model: "m",
    content: { type: "text", text: `sampled by ${name}` },
  }));
  client.setRequestHandler(ElicitRequestSchema, () => ({ action: "accept", content: { name } }));
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [{ uri: `file:///${name}`, name }] }));
  const transport = new StreamableHTTPClientTransport(at(gateway, path), {
    requestInit: { headers: { "x-api-key": gateway.apiKey } },
  });
  await client.connect(transport);
  return {
    client,
    text: async (tool: string, args: Json = {}) => {
      const { content } = await client.callTool({ name: tool, arguments: args }) as {
        content: { text: string }[];
      };
      return content.map(({ text }) => text).join("\n");
    },
    async [Symbol.asyncDispose]() {
      await transport.terminateSession().catch(() => {});
      await client.close();
    },
  };
}

/** Sends one request of a modern client. */
async function modernly(
  gateway: Gateway,
  path: string,
  method: string,
  params: Json,
  capabilities: Json = {},
) {
  const _meta = {
    [`${PREFIX}protocolVersion`]: "2026-07-28",
    [`${PREFIX}clientInfo`]: { name: "raw", version: "1" },
    [`${PREFIX}clientCapabilities`]: capabilities,
  };
  const name = params.name ?? params.uri;
  return await fetch(at(gateway, path), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "x-api-key": gateway.apiKey,
      "mcp-protocol-version": "2026-07-28",
      "mcp-method": method,
      ...(typeof name === "string" ? { "mcp-name": name } : {}),
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 7, method, params: { ...params, _meta } }),
  });
}

/** The last message of an answer, in whichever form it came. */
async function lastOf(response: Response): Promise<Json> {
  const text = await response.text();
  if (!response.headers.get("content-type")?.includes("event-stream")) return JSON.parse(text);
  return JSON.parse(text.split("\n").filter((line) => line.startsWith("data: {")).at(-1)?.slice(6) ?? "null");
}

Deno.test("the gateway relays the whole protocol between both eras", async (t) => {
  await using opened = await openServers();
  const { gateway, modern } = opened;

  await t.step("legacy client, legacy server: lists, reads, questions, progress, logs", async () => {
    await using one = await connect(gateway, "/mcp/s/everything");
    const { client } = one;
    strictEqual(client.getServerVersion()?.name, "mcp-servers/everything");
    ok((await client.listTools()).tools.some(({ name }: Named) => name === "echo"));
    match(await one.text("trigger-sampling-request", { prompt: "x", maxTokens: 3 }), /sampled by Ada/);
    match(await one.text("trigger-elicitation-request"), /Ada/);

    const { resources } = await client.listResources();
    ok(resources.length > 2);
    const { resourceTemplates } = await client.listResourceTemplates();
    ok(resourceTemplates.length > 0);
    const uri = "demo://resource/dynamic/text/4";
    match(JSON.stringify(await client.readResource({ uri })), /Resource 4/);
    deepStrictEqual((await client.getPrompt({ name: "simple-prompt" })).messages.length, 1);
    const completion = await client.complete({
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "department", value: "E" },
    });
    deepStrictEqual(completion.completion.values, ["Engineering"]);

    const steps: number[] = [];
    await client.callTool(
      { name: "trigger-long-running-operation", arguments: { duration: 0.2, steps: 4 } },
      undefined,
      { onprogress: ({ progress }: { progress: number }) => void steps.push(progress) },
    );
    deepStrictEqual(steps, [1, 2, 3, 4]);

    const logged = Promise.withResolvers<unknown>();
    client.setNotificationHandler(
      LoggingMessageNotificationSchema,
      ({ params }: { params: { data: unknown } }) => logged.resolve(params.data),
    );
    await client.setLoggingLevel("debug");
    await client.subscribeResource({ uri });
    match(String(await logged.promise), /Subscribe/);
    await client.unsubscribeResource({ uri });
  });

  await t.step("legacy client, legacy server: a subscription brings its updates", async () => {
    await using one = await connect(gateway, "/mcp/all");
    const uri = "demo://resource/dynamic/text/9";
    // Two servers have this template, so the URI must say which is meant.
    const own = `mcpproxy://everything/${encodeURIComponent(uri)}`;
    await rejects(one.client.subscribeResource({ uri }), /servers "everything" and "own" have it/);
    const updated = Promise.withResolvers<string>();
    one.client.setNotificationHandler(
      ResourceUpdatedNotificationSchema,
      ({ params }: { params: { uri: string } }) => updated.resolve(params.uri),
    );
    await one.client.subscribeResource({ uri: own });
    await one.client.callTool({ name: "everything__toggle-subscriber-updates", arguments: {} });
    strictEqual(await updated.promise, own);
    await one.client.callTool({ name: "everything__toggle-subscriber-updates", arguments: {} });
  });

  await t.step("legacy client, modern server: what the server asks reaches the client", async () => {
    await using one = await connect(gateway, "/mcp/s/modern");
    strictEqual(await one.text("greet"), "hello Ada opaque");
    await using all = await connect(gateway, "/mcp/all", "Bob");
    strictEqual(await all.text("modern__greet"), "hello Bob opaque");
  });

  await t.step("modern client, legacy server: the call waits until its input comes", async () => {
    const ask = (params: Json) =>
      modernly(gateway, "/mcp/s/everything", "tools/call", {
        name: "trigger-elicitation-request",
        arguments: {},
        ...params,
      }, { elicitation: { form: {} } });
    const first = (await lastOf(await ask({}))).result as Json;
    strictEqual(first.resultType, "input_required");
    const [[key, request] = []] = Object.entries(first.inputRequests as Json);
    strictEqual((request as Json).method, "elicitation/create");
    const inputResponses = { [key ?? ""]: { action: "accept", content: { name: "Eve" } } };

    const forged = await lastOf(await ask({ inputResponses, requestState: `${first.requestState}x` }));
    strictEqual((forged.error as Json).code, -32602);
    const second = (await lastOf(await ask({ inputResponses, requestState: first.requestState })))
      .result as Json;
    strictEqual(second.resultType, "complete");
    match(JSON.stringify(second.content), /Eve/);
    const again = await lastOf(await ask({ inputResponses, requestState: first.requestState }));
    strictEqual((again.error as Json).code, -32602);
  });

  await t.step("modern client, modern server: everything passes as it is", async () => {
    const list = (await lastOf(await modernly(gateway, "/mcp/s/modern", "tools/list", {}))).result as Json;
    deepStrictEqual(list, {
      resultType: "complete",
      ttlMs: 5,
      // What a client gets depends on its token, so it is nobody else's, whatever the server says.
      cacheScope: "private",
      tools: [{ name: "greet", inputSchema: { type: "object" }, "x-vendor": { kept: true } }],
    });
    const capabilities = { elicitation: { form: {} } };
    const asked = await lastOf(
      await modernly(gateway, "/mcp/s/modern", "tools/call", { name: "greet" }, capabilities),
    );
    strictEqual((asked.result as Json).requestState, "opaque");
    const params = {
      name: "greet",
      requestState: "opaque",
      inputResponses: { who: { content: { name: "Mo" } } },
    };
    const { result } = await lastOf(
      await modernly(gateway, "/mcp/s/modern", "tools/call", params, capabilities),
    );
    deepStrictEqual(result, {
      resultType: "complete",
      content: [{ type: "text", text: "hello Mo opaque" }],
      "x-result": { big: 1 },
    });
    const envelope = modern.seen.at(-1)?._meta as Json;
    deepStrictEqual(envelope[`${PREFIX}clientCapabilities`], capabilities);
    deepStrictEqual(envelope[`${PREFIX}clientInfo`], { name: "mcpproxy", version: "0.1.0" });
    const unknown = await modernly(gateway, "/mcp/s/modern", "no/such", {});
    deepStrictEqual([unknown.status, ((await unknown.json()).error as Json).code], [404, -32601]);
  });

  await t.step("each client has a connection of its own where the config says so", async () => {
    await using one = await connect(gateway, "/mcp/s/own", "Ada");
    await using other = await connect(gateway, "/mcp/s/own", "Bob");
    const [roots, others] = await Promise.all([one.text("get-roots-list"), other.text("get-roots-list")]);
    match(roots, /file:\/\/\/Ada/);
    match(others, /file:\/\/\/Bob/);
  });

  await t.step("a change of what there is to see is told, once", async () => {
    await using one = await connect(gateway, "/mcp/all");
    const changed = Promise.withResolvers<void>();
    one.client.setNotificationHandler(ToolListChangedNotificationSchema, () => changed.resolve());
    const stream = await modernly(gateway, "/mcp/all", "subscriptions/listen", {
      notifications: { toolsListChanged: true, resourceSubscriptions: ["demo://nowhere"] },
    });
    const { workspace, config } = opened;
    await workspace.write({ ...config, mcpServers: config.mcpServers.slice(0, 2) });
    await gateway.reloadConfig();
    await changed.promise;
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    while (!heard.includes("tools/list_changed")) heard += (await reader?.read())?.value ?? "";
    await reader?.cancel();
    const messages = heard.split("\n").filter((line) => line.startsWith("data: {")).map((line) =>
      JSON.parse(line.slice(6))
    );
    deepStrictEqual(messages[0].params, {
      notifications: { toolsListChanged: true, resourceSubscriptions: [] },
      _meta: { [`${PREFIX}subscriptionId`]: 7 },
    });
    strictEqual(messages[1].params._meta[`${PREFIX}subscriptionId`], 7);
    ok(!(await one.client.listTools()).tools.some(({ name }: Named) => name.startsWith("modern")));
  });
});

Deno.test("each endpoint offers what it says, and what is not there is told apart", async () => {
  await using opened = await openServers();
  const { gateway } = opened;
  const names = async (path: string) => {
    await using one = await connect(gateway, path);
    return (await one.client.listTools()).tools.map(({ name }: Named) => name);
  };
  deepStrictEqual(await names("/mcp/code"), ["retrieve_tools", "code_execution", "set_profile"]);
  await using scripts = await connect(gateway, "/mcp/code");
  match(await scripts.text("code_execution", { code: "globalThis.ran = 1" }), /not part of this version/);
  ok((await names("/mcp/call")).includes("call_tool_write"));
  ok((await names("/mcp/all")).includes("modern__greet"));
  ok(!(await names("/mcp/p/one")).includes("set_profile"));

  const status = async (path: string) => {
    const response = await modernly(gateway, path, "tools/list", {});
    return [response.status, (await response.json()).error?.data?.error];
  };
  deepStrictEqual(await status("/mcp/s/none"), [404, "unknown server 'none'"]);
  deepStrictEqual(await status("/mcp/p/none"), [404, "unknown profile 'none'"]);
  deepStrictEqual(await status("/mcp/x"), [404, "no such endpoint: /mcp/x"]);

  await using one = await connect(gateway, "/mcp/p/one");
  const call = (name: string) => one.text("call_tool_read", { name, args: { message: "hi" } });
  match(await call("everything:echo"), /no server has this name/);
  await using free = await connect(gateway, "/mcp");
  const chosen = JSON.parse(await free.text("set_profile", { profile: "one" }));
  deepStrictEqual(chosen, { active_profile: "one", servers: ["modern"], tool_count: 1 });
  match(await free.text("call_tool_read", { name: "everything:echo", args: { message: "hi" } }), /no server/);
  const unknown = JSON.parse(await free.text("set_profile", { profile: "ones" }));
  strictEqual(unknown.code, "MCPX_PROFILE_NOT_FOUND");
  match(unknown.error, /there are .*did you mean "one"/);
  await free.text("set_profile", { profile: "" });
  match(await free.text("call_tool_read", { name: "everything:echo", args: { message: "hi" } }), /Echo: hi/);
});
