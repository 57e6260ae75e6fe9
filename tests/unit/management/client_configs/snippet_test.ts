import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { CLIENT_NAMES, CLIENTS } from "../../../../lib/management/client_configs/clients.ts";
import { renderSnippet, toTomlTable } from "../../../../lib/management/client_configs/snippet.ts";

const TARGET = { name: "mcpproxy", url: "http://127.0.0.1:8080/mcp", token: "mcp_agt_1" };

Deno.test("renderSnippet() writes each client's own words", () => {
  const url = TARGET.url;
  const key = { "X-API-Key": "mcp_agt_1" };
  const wanted: Readonly<Record<string, unknown>> = {
    "claude-code": { mcpServers: { mcpproxy: { type: "http", url, headers: key } } },
    "claude-desktop": {
      mcpServers: {
        mcpproxy: {
          command: "npx",
          args: ["-y", "mcp-remote", url, "--header", "X-API-Key:${MCPPROXY_TOKEN}"],
          env: { MCPPROXY_TOKEN: "mcp_agt_1" },
        },
      },
    },
    "cursor": { mcpServers: { mcpproxy: { url, headers: key } } },
    "vscode": { servers: { mcpproxy: { type: "http", url, headers: key } } },
    "gemini": { mcpServers: { mcpproxy: { httpUrl: url, headers: key } } },
    "windsurf": { mcpServers: { mcpproxy: { serverUrl: url, headers: key } } },
    "zed": { context_servers: { mcpproxy: { url, headers: key } } },
    "opencode": { mcp: { mcpproxy: { type: "remote", url, enabled: true, headers: key } } },
  };

  for (const name of CLIENT_NAMES) {
    if (name === "codex") continue;
    deepStrictEqual(JSON.parse(renderSnippet(name, TARGET)), wanted[name], name);
  }
  strictEqual(
    renderSnippet("codex", TARGET),
    '[mcp_servers.mcpproxy]\nurl = "http://127.0.0.1:8080/mcp"\nhttp_headers = { X-API-Key = "mcp_agt_1" }\n',
  );
});

Deno.test("renderSnippet() writes no credential where there is none, and never one into a URL or an argument", () => {
  for (const name of CLIENT_NAMES) {
    strictEqual(
      /X-API-Key|TOKEN|headers/.test(renderSnippet(name, { ...TARGET, token: undefined })),
      false,
      name,
    );
    const { url, httpUrl, serverUrl, args = [] }: Record<string, unknown> = CLIENTS[name].entry(TARGET);
    strictEqual(JSON.stringify([url, httpUrl, serverUrl, args]).includes("mcp_agt_"), false, name);
  }
});

Deno.test("toTomlTable() quotes keys and texts as TOML needs it", () => {
  strictEqual(
    toTomlTable(["a", "b c"], { 'x"y': 'q"\\\n\x7f', on: true, n: 3, list: ["a", 1], none: {} }),
    '[a."b c"]\n"x\\"y" = "q\\"\\\\\\n\\u007f"\non = true\nn = 3\nlist = ["a", 1]\nnone = {}\n',
  );
  throws(() => toTomlTable(["a"], { x: null }), TypeError);
});

Deno.test("CLIENTS know where each client keeps its servers on every system", () => {
  const at = (os: string, env: Record<string, string> = {}) =>
    Object.fromEntries(CLIENT_NAMES.map((name) => [name, CLIENTS[name].path({ os, home: "/h", env })]));

  deepStrictEqual(at("linux"), {
    "claude-code": "/h/.claude.json",
    "claude-desktop": "/h/.config/Claude/claude_desktop_config.json",
    "cursor": "/h/.cursor/mcp.json",
    "vscode": "/h/.config/Code/User/mcp.json",
    "codex": "/h/.codex/config.toml",
    "gemini": "/h/.gemini/settings.json",
    "windsurf": "/h/.codeium/windsurf/mcp_config.json",
    "zed": "/h/.config/zed/settings.json",
    "opencode": "/h/.config/opencode/opencode.json",
  });
  strictEqual(at("darwin").vscode, "/h/Library/Application Support/Code/User/mcp.json");
  strictEqual(at("darwin").zed, "/h/.config/zed/settings.json");
  strictEqual(
    at("windows", { APPDATA: "/a" })["claude-desktop"],
    "/a/Claude/claude_desktop_config.json",
  );
  strictEqual(at("linux", { CODEX_HOME: "/c" }).codex, "/c/config.toml");
});
