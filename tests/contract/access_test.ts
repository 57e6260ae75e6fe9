/**
 * Agent tokens and ways in, against every implementation of the Management contract.
 *
 * @module
 */

import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { connectRemote } from "../../lib/client/mod.ts";
import type { Management, VerbName } from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { type Gateway, openGateway } from "../../mod.ts";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace } from "../support/workspace.ts";

const IMPLEMENTATIONS: Readonly<Record<string, (gateway: Gateway) => Management>> = {
  "in process": (gateway) => gateway.management,
  "over the socket": ({ socketPath }) =>
    connectRemote(createDenoPlatform(), { kind: "socket", path: socketPath ?? "" }, { version: "test" }),
  "over HTTP": ({ address, apiKey }) =>
    connectRemote(createDenoPlatform(), { kind: "tcp", url: `http://${address}`, apiKey }, {
      version: "test",
    }),
};

const SUITE: Readonly<Record<string, (management: Management, gateway: Gateway) => Promise<void>>> = {
  async "makes, lists, shows, replaces, ends and forgets a token"(management) {
    const made = await management.request("tokens.create", {
      name: "bot",
      allowed_servers: ["one"],
      permissions: ["write"],
      profile_pin: "dev",
      expires_in: "1h",
    });
    match(made.token, /^mcp_agt_[0-9a-f]{64}$/);
    const { token: _token, ...view } = made;
    deepStrictEqual(await management.request("tokens.get", { name: "bot" }), view);
    deepStrictEqual((await management.request("tokens.list", {})).tokens, [view]);
    deepStrictEqual([view.status, view.permissions, view.profile_pin], ["active", ["read", "write"], "dev"]);
    strictEqual(Date.parse(view.expires_at) - Date.parse(view.created_at), 3_600_000);

    const again = await management.request("tokens.regenerate", { name: "bot" });
    ok(again.token !== made.token && again.name === "bot");
    deepStrictEqual([again.allowed_servers, again.permissions, again.profile_pin], [["one"], [
      "read",
      "write",
    ], "dev"]);
    strictEqual((await management.request("tokens.revoke", { name: "bot" })).status, "revoked");
    strictEqual((await management.request("tokens.remove", { name: "bot" })).success, true);
    deepStrictEqual((await management.request("tokens.list", {})).tokens, []);
  },

  async "refuses tokens that make no sense"(management) {
    const ask = (verb: VerbName, input: unknown) => management.request(verb, input as never); // mistakes on purpose
    await management.request("tokens.create", { name: "bot" });
    await rejects(ask("tokens.create", { name: "bot" }), { code: "MCPX_TOKEN_EXISTS" });
    for (const name of ["", "-a", "a b", "a/b", "..", "a".repeat(65)]) {
      await rejects(ask("tokens.create", { name }), { code: "MCPX_INVALID_INPUT" }, name);
    }
    await rejects(ask("tokens.create", { name: "x", permissions: ["all"] }), { code: "MCPX_INVALID_INPUT" });
    await rejects(ask("tokens.create", { name: "x", expires_in: "2y" }), { code: "MCPX_INVALID_INPUT" });
    await rejects(ask("tokens.create", { name: "x", allowed_servers: ["nope"] }), {
      code: "MCPX_SERVER_NOT_FOUND",
    });
    await rejects(ask("tokens.create", { name: "x", profile_pin: "nope" }), {
      code: "MCPX_PROFILE_NOT_FOUND",
    });
    await rejects(ask("tokens.create", { name: "x", owner: "me" }), { code: "MCPX_INVALID_INPUT" });
    for (const verb of ["tokens.get", "tokens.revoke", "tokens.remove", "tokens.regenerate"] as const) {
      await rejects(ask(verb, { name: "nope" }), { code: "MCPX_TOKEN_NOT_FOUND", message: /"nope"/ });
    }
    await management.request("tokens.remove", { name: "bot" });
  },

  async "makes what a client wants, with a token of its own"(management, gateway) {
    const first = await management.request("access.client_snippet", { client: "cursor" });
    const second = await management.request("access.client_snippet", {
      client: "cursor",
      allowed_servers: ["one"],
      permissions: ["read"],
    });
    deepStrictEqual([first.token, second.token], ["cursor", "cursor-2"]);
    const entry = JSON.parse(first.snippet).mcpServers.mcpproxy;
    strictEqual(entry.url, gateway.mcpUrl);
    match(entry.headers["X-API-Key"], /^mcp_agt_/);
    const { allowed_servers, permissions } = await management.request("tokens.get", { name: "cursor-2" });
    deepStrictEqual([allowed_servers, permissions], [["one"], ["read"]]);
    await rejects(management.request("access.client_snippet", { client: "curser" }), {
      code: "MCPX_INVALID_INPUT",
      message: /did you mean "cursor"/,
    });
    for (const name of ["cursor", "cursor-2"]) await management.request("tokens.remove", { name });
  },

  async "adds, lists, shows, changes, chooses and removes a profile"(management) {
    const made = await management.request("profiles.create", { name: "ops", servers: ["one"] });
    deepStrictEqual(made, { name: "ops", servers: ["one"], tool_count: 0, active: false });
    const { profiles } = await management.request("profiles.list", {});
    deepStrictEqual(profiles.map(({ name }) => name), ["dev", "ops"]);
    deepStrictEqual(await management.request("profiles.get", { name: "ops" }), made);
    deepStrictEqual((await management.request("profiles.set", { name: "ops", servers: [] })).servers, []);

    strictEqual((await management.request("profiles.use", { profile: "ops" })).active_profile, "ops");
    strictEqual((await management.request("profiles.use", { active_profile: "" })).active_profile, "");
    strictEqual((await management.request("profiles.use", { active_profile: "ops" })).active_profile, "ops");
    await rejects(management.request("profiles.use", {}), { code: "MCPX_INVALID_INPUT" });
    strictEqual((await management.request("profiles.active", {})).active_profile, "ops");
    strictEqual((await management.request("profiles.get", { name: "ops" })).active, true);
    strictEqual((await management.request("profiles.remove", { name: "ops" })).success, true);
    strictEqual((await management.request("profiles.active", {})).active_profile, "");
  },

  async "refuses profiles that make no sense"(management) {
    const ask = (verb: VerbName, input: unknown) => management.request(verb, input as never); // mistakes on purpose
    await rejects(ask("profiles.create", { name: "dev" }), { code: "MCPX_PROFILE_EXISTS" });
    for (const name of ["Dev", "a b", "active", "../x", ""]) {
      await rejects(ask("profiles.create", { name }), { code: "MCPX_INVALID_INPUT" }, name);
    }
    await rejects(ask("profiles.create", { name: "x", servers: ["on"] }), {
      code: "MCPX_SERVER_NOT_FOUND",
      message: /did you mean "one"/,
    });
    for (
      const [verb, input] of [
        ["profiles.get", { name: "de" }],
        ["profiles.set", { name: "de", servers: [] }],
        ["profiles.remove", { name: "de" }],
        ["profiles.use", { profile: "de" }],
      ] as const
    ) {
      await rejects(
        ask(verb, input),
        { code: "MCPX_PROFILE_NOT_FOUND", message: /did you mean "dev"/ },
        verb,
      );
    }
  },

  async "lists, shows and closes the sessions of MCP clients"(management, gateway) {
    const { token } = await management.request("tokens.create", { name: "seen" });
    const mcp = await mustOpenMcp(`${gateway.mcpUrl}/p/dev`, token);
    await mcp.ask("tools/call", { name: "retrieve_tools", arguments: { query: "x" } });
    const { sessions } = await management.request("sessions.list", {});
    const session = sessions.find(({ id }) => id === mcp.session);
    const { start_time: _start, last_activity: _last, label, ...shown } = session ?? {};
    ok(label?.startsWith("s-") && !mcp.session.includes(label.slice(2)), label);
    deepStrictEqual(shown, {
      id: mcp.session,
      client_name: "test-client",
      client_version: "1.2.3",
      era: "legacy",
      protocol_version: "2025-06-18",
      endpoint: "/mcp/p/dev",
      caller: "token:seen",
      tool_call_count: 1,
      in_flight: 0,
    });
    strictEqual((await management.request("sessions.get", { id: mcp.session })).caller, "token:seen");

    strictEqual((await management.request("sessions.close", { id: mcp.session })).success, true);
    strictEqual((await mcp.ask("ping")).status, 404);
    for (const verb of ["sessions.get", "sessions.close"] as const) {
      await rejects(management.request(verb, { id: mcp.session }), { code: "MCPX_SESSION_NOT_FOUND" });
    }
    await management.request("tokens.remove", { name: "seen" });
  },

  async "makes a code that signs a browser in once"(management, gateway) {
    const { code, url } = await management.request("access.sign_in_code", {});
    strictEqual(url, `http://${gateway.address}/ui/#code=${code}`);
    const signIn = () =>
      fetch(`http://${gateway.address}/ui/sign-in`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code }),
      });
    const response = await signIn();
    deepStrictEqual([response.status, await response.text()], [204, ""]);
    const cookie = response.headers.get("set-cookie") ?? "";
    match(cookie, /^mcpproxy_session=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/);
    const again = await signIn();
    strictEqual(again.status, 401);
    await again.body?.cancel();
    const read = await fetch(`http://${gateway.address}/api/v1/servers`, { headers: { cookie } });
    strictEqual(read.status, 200);
    await read.body?.cancel();
  },

  // The last one: over HTTP the suite itself goes by the old key.
  async "makes a new admin key, and lets the old one and browsers in no more"(management, gateway) {
    const old = gateway.apiKey;
    const { code } = await management.request("access.sign_in_code", {});
    const url = `http://${gateway.address}`;
    const signedIn = await fetch(`${url}/ui/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code }),
    });
    await signedIn.body?.cancel();
    const events = await fetch(`${url}/events`, { headers: { "x-api-key": old } });
    const statusWith = async (headers: Readonly<Record<string, string>>) => {
      const response = await fetch(`${url}/api/v1/status`, { headers });
      await response.body?.cancel();
      return response.status;
    };

    const answer = await management.request("access.reset_key", {});

    ok(answer.api_key !== old && /^[0-9a-f]{64}$/.test(answer.api_key));
    ok(answer.signed_out >= 1);
    strictEqual((await Deno.readTextFile(answer.file)).trim(), answer.api_key);
    strictEqual(((await Deno.stat(answer.file)).mode ?? 0) & 0o777, 0o600);
    strictEqual(gateway.apiKey, answer.api_key);
    strictEqual(await statusWith({ "x-api-key": answer.api_key }), 200);
    strictEqual(await statusWith({ "x-api-key": old }), 401);
    strictEqual(await statusWith({ cookie: signedIn.headers.get("set-cookie")?.split(";")[0] ?? "" }), 401);
    // What was opened by the old key ends.
    await events.text();
    const { activities } = await gateway.management.request("activity.list", { type: ["token_change"] });
    const record = JSON.stringify(activities.find(({ metadata }) => metadata?.action === "reset_key"));
    ok(record !== undefined && !record.includes(answer.api_key));
  },
};

for (const [kind, connect] of Object.entries(IMPLEMENTATIONS)) {
  Deno.test(`Management ${kind} lets people and agents in`, async (t) => {
    await using workspace = await openWorkspace({
      mcpServers: [{ name: "one", url: "http://127.0.0.1:9/", enabled: false, quarantined: false }],
      profiles: [{ name: "dev", servers: ["one"] }],
    });
    await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
    await using management = connect(gateway);
    for (const [name, test] of Object.entries(SUITE)) await t.step(name, () => test(management, gateway));
  });
}
