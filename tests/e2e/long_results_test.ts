import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { serveHttpTools } from "../support/fixtures/http_tools.ts";
import { connectClient } from "../support/mcp_client.ts";
import { openTestGateway, openWorkspace, waitForStatus } from "../support/workspace.ts";

const ITEMS = Array.from({ length: 2_000 }, (_, id) => ({ id, name: `thing ${id} 😀` }));
const TEXT = JSON.stringify({ items: ITEMS, total: ITEMS.length });

Deno.test("a long result is shortened for an agent, and read on with read_cache", async (t) => {
  await using server = serveHttpTools({
    list: { answer: () => ({ content: [{ type: "text", text: TEXT }] }) },
    short: { answer: () => ({ content: [{ type: "text", text: "short" }] }) },
  });
  await using workspace = await openWorkspace({
    tool_response_limit: 5_000,
    profiles: [{ name: "none", servers: [] }],
    mcpServers: [server.entry("s")],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "s", "ready");
  const connect = (path: string) => connectClient({ mcpUrl: gateway.mcpUrl, apiKey: gateway.apiKey, path });
  await using agent = await connect("/mcp/call");
  let key = "";

  await t.step("the text stays JSON, and the note names the key", async () => {
    const { content } = await agent.call("call_tool_destructive", { name: "s:list" });
    const { items, total } = JSON.parse(content[0]?.text ?? "");
    strictEqual(total, 2_000);
    deepStrictEqual(items, ITEMS.slice(0, items.length));
    ok((content[0]?.text ?? "").length <= 5_000);
    match(
      content[1]?.text ?? "",
      /Response truncated \(limit: 5000 chars, actual: \d+ chars, records: 2000\)/,
    );
    key = /key="(\w+)", offset=(\d+)/.exec(content[1]?.text ?? "")?.[1] ?? "";
    deepStrictEqual((await agent.call("call_tool_destructive", { name: "s:short" })).content, [{
      type: "text",
      text: "short",
    }]);
  });

  await t.step("read_cache pages, filters and searches", async () => {
    const page = await agent.json("read_cache", { key, offset: 1_990 });
    deepStrictEqual(page.records, ITEMS.slice(1_990));
    const { activities: [read] } = await gateway.management.request("activity.list", { tool: "read_cache" });
    const { activities } = await gateway.management.request("activity.list", { request_id: read?.parent_id });
    deepStrictEqual(activities.map(({ tool_name }) => tool_name), ["list"]);
    strictEqual(page.meta.total_records, 2_000);
    deepStrictEqual((await agent.json("read_cache", { key, path: "$.items[?@.id == 1234].name" })).records, [
      "thing 1234 😀",
    ]);
    strictEqual((await agent.json("read_cache", { key, search: "thing 199" })).meta.total_records, 11);
    const wrong = await agent.call("read_cache", { key: "0".repeat(32) });
    deepStrictEqual([wrong.isError, /no result/.test(wrong.content[0]?.text ?? "")], [true, true]);
  });

  await t.step("nobody reads it who may not call the tool, or has another key", async () => {
    await using outside = await connect("/mcp/p/none");
    strictEqual((await outside.call("read_cache", { key })).isError, true);
    const response = await fetch(`http://${gateway.address}/api/v1/tools/call`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": gateway.apiKey },
      body: JSON.stringify({ tool_name: "read_cache", arguments: { key, limit: 1 } }),
    });
    ok((await response.text()).includes("thing 0"), "the same key over REST reads it");
    const other = await gateway.management.request("calls.call", {
      tool_name: "read_cache",
      arguments: { key },
    });
    strictEqual(other.isError, true);
  });

  await t.step("direct calls hand results over whole, unless the config sets a limit", async () => {
    await using direct = await connect("/mcp/all");
    await using mirrored = await connect("/mcp/s/s");
    deepStrictEqual((await direct.call("s__list")).content, [{ type: "text", text: TEXT }]);
    await gateway.management.request("config.patch", { patch: { tool_response_limit_direct: 3_000 } });
    const { content } = await direct.call("s__list");
    ok((content[0]?.text ?? "").length <= 3_000);
    const [, own = ""] = /key="(\w+)"/.exec(content[1]?.text ?? "") ?? [];
    strictEqual((await agent.json("read_cache", { key: own, limit: 1 })).meta.total_records, 2_000);
    deepStrictEqual((await mirrored.call("list")).content, [{ type: "text", text: TEXT }]);
  });

  await t.step("the limit 0 hands everything over whole", async () => {
    await gateway.management.request("config.patch", { patch: { tool_response_limit: 0 } });
    deepStrictEqual((await agent.call("call_tool_destructive", { name: "s:list" })).content, [{
      type: "text",
      text: TEXT,
    }]);
  });
});
