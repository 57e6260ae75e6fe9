import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { parseConfig } from "../../../lib/config/mod.ts";
import { lines, problems, refusal, servers } from "./parse_fixture.ts";

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

Deno.test("parseConfig() says which keys a section has where none is like the one that is there", () => {
  strictEqual(
    refusal('{ "session_flow": { "mode": "block" } }').remedy,
    'Remove "mode", or write one of policy, trusted_sources, ask_client',
  );
  strictEqual(refusal('{ "zzzzzz": 1 }').remedy, 'Remove "zzzzzz"');
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
