import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { failsWith, runSuite } from "./implementations.ts";

const SECRET = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

runSuite("Management.tool_calls", {
  async "lists calls, those that were refused too, and nothing else"({ management }) {
    await management.request("calls.call", { tool_name: "memory:read_graph" });
    await management.request("calls.call", { tool_name: "memory:delete_entities", variant: "read" });
    await management.request("servers.update", { name: "memory", patch: { init_timeout: "31s" } });

    const all = await management.request("tool_calls.list", {});
    deepStrictEqual(all.tool_calls.map(({ tool_name, status }) => [tool_name, status]), [
      ["delete_entities", "blocked"],
      ["read_graph", "success"],
    ]);
    const own = await management.request("tool_calls.list", { name: "memory", limit: 1 });
    deepStrictEqual([own.server_name, own.tool_calls.length, own.total], ["memory", 1, 2]);
    ok(own.next_cursor !== undefined);
    await rejects(
      management.request("tool_calls.list", { name: "none" }),
      failsWith("MCPX_SERVER_NOT_FOUND", /none/),
    );
  },

  async "shows one call with its result, and takes no other record for one"({ management }) {
    const { tool_calls: [, first] } = await management.request("tool_calls.list", {});
    const call = await management.request("tool_calls.get", { id: first?.id ?? "" });
    ok((call.duration ?? 0) > 0 && call.response !== undefined);
    strictEqual(call.execution_type, "direct");
    const { activities: [change] } = await management.request("activity.list", {
      type: ["server_change"],
      limit: 1,
    });
    await rejects(
      management.request("tool_calls.get", { id: change?.id ?? "" }),
      failsWith("MCPX_ACTIVITY_NOT_FOUND", /server_change/),
    );
  },

  async "makes a call again, as a part of the first one"({ management }) {
    const made = await management.request("calls.call", {
      tool_name: "memory:search_nodes",
      arguments: { query: "a" },
    });
    ok(made.isError !== true);
    const { tool_calls: [first] } = await management.request("tool_calls.list", { limit: 1 });

    const again = await management.request("tool_calls.replay", { id: first?.id ?? "" });

    deepStrictEqual([again.success, again.replayed_from], [true, first?.id]);
    deepStrictEqual(again.new_tool_call.arguments, { query: "a" });
    strictEqual(again.new_tool_call.parent_call_id, first?.request_id);
    const { activities } = await management.request("activity.list", { parent_id: first?.request_id });
    deepStrictEqual(activities.map(({ id }) => id), [again.new_call_id]);
    const other = await management.request("tool_calls.replay", {
      id: first?.id ?? "",
      arguments: { query: "b" },
    });
    deepStrictEqual(other.new_tool_call.arguments, { query: "b" });
  },

  async "does not repeat arguments that had secrets in them"({ management }) {
    await management.request("calls.call", {
      tool_name: "memory:search_nodes",
      arguments: { query: SECRET },
    });
    const { tool_calls: [first] } = await management.request("tool_calls.list", { limit: 1 });
    await rejects(
      management.request("tool_calls.replay", { id: first?.id ?? "" }),
      failsWith("MCPX_INVALID_INPUT", /secrets were removed/),
    );
  },

  async "tells what a tool of the gateway has asked for as a part of its call"({ management, gateway }) {
    const mcp = await mustOpenMcp(gateway.mcpUrl, gateway.apiKey);
    const { result } = await mcp.ask("tools/call", {
      name: "upstream_servers",
      arguments: { operation: "add", name: "made", url: "http://127.0.0.1:9/" },
    });
    strictEqual(result?.isError, undefined);

    const { activities: [call] } = await management.request("activity.list", { tool: "upstream_servers" });
    const { activities: parts } = await management.request("activity.list", { parent_id: call?.request_id });
    deepStrictEqual(
      parts.map(({ type, server_name, source, client_name }) => [type, server_name, source, client_name]),
      [["server_change", "made", "mcp", "test-client"]],
    );
    ok(parts[0]?.request_id !== call?.request_id);
  },

  async "tells of each server that an import adds as a part of it"({ management }) {
    const content = JSON.stringify({ mcpServers: { x1: { command: "none" }, x2: { command: "none" } } });
    await management.request("import.content", { content, format: "cursor" });
    const { activities } = await management.request("activity.list", {
      type: ["config_change", "server_change"],
    });
    const whole = activities.find(({ metadata }) => metadata?.action === "content");
    const parts = activities.filter(({ parent_id: parent }) => parent === whole?.request_id);
    deepStrictEqual(parts.map(({ server_name }) => server_name).sort(), ["x1", "x2"]);
  },

  async "puts what leads to no server on record as well"({ management, gateway }) {
    const mcp = await mustOpenMcp(gateway.mcpUrl, gateway.apiKey);
    const prompt = { name: "setup-new-mcp-server", arguments: { server_type: "postgres" } };
    ok((await mcp.ask("prompts/get", prompt)).result !== undefined);
    ok((await mcp.ask("prompts/get", { name: "troubleshoot-mcp-server" })).error !== undefined);
    ok((await mcp.ask("prompts/get", { name: "nothing" })).error !== undefined);
    ok((await mcp.ask("resources/read", { uri: "none://x" })).error !== undefined);
    const direct = await mustOpenMcp(`${gateway.mcpUrl}/all`, gateway.apiKey);
    ok((await direct.ask("tools/call", { name: "memory__nothing" })).error !== undefined);

    const { activities } = await management.request("activity.list", { client: "test-client", limit: 5 });
    deepStrictEqual(
      activities.map(({ type, tool_name, status, error_code }) => [type, tool_name, status, error_code]),
      [
        ["internal_tool_call", "memory__nothing", "error", "MCPX_TOOL_NOT_FOUND"],
        // There is one server, so that it is asked.
        ["resource_read", "none://x", "error", "MCPX_TOOL_FAILED"],
        ["prompt_get", "nothing", "error", "MCPX_INVALID_INPUT"],
        ["prompt_get", "troubleshoot-mcp-server", "error", "MCPX_INVALID_INPUT"],
        ["prompt_get", "setup-new-mcp-server", "success", undefined],
      ],
    );
  },

  async "tells of a call when it begins, without its arguments"({ management }) {
    await management.request("calls.call", { tool_name: "memory:read_graph", arguments: {} });
    const { events } = await management.request("events.list", {});
    const [started] = events.filter(({ type }) => type === "activity.tool_call.started").slice(-1);
    const payload: unknown = started?.payload;
    strictEqual(Reflect.get(Object(payload), "tool_name"), "read_graph");
    strictEqual(Reflect.get(Object(payload), "arguments"), undefined);
  },
});
