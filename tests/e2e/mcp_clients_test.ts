import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { Client as SdkClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import type { Gateway } from "../../mod.ts";
import {
  openTestGateway,
  openWorkspace,
  reference,
  waitForStatus,
  type Workspace,
} from "../support/workspace.ts";
import {
  type Arguments,
  CLIENT,
  type Connect,
  connectModern,
  connectSdk,
  jsonOf,
  type Result,
  SLOW,
} from "./mcp_clients_scene.ts";

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

const CLIENTS: Readonly<Record<string, { readonly connect: Connect; readonly version: string }>> = {
  "sdk 1.x": { connect: connectSdk, version: "2025-11-25" },
  "client 2.x, legacy": { connect: connectModern("legacy"), version: "2025-11-25" },
  "client 2.x, negotiating": { connect: connectModern("auto"), version: "2026-07-28" },
};

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
