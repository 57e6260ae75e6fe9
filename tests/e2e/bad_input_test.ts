import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { runCli, startDaemon, survivors } from "../support/daemon.ts";
import { sendRaw as send, type Sent } from "../support/raw_http.ts";
import { openTestGateway, openWorkspace, reference, waitForStatus } from "../support/workspace.ts";

const isRoot = Deno.uid() === 0;

Deno.test("mcpproxy serve refuses a port or a place it cannot have", async (t) => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });

  await t.step("a port in use", async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr;
    const { code, stderr } = await runCli(workspace, ["serve", "--listen", `127.0.0.1:${port}`]);
    strictEqual(code, 2, stderr);
    match(stderr, new RegExp(`port ${port} is in use`));
    match(stderr, /^→ .*--listen/m);
    deepStrictEqual(await survivors(workspace), []);
    strictEqual(await Deno.stat(join(workspace.dataDir, "mcpproxy.sock")).catch(() => "gone"), "gone");
  });

  await t.step("an address that is none", async () => {
    const { code, stderr } = await runCli(workspace, ["serve", "--listen", "nonsense"]);
    strictEqual(code, 2, stderr);
    match(stderr, /"nonsense": wanted host:port/);
  });

  await t.step("a data directory open to others", async () => {
    const directory = join(workspace.directory, "open");
    await Deno.mkdir(directory);
    await Deno.chmod(directory, 0o755);
    const { code, stderr } = await runCli(
      workspace,
      ["--config", workspace.config, "--data-dir", directory, "serve"],
      { bare: true },
    );
    strictEqual(code, 5, stderr);
    match(stderr, /0755[\s\S]*→ chmod 0700/);
  });

  await t.step("a data directory that is a link", async () => {
    const [target, directory] = ["elsewhere", "link"].map((name) => join(workspace.directory, name));
    ok(target !== undefined && directory !== undefined);
    await Deno.mkdir(target, { mode: 0o700 });
    await Deno.symlink(target, directory);
    const { code, stderr } = await runCli(
      workspace,
      ["--config", workspace.config, "--data-dir", directory, "serve"],
      { bare: true },
    );
    strictEqual(code, 5, stderr);
    match(stderr, /it is a link[\s\S]*→ .*realpath/);
    deepStrictEqual(await Array.fromAsync(Deno.readDir(target)), [], "nothing was written through it");
  });

  await t.step({
    name: "a data directory of somebody else",
    ignore: !isRoot, // only root can give one away
    fn: async () => {
      const directory = join(workspace.directory, "theirs");
      await Deno.mkdir(directory, { mode: 0o700 });
      await Deno.chown(directory, 12_345, 12_345);
      const { code, stderr } = await runCli(
        workspace,
        ["--config", workspace.config, "--data-dir", directory, "serve"],
        { bare: true },
      );
      strictEqual(code, 5, stderr);
      match(stderr, /belongs to user 12345/);
      deepStrictEqual(await Array.fromAsync(Deno.readDir(directory)), []);
    },
  });

  await t.step("a data directory that cannot be made", async () => {
    await Deno.writeTextFile(join(workspace.directory, "file"), "");
    const directory = join(workspace.directory, "file", "data");
    const { code, stderr } = await runCli(
      workspace,
      ["--config", workspace.config, "--data-dir", directory, "serve"],
      { bare: true },
    );
    strictEqual(code, 5, stderr);
    match(stderr, /cannot be written/);
  });

  await t.step({
    name: "a data directory that cannot be written",
    ignore: isRoot, // root may write everywhere
    fn: async () => {
      const directory = join(workspace.directory, "closed");
      await Deno.mkdir(directory, { mode: 0o500 });
      const { code, stderr } = await runCli(
        workspace,
        ["--config", workspace.config, "--data-dir", directory, "serve"],
        { bare: true },
      );
      strictEqual(code, 5, stderr);
    },
  });

  await t.step("a second daemon on the same data directory", async () => {
    await using daemon = await startDaemon(workspace);
    const { code, stderr } = await runCli(workspace, ["serve"]);
    strictEqual(code, 3, stderr);
    match(stderr, new RegExp(`process id ${daemon.pid}\\b`));
    strictEqual((await daemon.cli(["status"])).code, 0, "the first goes on");
  });
  deepStrictEqual(await survivors(workspace), []);
});

Deno.test("mcpproxy refuses words it does not know with exit 2", async () => {
  await using workspace = await openWorkspace();
  const cases: [string[], RegExp][] = [
    [["statsu"], /did you mean "status"/],
    [["upstream", "lst"], /did you mean "list"/],
    [["upstream", "list", "--outpt", "json"], /did you mean "--output"/],
    [["upstream", "list", "-o", "xml"], /"xml": wanted table, json, yaml/],
    [["upstream", "remove"], /name/],
    [["serve", "extra"], /too many arguments|extra/],
    [["upstream", "add", "x"], /wanted a URL, or a command after --/],
    [["upstream", "add", "x", "ftp://y"], /"ftp:\/\/y" is no URL/],
    [["status", "--log-level", "loud"], /"loud": wanted trace/],
  ];
  for (const [words, says] of cases) {
    const { code, stdout, stderr } = await runCli(workspace, words);
    strictEqual(code, 2, `${words.join(" ")}: ${stderr}`);
    strictEqual(stdout, "");
    match(stderr, says);
  }
  const { code, stdout } = await runCli(workspace, ["-o", "json", "statsu"]);
  strictEqual(code, 2);
  strictEqual(JSON.parse(stdout).code, "MCPX_USAGE");
});

Deno.test("REST refuses requests that are wrong, each with its status, code and remedy", async (t) => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "memory", "ready");
  const { hostname, port } = new URL(gateway.mcpUrl);
  const key = { "x-api-key": gateway.apiKey };
  const json = { "content-type": "application/json", ...key };
  const oversized = JSON.stringify({ tool_name: "a:b", arguments: { text: "x".repeat(9 * 1024 * 1024) } });

  const cases: Record<string, readonly [Sent, number, string, RegExp]> = {
    "no key": [{ path: "/api/v1/servers" }, 401, "MCPX_UNAUTHORIZED", /no key/],
    "a wrong key": [
      { path: "/api/v1/servers", headers: { "x-api-key": "wrong" } },
      401,
      "MCPX_UNAUTHORIZED",
      /not valid/,
    ],
    "a foreign Host": [
      { path: "/api/v1/servers", headers: { ...key, host: "evil.example" } },
      403,
      "MCPX_HOST_FORBIDDEN",
      /evil\.example/,
    ],
    "a foreign Origin": [
      { path: "/api/v1/servers", headers: { ...key, origin: "https://evil.example" } },
      403,
      "MCPX_HOST_FORBIDDEN",
      /evil\.example/,
    ],
    "an unknown route": [
      { path: "/api/v1/server", headers: key },
      404,
      "MCPX_ROUTE_NOT_FOUND",
      /did you mean "\/api\/v1\/servers"/,
    ],
    "a wrong method": [
      { path: "/api/v1/status", method: "POST", headers: json },
      405,
      "MCPX_METHOD_NOT_ALLOWED",
      /the route has GET/,
    ],
    "a missing server": [
      { path: "/api/v1/servers/memoy", headers: key },
      404,
      "MCPX_SERVER_NOT_FOUND",
      /did you mean "memory"/,
    ],
    "a body that is no JSON": [
      { path: "/api/v1/tools/call", method: "POST", headers: json, body: "{" },
      400,
      "MCPX_INVALID_INPUT",
      /not valid JSON/,
    ],
    "a body without its type": [
      {
        path: "/api/v1/tools/call",
        method: "POST",
        headers: { ...key, "content-type": "text/plain" },
        body: "{}",
      },
      415,
      "MCPX_UNSUPPORTED_MEDIA_TYPE",
      /Content-Type/,
    ],
    "a body over the limit": [
      { path: "/api/v1/tools/call", method: "POST", headers: json, body: oversized },
      413,
      "MCPX_BODY_TOO_LARGE",
      /over the limit/,
    ],
    "an unknown field": [
      { path: "/api/v1/servers", method: "POST", headers: json, body: '{"name":"x","comand":"y"}' },
      400,
      "MCPX_INVALID_INPUT",
      /comand/,
    ],
    "/mcp without a key": [
      { path: "/mcp", method: "POST", headers: { "content-type": "application/json" }, body: "{}" },
      401,
      "MCPX_UNAUTHORIZED",
      /no key/,
    ],
  };
  for (const [name, [sent, status, code, says]] of Object.entries(cases)) {
    await t.step(name, async () => {
      const answer = await send(hostname, Number(port), sent);
      strictEqual(answer.status, status, answer.body);
      const body = JSON.parse(answer.body);
      strictEqual(body.success, false);
      strictEqual(body.code, code);
      match(body.error, says);
      ok(body.remedy.length > 0);
      strictEqual(body.request_id, answer.headers["x-request-id"]);
      if (status === 405) strictEqual(answer.headers.allow, "GET, HEAD, OPTIONS");
      if (status === 401) match(answer.headers["www-authenticate"] ?? "", /^Bearer/);
    });
  }
  await t.step("after all that it still works", async () => {
    strictEqual((await send(hostname, Number(port), { path: "/readyz" })).status, 200);
    strictEqual((await send(hostname, Number(port), { path: "/api/v1/status", headers: key })).status, 200);
  });
});

Deno.test("require_mcp_auth: false lets this machine into /mcp, as an agent only", async () => {
  await using workspace = await openWorkspace({ require_mcp_auth: false });
  await using gateway = await openTestGateway(workspace);
  const { hostname, port } = new URL(gateway.mcpUrl);
  const body = JSON.stringify({
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
  });
  const headers = { "content-type": "application/json" };

  const opened = await send(hostname, Number(port), { path: "/mcp", method: "POST", headers, body });
  const wrongKey = await send(hostname, Number(port), {
    path: "/mcp",
    method: "POST",
    headers: { ...headers, "x-api-key": "wrong" },
    body,
  });
  const rebound = await send(hostname, Number(port), {
    path: "/mcp",
    method: "POST",
    headers: { ...headers, host: "evil.example" },
    body,
  });
  const rest = await send(hostname, Number(port), { path: "/api/v1/servers" });

  deepStrictEqual([opened.status, wrongKey.status, rebound.status, rest.status], [200, 401, 403, 401]);
});
