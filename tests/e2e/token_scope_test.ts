/**
 * What a token sees and calls, on every way into a gateway that runs.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { VERBS } from "../../lib/contracts/mod.ts";
import { FLEET_TOOLS } from "../support/fixtures/scoped_fleet.ts";
import { mustOpenMcp, openMcp } from "../support/mcp_caller.ts";
import { named, openScene, PERMISSIONS, PROFILES, type Scene, SERVERS } from "./token_scene.ts";

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
    match(hidden?.text ?? "", /Token \\"t0\\" reaches what it was made for, with permission read;/);
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
  match(
    await own("alpha:drop"),
    /no such tool.*Token \\+"t0\\+" reaches what it was made for, with permission read/,
  );
  const endpoints = await Promise.all(
    ["s/gamma", "s/delta"].map((path) => openMcp(`${scene.gateway.mcpUrl}/${path}`, token)),
  );
  strictEqual(same(JSON.stringify(endpoints[0]), "gamma"), same(JSON.stringify(endpoints[1]), "delta"));
  deepStrictEqual(scene.fleet.take(), []);
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
