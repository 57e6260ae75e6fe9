/**
 * One suite for the Management contract, run against every implementation.
 *
 * @module
 */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { connectRemote } from "../../lib/client/mod.ts";
import {
  GatewayError,
  type GatewayEvent,
  type Management,
  type VerbName,
  VERBS,
} from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { type Gateway, openGateway } from "../../mod.ts";
import { openWorkspace, reference, waitForStatus, type Workspace } from "../support/workspace.ts";

interface Subject {
  readonly management: Management;
  readonly gateway: Gateway;
  readonly workspace: Workspace;
}

const IMPLEMENTATIONS: Readonly<Record<string, (gateway: Gateway) => Management>> = {
  "in process": (gateway) => gateway.management,
  "over the socket": ({ socketPath }) =>
    connectRemote(createDenoPlatform(), { kind: "socket", path: socketPath ?? "" }, { version: "test" }),
  "over HTTP": ({ address, apiKey }) =>
    connectRemote(createDenoPlatform(), { kind: "tcp", url: `http://${address}`, apiKey }, {
      version: "test",
    }),
};

function failsWith(code: string, words: RegExp): (error: unknown) => boolean {
  return (error) => {
    ok(error instanceof GatewayError, `${error}`);
    strictEqual(error.code, code);
    ok(words.test(error.message), error.message);
    ok(error.remedy.length > 0);
    return true;
  };
}

const SUITE: Readonly<Record<string, (subject: Subject) => Promise<void>>> = {
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

  async "shows the config without its secrets and takes it back with them"({ management, workspace }) {
    await management.request("config.patch", {
      patch: {
        mcpServers: { second: { command: "x", enabled: false, env: { API_TOKEN: "very-secret-1" } } },
      },
    });
    const { config, hash, config_path } = await management.request("config.get", {});
    strictEqual(config_path, workspace.config);
    ok(!JSON.stringify(config).includes("very-secret-1"));

    const answer = await management.request("config.replace", {
      config: { ...config, tools_limit: 7 },
      if_match: hash,
    });
    deepStrictEqual(answer.keys, [{ name: "tools_limit", change: "changed", apply: "live" }]);
    deepStrictEqual([answer.changed, answer.servers, answer.restart_required], [true, [], []]);
    const text = await workspace.read();
    ok(text.includes("very-secret-1") && text.includes('"tools_limit": 7') && !text.includes("••••"));
    strictEqual((await management.request("config.get", {})).hash, answer.hash);

    await rejects(
      management.request("config.patch", { patch: { tools_limit: 8 }, if_match: `"${hash}"` }),
      (error) => {
        ok(error instanceof GatewayError);
        strictEqual(error.code, "MCPX_CONFIG_CONFLICT");
        deepStrictEqual([error.details.found, error.details.wanted], [answer.hash, [hash]]);
        return true;
      },
    );
    const { config: effective } = await management.request("config.get", { view: "effective" });
    deepStrictEqual([effective.tools_limit, effective.routing_mode], [7, "retrieve_tools"]);
    await management.request("config.patch", { patch: { tools_limit: null }, if_match: answer.hash });
    ok(!(await workspace.read()).includes("tools_limit"));
  },

  async "refuses a config that is wrong and a mask that stands for nothing"({ management, workspace }) {
    const before = await workspace.read();
    await rejects(
      management.request("config.replace", { text: '{\n  "listn": "x"\n}' }),
      failsWith("MCPX_CONFIG_INVALID", /listn at 2:3: there is no key "listn", did you mean "listen"/),
    );
    await rejects(
      management.request("config.patch", { patch: { tools_limit: "many" } }),
      failsWith("MCPX_CONFIG_INVALID", /Cannot change config .*tools_limit: found "many", wanted number/),
    );
    await rejects(
      management.request("config.patch", { patch: { api_key: "••••ab (12 chars)" } }),
      failsWith("MCPX_CONFIG_INVALID", /"api_key" is the mask of a secret that is not there/),
    );
    await rejects(
      management.request("config.replace", {}),
      failsWith("MCPX_INVALID_INPUT", /the request has none/),
    );
    strictEqual(await workspace.read(), before);
  },

  async "validates a config, and the file"({ management }) {
    const file = await management.request("config.validate", {});
    deepStrictEqual([file.valid, file.problems], [true, []]);
    const text = '{\n  "listn": "x",\n  "tools_limit": 0\n}';
    const { valid, total, problems } = await management.request("config.validate", { text });
    deepStrictEqual([valid, total], [false, 2]);
    deepStrictEqual(
      problems.map(({ path, line, column, found, wanted }) => [path, line, column, found, wanted]),
      [
        ["listn", 2, 3, 'the key "listn"', 'the key "listen"'],
        ["tools_limit", 3, 18, "0", "at least 1"],
      ],
    );
    ok(!(await management.request("config.validate", { config: { mcpServers: [{}] } })).valid);
  },

  async "says what a config would do before it does it"({ management, workspace }) {
    const { config } = await management.request("config.get", {});
    const servers = config.mcpServers as Record<string, unknown>[]; // written as a list by this test
    const before = await workspace.read();
    const diff = await management.request("config.diff", {
      config: {
        ...config,
        listen: "127.0.0.1:1",
        mcpServers: [
          { ...servers[0], init_timeout: "20s", args: ["other"] },
          { name: "new", command: "x" },
          { name: "let-in", command: "x", quarantined: false },
        ],
      },
    });
    deepStrictEqual(
      diff.servers.map(({ name, change, action }) => [name, change, action]),
      [["memory", "changed", "restart"], ["new", "added", "none"], ["let-in", "added", "start"]],
    );
    deepStrictEqual([diff.running, diff.changed, diff.restart_required], [true, true, ["listen"]]);
    strictEqual(await workspace.read(), before);
    const same = await management.request("config.diff", { config });
    deepStrictEqual([same.changed, same.servers, same.keys], [false, [], []], "masks are no changes");
    strictEqual((await management.request("config.diff", {})).changed, false);
    await rejects(
      management.request("config.diff", { text: "{" }),
      failsWith("MCPX_CONFIG_PARSE_ERROR", /not closed/),
    );
  },

  async "follows events from a snapshot or a number on, and lists those that are kept"({ management }) {
    const stop = new AbortController();
    const seen: GatewayEvent[] = [];
    for await (const event of management.followEvents({}, stop.signal)) {
      seen.push(event);
      if (event.type === "snapshot") void management.request("config.patch", { patch: { tools_limit: 9 } });
      if (event.type === "config.reloaded") stop.abort();
    }
    strictEqual(seen[0]?.type, "snapshot");
    const reloaded = seen.at(-1);
    strictEqual(reloaded?.type, "config.reloaded"); // nothing comes after the end was asked for
    ok(reloaded !== undefined && reloaded.seq > (seen[0]?.seq ?? 0) && reloaded.at !== undefined);

    const again: GatewayEvent[] = [];
    const resumed = new AbortController();
    const filter = { types: ["config"], since: reloaded.seq - 1 };
    for await (const event of management.followEvents(filter, resumed.signal)) {
      again.push(event);
      resumed.abort();
    }
    deepStrictEqual(again, [reloaded]);
    const listed = await management.request("events.list", { type: "config", limit: 1 });
    deepStrictEqual(listed.events, [reloaded]);
    deepStrictEqual([listed.last_seq >= reloaded.seq, listed.gap], [true, false]);

    const lost: string[] = [];
    const ahead = new AbortController();
    for await (const { type } of management.followEvents({ since: 1_000_000 }, ahead.signal)) {
      lost.push(type);
      if (type === "snapshot") ahead.abort();
    }
    deepStrictEqual(lost, ["gap", "snapshot"]);
    await management.request("config.patch", { patch: { tools_limit: null } });
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

for (const [kind, connect] of Object.entries(IMPLEMENTATIONS)) {
  Deno.test(`Management ${kind}`, async (t) => {
    await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
    await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
    await using management = connect(gateway);
    await waitForStatus(gateway, "memory", "ready");
    for (const [name, test] of Object.entries(SUITE)) {
      await t.step(name, () => test({ management, gateway, workspace }));
      for (const extra of ["second", "third"]) {
        await management.request("servers.remove", { name: extra }).catch(() => {}); // left by a step, or not there
      }
    }
  });
}

Deno.test("every verb has a route of its own", () => {
  const routes = Object.values(VERBS).map(({ method, path }) => `${method} ${path}`);
  strictEqual(new Set(routes).size, routes.length);
});
