import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { parse, type ParseError } from "jsonc-parser";
import { type ConfigEdit, editConfig } from "../../../lib/config/mod.ts";
import { GatewayError } from "../../../lib/contracts/mod.ts";

const LIST = `// Mine.
{
    // where it listens
    "listen": "127.0.0.1:1", // local only

    "mcpServers": [
        { "name": "a",   "command": "x" }, // about a
        // about b
        {
            "name": "b",
            /* the program */ "command": "y",
            "env": { "A": "1" } // secrets
        }
        // the end
    ],
    "tools_limit": 5
}
`;

const MAP = `{
\t"mcpServers": {
\t\t"a": { "command": "x" },
\t\t// about b
\t\t"b": { "command": "y", "disabled": true },
\t},
}
`;

const apply = (text: string, ...edits: ConfigEdit[]) => editConfig(text, edits);

/** Lines that one text has and the other has not. */
function difference(before: string, after: string): { gone: string[]; come: string[] } {
  const [old, now] = [before.split("\n"), after.split("\n")];
  return {
    gone: old.filter((line) => !now.includes(line)),
    come: now.filter((line) => !old.includes(line)),
  };
}

Deno.test("editConfig() adds a server to a list and touches nothing else", () => {
  const after = apply(LIST, { kind: "server.add", server: { name: "c", command: "z", args: ["-y", "p"] } });

  strictEqual(
    after,
    LIST.replace(
      "        }\n        // the end",
      `        },
        {
            "name": "c",
            "command": "z",
            "args": ["-y", "p"]
        }
        // the end`,
    ),
  );
});

Deno.test("editConfig() adds a server to a map, with its tabs and last comma", () => {
  const after = apply(MAP, {
    kind: "server.add",
    server: { name: "c", url: "https://c.test/", headers: { H: "1" } },
  });

  strictEqual(
    after,
    MAP.replace(
      '"disabled": true },\n',
      '"disabled": true },\n\t\t"c": {\n\t\t\t"url": "https://c.test/",\n\t\t\t"headers": {\n\t\t\t\t"H": "1"\n\t\t\t}\n\t\t},\n',
    ),
  );
});

Deno.test("editConfig() adds the first server", () => {
  const server = { name: "a", command: "x" };
  const cases: Record<string, string> = {
    "": '{\n  "mcpServers": [\n    {\n      "name": "a",\n      "command": "x"\n    }\n  ]\n}\n',
    "// note\n":
      '// note\n{\n  "mcpServers": [\n    {\n      "name": "a",\n      "command": "x"\n    }\n  ]\n}\n',
    "{}": '{"mcpServers": [{"name":"a","command":"x"}]}',
    '{\n  "mcpServers": []\n}\n':
      '{\n  "mcpServers": [\n    {\n      "name": "a",\n      "command": "x"\n    }\n  ]\n}\n',
    '{\n  "mcpServers": [\n    // { "name": "z" }\n  ]\n}\n':
      '{\n  "mcpServers": [\n    // { "name": "z" }\n    {\n      "name": "a",\n      "command": "x"\n    }\n  ]\n}\n',
    '{\r\n  "mcpServers": {}\r\n}\r\n':
      '{\r\n  "mcpServers": {\r\n    "a": {\r\n      "command": "x"\r\n    }\r\n  }\r\n}\r\n',
    "\uFEFF{}": '\uFEFF{"mcpServers": [{"name":"a","command":"x"}]}',
  };
  for (const [before, after] of Object.entries(cases)) {
    strictEqual(apply(before, { kind: "server.add", server }), after);
  }
});

Deno.test("editConfig() removes a server, its comma and the comment behind it", () => {
  const withoutA = apply(LIST, { kind: "server.remove", name: "a" });
  deepStrictEqual(difference(LIST, withoutA), {
    gone: ['        { "name": "a",   "command": "x" }, // about a'],
    come: [],
  });

  const withoutB = apply(LIST, { kind: "server.remove", name: "b" });
  match(withoutB, /"command": "x" \} \/\/ about a\n {8}\/\/ about b\n {8}\/\/ the end\n {4}\],/);

  strictEqual(
    apply(MAP, { kind: "server.remove", name: "b" }, { kind: "server.remove", name: "a" }),
    '{\n\t"mcpServers": {\n\t\t// about b\n\t},\n}\n',
  );
});

Deno.test("editConfig() removes from texts without white space", () => {
  const text =
    '{"mcpServers":[{"name":"a","command":"x"},{"name":"b","command":"y"},{"name":"c","command":"z"}],"x":1}';
  for (const name of ["a", "b", "c"]) {
    const { mcpServers, x } = JSON.parse(apply(text, { kind: "server.remove", name }));
    deepStrictEqual(
      mcpServers.map((one: { name: string }) => one.name),
      ["a", "b", "c"].filter((n) => n !== name),
    );
    strictEqual(x, 1);
  }
  strictEqual(
    apply('{ "a": 1, "b": 2, "c": 3 }', { kind: "set", path: ["b"], value: undefined }),
    '{ "a": 1, "c": 3 }',
  );
  strictEqual(apply('{ "a": 1, "b": 2 }', { kind: "set", path: ["b"], value: undefined }), '{ "a": 1 }');
  strictEqual(apply('{ "a": 1 }', { kind: "set", path: ["a"], value: undefined }), "{ }");
});

Deno.test("editConfig() updates fields, clears with null, and merges env and headers", () => {
  const after = apply(LIST, {
    kind: "server.update",
    name: "b",
    patch: { command: "z", env: { A: null, B: "2" }, args: ["q"], working_dir: null },
  });

  deepStrictEqual(parse(after).mcpServers[1], { name: "b", command: "z", env: { B: "2" }, args: ["q"] });
  deepStrictEqual(difference(LIST, after), {
    gone: ['            /* the program */ "command": "y",', '            "env": { "A": "1" } // secrets'],
    come: [
      '            /* the program */ "command": "z",',
      '            "env": { "B": "2" }, // secrets',
      '            "args": ["q"]',
    ],
  });
  strictEqual(
    parse(apply(LIST, { kind: "server.update", name: "b", patch: { env: null } })).mcpServers[1].env,
    undefined,
  );
});

Deno.test("editConfig() leaves no other word for the same to contradict an update", () => {
  const after = apply(MAP, { kind: "server.update", name: "b", patch: { enabled: true, protocol: "stdio" } });

  deepStrictEqual(parse(after).mcpServers.b, { command: "y", enabled: true, protocol: "stdio" });
});

Deno.test("editConfig() renames a server in both forms", () => {
  const patch = { name: "new", command: "n" };
  const list = apply(LIST, { kind: "server.update", name: "a", patch });
  const map = apply(MAP, { kind: "server.update", name: "a", patch });

  deepStrictEqual(parse(list).mcpServers[0], { name: "new", command: "n" });
  deepStrictEqual(Object.entries(parse(map).mcpServers)[0], ["new", { command: "n" }]);
});

Deno.test("editConfig() sets a path, making what is missing on the way", () => {
  const after = apply(
    LIST,
    { kind: "set", path: ["listen"], value: ":2" },
    { kind: "set", path: ["logging", "level"], value: "debug" },
    { kind: "set", path: ["mcpServers", 0, "args", 0], value: "one" },
    { kind: "set", path: ["tools_limit"], value: undefined },
    { kind: "set", path: ["not", "there"], value: undefined },
  );

  const value = parse(after);
  deepStrictEqual([value.listen, value.logging, value.tools_limit], [":2", { level: "debug" }, undefined]);
  deepStrictEqual(value.mcpServers[0].args, ["one"]);
  ok(after.includes('"listen": ":2", // local only'));
  throws(
    () => apply(LIST, { kind: "set", path: ["listen", "port"], value: 1 }),
    /Cannot set "listen\.port": "listen" is string, wanted object/,
  );
});

Deno.test("editConfig() names the server that is there already, or is not there", () => {
  const cases: [string, ConfigEdit, string, RegExp][] = [
    [
      LIST,
      { kind: "server.add", server: { name: "b", command: "x" } },
      "MCPX_SERVER_EXISTS",
      /"b": a server with/,
    ],
    [
      MAP,
      { kind: "server.add", server: { name: "b", command: "x" } },
      "MCPX_SERVER_EXISTS",
      /"b": a server with/,
    ],
    [LIST, { kind: "server.remove", name: "aa" }, "MCPX_SERVER_NOT_FOUND", /"aa".*did you mean "a"/],
    [
      MAP,
      { kind: "server.update", name: "bb", patch: {} },
      "MCPX_SERVER_NOT_FOUND",
      /"bb".*did you mean "b"/,
    ],
    ["", { kind: "server.remove", name: "a" }, "MCPX_SERVER_NOT_FOUND", /no such server$/],
  ];
  for (const [text, edit, code, says] of cases) {
    throws(() => apply(text, edit), (error) => {
      ok(error instanceof GatewayError);
      strictEqual(error.code, code);
      match(error.message, says);
      return true;
    });
  }
});

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
