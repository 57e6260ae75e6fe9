import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { openGateway } from "../../mod.ts";
import { type CliResult, runCli, startDaemon } from "../support/daemon.ts";
import { serveScopedFleet } from "../support/fixtures/scoped_fleet.ts";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace, waitForStatus, type Workspace } from "../support/workspace.ts";

const CONFIG = `{
  "listen": "127.0.0.1:0",
  "mcpServers": [
    { "name": "files", "url": "http://127.0.0.1:9/", "enabled": false, "quarantined": false },
    { "name": "mail", "url": "http://127.0.0.1:9/", "enabled": false, "quarantined": false }
  ],
  // those of the team
  "profiles": [
    { "name": "dev", "servers": ["files"] } // everybody
  ]
}
`;

async function profileLife(
  cli: (args: readonly string[]) => Promise<CliResult>,
  workspace: Workspace,
): Promise<void> {
  match((await cli(["profile", "list"])).stdout, /^NAME +TOOLS +SERVERS\ndev +0 +files\n$/m);
  const made = await cli(["profile", "create", "team", "files", "mail"]);
  deepStrictEqual([made.code, made.stderr], [0, ""]);
  const text = await workspace.read();
  ok(text.includes("// those of the team") && text.includes("// everybody") && text.includes('"team"'), text);
  deepStrictEqual(JSON.parse((await cli(["profile", "set", "team", "mail", "-o", "json"])).stdout).servers, [
    "mail",
  ]);
  match((await cli(["profile", "show", "team"])).stdout, /Servers +mail\nTools +0\nEndpoint +\/mcp\/p\/team/);
  const unknown = await cli(["profile", "show", "tea"]);
  deepStrictEqual([unknown.code, unknown.stdout], [1, ""]);
  match(unknown.stderr, /did you mean "team"/);
  strictEqual((await cli(["profile", "create", "x", "male"])).code, 1);
  strictEqual((await cli(["profile", "remove", "team"])).code, 2);
  strictEqual((await cli(["profile", "rm", "team", "-y"])).stdout, 'Removed profile "team"\n');
  strictEqual(await workspace.read(), CONFIG);
}

Deno.test("mcpproxy profile works without a daemon; choosing one and sessions need one", async () => {
  await using workspace = await openWorkspace();
  await workspace.write(CONFIG);
  await profileLife((args) => runCli(workspace, args), workspace);

  for (const args of [["profile", "use", "dev"], ["sessions"], ["sessions", "close", "x"]]) {
    const { code, stderr } = await runCli(workspace, args);
    strictEqual(code, 1, args.join(" "));
    match(stderr, /→ Start it: mcpproxy serve/);
  }
});

Deno.test("mcpproxy profile and sessions work with a daemon", async () => {
  await using workspace = await openWorkspace();
  await workspace.write(CONFIG);
  await using daemon = await startDaemon(workspace);
  await profileLife((args) => daemon.cli(args), workspace);

  strictEqual(
    (await daemon.cli(["profile", "use", "dev"])).stdout,
    'Clients that choose no profile see "dev"\n',
  );
  match((await daemon.cli(["profile", "list"])).stdout, /dev +0 +files +active/);
  strictEqual(
    (await daemon.cli(["profile", "use", "--none"])).stdout,
    "Clients that choose no profile see all servers\n",
  );
  strictEqual((await daemon.cli(["profile", "use"])).code, 2);

  match((await daemon.cli(["sessions"])).stderr, /No MCP client talks/);
  const mcp = await mustOpenMcp(daemon.mcpUrl, daemon.apiKey);
  const listed = await daemon.cli(["sessions", "list"]);
  match(listed.stdout, new RegExp(`${mcp.session} +test-client 1.2.3 +legacy +/mcp +admin key +0 +20`));
  match((await daemon.cli(["sessions", "show", mcp.session])).stdout, /Protocol +2025-06-18 \(legacy\)/);
  strictEqual(
    (await daemon.cli(["sessions", "close", mcp.session])).stdout,
    `Closed session ${mcp.session}\n`,
  );
  strictEqual((await mcp.ask("ping")).status, 404);
  strictEqual((await daemon.cli(["sessions", "show", mcp.session])).code, 1);
});

Deno.test("the active profile counts for who has chosen none, and for nobody else", async () => {
  await using fleet = serveScopedFleet();
  await using workspace = await openWorkspace({
    routing_mode: "direct",
    mcpServers: ["alpha", "beta"].map(fleet.entry),
    profiles: [{ name: "a", servers: ["alpha"] }, { name: "b", servers: ["beta"] }],
  });
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  for (const name of ["alpha", "beta"]) await waitForStatus(gateway, name, "ready");
  const { management, mcpUrl, apiKey } = gateway;
  const { token: pinned } = await management.request("tokens.create", { name: "p", profile_pin: "b" });
  const seen = async (token: string, path = "") => {
    const text = JSON.stringify((await (await mustOpenMcp(mcpUrl + path, token)).ask("tools/list")).result);
    return ["alpha__", "beta__"].filter((start) => text.includes(start));
  };
  const open = await mustOpenMcp(mcpUrl, apiKey);
  const standing = (await open.listen()).body?.pipeThrough(new TextDecoderStream()).getReader();

  deepStrictEqual(await seen(apiKey), ["alpha__", "beta__"]);
  await management.request("profiles.use", { profile: "a" });
  let told = "";
  while (!told.includes("tools/list_changed")) told += (await standing?.read())?.value ?? "";
  await standing?.cancel();
  deepStrictEqual(await seen(apiKey), ["alpha__"]);
  deepStrictEqual(await seen(apiKey, "/all"), ["alpha__"]);
  deepStrictEqual(await seen(pinned), ["beta__"]);
  match(JSON.stringify(await (await mustOpenMcp(`${mcpUrl}/s/beta`, apiKey)).ask("tools/list")), /plain/);
  await management.request("profiles.use", { profile: "" });
  deepStrictEqual(await seen(apiKey), ["alpha__", "beta__"]);
});
