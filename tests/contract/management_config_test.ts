/**
 * The part of the suite for the Management contract that is about the config
 * and the events of its changes.
 *
 * @module
 */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { GatewayError, type GatewayEvent } from "../../lib/contracts/mod.ts";
import { failsWith, removeExtras, runSuite, type Suite } from "./implementations.ts";

const SUITE: Suite = {
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
};

runSuite("Management of the config", SUITE, {}, removeExtras);
