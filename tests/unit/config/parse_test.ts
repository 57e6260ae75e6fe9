import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { parseConfig } from "../../../lib/config/mod.ts";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { lines, servers } from "./parse_fixture.ts";

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
