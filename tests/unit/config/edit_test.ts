import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { parse } from "jsonc-parser";
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
