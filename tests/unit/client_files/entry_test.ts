import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { type ClientId, findEntry, putEntry } from "../../../lib/client_files/mod.ts";

const place = (client: ClientId) => ({ client, path: "/file", name: "mcpproxy" });

const SETTINGS = `{
  // my theme
  "theme": "dark", /* yes */
  "context_servers": {
    "other": { "command": "x" }, // keep me
  },
}
`;

Deno.test("putEntry() adds an entry and takes it away, and leaves all else as it was", () => {
  const added = putEntry(SETTINGS, place("zed"), { url: "http://x/mcp" });

  deepStrictEqual(findEntry(added, place("zed")), { url: "http://x/mcp" });
  for (const line of SETTINGS.split("\n")) ok(added.includes(line), line);
  strictEqual(putEntry(added, place("zed"), undefined), SETTINGS);
});

Deno.test("putEntry() changes an entry in its place", () => {
  const first = putEntry(SETTINGS, place("zed"), { url: "http://x/mcp", headers: { a: "b" } });
  const second = putEntry(first, place("zed"), { url: "http://y/mcp" });

  strictEqual(second, putEntry(SETTINGS, place("zed"), { url: "http://y/mcp" }));
});

for (const text of ["", "{}", "{\n}\n", '{"a":1}']) {
  Deno.test(`putEntry() makes the section in ${JSON.stringify(text)}`, () => {
    const added = putEntry(text, place("cursor"), { url: "u" });

    deepStrictEqual(JSON.parse(added).mcpServers, { mcpproxy: { url: "u" } });
  });
}

const CODEX = `# my model
model = "o3" # keep

[mcp_servers.other]
command = "x"
args = ["[mcp_servers.mcpproxy]"]

# about profiles
[profiles.fast]
model = "mini"
note = """
[mcp_servers.mcpproxy]
"""
`;

Deno.test("putEntry() adds a table to TOML and takes it away, and leaves all else as it was", () => {
  const added = putEntry(CODEX, place("codex"), { url: "http://x/mcp", http_headers: { "X-API-Key": "k" } });

  deepStrictEqual(findEntry(added, place("codex")), {
    url: "http://x/mcp",
    http_headers: { "X-API-Key": "k" },
  });
  ok(added.startsWith(CODEX));
  strictEqual(putEntry(added, place("codex"), undefined).trimEnd(), CODEX.trimEnd());
});

Deno.test("putEntry() changes a table of TOML in its place, with the tables below it and not the comments of the next", () => {
  const text = `a = 1

[mcp_servers.mcpproxy]
url = "old" # mine
[mcp_servers.mcpproxy.http_headers]
X = "y"

# about b
[b]
c = 2
`;
  const changed = putEntry(text, place("codex"), { url: "new" });

  strictEqual(changed, `a = 1\n\n[mcp_servers.mcpproxy]\nurl = "new"\n\n# about b\n[b]\nc = 2\n`);
  strictEqual(putEntry(changed, place("codex"), undefined), `a = 1\n\n# about b\n[b]\nc = 2\n`);
});

Deno.test("putEntry() keeps the line ends of Windows", () => {
  const text = '[a]\r\nb = "c"\r\n';
  const added = putEntry(text, place("codex"), { url: "u" });

  strictEqual(added, '[a]\r\nb = "c"\r\n\r\n[mcp_servers.mcpproxy]\r\nurl = "u"\r\n');
});

const REFUSED: readonly (readonly [ClientId, string, RegExp])[] = [
  ["cursor", '{ "mcpServers": [] }', /no map of servers/],
  ["cursor", '{ "mcpServers": { "mcpproxy": 1 } }', /no map of settings/],
  ["cursor", '{ "mcpServers": ', /1:17: a value is missing/],
  ["cursor", "[1]", /cannot be edited/],
  ["codex", "mcp_servers = 1", /no map of servers/],
  ["codex", 'mcp_servers = { other = { url = "x" } }', /cannot be edited/],
  ["codex", 'mcp_servers.mcpproxy.url = "x"', /cannot be edited/],
  ["codex", "a = ", /line 1/],
];

for (const [client, text, words] of REFUSED) {
  Deno.test(`putEntry() refuses ${text} of ${client}`, () => {
    throws(() => putEntry(text, place(client), { url: "u" }), (error) => {
      ok(error instanceof GatewayError, `${error}`);
      strictEqual(error.code, "MCPX_CLIENT_FILE_UNREADABLE");
      match(error.message, words);
      return true;
    });
  });
}
