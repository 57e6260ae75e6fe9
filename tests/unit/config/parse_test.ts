import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { type ConfigProblem, parseConfig } from "../../../lib/config/mod.ts";
import { GatewayError } from "../../../lib/contracts/mod.ts";

/** The error a text leads to. */
function refusal(text: string): GatewayError {
  let thrown: unknown;
  throws(() => parseConfig(text, "/x/config.json"), (error) => {
    thrown = error;
    return error instanceof GatewayError;
  });
  ok(thrown instanceof GatewayError);
  return thrown;
}

function problems(text: string): ConfigProblem[] {
  const { problems } = refusal(text).details;
  ok(Array.isArray(problems));
  return problems;
}

/** Problems as `path line:column message`. */
const lines = (text: string) =>
  problems(text).map(({ path, line, column, message }) => `${path} ${line}:${column} ${message}`);

const servers = (...entries: string[]) => `{ "mcpServers": [\n${entries.join(",\n")}\n] }`;

Deno.test("parseConfig() reads comments, trailing commas, a byte order mark and both line ends", () => {
  const text =
    '\uFEFF// first\r\n{\r\n  "listen": "127.0.0.1:1", /* one */\r\n  "tools_limit": 7,\r\n}\r\n// last';

  const { config, form, notices } = parseConfig(text, "/x");

  strictEqual(config.listen, "127.0.0.1:1");
  strictEqual(config.tools_limit, 7);
  strictEqual(config.call_tool_timeout, "2m");
  strictEqual(form, "absent");
  deepStrictEqual(notices, []);
});

Deno.test("parseConfig() takes an empty text for the defaults", () => {
  for (const text of ["", " \n", "// nothing yet\n", "{}"]) {
    const { config, form } = parseConfig(text, "/x");
    strictEqual(config.listen, "127.0.0.1:8080");
    deepStrictEqual([config.mcpServers, form], [[], "absent"]);
  }
});

Deno.test("parseConfig() reads servers as a list and as a map alike", () => {
  const list = parseConfig('{ "mcpServers": [{ "name": "a", "command": "x", "args": ["y"] }] }', "/x");
  const map = parseConfig('{ "mcpServers": { "a": { "command": "x", "args": ["y"] } } }', "/x");

  deepStrictEqual([list.form, map.form], ["array", "map"]);
  deepStrictEqual(map.config, list.config);
});

Deno.test("parseConfig() understands what other clients write", () => {
  const { config, notices } = parseConfig(
    `{ "mcpServers": {
      "one": { "command": "x", "type": "stdio", "disabled": true, "alwaysAllow": [], "timeout": 60 },
      "two": { "url": "https://a.test/", "type": "streamableHttp", "disabled": false, "name": "two" },
      "id": { "url": "https://a.test/", "type": "sse", "name": "A name with spaces" }
    } }`,
    "/x",
  );

  deepStrictEqual(
    config.mcpServers.map(({ name, protocol, enabled }) => [name, protocol, enabled]),
    [["one", "stdio", false], ["two", "streamable-http", true], ["id", "sse", true]],
  );
  deepStrictEqual(notices, [
    'The key "alwaysAllow" of server "one" has no meaning here and is ignored',
    'The key "timeout" of server "one" has no meaning here and is ignored',
    'The key "name" of server "id" has no meaning here and is ignored',
  ]);
});

Deno.test("parseConfig() takes aliases in a list, but no keys of other clients", () => {
  const { config } = parseConfig(
    servers('{ "name": "a", "command": "x", "type": "stdio", "disabled": true }'),
    "/x",
  );
  deepStrictEqual([config.mcpServers[0]?.protocol, config.mcpServers[0]?.enabled], ["stdio", false]);

  match(
    lines(servers('{ "name": "a", "command": "x", "timeout": 1 }')).join(),
    /no key "timeout", did you mean/,
  );
});

Deno.test("parseConfig() takes what mcpproxy-go writes for what was never set", () => {
  const { config } = parseConfig(
    `{ "api_key": "", "tool_response_mode": "", "profiles": null, "tools_limit": null, "mcpServers": [
      { "name": "a", "command": "x", "url": "", "protocol": "", "trust_mode": "", "args": null, "env": null,
        "headers": null, "quarantined": null, "oauth": null, "isolation": null, "working_dir": "" }
    ] }`,
    "/x",
  );

  deepStrictEqual([config.api_key, config.tool_response_mode, config.tools_limit], [undefined, "full", 15]);
  const [server] = config.mcpServers;
  deepStrictEqual([server?.url, server?.protocol, server?.trust_mode], [undefined, "auto", "manual"]);
  deepStrictEqual([server?.args, server?.env, server?.quarantined], [[], {}, undefined]);
  deepStrictEqual(parseConfig('{ "mcpServers": null }', "/x").config.mcpServers, []);
  deepStrictEqual(lines('{ "listen": "", "mcpServers": [{ "name": "", "command": "x" }] }').length, 1);
});

Deno.test("parseConfig() names the key that was meant, however deep", () => {
  deepStrictEqual(
    lines(
      `{ "logging": { "levle": 1 }, "profiles": [{ "name": "x", "servers": [], "nmae": 1 }], "mcpServers": {
  "a": { "command": "x", "isolation": { "mod": 1 }, "oauth": { "clientid": 1 } } } }`,
    ),
    [
      'logging.levle 1:16 there is no key "levle", did you mean "level"?',
      'profiles[0].nmae 1:73 there is no key "nmae", did you mean "name"?',
      'mcpServers.a.isolation.mod 2:41 there is no key "mod", did you mean "mode" or "network_mode"?',
      'mcpServers.a.oauth.clientid 2:64 there is no key "clientid", did you mean "client_id"?',
    ],
  );
});

Deno.test("parseConfig() asks for a text where an empty one is no use", () => {
  deepStrictEqual(lines(servers('{ "name": "a", "command": "x", "enabled_tools": [""] }')), [
    'mcpServers[0].enabled_tools[0] 2:50 found "", wanted a text that is not empty',
  ]);
});

Deno.test("parseConfig() names the alias that is wrong, at its own place", () => {
  deepStrictEqual(lines(servers('{ "name": "a", "command": "x", "type": "ws", "disabled": "yes" }')), [
    'mcpServers[0].type 2:40 found "ws", wanted "auto" or "stdio" or "http" or "streamable-http" or "sse"',
    'mcpServers[0].disabled 2:58 found "yes", wanted boolean',
  ]);
});

Deno.test("parseConfig() reports every problem with its place, in order of the text", () => {
  const text = [
    "{",
    '  "listn": "x",',
    '  "tools_limit": 1.5,',
    '  "mcpServers": [',
    '    { "name": "a:b", "command": "x" },',
    '    { "name": "b", "comand": "x" },',
    '    { "name": "c" },',
    '    { "name": "d", "url": "ftp://x" },',
    '    { "name": "d", "command": "x", "init_timeout": "5" }',
    "  ],",
    '  "profiles": [{ "name": "all", "servers": [] }]',
    "}",
  ].join("\n");

  deepStrictEqual(lines(text), [
    'listn 2:3 there is no key "listn", did you mean "listen"?',
    "tools_limit 3:18 found 1.5, wanted a whole number",
    'mcpServers[0].name 5:15 found "a:b", wanted 1 to 64 letters, digits, dots, underscores or hyphens, not starting with a dot',
    'mcpServers[1].comand 6:20 there is no key "comand", did you mean "command"?',
    'mcpServers[2] 7:5 server "c" has neither command nor url',
    "mcpServers[3].url 8:27 this is not an http or https URL",
    'mcpServers[4].name 9:15 the name "d" is taken by the server in line 8',
    'mcpServers[4].init_timeout 9:52 found "5", wanted a duration such as "30s", "2m" or "1h30m"',
    'profiles[0].name 11:26 the profile name "all" is reserved',
  ]);
  const { code, message, remedy, details } = refusal(text);
  strictEqual(code, "MCPX_CONFIG_INVALID");
  strictEqual(
    message,
    'Cannot read config "/x/config.json": listn at 2:3: there is no key "listn", did you mean "listen"? (and 8 more)',
  );
  strictEqual(remedy, 'Write "listen" in place of "listn", or remove it');
  strictEqual(details.path, "/x/config.json");
});

Deno.test("parseConfig() refuses servers that cannot work", () => {
  const cases: [string, RegExp][] = [
    ['{ "name": "a", "protocol": "stdio", "url": "https://x.test" }', /protocol stdio but no command/],
    ['{ "name": "a", "protocol": "sse", "command": "x" }', /protocol sse but no url/],
    ['{ "name": "a", "protocol": "http", "command": "x" }', /protocol http but no url/],
    ['{ "name": "a", "url": "x.test/mcp" }', /not an http or https URL/],
    ['{ "name": "a", "command": "x", "enabled_tools": [], "disabled_tools": [] }', /exclude each other/],
    ['{ "name": "", "command": "x" }', /found "", wanted 1 to 64/],
    ['{ "command": "x" }', /mcpServers\[0\]\.name 2:1 found nothing, wanted string/],
    ['"npx"', /wanted object/],
  ];
  for (const [entry, says] of cases) match(lines(servers(entry)).join("\n"), says, entry);

  parseConfig(servers('{ "name": "a", "url": "${env:URL}" }'), "/x");
});

Deno.test("parseConfig() refuses keys and names that stand twice", () => {
  deepStrictEqual(lines('{\n"listen": "a",\n"listen": "b"\n}'), [
    'listen 3:1 the key "listen" stands here a second time, first in line 2',
  ]);
  deepStrictEqual(lines('{ "mcpServers": {\n"a": { "command": "x" },\n"a": { "command": "y" } } }'), [
    'mcpServers.a 3:1 the key "a" stands here a second time, first in line 2',
  ]);
  deepStrictEqual(lines(servers('{ "name": "a", "command": "x", "env": { "A": "1", "A": "2" } }')), [
    'mcpServers[0].env.A 2:51 the key "A" stands here a second time, first in line 2',
  ]);
  deepStrictEqual(
    lines('{ "profiles": [{ "name": "p1", "servers": [] },\n{ "name": "p1", "servers": [] }] }'),
    [
      'profiles[1].name 2:11 the profile name "p1" is there twice',
    ],
  );
  match(
    lines('{ "__proto__": {}, "mcpServers": [{ "name": "a", "__proto__": { "command": "x" } }] }').join("\n"),
    /__proto__/,
  );
});

Deno.test("parseConfig() gives line and column of what is no JSON", () => {
  const cases: [string, string][] = [
    ['{\n  "listen": "x"\n  "tools_limit": 1\n}', "tools_limit at 3:3: a comma is missing before this"],
    ['{\n  "listen" "x"\n}', "listen at 2:12: a colon is missing before this"],
    ['{\n  "listen":\n}', "listen at 3:1: a value is missing here"],
    ['{\n  "mcpServers": [', 'mcpServers[0] at 2:18: the list is not closed, "]" is missing'],
    ['{ "listen": "x }', "listen at 1:13: the text is not closed, a double quote is missing"],
    ["{} {}", "at 1:4: there is more text after the end of the config"],
    ["{ listen: 1 }", "at 1:3: this is neither a text in double quotes nor a number, true, false or null"],
  ];
  for (const [text, says] of cases) {
    const { code, message } = refusal(text);
    strictEqual(code, "MCPX_CONFIG_PARSE_ERROR", text);
    strictEqual(
      message.replace(/ \(and \d+ more\)$/, ""),
      `Cannot read config "/x/config.json": ${says}`,
      text,
    );
  }
  strictEqual(refusal("[]").code, "MCPX_CONFIG_INVALID");
  match(refusal("[]").message, /at 1:1: found array, wanted an object/);
});

Deno.test("parseConfig() never shows a secret that is of the wrong kind", () => {
  const text = `{
    "api_key": ["hunter2"],
    "environment": { "custom_vars": ["hunter2"] },
    "mcpServers": [
      { "name": "a", "command": "x", "env": "hunter2", "headers": { "Authorization": { "x": "hunter2" } } },
      { "name": "b", "command": "x", "env": { "A": 22222222 }, "oauth": "hunter2", "args": "hunter2" },
      { "name": "c", "url": "https-hunter2" }
    ]
  }`;

  const error = refusal(text);

  const shown = JSON.stringify([error.message, error.remedy, error.details]);
  ok(!/hunter2|22222222/.test(shown), shown);
  match(shown, /env at 5:\d+|env","line":5/);
  match(shown, /found a number, wanted string/);
});

Deno.test("parseConfig() counts all problems and lists a hundred", () => {
  const many = Array.from({ length: 130 }, (_, index) => `"key${index}": 1`).join(",");
  strictEqual(problems(`{${many}}`).length, 100);
  match(refusal(`{${many}}`).message, /\(and 129 more\)$/);
  strictEqual(problems("x ".repeat(50_000)).length, 100);
  match(refusal("x ".repeat(50_000)).message, /\(and 49999 more\)$/);
});

Deno.test("parseConfig() refuses nesting that would end the stack", () => {
  for (
    const text of [
      "[".repeat(100_000),
      '{"a":'.repeat(50_000),
      `{"env":${"[".repeat(5000)}${"]".repeat(5000)}}`,
    ]
  ) {
    match(refusal(text).message, /found more than 100 levels/);
  }
});

Deno.test("parseConfig() reads a thousand servers in no time that matters", () => {
  const entry = (index: number) => ({
    name: `s${index}`,
    command: "npx",
    args: ["-y", "x"],
    env: { A: "b" },
  });
  const text = JSON.stringify(
    { mcpServers: Array.from({ length: 1000 }, (_, index) => entry(index)) },
    null,
    2,
  );

  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    parseConfig(text, "/x");
    return performance.now() - start;
  });

  ok(Math.min(...times) < 500, `${times} ms`);
});

Deno.test("parseConfig() gives notice of deprecated keys", () => {
  const { notices } = parseConfig(
    '{ "top_k": 5, "enable_tray": true, "mcpServers": [{ "name": "a", "command": "x", "skip_quarantine": true }] }',
    "/x",
  );
  deepStrictEqual(notices, [
    'The config key "enable_tray" is deprecated: no effect',
    'The config key "top_k" is deprecated: use tools_limit',
    'The key "skip_quarantine" of server "a" is deprecated: use quarantined and trust_mode',
  ]);
});

Deno.test("parseConfig() reads or refuses whatever is left of a file, with a place in it", () => {
  const whole =
    `// top\n{\n  "listen": "127.0.0.1:1", /* é */\n  "mcpServers": {\n    "a": { "command": "x", "env": { "A": "1" } },\n  },\n}\n`;
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(whole.length), fc.string(), (cut, from, junk) => {
      for (
        const text of [
          whole.slice(0, cut),
          whole.slice(0, cut) + whole.slice(from),
          whole.slice(0, cut) + junk,
        ]
      ) {
        try {
          parseConfig(text, "/x");
        } catch (error) {
          ok(error instanceof GatewayError, String(error));
          const rows = text.split("\n");
          const found = error.details.problems;
          ok(Array.isArray(found) && found.length > 0);
          for (const { line, column, remedy } of found) {
            ok(line >= 1 && line <= rows.length && column >= 1, `${line}:${column} in ${text}`);
            ok(column <= (rows[line - 1] ?? "").length + 1, `${line}:${column} in ${text}`);
            ok(remedy.length > 0);
          }
        }
      }
    }),
    { numRuns: 150 },
  );
});
