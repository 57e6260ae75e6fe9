import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { connectRemote } from "../../lib/client/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import type { ServerView } from "../../mod.ts";
import { runCli, startDaemon, survivors } from "../support/daemon.ts";
import { sendRaw as send, type Sent } from "../support/raw_http.ts";
import { openTestGateway, openWorkspace, reference, waitForStatus } from "../support/workspace.ts";

const isRoot = Deno.uid() === 0;

Deno.test("mcpproxy serve refuses a config that is wrong, with line and column", async (t) => {
  await using workspace = await openWorkspace();
  const server = (fields: string) =>
    `{\n  "listen": "127.0.0.1:0",\n  "mcpServers": [\n    ${fields}\n  ]\n}`;
  const cases: Record<string, readonly [string, RegExp]> = {
    "not JSON": ['{\n  "listen" "x"\n}', /2:12/],
    "a key nobody knows": ['{\n  "listn": "127.0.0.1:0"\n}', /2:3.*"listn".*did you mean "listen"/s],
    "a wrong type": ['{\n  "tools_limit": "many"\n}', /tools_limit at 2:18: found "many", wanted number/],
    "a server key nobody knows": [server('{ "name": "a", "comand": "x" }'), /4:20.*did you mean "command"/s],
    "a duplicate name": [
      server('{ "name": "a", "command": "x" },\n    { "name": "a", "command": "y" }'),
      /5:\d+.*"a"/s,
    ],
    "an illegal name": [server('{ "name": "a:b", "command": "x" }'), /4:15.*wanted 1 to 64 letters/s],
    "no command and no URL": [server('{ "name": "a" }'), /4:\d+.*"?command"?/s],
    "a wrong duration": [server('{ "name": "a", "command": "x", "init_timeout": "5" }'), /4:52.*duration/s],
  };
  for (const [name, [text, says]] of Object.entries(cases)) {
    await t.step(name, async () => {
      await workspace.write(text);
      const { code, stdout, stderr } = await runCli(workspace, ["serve"]);
      strictEqual(code, 4, stderr);
      strictEqual(stdout, "");
      match(stderr, says);
      match(stderr, /^→ /m);
    });
  }
  deepStrictEqual(await survivors(workspace), []);
});

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

Deno.test("a server that fails leaves the others alone and says what is wrong", async (t) => {
  const answers: Record<string, () => Response> = {
    "/401": () => new Response("who are you", { status: 401 }),
    "/403": () => new Response("no", { status: 403 }),
    "/404": () => new Response("not here", { status: 404 }),
    "/500": () => new Response("broken", { status: 500 }),
    "/html": () => new Response("<html>", { headers: { "content-type": "text/html" } }),
  };
  await using web = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => answers[new URL(request.url).pathname]?.() ?? new Response(null, { status: 404 }),
  );
  const at = (path: string) => `http://127.0.0.1:${web.addr.port}${path}`;
  const node = (name: string, script: string, more = {}) => ({
    name,
    command: "node",
    args: ["-e", script],
    quarantined: false,
    ...more,
  });
  const remote = (name: string, url: string) => ({ name, url, quarantined: false });
  const wanted: Record<string, string> = {
    missing: "MCPX_STDIO_SPAWN_ENOENT",
    denied: "MCPX_STDIO_SPAWN_EACCES",
    exits: "MCPX_STDIO_EXIT_BEFORE_INITIALIZE",
    hangs: "MCPX_STDIO_HANDSHAKE_TIMEOUT",
    garbage: "MCPX_STDIO_HANDSHAKE_INVALID",
    "http-401": "MCPX_HTTP_401",
    "http-403": "MCPX_HTTP_403",
    "http-404": "MCPX_HTTP_404",
    "http-500": "MCPX_HTTP_5XX",
    html: "MCPX_HTTP_HANDSHAKE_INVALID",
    refused: "MCPX_HTTP_CONN_REFUSED",
    dns: "MCPX_HTTP_DNS_FAILED",
    secret: "MCPX_CONFIG_MISSING_SECRET",
  };
  await using workspace = await openWorkspace();
  await Deno.writeTextFile(join(workspace.directory, "plain.txt"), "", { mode: 0o600 });
  const closed = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const refusedPort = closed.addr.port;
  closed.close();
  await workspace.write({
    listen: "127.0.0.1:0",
    mcpServers: [
      { name: "missing", command: "no-such-command-here", quarantined: false },
      { name: "denied", command: join(workspace.directory, "plain.txt"), quarantined: false },
      node("exits", "console.error('I give up'); process.exit(3)"),
      node("hangs", "process.stdin.resume()", { init_timeout: "1s" }),
      node(
        "garbage",
        "console.log('Welcome!'); process.stdin.resume(); process.stdin.on('end', () => process.exit())",
        {
          init_timeout: "1s",
        },
      ),
      remote("http-401", at("/401")),
      remote("http-403", at("/403")),
      remote("http-404", at("/404")),
      remote("http-500", at("/500")),
      remote("html", at("/html")),
      remote("refused", `http://127.0.0.1:${refusedPort}/mcp`),
      remote("dns", "http://no-such-host.invalid/mcp"),
      { ...remote("secret", at("/401")), headers: { Authorization: "Bearer ${env:NOT_SET_ANYWHERE}" } },
      reference("memory"),
    ],
  });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/✓ memory/);
  const call = await daemon.cli(["call", "tool", "memory:read_graph"]);
  strictEqual(call.code, 0, call.stdout);
  await daemon.seen(/\[14\/14\]/);
  const servers = await daemon.json(["upstream", "list"]) as ServerView[]; // the contract type, as the help says

  for (const [name, code] of Object.entries(wanted)) {
    await t.step(`${name}: ${code}`, () => {
      const server = servers.find((one) => one.name === name);
      ok(server);
      strictEqual(server.error_code, code, server.last_error);
      ok(["failed", "backoff", "connecting"].includes(server.status), server.status);
      notStrictEqual(server.health.level, "healthy");
      ok(server.health.summary.length > 0);
      ok(server.last_error?.includes(`"${name}"`), server.last_error);
      ok((server.diagnostic?.fix_steps[0] ?? "").length > 0, "no remedy");
    });
  }
  await t.step("the words name the cause", () => {
    const said = Object.fromEntries(servers.map((server) => [server.name, server.last_error ?? ""]));
    match(said.missing ?? "", /command "no-such-command-here" is not on PATH/);
    match(said.exits ?? "", /exit code 3.*I give up/);
    match(said.garbage ?? "", /prints text where MCP messages belong/);
    match(said.secret ?? "", /NOT_SET_ANYWHERE/);
  });
  await t.step("the log of a server has what it printed", async () => {
    match((await daemon.cli(["upstream", "logs", "garbage"])).stdout, /Welcome!/);
    match((await daemon.cli(["upstream", "logs", "exits"])).stdout, /I give up/);
  });
  await t.step("a call of one says the same", async () => {
    const { code, stdout } = await daemon.cli(["call", "tool", "missing:anything"]);
    strictEqual(code, 1);
    match(stdout, /no-such-command-here/);
  });
  strictEqual((await daemon.stop("SIGTERM")).code, 0);
  deepStrictEqual(await survivors(workspace), []);
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

Deno.test("an invalid edit while running is told of everywhere, changes nothing, and is over when mended", async (t) => {
  await using workspace = await openWorkspace({ tools_limit: 9, mcpServers: [reference("memory")] });
  const good = await workspace.read();
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/✓ memory/);
  await using remote = connectRemote(createDenoPlatform(), { kind: "socket", path: daemon.socketPath }, {
    version: "test",
  });
  const stop = new AbortController();
  const events = remote.followEvents({ types: ["snapshot", "config"] }, stop.signal)[Symbol.asyncIterator]();
  strictEqual((await events.next()).value?.type, "snapshot");
  const headers = { "x-api-key": daemon.apiKey };
  const gauge = async () => {
    const text = await (await fetch(`${daemon.url}/metrics`, { headers })).text();
    return /^mcpproxy_config_last_reload_successful (\d)$/m.exec(text)?.[1];
  };
  const log = () => Deno.readTextFile(join(workspace.dataDir, "logs", "main.log"));

  const edits: Record<string, readonly [string | undefined, string, RegExp]> = {
    "cut in two": [good.slice(0, 40), "MCPX_CONFIG_PARSE_ERROR", /at \d+:\d+: /],
    "emptied": ["", "MCPX_CONFIG_PARSE_ERROR", /the file is empty/],
    "a key nobody knows": [
      good.replace("tools_limit", "tool_limit"),
      "MCPX_CONFIG_INVALID",
      /did you mean "tools_limit"/,
    ],
    "a wrong value": [
      good.replace(": 9", ": 0"),
      "MCPX_CONFIG_INVALID",
      /tools_limit at 3:18: found 0, wanted at least 1/,
    ],
    "a name twice": [
      good.replace('"mcpServers": [', '"mcpServers": [{ "name": "memory", "command": "x" },'),
      "MCPX_CONFIG_INVALID",
      /the name "memory" is taken/,
    ],
    "a feature without its need": [
      good.replace("{", '{ "features": { "enable_observability": false, "enable_metrics": true },'),
      "MCPX_CONFIG_INVALID",
      /needs "features\.enable_observability"/,
    ],
    "an unset reference": [
      good.replace("{", '{ "api_key": "${env:NOT_SET}",'),
      "MCPX_CONFIG_MISSING_SECRET",
      /NOT_SET/,
    ],
    "deleted": [undefined, "MCPX_CONFIG_NOT_FOUND", /does not exist/],
  };
  for (const [name, [text, code, says]] of Object.entries(edits)) {
    await t.step(name, async () => {
      if (text === undefined) await Deno.remove(workspace.config);
      else await workspace.write(text);
      const { value: rejected } = await events.next();
      strictEqual(rejected?.type, "config.rejected");
      const payload = rejected.payload as { code: string; message: string; remedy: string }; // as core writes it
      strictEqual(payload.code, code);
      match(payload.message, says);
      ok(payload.remedy.length > 0);

      const status = (await (await fetch(`${daemon.url}/api/v1/status`, { headers })).json()).data;
      deepStrictEqual(status.config_error, { code, message: payload.message, remedy: payload.remedy });
      const shown = await daemon.cli(["status"]);
      match(shown.stdout, /^Rejected +Cannot read config/m);
      strictEqual(await gauge(), "0");
      ok((await log()).includes(code), "not in the log");
      strictEqual(
        await Deno.readTextFile(workspace.config).catch(() => undefined),
        text,
        "nobody has touched it",
      );
      const call = await remote.request("calls.call", { tool_name: "memory:read_graph" });
      strictEqual(call.isError, undefined);
      strictEqual((await remote.request("config.get", { view: "effective" })).config.tools_limit, 9);

      await workspace.write(good);
      strictEqual((await events.next()).value?.type, "config.accepted");
      strictEqual((await remote.request("status.get", {})).config_error, undefined);
      strictEqual(await gauge(), "1");
    });
  }
  ok(!/^Rejected/m.test((await daemon.cli(["status"])).stdout));
  stop.abort();
  await events.return?.(undefined);
});
