/**
 * One suite for the Management contract, run against every implementation.
 *
 * @module
 */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type VerbName, VERBS } from "../../lib/contracts/mod.ts";
import { reference, waitForStatus } from "../support/workspace.ts";
import { failsWith, removeExtras, runSuite, type Suite } from "./implementations.ts";

const SUITE: Suite = {
  async "lists servers with their health"({ management }) {
    const { servers, stats } = await management.request("servers.list", {});
    deepStrictEqual(servers.map(({ name, status }) => [name, status]), [["memory", "ready"]]);
    strictEqual(servers[0]?.health.summary, "Connected (9 tools)");
    strictEqual(stats.connected_servers, 1);
  },

  async "adds a server in quarantine and lets it in"({ management, gateway, workspace }) {
    const entry = { ...reference("memory", { entry: { name: "second" } }), quarantined: undefined };
    const added = await management.request("servers.add", entry as never); // built from a literal with a name
    deepStrictEqual(added, { server: "second", action: "add", success: true, quarantined: true });
    strictEqual((await management.request("servers.get", { name: "second" })).status, "idle");
    deepStrictEqual((await management.request("servers.tools", { name: "second" })).tools, []);

    await management.request("servers.update", { name: "second", patch: { quarantined: false } });
    await waitForStatus(gateway, "second", "ready");
    strictEqual((await management.request("servers.tools", { name: "second" })).count, 9);
    ok((await workspace.read()).includes('"second"'));
  },

  async "enables, disables, restarts and removes a server"({ management, gateway }) {
    const entry = reference("memory", { entry: { name: "third" } });
    await management.request("servers.add", entry as never); // built from a literal with a name
    await waitForStatus(gateway, "third", "ready");
    await management.request("servers.disable", { name: "third" });
    await waitForStatus(gateway, "third", "idle");
    await rejects(
      management.request("servers.restart", { name: "third" }),
      failsWith("MCPX_SERVER_DISABLED", /third/),
    );
    await management.request("servers.enable", { name: "third" });
    await waitForStatus(gateway, "third", "ready");
    const { pid } = await management.request("servers.get", { name: "third" });
    await management.request("servers.restart", { name: "third" });
    await waitForStatus(gateway, "third", "stopping", "connecting");
    await waitForStatus(gateway, "third", "ready");
    ok((await management.request("servers.get", { name: "third" })).pid !== pid);
    await management.request("servers.remove", { name: "third" });
    await waitForStatus(gateway, "third", "absent");
  },

  async "keeps a secret whose mask is sent back"({ management, workspace }) {
    const entry = reference("memory", {
      entry: { name: "second", enabled: false, env: { API_TOKEN: "very-secret-1" } },
    });
    await management.request("servers.add", entry as never); // built from a literal with a name
    const { env, args } = await management.request("servers.get", { name: "second" });
    ok(env?.API_TOKEN !== "very-secret-1");
    await management.request("servers.update", {
      name: "second",
      patch: { env: { ...env, NEW: "x" }, args },
    });
    const text = await workspace.read();
    ok(text.includes("very-secret-1") && text.includes('"NEW": "x"') && !text.includes("••••"));
  },

  async "calls a tool and passes its result on"({ management }) {
    const result = await management.request("calls.call", { tool_name: "memory:read_graph", arguments: {} });
    deepStrictEqual(result.structuredContent, { entities: [], relations: [] });
  },

  async "calls the tools by which agents meet the management, and says so in the record"({ management }) {
    const result = await management.request("calls.call", {
      tool_name: "upstream_servers",
      arguments: { operation: "list" },
    });
    ok(String(result.content[0]?.text).includes('"memory"'));
    const refused = await management.request("calls.call", {
      tool_name: "quarantine_security",
      arguments: { operation: "approve_tool", name: "memory", tool_name: "read_graph" },
    });
    strictEqual(refused.isError, true);
    const { activities } = await management.request("activity.list", { type: ["internal_tool_call"] });
    ok(activities.some(({ tool_name }) => tool_name === "upstream_servers"));
  },

  async "answers a failed call with a result that says so"({ management }) {
    const result = await management.request("calls.call", { tool_name: "memory:read_grap", arguments: {} });
    strictEqual(result.isError, true);
    ok(String(result.content[0]?.text).includes('did you mean \\"memory:read_graph\\"?'));
  },

  async "refuses a variant that is too weak for the tool"({ management }) {
    const result = await management.request("calls.call", {
      tool_name: "memory:delete_entities",
      arguments: { entityNames: [] },
      variant: "read",
    });
    strictEqual(result.isError, true);
    ok(String(result.content[0]?.text).includes("MCPX_INTENT_REJECTED"));
  },

  async "searches and lists tools"({ management }) {
    const { results } = await management.request("tools.search", { q: "read the whole graph", limit: 3 });
    strictEqual(results[0]?.tool.id, "memory:read_graph");
    ok(results.length <= 3);
    const { tools, partial } = await management.request("tools.list", {});
    strictEqual(tools.length, 9);
    strictEqual(partial, undefined);
  },

  async "gives lists in pages that neither repeat nor lose anything"({ management }) {
    const { tools } = await management.request("tools.list", {});
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await management.request("tools.list", { limit: 4, cursor });
      ok(page.tools.length <= 4 && page.stats.total === tools.length);
      seen.push(...page.tools.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    deepStrictEqual(seen, tools.map(({ id }) => id));
    const { servers, next_cursor: next } = await management.request("servers.list", { limit: 1 });
    deepStrictEqual([servers.length, next], [1, undefined]);
    for (const wrong of ["%%%", "!"]) {
      await rejects(
        management.request("servers.list", { cursor: wrong }),
        failsWith("MCPX_INVALID_INPUT", /cursor/),
      );
    }
    await rejects(
      management.request("servers.list", { limt: 1 } as never), // a mistake on purpose
      failsWith("MCPX_INVALID_INPUT", /no field "limt", did you mean "limit"/),
    );
  },

  async "reads and follows the log of a server"({ management }) {
    const { logs, count } = await management.request("servers.logs", { name: "memory", tail: 5 });
    ok(count === logs.length && count > 0);
    const stop = new AbortController();
    const seen: string[] = [];
    for await (const line of management.followLogs({ name: "memory", tail: 1 }, stop.signal)) {
      seen.push(line.server);
      stop.abort();
    }
    deepStrictEqual(seen, ["memory"]);
  },

  async "says the same of every mistake"({ management }) {
    const ask = (verb: VerbName, input: unknown) => management.request(verb, input as never); // mistakes on purpose
    await rejects(
      ask("servers.get", { name: "memry" }),
      failsWith("MCPX_SERVER_NOT_FOUND", /did you mean "memory"/),
    );
    await rejects(ask("servers.logs", { name: "nope" }), failsWith("MCPX_SERVER_NOT_FOUND", /"nope"/));
    await rejects(ask("servers.remove", { name: "nope" }), failsWith("MCPX_SERVER_NOT_FOUND", /"nope"/));
    await rejects(
      ask("servers.add", { name: "memory", command: "x" }),
      failsWith("MCPX_SERVER_EXISTS", /"memory"/),
    );
    await rejects(
      ask("servers.add", { name: "a b", command: "x" }),
      failsWith("MCPX_INVALID_INPUT", /letters/),
    );
    await rejects(ask("servers.add", { name: "x", comand: "x" }), failsWith("MCPX_INVALID_INPUT", /comand/));
    await rejects(ask("servers.add", { name: "x" }), failsWith("MCPX_CONFIG_INVALID", /command/));
    await rejects(
      ask("servers.update", { name: "memory", patch: {} }),
      failsWith("MCPX_INVALID_INPUT", /no field/),
    );
    await rejects(ask("tools.search", { q: "" }), failsWith("MCPX_INVALID_INPUT", /q/));
    await rejects(
      ask("calls.call", { tool_name: "retrieve_toolz" }),
      failsWith("MCPX_TOOL_NOT_FOUND", /retrieve_tools/),
    );
  },

  async "shows the key only when asked"({ management, gateway }) {
    const hidden = await management.request("status.get", {});
    ok(!JSON.stringify(hidden).includes(gateway.apiKey));
    const refused = await management.request("status.get", { show_key: "false" as never }); // as a URL has it
    ok(!JSON.stringify(refused).includes(gateway.apiKey));
    const shown = await management.request("status.get", { show_key: true });
    strictEqual(shown.api_key, gateway.apiKey);
    strictEqual(shown.running, true);
  },
};

runSuite("Management", SUITE, {}, removeExtras);

Deno.test("every verb has a route of its own", () => {
  const routes = Object.values(VERBS).map(({ method, path }) => `${method} ${path}`);
  strictEqual(new Set(routes).size, routes.length);
});
