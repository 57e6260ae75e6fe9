import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Gateway } from "../../mod.ts";
import { serveHttpFleet } from "../support/fixtures/http_fleet.ts";
import { serveRegistry } from "../support/fixtures/registry.ts";
import { openTestGateway, openWorkspace, waitForStatus, type Workspace } from "../support/workspace.ts";

interface Answer {
  readonly isError: boolean;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** An agent that speaks MCP with some key, or without one. */
function agentOf({ mcpUrl }: Gateway, key: string | undefined) {
  async function request(method: string, params: unknown): Promise<Record<string, unknown>> {
    const response = await fetch(mcpUrl, {
      method: "POST",
      headers: {
        ...(key === undefined ? {} : { "x-api-key": key }),
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        "mcp-protocol-version": "2026-07-28",
        "mcp-method": method,
        ...(method === "tools/call" ? { "mcp-name": String(Reflect.get(Object(params), "name")) } : {}),
      },
      body: JSON.stringify({
        jsonrpc: "2.0",
        id: 1,
        method,
        params: {
          ...Object(params),
          _meta: {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": { name: "t", version: "1" },
          },
        },
      }),
    });
    const text = await response.text();
    // An answer that took its time comes as a stream.
    const { result, error } = JSON.parse(
      text.startsWith("{") ? text : /^data: (\{.*)$/m.exec(text)?.[1] ?? "{}",
    );
    if (error !== undefined) throw new Error(JSON.stringify(error));
    return result;
  }
  return {
    tools: async () =>
      ((await request("tools/list", {})).tools as { name: string }[]).map(({ name }) => name),
    async call(name: string, args: Record<string, unknown> = {}): Promise<Answer> {
      const result = await request("tools/call", { name, arguments: args });
      const [{ text = "" } = {}] = result.content as { text?: string }[];
      return { isError: result.isError === true, body: JSON.parse(text), text };
    },
  };
}

async function entryOf(workspace: Workspace, name: string): Promise<Record<string, unknown>> {
  const { mcpServers } = JSON.parse(await workspace.read());
  return mcpServers.find((one: { name: string }) => one.name === name);
}

Deno.test("upstream_servers adds only what is held, and holds what is changed to run something else", async () => {
  await using fleet = serveHttpFleet();
  await using workspace = await openWorkspace({
    mcpServers: [{ ...fleet.entry(0), headers: { "X-Token": "very-secret-1" } }],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "place-0", "ready");
  const { call } = agentOf(gateway, gateway.apiKey);

  const listed = await call("upstream_servers", { operation: "list" });
  ok(!listed.text.includes("very-secret"));
  const [place] = listed.body.servers as Record<string, unknown>[];
  deepStrictEqual([place?.name, place?.quarantined, place?.headers], ["place-0", false, ["X-Token"]]);

  const added = await call("upstream_servers", {
    operation: "add",
    name: "new",
    command: "npx",
    args_json: '["-y","x"]',
    env: { K: "v" },
  });
  strictEqual(added.isError, false, added.text);
  deepStrictEqual([added.body.quarantined, added.body.security_status], [true, "held"]);
  const { created: _created, ...entry } = await entryOf(workspace, "new");
  deepStrictEqual([entry.command, entry.args, entry.env, entry.quarantined], [
    "npx",
    ["-y", "x"],
    { K: "v" },
    true,
  ]);
  for (const trust of [{ quarantined: false }, { trust_mode: "auto" }, { skip_quarantine: true }]) {
    const refused = await call("upstream_servers", {
      operation: "add",
      name: "other",
      command: "x",
      ...trust,
    });
    strictEqual(refused.isError, true);
    strictEqual(refused.body.code, "MCPX_FORBIDDEN");
    const patched = await call("upstream_servers", { operation: "patch", name: "new", ...trust });
    strictEqual(patched.body.code, "MCPX_FORBIDDEN");
  }
  strictEqual((await entryOf(workspace, "new")).quarantined, true);

  const gentle = await call("upstream_servers", { operation: "patch", name: "place-0", init_timeout: "45s" });
  strictEqual(gentle.isError, false, gentle.text);
  strictEqual((await entryOf(workspace, "place-0")).quarantined, false);
  const log = await call("upstream_servers", { operation: "tail_log", name: "place-0", lines: 5 });
  strictEqual(log.body.server_name, "place-0", log.text);
  const risky = await call("upstream_servers", {
    operation: "update",
    name: "place-0",
    url: "http://127.0.0.1:9/mcp",
  });
  strictEqual(risky.body.quarantined, true);
  strictEqual((await entryOf(workspace, "place-0")).quarantined, true);
  strictEqual((await call("upstream_servers", { operation: "tail_log", name: "place-0" })).isError, true);

  strictEqual((await call("upstream_servers", { operation: "remove", name: "new" })).isError, false);
  strictEqual(await entryOf(workspace, "new"), undefined);
});

Deno.test("upstream_servers refuses an agent without rights with words", async () => {
  await using workspace = await openWorkspace({
    require_mcp_auth: false,
    mcpServers: [{
      name: "a",
      command: "npx",
      env: { TOKEN: "very-secret-1" },
      enabled: false,
      quarantined: false,
    }],
  });
  await using gateway = await openTestGateway(workspace);
  const { call, tools } = agentOf(gateway, undefined);
  const before = await workspace.read();

  ok((await tools()).includes("upstream_servers"));
  const listed = await call("upstream_servers", { operation: "list" });
  deepStrictEqual((listed.body.servers as { name: string }[]).map(({ name }) => name), ["a"]);
  ok(!listed.text.includes("npx") && !listed.text.includes("TOKEN"));
  for (
    const operation of [
      "add",
      "update",
      "patch",
      "remove",
      "enable",
      "disable",
      "restart",
      "add_from_registry",
      "tail_log",
    ]
  ) {
    const { isError, body } = await call("upstream_servers", { operation, name: "a", command: "x" });
    strictEqual(isError, true);
    strictEqual(body.code, "MCPX_FORBIDDEN");
    match(String(body.error), /an agent may list servers/);
  }
  strictEqual(await workspace.read(), before);
});

Deno.test("a token sees only its servers, and nothing where to find more", async () => {
  await using workspace = await openWorkspace({
    mcpServers: ["a", "b"].map((name) => ({ name, command: "npx", enabled: false, quarantined: false })),
  });
  await using gateway = await openTestGateway(workspace);
  const { token } = await gateway.management.request("tokens.create", { name: "t", allowed_servers: ["a"] });
  const { call, tools } = agentOf(gateway, token);

  const names = await tools();
  deepStrictEqual(names.filter((name) => /registries|_servers/.test(name)), ["upstream_servers"]);
  const listed = await call("upstream_servers", { operation: "list" });
  deepStrictEqual((listed.body.servers as { name: string }[]).map(({ name }) => name), ["a"]);
  for (const name of ["a", "b"]) {
    const log = await call("upstream_servers", { operation: "tail_log", name });
    strictEqual(log.body.code, "MCPX_FORBIDDEN", "its own calls are not all that a server prints about");
  }
});

Deno.test("search_servers gives what upstream_servers takes to add a server", async () => {
  await using registry = serveRegistry();
  await using workspace = await openWorkspace({
    allow_private_registry_fetch: true,
    registries: [{ id: "mine", servers_url: registry.url }],
  });
  await using gateway = await openTestGateway(workspace);
  const { call } = agentOf(gateway, gateway.apiKey);

  const { body: { registries } } = await call("list_registries");
  deepStrictEqual(
    (registries as { id: string; trusted: boolean }[]).map(({ id, trusted }) => [id, trusted]),
    [
      ["mine", false],
    ],
  );
  const found = await call("search_servers", { registry: "mine", search: "remote" });
  const [{ add = {}, runs } = {}] = found.body.servers as { add?: Record<string, unknown>; runs?: string }[];
  strictEqual(runs, "https://example.com/mcp");
  const added = await call("upstream_servers", add);

  strictEqual(added.isError, false, added.text);
  const { quarantined, url, source_registry_id } = await entryOf(workspace, "remote");
  deepStrictEqual([quarantined, url, source_registry_id], [true, "https://example.com/mcp", "mine"]);
  const missing = await call("search_servers", { registry: "min" });
  match(String(missing.body.error), /did you mean "mine"/);
});

Deno.test("disable_management takes the tools away, read_only_mode leaves the list", async () => {
  await using workspace = await openWorkspace({ disable_management: true });
  await using gateway = await openTestGateway(workspace);
  const { call, tools } = agentOf(gateway, gateway.apiKey);

  ok(!(await tools()).includes("upstream_servers"));
  await call("upstream_servers", { operation: "list" }).then(
    ({ isError }) => strictEqual(isError, true),
    (error) => match(String(error), /upstream_servers/),
  );
  await gateway.management.request("config.patch", {
    patch: { disable_management: false, read_only_mode: true },
  });

  strictEqual((await call("upstream_servers", { operation: "list" })).isError, false);
  const refused = await call("upstream_servers", { operation: "add", name: "x", command: "y" });
  match(String(refused.body.error), /read_only_mode is on/);
});

Deno.test("quarantine_security tells what is held and holds more, and approves nothing", async () => {
  await using fleet = serveHttpFleet();
  await using workspace = await openWorkspace({
    require_mcp_auth: false,
    mcpServers: [fleet.entry(0), { ...fleet.entry(1), quarantined: true }],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "place-0", "ready");
  const [admin, agent] = [agentOf(gateway, gateway.apiKey), agentOf(gateway, undefined)];
  ok((await agent.tools()).includes("quarantine_security"));

  const held = await agent.call("quarantine_security", { operation: "list_quarantined" });
  deepStrictEqual((held.body.servers as { name: string }[]).map(({ name }) => name), ["place-1"]);
  const before = await agent.call("quarantine_security", { operation: "inspect_tools", name: "place-0" });
  const [first] = before.body.entries as { name: string; status: string }[];
  deepStrictEqual([before.body.held, first?.status], [0, "approved"]);

  for (const operation of ["approve_tool", "approve_all_tools", "unquarantine_server", "enable_tool"]) {
    const refused = await admin.call("quarantine_security", { operation, name: "place-1", tool_name: "x" });
    strictEqual(refused.body.code, "MCPX_FORBIDDEN", operation);
    match(refused.text, /a person decides/);
  }
  const block = { operation: "block_tool", name: "place-0", tool_name: first?.name };
  strictEqual((await agent.call("quarantine_security", block)).body.code, "MCPX_FORBIDDEN");
  strictEqual((await admin.call("quarantine_security", block)).isError, false);
  const after = await agent.call("quarantine_security", { operation: "inspect_tools", name: "place-0" });
  strictEqual(after.body.held, 1);
  ok(!after.text.includes("description"), "names only: nobody has reviewed the texts");
  const found = await agent.call("retrieve_tools", { query: `${first?.name}`, include_disabled: true });
  const locked = found.body.disabled as { name: string; status: string; description?: string }[];
  const same = locked.find(({ name }) => name === `place-0:${first?.name}`);
  deepStrictEqual([same?.status, same?.description], ["blocked", undefined]);

  await admin.call("quarantine_security", { operation: "quarantine_server", name: "place-0" });
  strictEqual((await entryOf(workspace, "place-0")).quarantined, true);
  match((await agent.call("quarantine_security", { operation: "list_quarantind" })).text, /did you mean/);
});
