import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from "@modelcontextprotocol/client";
import { Client as SdkClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as SdkTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { Gateway } from "../../mod.ts";
import {
  openTestGateway,
  openWorkspace,
  reference,
  waitForStatus,
  type Workspace,
} from "../support/workspace.ts";

const CLIENT = { name: "e2e", version: "1" };
const OWN = [
  "retrieve_tools",
  "describe_tool",
  "call_tool_read",
  "call_tool_write",
  "call_tool_destructive",
  "read_cache",
  "set_profile",
  "upstream_servers",
  "quarantine_security",
  "list_registries",
  "search_servers",
];

type Arguments = Record<string, unknown>;
interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onprogress?: (progress: { progress: number; total?: number }) => void;
}
interface Result {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly [key: string]: unknown;
}

/** What the suite asks of each client. */
interface Subject extends AsyncDisposable {
  readonly version: string | undefined;
  readonly serverName: string | undefined;
  readonly instructions: string | undefined;
  toolNames(): Promise<string[]>;
  call(name: string, args: Arguments, options?: CallOptions): Promise<Result>;
}

/** Opens a session, `undefined` fields being those the client cannot tell. */
type Connect = (gateway: Gateway) => Promise<Subject>;

const headersOf = ({ apiKey }: Gateway) => ({ requestInit: { headers: { "x-api-key": apiKey } } });

async function connectSdk(gateway: Gateway): Promise<Subject> {
  const client = new SdkClient(CLIENT);
  const transport = new SdkTransport(new URL(gateway.mcpUrl), headersOf(gateway));
  await client.connect(transport);
  return {
    version: transport.protocolVersion,
    serverName: client.getServerVersion()?.name,
    instructions: client.getInstructions(),
    toolNames: async () => (await client.listTools()).tools.map(({ name }: { name: string }) => name),
    // Both generations of the result type fit what the suite looks at.
    call: async (name, args, options) =>
      await client.callTool({ name, arguments: args }, undefined, options) as unknown as Result,
    async [Symbol.asyncDispose]() {
      await transport.terminateSession().catch(() => {}); // the gateway may have gone first
      await client.close();
    },
  };
}

function connectModern(mode: "legacy" | "auto"): Connect {
  return async (gateway) => {
    const client = new ModernClient(CLIENT, { versionNegotiation: { mode } });
    const transport = new ModernTransport(new URL(gateway.mcpUrl), headersOf(gateway));
    await client.connect(transport);
    return {
      version: client.getNegotiatedProtocolVersion(),
      serverName: client.getServerVersion()?.name,
      instructions: client.getInstructions(),
      toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
      // Both generations of the result type fit what the suite looks at.
      call: async (name, args, options) =>
        await client.callTool({ name, arguments: args }, options) as unknown as Result,
      async [Symbol.asyncDispose]() {
        if (mode === "legacy") await transport.terminateSession();
        await client.close();
      },
    };
  };
}

const CLIENTS: Readonly<Record<string, { readonly connect: Connect; readonly version: string }>> = {
  "sdk 1.x": { connect: connectSdk, version: "2025-11-25" },
  "client 2.x, legacy": { connect: connectModern("legacy"), version: "2025-11-25" },
  "client 2.x, negotiating": { connect: connectModern("auto"), version: "2026-07-28" },
};

/** A server whose one tool never answers. */
const SLOW = {
  name: "slow",
  command: "node",
  args: [new URL("slow_server.mjs", import.meta.url).pathname],
  quarantined: false,
};

/** Reads the JSON that the gateway's own tools answer with. */
function jsonOf(result: Result) {
  return JSON.parse(result.content[0]?.text ?? "");
}

async function openServers(): Promise<AsyncDisposable & { gateway: Gateway; workspace: Workspace }> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await openWorkspace());
  await workspace.write({
    listen: "127.0.0.1:0",
    mcpServers: [
      reference("everything"),
      reference("memory", {
        entry: {
          disabled_tools: ["add_observations"],
          // Its file would otherwise lie beside the package.
          env: { MEMORY_FILE_PATH: join(workspace.directory, "memory.jsonl") },
        },
      }),
      SLOW,
    ],
  });
  const gateway = stack.use(await openTestGateway(workspace));
  for (const name of ["everything", "memory", "slow"]) await waitForStatus(gateway, name, "ready");
  const owned = stack.move();
  return { gateway, workspace, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Calls of server-everything whose results carry every kind of content. */
const RESULTS: readonly (readonly [string, Arguments])[] = [
  ["echo", { message: "häßlich 🙂 \u0000" }],
  ["get-tiny-image", {}],
  ["get-structured-content", { location: "Chicago" }],
  ["get-annotated-message", { messageType: "error", includeImage: true }],
  ["get-resource-links", { count: 3 }],
  ["get-resource-reference", { resourceType: "Blob", resourceId: 2 }],
];

/** What the server answers when it is asked without a gateway. */
async function callDirectly(): Promise<Result[]> {
  const { command, args } = reference("everything") as { command: string; args: string[] }; // as the factory makes it
  const client = new SdkClient(CLIENT);
  await client.connect(new StdioClientTransport({ command, args, stderr: "ignore" }));
  try {
    const results: Result[] = [];
    for (const [name, args] of [...RESULTS, FAILING] as const) {
      results.push(await client.callTool({ name, arguments: args }) as unknown as Result);
    }
    return results;
  } finally {
    await client.close();
  }
}

/** Fits the schema, and fails in the server. */
const FAILING = ["get-resource-reference", { resourceType: "Text", resourceId: -1 }] as const;

/** Times of the day are in some resources and differ from call to call. */
function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner) => {
    if (key === "blob" && typeof inner === "string") return withoutClock(atob(inner));
    return typeof inner === "string" ? withoutClock(inner) : inner;
  }));
}

function withoutClock(text: string): string {
  return text.replace(/\d{1,2}:\d{2}:\d{2} [AP]M/g, "TIME");
}

Deno.test("MCP clients of both generations find and call tools through /mcp", async (t) => {
  await using opened = await openServers();
  const { gateway } = opened;
  const direct = await callDirectly();

  for (const [name, { connect, version }] of Object.entries(CLIENTS)) {
    await t.step(name, async (t) => {
      await using client = await connect(gateway);

      await t.step("agrees on a revision and lists the own tools", async () => {
        strictEqual(client.version, version);
        strictEqual(client.serverName, "mcpproxy");
        match(client.instructions ?? "", /retrieve_tools/);
        deepStrictEqual(await client.toolNames(), OWN);
      });

      await t.step("finds a tool and calls it as its call_with says", async () => {
        const found = jsonOf(
          await client.call("retrieve_tools", { query: "create entities in the graph", limit: 3 }),
        );
        const [best] = found.tools;
        strictEqual(best.name, "memory:create_entities");
        ok(OWN.includes(best.call_with) && best.inputSchema.type === "object");
        const entities = [{ name: `by ${name}`, entityType: "client", observations: [] }];
        const result = await client.call(best.call_with, { name: best.name, args: { entities } });
        deepStrictEqual(result.structuredContent, { entities });
      });

      await t.step("passes every kind of content on as it is", async () => {
        for (const [index, [tool, args]] of RESULTS.entries()) {
          const result = await client.call("call_tool_read", { name: `everything:${tool}`, args });
          deepStrictEqual(withoutTimes(result), withoutTimes(direct[index]), tool);
        }
      });

      await t.step("passes a tool's own failure on", async () => {
        const [tool, args] = FAILING;
        const result = await client.call("call_tool_read", { name: `everything:${tool}`, args });
        strictEqual(result.isError, true);
        deepStrictEqual(result, direct.at(-1));
      });

      await t.step("passes progress on", async () => {
        const seen: [number, number | undefined][] = [];
        const result = await client.call("call_tool_read", {
          name: "everything:trigger-long-running-operation",
          args: { duration: 0.2, steps: 4 },
        }, { onprogress: ({ progress, total }) => seen.push([progress, total]) });
        match(result.content[0]?.text ?? "", /completed/);
        deepStrictEqual(seen, [[1, 4], [2, 4], [3, 4], [4, 4]]);
      });

      await t.step("takes a call back at the server when it is cancelled", async () => {
        const following = new AbortController();
        const cancel = new AbortController();
        const lines = gateway.management.followLogs({ name: "slow", tail: 1 }, following.signal);
        const call = client.call("call_tool_destructive", { name: "slow:wait", args: {} }, {
          signal: cancel.signal,
        });
        const failed = rejects(call);
        const log: string[] = [];
        for await (const { message } of lines) {
          // The last line of the client before may be the first to come.
          if (log.length === 0 && !message.startsWith("tools/call")) continue;
          if (log.length === 0) cancel.abort(new Error("Not wanted any more"));
          log.push(message);
          if (message.startsWith("notifications/cancelled")) break;
        }
        following.abort();
        await failed;
        strictEqual(log.at(-1)?.split(" ")[1], log.at(-2)?.split(" ")[1], log.join("\n"));
      });

      await t.step("describes tools, and says why it cannot", async () => {
        const { definitions, errors } = jsonOf(
          await client.call("describe_tool", {
            tool_ids: ["everything:get-sum", "everything:get-som", "gone:x"],
          }),
        );
        strictEqual(definitions[0].name, "everything:get-sum");
        deepStrictEqual(Object.keys(definitions[0].inputSchema.properties), ["a", "b"]);
        deepStrictEqual(errors.map(({ id, error }: { id: string; error: string }) => [id, error]), [
          ["everything:get-som", "not_found"],
          ["gone:x", "not_found"],
        ]);
        match(errors[0].remediation, /everything:get-sum/);
      });

      await t.step("searches compactly, with filters, and with what is locked", async () => {
        const compact = jsonOf(
          await client.call("retrieve_tools", { query: "sum of two numbers", detail: "compact" }),
        );
        strictEqual(compact.tools[0].id, "everything:get-sum");
        match(compact.tools[0].sig, /a\*:num, b\*:num/);
        strictEqual(compact.tools[0].inputSchema, undefined);

        const query = "delete entities observations graph";
        const safe = jsonOf(await client.call("retrieve_tools", { query, exclude_destructive: true }));
        ok(!JSON.stringify(safe.tools).includes("delete_entities"));
        ok(safe.filter_diagnostics.omitted_total > 0);
        const readOnly = jsonOf(await client.call("retrieve_tools", { query, read_only_only: true }));
        ok(
          readOnly.tools.every((tool: { annotations: { readOnlyHint: boolean } }) =>
            tool.annotations.readOnlyHint
          ),
        );

        const all = jsonOf(
          await client.call("retrieve_tools", { query: "add observations", include_disabled: true }),
        );
        ok(!JSON.stringify(all.tools).includes("memory:add_observations"));
        deepStrictEqual(
          all.disabled.map(({ name, status }: { name: string; status: string }) => [name, status]),
          [
            ["memory:add_observations", "disabled_by_config"],
          ],
        );
        ok(all.remediation.disabled_by_config.length > 0);
      });

      await t.step("is told why a call is refused", async () => {
        const weak = await client.call("call_tool_read", { name: "memory:delete_entities", args: {} });
        strictEqual(weak.isError, true);
        strictEqual(jsonOf(weak).code, "MCPX_INTENT_REJECTED");
        const denied = await client.call("call_tool_write", { name: "memory:add_observations", args: {} });
        strictEqual(jsonOf(denied).code, "MCPX_TOOL_DENIED");
        await rejects(client.call("call_tool_reed", {}), /did you mean "call_tool_read"/);
      });
    });
  }
});

Deno.test("/mcp ends a session on DELETE and does not know it afterwards", async () => {
  await using workspace = await openWorkspace();
  await using gateway = await openTestGateway(workspace);
  const send = (method: string, session: string | null, body?: unknown) =>
    fetch(gateway.mcpUrl, {
      method,
      headers: {
        "x-api-key": gateway.apiKey,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(session === null ? {} : { "mcp-session-id": session }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: CLIENT },
  };
  const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };

  const opened = await send("POST", null, initialize);
  strictEqual((await opened.json()).result.protocolVersion, "2025-06-18");
  const session = opened.headers.get("mcp-session-id");
  ok(session);
  const statuses: number[] = [];
  for (
    const response of [
      await send("POST", session, list),
      await send("DELETE", session),
      await send("POST", session, list),
      await send("DELETE", session),
      await send("POST", "never-seen", list),
      await send("POST", null, list),
      await send("GET", session),
    ]
  ) {
    statuses.push(response.status);
    await response.body?.cancel();
  }

  deepStrictEqual(statuses, [200, 204, 404, 404, 404, 400, 404]);
});

Deno.test("a restarted gateway finds tools at once, also of a server that is gone", async () => {
  await using workspace = await openWorkspace();
  const { args: [script] } = reference("memory") as { args: string[] }; // as the factory makes it
  const command = join(workspace.directory, "memory.sh");
  await Deno.writeTextFile(command, `#!/bin/sh\nexec node ${script}\n`, { mode: 0o700 });
  await workspace.write({
    listen: "127.0.0.1:0",
    mcpServers: [{ name: "memory", command, quarantined: false }],
  });
  {
    await using gateway = await openTestGateway(workspace);
    await waitForStatus(gateway, "memory", "ready");
  }
  await Deno.remove(command);

  await using gateway = await openTestGateway(workspace);
  await using client = await connectSdk(gateway);
  const found = jsonOf(await client.call("retrieve_tools", { query: "read the graph" }));
  const result = await client.call("call_tool_read", { name: "memory:read_graph", args: {} });

  strictEqual(found.tools[0].name, "memory:read_graph");
  strictEqual(found.unavailable_servers, undefined);
  strictEqual(result.isError, true);
  const said = jsonOf(result);
  strictEqual(said.code, "MCPX_SERVER_NOT_READY");
  match(said.error, /memory\.sh" does not exist/);
  match(said.remedy, /full path/);
});

Deno.test("calls come to an end whatever happens to server and gateway", async (t) => {
  await using workspace = await openWorkspace();
  await workspace.write({
    listen: "127.0.0.1:0",
    call_tool_timeout: "2s",
    mcpServers: [reference("everything"), SLOW],
  });
  const gateway = await openTestGateway(workspace);
  await using _gateway = gateway;
  for (const name of ["everything", "slow"]) await waitForStatus(gateway, name, "ready");
  await using client = await connectSdk(gateway);

  await t.step("fifty at once each get their own answer", async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const results = await Promise.all(
      numbers.map((a) => client.call("call_tool_read", { name: "everything:get-sum", args: { a, b: 1 } })),
    );
    deepStrictEqual(
      results.map(({ content }) => content[0]?.text),
      numbers.map((a) => `The sum of ${a} and 1 is ${a + 1}.`),
    );
  });

  await t.step("a server that does not answer runs into the limit", async () => {
    const result = await client.call("call_tool_destructive", { name: "slow:wait", args: {} });
    strictEqual(result.isError, true);
    strictEqual(jsonOf(result).code, "MCPX_CALL_TIMEOUT");
    match(jsonOf(result).error, /"slow": no answer within 2 s/);
  });

  await t.step("a server that dies fails its call, and only that", async () => {
    const { pid = 0 } = await gateway.management.request("servers.get", { name: "slow" });
    const following = new AbortController();
    const call = client.call("call_tool_destructive", { name: "slow:wait", args: {} });
    for await (
      const { message } of gateway.management.followLogs({ name: "slow", tail: 1 }, following.signal)
    ) {
      if (message.startsWith("tools/call")) break;
    }
    following.abort();
    Deno.kill(pid, "SIGKILL");
    const result = await call;
    strictEqual(result.isError, true);
    strictEqual(jsonOf(result).code, "MCPX_STDIO_EXIT_NONZERO");
    const other = await client.call("call_tool_read", { name: "everything:echo", args: { message: "x" } });
    strictEqual(other.content[0]?.text, "Echo: x");
    await waitForStatus(gateway, "slow", "ready");
  });

  await t.step("a gateway that stops lets the call in flight finish and takes no other", async () => {
    const stopped = Promise.withResolvers<void>();
    const result = await client.call("call_tool_destructive", {
      name: "everything:trigger-long-running-operation",
      args: { duration: 0.4, steps: 4 },
    }, {
      onprogress: ({ progress }) => {
        if (progress === 1) gateway[Symbol.asyncDispose]().then(stopped.resolve, stopped.reject);
      },
    });
    match(result.content[0]?.text ?? "", /completed/);
    await stopped.promise;
    await rejects(fetch(`http://${gateway.address}/healthz`));
  });
});
