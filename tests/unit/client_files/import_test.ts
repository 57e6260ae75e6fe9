import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { GatewayError, type ServerConfigInput } from "../../../lib/contracts/mod.ts";
import {
  type ImportOptions,
  type ImportPlan,
  planImport,
  readClientFile,
  toCommandLine,
} from "../../../lib/client_files/mod.ts";

const HOME = "/home/me";

function plan(text: string, path = "file", options: Partial<ImportOptions> = {}): ImportPlan {
  return planImport(readClientFile(text, { path }), {
    taken: new Set(),
    home: HOME,
    isOwn: (one) => one === "http://127.0.0.1:8080/mcp",
    ...options,
  });
}

/** What of an entry was stated, without defaults. */
function stated({ servers }: ImportPlan): Record<string, Partial<ServerConfigInput>> {
  const DEFAULTS: Record<string, unknown> = {
    args: "[]",
    env: "{}",
    headers: "{}",
    protocol: '"auto"',
    enabled: "true",
    trust_mode: '"manual"',
    reconnect_on_use: "false",
    connection: '"shared"',
  };
  return Object.fromEntries(servers.map(({ server: { name, ...entry } }) => [
    name,
    Object.fromEntries(
      Object.entries(entry).filter(([key, value]) => JSON.stringify(value) !== DEFAULTS[key]),
    ),
  ]));
}

Deno.test("planImport() reads the file of Claude Desktop", () => {
  const found = plan(
    JSON.stringify({
      mcpServers: { files: { command: "npx", args: ["-y", "server-files", "/tmp"], env: { DEBUG: 1 } } },
    }),
    "/x/Claude/claude_desktop_config.json",
  );

  strictEqual(found.client, "claude-desktop");
  deepStrictEqual(stated(found), {
    files: { command: "npx", args: ["-y", "server-files", "/tmp"], env: { DEBUG: "1" } },
  });
});

Deno.test("planImport() reads Claude Code's file, with the servers of projects", () => {
  const found = plan(
    JSON.stringify({
      numStartups: 7,
      mcpServers: { web: { type: "http", url: "https://a.example/mcp", headers: { "X-K": "${KEY:-none}" } } },
      projects: {
        "/home/me/work": { mcpServers: { db: { type: "stdio", command: "${HOME}/db", args: [] } } },
      },
    }),
    `${HOME}/.claude.json`,
  );

  strictEqual(found.client, "claude-code");
  deepStrictEqual(stated(found), {
    web: {
      url: "https://a.example/mcp",
      protocol: "streamable-http",
      headers: { "X-K": "${env:KEY:-none}" },
    },
    db: { command: "/home/me/db", protocol: "stdio" },
  });
  strictEqual(found.servers[1]?.place, "project /home/me/work");
});

Deno.test("planImport() reads Cursor's file with comments, and its variables", () => {
  const found = plan(
    `{ // mine
      "mcpServers": { "a": { "url": "https://a.example/sse", "headers": { "Authorization": "Bearer \${env:T}" }, },
      "b": { "command": "\${workspaceFolder}/b", "envFile": ".env" } } }`,
    "/home/me/.cursor/mcp.json",
  );

  strictEqual(found.client, "cursor");
  deepStrictEqual(stated(found), {
    a: { url: "https://a.example/sse", headers: { Authorization: "Bearer ${env:T}" } },
    b: { command: "${workspaceFolder}/b" },
  });
  deepStrictEqual(found.servers[1]?.fieldsSkipped, ["envFile"]);
  ok(found.servers[1]?.warnings[0]?.includes("${workspaceFolder}"));
});

Deno.test("planImport() reads VS Code's file, and its settings, with inputs as variables", () => {
  const server = { type: "stdio", command: "npx", env: { TOKEN: "${input:github-token}" } };
  const own = plan(JSON.stringify({ inputs: [], servers: { gh: server } }));
  const settings = plan(JSON.stringify({ "editor.fontSize": 12, mcp: { servers: { gh: server } } }));

  for (const found of [own, settings]) {
    strictEqual(found.client, "vscode");
    deepStrictEqual(stated(found).gh?.env, { TOKEN: "${env:GITHUB_TOKEN}" });
    ok(found.servers[0]?.warnings[0]?.includes("set the variable GITHUB_TOKEN"));
  }
});

Deno.test("planImport() reads the TOML of Codex", () => {
  const found = plan(`
model = "o3"

[mcp_servers.docs]
command = "npx"
args = ["-y", "docs"]
cwd = "/srv"
startup_timeout_sec = 20
tool_timeout_sec = 60
enabled = false
[mcp_servers.docs.env]
A = "b"

[mcp_servers.figma]
url = "https://f.example/mcp"
bearer_token_env_var = "FIGMA_TOKEN"
env_http_headers = { "X-Region" = "REGION" }
`);

  strictEqual(found.client, "codex");
  deepStrictEqual(stated(found), {
    docs: {
      command: "npx",
      args: ["-y", "docs"],
      env: { A: "b" },
      working_dir: "/srv",
      enabled: false,
      init_timeout: "20s",
    },
    figma: {
      url: "https://f.example/mcp",
      headers: { Authorization: "Bearer ${env:FIGMA_TOKEN}", "X-Region": "${env:REGION}" },
    },
  });
  deepStrictEqual(found.servers[0]?.fieldsSkipped, ["tool_timeout_sec"]);
});

Deno.test("planImport() reads Gemini's settings: both wires, tool lists, servers that are switched off", () => {
  const found = plan(JSON.stringify({
    theme: "x",
    mcp: { excluded: ["old"] },
    mcpServers: {
      new: { httpUrl: "https://g.example/mcp", includeTools: ["a(x)", "b"], excludeTools: ["b"], timeout: 5 },
      old: { url: "https://g.example/sse", trust: true, env: { K: "$KEY" } },
    },
  }));

  strictEqual(found.client, "gemini");
  deepStrictEqual(stated(found), {
    new: { url: "https://g.example/mcp", protocol: "streamable-http", enabled_tools: ["a"] },
    old: { url: "https://g.example/sse", protocol: "sse", enabled: false, env: { K: "${env:KEY}" } },
  });
  deepStrictEqual(found.servers.map(({ fieldsSkipped }) => fieldsSkipped), [["timeout"], ["trust"]]);
});

Deno.test("planImport() reads Zed's settings, in both forms of a command", () => {
  const found = plan(`{
    // Zed
    "theme": "One Dark",
    "context_servers": {
      "new": { "source": "custom", "command": "node", "args": ["s.js"], "env": {} },
      "old": { "command": { "path": "uvx", "args": ["s"], "env": { "A": "b" } }, "settings": {} },
      "extension": { "source": "extension", "settings": {} },
    },
  }`);

  strictEqual(found.client, "zed");
  deepStrictEqual(stated(found), {
    new: { command: "node", args: ["s.js"] },
    old: { command: "uvx", args: ["s"], env: { A: "b" } },
  });
  deepStrictEqual(found.failed.map(({ name, error }) => [name, error]), [
    ["extension", "It has neither a command nor a URL"],
  ]);
});

Deno.test("planImport() reads Windsurf's and opencode's files", () => {
  const windsurf = plan(JSON.stringify({
    mcpServers: { w: { serverUrl: "https://w.example/sse", disabled: true, disabledTools: ["rm"] } },
  }));
  const opencode = plan(JSON.stringify({
    mcp: {
      l: { type: "local", command: ["bun", "x", "s"], environment: { A: "{env:B}" }, enabled: false },
      r: { type: "remote", url: "https://o.example/mcp" },
    },
  }));

  strictEqual(windsurf.client, "windsurf");
  deepStrictEqual(stated(windsurf), {
    w: { url: "https://w.example/sse", enabled: false, disabled_tools: ["rm"] },
  });
  strictEqual(opencode.client, "opencode");
  deepStrictEqual(stated(opencode), {
    l: { command: "bun", args: ["x", "s"], env: { A: "${env:B}" }, protocol: "stdio", enabled: false },
    r: { url: "https://o.example/mcp" },
  });
});

Deno.test("planImport() says of each entry that is left out why", () => {
  const servers = {
    taken: { command: "a" },
    "My server!": { command: "a" },
    "My-server-": { command: "b" },
    "…": { command: "a" },
    gateway: { command: "npx", args: ["mcp-remote", "http://127.0.0.1:8080/mcp"] },
    stdio: { command: "/usr/bin/mcpproxy", args: ["stdio"] },
    text: "no object",
    ftp: { url: "ftp://x" },
    odd: { command: "a", args: "not a list", env: { "": "x" } },
  };
  const found = plan(JSON.stringify({ mcpServers: servers }), "f", { taken: new Set(["taken"]) });

  deepStrictEqual(found.servers.map(({ server, originalName }) => [server.name, originalName]), [
    ["My-server", "My server!"],
  ]);
  deepStrictEqual(found.skipped.map(({ name, reason }) => [name, reason]), [
    ["taken", "already_exists"],
    ["My-server-", "name_clash"],
    ["…", "invalid_name"],
    ["gateway", "is_mcpproxy"],
    ["stdio", "is_mcpproxy"],
  ]);
  deepStrictEqual(found.failed.map(({ name }) => name), ["text", "ftp", "odd"]);
});

Deno.test("planImport() takes only what is asked for, under other names", () => {
  const servers = { a: { command: "a" }, b: { command: "b" } };
  const options = { only: ["a", "c"], rename: { a: "other" }, taken: new Set(["a"]) };
  const found = plan(JSON.stringify({ mcpServers: servers }), "f", options);

  deepStrictEqual(found.servers.map(({ server }) => server.name), ["other"]);
  deepStrictEqual(found.skipped.map(({ name, reason }) => [name, reason]), [["b", "filtered_out"]]);
  deepStrictEqual(found.failed.map(({ name }) => name), ["c"]);
});

const FAULTS: Readonly<Record<string, RegExp>> = {
  "": /nothing in it/,
  "{}": /nothing in it/,
  '{ "a": 1 }': /it has "a"/,
  '{ "mcpServers": ': /not valid JSON in line 1/,
  "[mcp_servers.x]\ncommand = ": /not valid TOML: .* in line 2/,
  "# only a comment": /nothing in it/,
};

for (const [text, words] of Object.entries(FAULTS)) {
  Deno.test(`readClientFile() refuses ${JSON.stringify(text)} with words`, () => {
    throws(() => readClientFile(text, { path: "f" }), (error) => {
      ok(error instanceof GatewayError && words.test(error.message), `${error}`);
      strictEqual(error.code, "MCPX_CLIENT_FILE_UNREADABLE");
      return true;
    });
  });
}

Deno.test("planImport() gives every entry of any file exactly one outcome, and only names that are accepted", () => {
  const entry = fc.oneof(
    fc.jsonValue(),
    fc.record({
      command: fc.oneof(fc.string(), fc.jsonValue()),
      args: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
      env: fc.oneof(fc.dictionary(fc.string(), fc.string()), fc.jsonValue()),
    }, { requiredKeys: [] }),
  );
  fc.assert(fc.property(fc.dictionary(fc.string(), entry, { noNullPrototype: true }), (servers) => {
    const found = plan(JSON.stringify({ context_servers: servers }));

    const names = [
      ...found.servers.map(({ originalName }) => originalName),
      ...[...found.skipped, ...found.failed].map(({ name }) => name),
    ];
    deepStrictEqual(names.sort(), Object.keys(JSON.parse(JSON.stringify(servers))).sort());
    ok(found.servers.every(({ server }) => /^[A-Za-z0-9._-]{1,64}$/.test(server.name)));
  }));
});

Deno.test("toCommandLine() quotes what a shell would take apart", () => {
  strictEqual(toCommandLine("npx", ["-y", "a b", "it's", "$X;rm", ""]), `npx -y 'a b' 'it'\\''s' '$X;rm' ''`);
});
