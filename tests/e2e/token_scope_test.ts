/**
 * What a token sees and calls, on every way into a gateway that runs.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { VERBS } from "../../lib/contracts/mod.ts";
import { type Gateway, openGateway } from "../../mod.ts";
import { FLEET_TOOLS, type ScopedFleet, serveScopedFleet } from "../support/fixtures/scoped_fleet.ts";
import { mustOpenMcp, openMcp } from "../support/mcp_caller.ts";
import { openWorkspace, waitForStatus, type Workspace } from "../support/workspace.ts";

const SERVERS = ["alpha", "beta", "gamma"];
const PROFILES = [{ name: "ab", servers: ["alpha", "beta"] }, { name: "c", servers: ["gamma"] }];
const PERMISSIONS = ["read", "write", "destructive"] as const;

interface Scene extends AsyncDisposable {
  readonly fleet: ScopedFleet;
  readonly gateway: Gateway;
  readonly workspace: Workspace;
  readonly url: string;
  token(input?: Readonly<Record<string, unknown>>): Promise<string>;
  rest(path: string, token: string, body?: unknown): Promise<{ status: number; text: string }>;
}

async function openScene(config: Readonly<Record<string, unknown>> = {}): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const fleet = stack.use(serveScopedFleet());
  const workspace = stack.use(
    await openWorkspace({ mcpServers: SERVERS.map(fleet.entry), profiles: PROFILES, ...config }),
  );
  // A registry that is a file, and not there.
  const own = { id: "own", servers_url: join(workspace.directory, "registry.json") };
  await workspace.write({ ...JSON.parse(await workspace.read()), registries: [own] });
  const gateway = stack.use(await openGateway({ config: workspace.config, dataDir: workspace.dataDir }));
  for (const name of SERVERS) await waitForStatus(gateway, name, "ready");
  let count = 0;
  const owned = stack.move();
  const url = `http://${gateway.address}`;
  return {
    fleet,
    gateway,
    workspace,
    url,
    async token(input = {}) {
      const { token } = await gateway.management.request("tokens.create", { name: `t${count++}`, ...input });
      return token;
    },
    async rest(path, token, body) {
      const response = await fetch(url + path, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      return { status: response.status, text: await response.text() };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Names of servers in a text, whatever else it says. */
function named(text: string): string[] {
  return SERVERS.filter((name) => text.includes(name));
}

Deno.test("a token reads over REST what concerns its servers, and nothing else", async () => {
  await using scene = await openScene();
  const token = await scene.token({ allowed_servers: ["alpha"] });

  const reads = Object.values(VERBS).filter(({ role, method }) => role === "agent" && method === "GET")
    .map(({ path }) =>
      path.replace("/profiles/{name}", "/profiles/ab").replace("/registries/{id}", "/registries/own")
        .replace("{name}", "alpha")
    );
  ok(reads.length >= 14);
  for (const path of reads) {
    const { status, text } = await scene.rest(
      `/api/v1${path}${path === "/index/search" ? "?q=ledger" : ""}`,
      token,
    );
    ok(status === 200 || path.includes("{id}"), text);
    deepStrictEqual(named(text).filter((name) => name !== "alpha"), [], path);
    ok(!text.includes(scene.workspace.directory) && !text.includes(scene.gateway.apiKey), path);
    if (/^\/(?:servers|tools|index|profiles$)/.test(path)) deepStrictEqual(named(text), ["alpha"], path);
  }
  const tools: { data: { tools: { name: string }[] } } = JSON.parse(
    (await scene.rest("/api/v1/tools", token)).text,
  );
  deepStrictEqual(tools.data.tools.map(({ name }) => name), ["look"], "reading is all that it may");
  for (const path of ["/config", "/tokens", "/servers/alpha/logs", "/tokens/t0"]) {
    const { status, text } = await scene.rest(`/api/v1${path}`, token);
    strictEqual(status, 403, path);
    match(text, /needs the role admin/);
  }
  strictEqual((await scene.rest("/metrics", token)).status, 403);
  strictEqual((await scene.rest("/api/v1/servers/alpha/disable", token, {})).status, 403);
});

Deno.test("a token chooses among the profiles that have something for it", async () => {
  await using scene = await openScene();
  const token = await scene.token({ allowed_servers: ["alpha"] });
  const session = await mustOpenMcp(`${scene.gateway.mcpUrl}/call`, token);
  const choose = async (profile: string) =>
    JSON.stringify(await session.ask("tools/call", { name: "set_profile", arguments: { profile } }));

  match(await choose("c"), /there are ab\\[^]*MCPX_PROFILE_NOT_FOUND/);
  deepStrictEqual(named(await choose("ab")), ["alpha"]);
});

Deno.test("what is outside of a token's scope is answered as what is not there", async () => {
  await using scene = await openScene({ routing_mode: "direct" });
  const token = await scene.token({ allowed_servers: ["alpha"], permissions: ["read"] });
  const same = (text: string, from: string) =>
    text.replaceAll(from, "NAME").replaceAll(/"id":\d+|[0-9a-f-]{36}/g, "ID");

  for (const path of ["", "/tools"]) {
    const [hidden, absent] = await Promise.all(
      ["delta", "gamma"].map((name) => scene.rest(`/api/v1/servers/${name}${path}`, token)),
    );
    strictEqual(same(hidden?.text ?? "", "delta"), same(absent?.text ?? "", "gamma"));
    strictEqual(hidden?.status, 404);
  }
  const mcp = await mustOpenMcp(scene.gateway.mcpUrl, token);
  const call = async (name: string) => JSON.stringify(await mcp.ask("tools/call", { name, arguments: {} }));
  strictEqual(same(await call("gamma__look"), "gamma"), same(await call("delta__look"), "delta"));
  strictEqual(same(await call("alpha__drop"), "drop"), same(await call("alpha__nope"), "nope"));
  const own = async (name: string) =>
    (await scene.rest("/api/v1/tools/call", token, { tool_name: "call_tool_read", arguments: { name } }))
      .text;
  strictEqual(same(await own("gamma:look"), "gamma"), same(await own("delta:look"), "delta"));
  strictEqual(same(await own("alpha:plain"), "plain"), same(await own("alpha:plaim"), "plaim"));
  const endpoints = await Promise.all(
    ["s/gamma", "s/delta"].map((path) => openMcp(`${scene.gateway.mcpUrl}/${path}`, token)),
  );
  strictEqual(same(JSON.stringify(endpoints[0]), "gamma"), same(JSON.stringify(endpoints[1]), "delta"));
  deepStrictEqual(scene.fleet.take(), []);
});

Deno.test("a token calls what its permissions allow, whatever it says about the call", async () => {
  await using scene = await openScene();
  const reader = await mustOpenMcp(scene.gateway.mcpUrl, await scene.token());
  const call = async (variant: string, tool: string) => {
    const { result } = await reader.ask("tools/call", {
      name: `call_tool_${variant}`,
      arguments: { name: `alpha:${tool}`, args: {} },
    });
    return result?.isError === true ? JSON.stringify(result).match(/MCPX_[A-Z_]+/)?.[0] : "done";
  };

  strictEqual(await call("read", "look"), "done");
  for (const tool of ["change", "drop", "plain"]) {
    strictEqual(await call("read", tool), "MCPX_TOOL_NOT_FOUND");
  }
  for (const variant of ["write", "destructive"]) {
    strictEqual(await call(variant, "look"), "MCPX_FORBIDDEN");
    strictEqual(await call(variant, "nope"), "MCPX_FORBIDDEN", "the same, whether the tool is there or not");
  }
  deepStrictEqual(scene.fleet.take(), ["alpha tools/call look"]);
});

Deno.test("a token that is pinned to a profile knows no other, and cannot choose", async () => {
  await using scene = await openScene();
  const token = await scene.token({ profile_pin: "ab", permissions: ["destructive"] });
  const { mcpUrl } = scene.gateway;

  strictEqual("session" in await openMcp(`${mcpUrl}/p/ab`, token), true);
  const refused = await openMcp(`${mcpUrl}/p/c`, token);
  deepStrictEqual("error" in refused && refused.error?.data, {
    error: "unknown profile 'c'",
    available: ["ab"],
  });
  const all = await mustOpenMcp(`${mcpUrl}/all`, token);
  deepStrictEqual(named(JSON.stringify((await all.ask("tools/list")).result)), ["alpha", "beta"]);
  const search = await mustOpenMcp(mcpUrl, token);
  ok(!JSON.stringify((await search.ask("tools/list")).result).includes("set_profile"));
  const chosen = await search.ask("tools/call", { name: "set_profile", arguments: { profile: "c" } });
  ok(chosen.error !== undefined);

  await scene.gateway.management.request("config.patch", {
    patch: { profiles: [{ name: "ab", servers: ["alpha"] }] },
  });
  strictEqual((await all.ask("tools/list")).status, 404, "its session has ended with its reach");
  const again = await mustOpenMcp(`${mcpUrl}/all`, token);
  deepStrictEqual(named(JSON.stringify((await again.ask("tools/list")).result)), ["alpha"]);
});

Deno.test("revoking a token ends its streams, sessions and calls at once, and nobody else's", async () => {
  await using scene = await openScene({ routing_mode: "direct" });
  const { management, mcpUrl } = scene.gateway;
  const { token } = await management.request("tokens.create", { name: "gone", permissions: ["destructive"] });
  const stays = await scene.token({ permissions: ["destructive"] });
  const open = async (key: string) => {
    const events = await fetch(`${scene.url}/events`, { headers: { "x-api-key": key } });
    const mcp = await mustOpenMcp(mcpUrl, key);
    const standing = await mcp.listen();
    const call = mcp.ask("tools/call", { name: "alpha__drop", arguments: { wait: true } });
    const rest = scene.rest("/api/v1/tools/call", key, { tool_name: "beta:drop", arguments: { wait: true } });
    return { events, mcp, standing, call, rest };
  };
  const [mine, theirs] = [await open(token), await open(stays)];
  await scene.fleet.called(4);

  await management.request("tokens.revoke", { name: "gone" });

  await mine.events.text();
  await mine.standing.text();
  const { error } = await mine.call;
  match(JSON.stringify(error), /"gone\\" was revoked/);
  const rest = await mine.rest;
  strictEqual(rest.status, 401);
  match(rest.text, /was revoked/);
  const after = await mine.mcp.ask("ping");
  strictEqual(after.status, 401);
  strictEqual((await scene.rest("/api/v1/servers", token)).status, 401);

  scene.fleet.release();
  strictEqual((await theirs.call).result?.isError, undefined);
  strictEqual((await theirs.rest).status, 200);
  strictEqual((await theirs.mcp.ask("ping")).status, 200);
  await theirs.events.body?.cancel();
  await theirs.standing.body?.cancel();
});

Deno.test("a token has as many calls in flight as it may, and the others wait", async () => {
  await using scene = await openScene({ routing_mode: "direct", queue_size: 0 });
  const mcp = await mustOpenMcp(
    scene.gateway.mcpUrl,
    await scene.token({ permissions: ["destructive"], max_concurrent: 1 }),
  );
  const first = mcp.ask("tools/call", { name: "alpha__drop", arguments: { wait: true } });
  await scene.fleet.called(1);
  const second = await mcp.ask("tools/call", { name: "beta__look", arguments: {} });
  match(JSON.stringify(second), /MCPX_TOO_MANY_CALLS/);
  scene.fleet.release();
  strictEqual((await first).result?.isError, undefined);
  match(JSON.stringify(await mcp.ask("tools/call", { name: "beta__look", arguments: {} })), /beta look done/);
});

const tokenArbitrary = fc.record({
  allowed_servers: fc.subarray(["*", ...SERVERS], { minLength: 1 }),
  permissions: fc.subarray([...PERMISSIONS]),
  profile_pin: fc.option(fc.constantFrom("ab", "c"), { nil: undefined }),
});

Deno.test("no token ever sees or calls what its scope excludes", async () => {
  await using scene = await openScene();
  const { management, mcpUrl } = scene.gateway;
  const endpoints = ["", "/all", "/call", "/p/ab", "/p/c", ...SERVERS.map((name) => `/s/${name}`)];
  const wayArbitrary = fc.constantFrom(...endpoints, "rest");
  let runs = 0;
  const toolArbitrary = fc.constantFrom(...Object.keys(FLEET_TOOLS));
  const variantArbitrary = fc.constantFrom(...PERMISSIONS, "direct");

  await fc.assert(
    fc.asyncProperty(
      tokenArbitrary,
      wayArbitrary,
      fc.constantFrom(...SERVERS),
      toolArbitrary,
      variantArbitrary,
      async (input, way, server, tool, variant) => {
        // A name of its own: a token hears of what was done under its name.
        const name = `any${runs++}`;
        const { token } = await management.request("tokens.create", { name, ...input });
        try {
          const inProfile = PROFILES.find(({ name }) => name === input.profile_pin)?.servers ?? SERVERS;
          const reach = inProfile.filter((name) =>
            input.allowed_servers.includes("*") || input.allowed_servers.includes(name)
          );
          const may = new Set<string>(["read", ...input.permissions]);
          const seen = way === "rest"
            ? await lookByRest(scene, token, { server, tool, variant })
            : await lookByMcp(`${mcpUrl}${way}`, token, { server, tool, variant });

          for (const name of SERVERS.filter((one) => !reach.includes(one))) {
            ok(
              !seen.includes(`${name} `) && !seen.includes(`${name}_`) && !seen.includes(`"${name}"`),
              `${name} in ${seen}`,
            );
          }
          for (const [name, { needs }] of Object.entries(FLEET_TOOLS)) {
            if (!may.has(needs)) ok(!seen.includes(`ledger: ${name}`), `${name} in ${seen}`);
          }
          for (const line of scene.fleet.take()) {
            const [at = "", method, what = ""] = line.split(" ");
            ok(reach.includes(at), line);
            if (method === "some/unknown") ok(may.has("destructive"), line);
            if (method === "tools/call") ok(may.has(FLEET_TOOLS[what]?.needs ?? ""), line);
          }
        } finally {
          await management.request("tokens.remove", { name });
        }
      },
    ),
    { numRuns: 150 },
  );
});

interface Attempt {
  readonly server: string;
  readonly tool: string;
  readonly variant: string;
}

/** All that a token is told over REST, without what it has said itself. */
async function lookByRest(scene: Scene, token: string, { server, tool, variant }: Attempt): Promise<string> {
  const reads = ["/servers", "/tools", "/index/search?q=ledger", "/events?limit=1000", "/status"];
  const texts = await Promise.all(
    reads.map(async (path) => (await scene.rest(`/api/v1${path}`, token)).text),
  );
  await scene.rest("/api/v1/tools/call", token, {
    tool_name: `${server}:${tool}`,
    arguments: {},
    ...(variant === "direct" ? {} : { variant }),
  });
  return texts.join("\n");
}

/** All that a token is told at an endpoint, without what it has said itself. */
async function lookByMcp(url: string, token: string, { server, tool, variant }: Attempt): Promise<string> {
  const mcp = await openMcp(url, token);
  if (!("session" in mcp)) return "";
  const told: unknown[] = [];
  for (const method of ["tools/list", "prompts/list", "resources/list"]) told.push(await mcp.ask(method));
  told.push(
    await mcp.ask("tools/call", { name: "retrieve_tools", arguments: { query: "ledger", limit: 100 } }),
  );
  for (const name of [`${server}__${tool}`, tool]) await mcp.ask("tools/call", { name, arguments: {} });
  const name = variant === "direct" ? "call_tool_read" : `call_tool_${variant}`;
  await mcp.ask("tools/call", { name, arguments: { name: `${server}:${tool}`, args: {} } });
  await mcp.ask("tools/call", { name: "describe_tool", arguments: { tool_ids: [`${server}:${tool}`] } });
  await mcp.ask("resources/read", { uri: `ledger://${server}/1` });
  await mcp.ask("prompts/get", { name: `${server}__ask` });
  await mcp.ask("some/unknown", {});
  return JSON.stringify(told);
}
