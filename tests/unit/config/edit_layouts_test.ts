import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { parse, type ParseError } from "jsonc-parser";
import { type ConfigEdit, editConfig } from "../../../lib/config/mod.ts";
import { GatewayError } from "../../../lib/contracts/mod.ts";

/** A text for a config, laid out in one of the ways people do. */
interface Layout {
  readonly eol: string;
  readonly indent: string;
  readonly isMap: boolean;
  readonly lastComma: boolean;
  readonly comments: boolean;
  readonly isOneLine: boolean;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  eol: fc.constantFrom("\n", "\r\n"),
  indent: fc.constantFrom("  ", "    ", "\t"),
  isMap: fc.boolean(),
  lastComma: fc.boolean(),
  comments: fc.boolean(),
  isOneLine: fc.boolean(),
});

const NAMES = ["a", "b", "c", "d", "e"];

const edit: fc.Arbitrary<ConfigEdit> = fc.constantFrom(...NAMES).chain((name) =>
  fc.constantFrom<ConfigEdit>(
    { kind: "server.add", server: { name, command: "new", args: ["1"], env: { N: "1" } } },
    { kind: "server.remove", name },
    { kind: "server.update", name, patch: { command: "other", env: { A: null, B: "2" } } },
    { kind: "server.update", name, patch: { env: null, init_timeout: "9s" } },
    { kind: "set", path: ["tools_limit"], value: 9 },
    { kind: "set", path: ["tools_limit"], value: undefined },
    { kind: "set", path: ["logging", "level"], value: "warn" },
  )
);

type Entry = Record<string, unknown>;

function write(
  names: readonly string[],
  { eol, indent, isMap, lastComma, comments, isOneLine }: Layout,
): string {
  const comma = lastComma ? "," : "";
  const entries = names.map((name) =>
    isMap
      ? `"${name}": {"command": "x", "env": {"A": "1"}}`
      : `{"name": "${name}", "command": "x", "env": {"A": "1"}}`
  );
  const [open, close] = isMap ? ["{", "}"] : ["[", "]"];
  if (isOneLine) {
    return `{${comments ? "/* head */" : ""}"mcpServers":${open}${entries.join(",")}${
      names.length > 0 ? comma : ""
    }${close},"tools_limit":5}`;
  }
  const lines = entries.flatMap((entry, index) => {
    const end = index < entries.length - 1 ? "," : comma;
    const line = `${indent}${indent}${entry}${end}`;
    return comments ? [`${indent}${indent}// above ${index}`, `${line} // beside ${index}`] : [line];
  });
  return [
    "{",
    `${indent}"mcpServers": ${open}`,
    ...lines,
    `${indent}${close},`,
    `${indent}"tools_limit": 5${comma}`,
    "}",
    "",
  ]
    .join(eol);
}

/** What the edits mean, on plain values; `undefined` if they are refused. */
function expected(names: readonly string[], edits: readonly ConfigEdit[]) {
  const servers = new Map<string, Entry>(names.map((name) => [name, { command: "x", env: { A: "1" } }]));
  const rest: Entry = { tools_limit: 5 };
  for (const one of edits) {
    if (one.kind === "server.add") {
      const { name, ...entry } = one.server;
      if (servers.has(name)) return undefined;
      servers.set(name, entry);
    } else if (one.kind === "server.remove") {
      if (!servers.delete(one.name)) return undefined;
    } else if (one.kind === "server.update") {
      const entry = servers.get(one.name);
      if (entry === undefined) return undefined;
      for (const [key, value] of Object.entries(one.patch)) {
        if (value === null) delete entry[key];
        else if (key === "env") {
          const { A: _A, ...kept } = Object(entry.env);
          entry.env = { ...kept, B: "2" };
        } else entry[key] = value;
      }
    } else if (one.path[0] === "logging") rest.logging = { level: one.value };
    else if (one.value === undefined) delete rest.tools_limit;
    else rest.tools_limit = one.value;
  }
  return { servers: [...servers], rest };
}

Deno.test("editConfig() does what the edits mean in every layout, and keeps comments and order", () => {
  const scene = fc.record({
    names: fc.subarray(NAMES),
    how: layout,
    edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
  });
  fc.assert(
    fc.property(scene, ({ names, how, edits }) => {
      const before = write(names, how);
      const meant = expected(names, edits);
      if (meant === undefined) {
        throws(() => editConfig(before, edits), GatewayError);
        return;
      }
      const after = editConfig(before, edits);

      const errors: ParseError[] = [];
      const { mcpServers, ...rest } = parse(after, errors, { allowTrailingComma: true });
      deepStrictEqual(errors, [], after);
      const found = how.isMap
        ? Object.entries(mcpServers)
        : mcpServers.map(({ name, ...entry }: { name: string }) => [name, entry]);
      deepStrictEqual(found, meant.servers, after);
      deepStrictEqual(rest, meant.rest, after);
      strictEqual(/[^\r]\n/.test(after) && how.eol === "\r\n", false, "line ends stay");
      strictEqual(/\n[ \t]*\r?\n/.test(after), false, `no empty line is left:\n${after}`);
      if (!how.comments) return;
      for (const [index, name] of names.entries()) {
        if (how.isOneLine) ok(after.includes("/* head */"));
        else {
          ok(after.includes(`// above ${index}`), after);
          const isGone = edits.some((one) => one.kind === "server.remove" && one.name === name);
          ok(isGone || after.includes(`// beside ${index}`), after);
        }
      }
    }),
    { numRuns: 400 },
  );
});
