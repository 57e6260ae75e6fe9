import { deepStrictEqual, match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { ServerView } from "../../mod.ts";
import { startDaemon, survivors } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

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
