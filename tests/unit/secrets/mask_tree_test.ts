import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { maskTree, restoreMasks } from "../../../lib/secrets/mod.ts";

const CANARY = "canary-4711-secret";
const CONFIG = {
  api_key: CANARY,
  listen: "127.0.0.1:8080",
  require_mcp_auth: true,
  mcpServers: [
    {
      name: "a",
      command: "x",
      args: ["--token", CANARY, `--api-key=${CANARY}`, "-v"],
      env: { API_TOKEN: CANARY, HOME: "/h", REFERENCE_KEY: "${env:KEY}" },
      oauth: { client_id: "id", client_secret: CANARY },
    },
    { name: "b", url: `https://user:${CANARY}@host/mcp?token=${CANARY}`, headers: { "X-Auth": CANARY } },
  ],
  tls: { key_password: CANARY },
};

Deno.test("maskTree() shows no secret at any depth, and all else as it is", () => {
  const masked = maskTree(CONFIG);
  ok(!JSON.stringify(masked).includes(CANARY), JSON.stringify(masked));
  const text = JSON.stringify(masked);
  for (
    const kept of ["127.0.0.1:8080", '"HOME":"/h"', "${env:KEY}", '"client_id":"id"', '"-v"', "host/mcp"]
  ) {
    ok(text.includes(kept), kept);
  }
});

Deno.test("restoreMasks() gives back what was masked, wherever its entry has gone", () => {
  deepStrictEqual(restoreMasks(maskTree(CONFIG), CONFIG), { value: CONFIG, unknown: [] });

  const sent = structuredClone(maskTree(CONFIG)) as typeof CONFIG; // masking keeps the shape
  sent.mcpServers.reverse();
  sent.mcpServers[1]?.args?.unshift("new");
  sent.listen = "127.0.0.1:9";
  const { value, unknown } = restoreMasks(sent, CONFIG);
  const [a, b] = CONFIG.mcpServers;
  deepStrictEqual(unknown, []);
  deepStrictEqual(value, {
    ...CONFIG,
    listen: "127.0.0.1:9",
    mcpServers: [b, { ...a, args: ["new", ...a?.args ?? []] }],
  });
});

Deno.test("restoreMasks() matches servers by name between list and map", () => {
  const { mcpServers: [a] } = CONFIG;
  const { name: _name, ...entry } = a ?? { name: "" };
  const map = { mcpServers: { a: entry } };
  deepStrictEqual(restoreMasks(maskTree({ mcpServers: [a] }), map).value, { mcpServers: [a] });
  deepStrictEqual(restoreMasks(maskTree(map), { mcpServers: [a] }).value, map);
});

Deno.test("restoreMasks() names a mask that stands for nothing and leaves a new secret alone", () => {
  const stored = { mcpServers: { a: { env: { API_TOKEN: CANARY } } } };
  const masked = maskTree(stored) as { mcpServers: { a: { env: { API_TOKEN: string } } } }; // keeps the shape
  const mask = masked.mcpServers.a.env.API_TOKEN;

  deepStrictEqual(restoreMasks({ mcpServers: { b: { env: { API_TOKEN: mask } } } }, stored).unknown, [
    "mcpServers.b.env.API_TOKEN",
  ]);
  deepStrictEqual(restoreMasks({ mcpServers: { b: { args: ["x", mask] } } }, stored).unknown, [
    "mcpServers.b.args[1]",
  ]);
  const fresh = { mcpServers: { a: { env: { API_TOKEN: "fresh" } } } };
  deepStrictEqual(restoreMasks(fresh, stored), { value: fresh, unknown: [] });
});

Deno.test("restoreMasks() undoes maskTree() for whatever JSON there is", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("TOKEN=abc", "https://u:p@h/?key=1", "Bearer abcdefgh", "--password"),
  );
  const tree = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      text,
      fc.integer(),
      fc.constant(null),
      fc.array(text),
      fc.dictionary(fc.constantFrom("api_key", "env", "TOKEN", "url", "x"), tie("value")),
    ),
  })).value;
  fc.assert(fc.property(tree, (value) => {
    const plain: unknown = JSON.parse(JSON.stringify(value));
    const { value: restored } = restoreMasks(maskTree(plain), plain);
    strictEqual(JSON.stringify(restored), JSON.stringify(plain));
  }));
});
