import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { editConfig, type JsonObject, mergeConfig, readValue, toEdits } from "../../../lib/config/mod.ts";
import { findConflicts, toPatch } from "../../../lib/config/patches.ts";

const read = (text: string) => readValue(text, "/x/config.json");
const lead = (text: string, to: JsonObject) => editConfig(text, toEdits(read(text), to));

const LIST = `{
  // first
  "listen": "127.0.0.1:1",
  "mcpServers": [
    // about a
    { "name": "a", "command": "x", "env": { "A": "1", "B": "2" } }, // tail of a
    { "name": "b", "type": "http", "url": "http://b" },
    { "name": "c", "command": "z" }
  ]
}
`;

Deno.test("toEdits() changes what differs and leaves every other character alone", () => {
  const { mcpServers, ...rest } = read(LIST);
  ok(Array.isArray(mcpServers));
  const [a, b] = mcpServers;
  const wanted = {
    ...rest,
    tools_limit: 4,
    mcpServers: [{ ...b, url: "http://new" }, { ...a, env: { A: "1", C: "3" } }, { name: "d", command: "d" }],
  };

  const edited = lead(LIST, wanted);

  strictEqual(
    edited,
    `{
  // first
  "listen": "127.0.0.1:1",
  "mcpServers": [
    // about a
    { "name": "a", "command": "x", "env": { "A": "1", "C": "3" } }, // tail of a
    { "name": "b", "type": "http", "url": "http://new" },
    {
      "name": "d",
      "command": "d"
    }
  ],
  "tools_limit": 4
}
`,
  );
});

Deno.test("toEdits() keeps the form that servers have in the file", () => {
  const map = '{ "mcpServers": { "a": { "command": "x" } } }';
  const asMap = { mcpServers: { a: { command: "x" }, b: { command: "y" } } };
  const asList = { mcpServers: [{ name: "a", command: "x" }, { name: "b", command: "y" }] };

  deepStrictEqual(read(lead(map, asList)), asMap);
  deepStrictEqual(read(lead('{ "mcpServers": [{ "name": "a", "command": "x" }] }', asMap)), asList);
});

Deno.test("toEdits() writes what has no name as it is, so that it is refused with its place", () => {
  const broken = { mcpServers: [{ command: "x" }, { name: "a" }, { name: "a" }] };
  deepStrictEqual(read(lead(LIST, broken)).mcpServers, broken.mcpServers);
});

const key = fc.constantFrom("a", "b", "c", "d", "__proto__");
const leaf = fc.oneof(fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.constantFrom("x", "", "ü"));
const entries = (value: fc.Arbitrary<unknown>) =>
  fc.array(fc.tuple(key, value), { maxLength: 4 }).map((pairs) => Object.fromEntries(new Map(pairs)));
const fields = entries(fc.oneof(leaf, fc.array(leaf, { maxLength: 3 }), entries(leaf)));
const servers = fc.uniqueArray(fc.constantFrom("s1", "s2", "s3", "s4"), { maxLength: 4 }).chain((names) =>
  fc.tuple(...names.map((name) => fields.map((more) => ({ name, ...more }))))
);
const config = fc.tuple(entries(fields), fc.option(servers, { nil: undefined })).map(([rest, list]) =>
  list === undefined ? rest : { ...rest, mcpServers: list }
);

/** Brings servers into one order, which means nothing. */
function sorted(value: JsonObject): JsonObject {
  const { mcpServers } = value;
  if (!Array.isArray(mcpServers)) return value;
  return { ...value, mcpServers: mcpServers.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
}

Deno.test("toEdits() leads from any config to any other, through any layout", () => {
  fc.assert(fc.property(config, config, fc.constantFrom(0, 2, "\t"), (from, to, indent) => {
    const text = JSON.stringify(from, undefined, indent);
    deepStrictEqual(sorted(read(lead(text, to))), sorted(read(JSON.stringify(to))));
  }));
});

Deno.test("toPatch() and mergeConfig() lead from any config to any other", () => {
  fc.assert(fc.property(config, config, (from, to) => {
    deepStrictEqual(sorted(mergeConfig(from, toPatch(from, to))), sorted(to));
  }));
});

Deno.test("mergeConfig() is a JSON merge patch, with servers by name in both forms", () => {
  const merged = mergeConfig(read(LIST), {
    listen: null,
    logging: { level: "debug", max_age: null },
    mcpServers: { a: { env: { A: null } }, b: { protocol: "sse" }, c: null, d: { command: "d" } },
  });

  deepStrictEqual(merged, {
    logging: { level: "debug" },
    mcpServers: [
      { name: "a", command: "x", env: { B: "2" } },
      { name: "b", url: "http://b", protocol: "sse" },
      { name: "d", command: "d" },
    ],
  });
  const map = { mcpServers: { a: { command: "x", disabled: true }, b: {} } };
  deepStrictEqual(mergeConfig(map, { mcpServers: { a: { enabled: true }, b: null } }), {
    mcpServers: { a: { command: "x", enabled: true } },
  });
  deepStrictEqual(mergeConfig(map, { mcpServers: [] }), { mcpServers: [] });
  deepStrictEqual(mergeConfig(map, { mcpServers: null }), {});
});

Deno.test("findConflicts() names the keys that two patches want differently", () => {
  const one = { listen: "a", logging: { level: "info" }, mcpServers: { a: { command: "x" }, b: null } };
  const other = { listen: "a", logging: { level: "warn", max_age: 1 }, mcpServers: { b: { url: "u" } } };

  deepStrictEqual(findConflicts(one, other), ["logging.level", "mcpServers.b"]);
  match(findConflicts({ a: 1 }, { b: 1 }).join(), /^$/);
});
