/**
 * A new admin key from the command line, with a daemon and without one.
 *
 * @module
 */

import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { runCli, startDaemon } from "../support/daemon.ts";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace } from "../support/workspace.ts";

const RESET = ["status", "--reset-key", "--yes"];

async function statusOf(url: string, key: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/status`, { headers: { "x-api-key": key } });
  await response.body?.cancel();
  return response.status;
}

Deno.test("mcpproxy status --reset-key puts a new key into force at once, and ends what went by the old one", async () => {
  await using workspace = await openWorkspace();
  await using daemon = await startDaemon(workspace);
  const { token } = Object(await daemon.json(["token", "create", "bot"]));
  const [byKey, byToken] = [
    await mustOpenMcp(daemon.mcpUrl, daemon.apiKey),
    await mustOpenMcp(daemon.mcpUrl, token),
  ];
  const standing = await byKey.listen();

  const unsure = await daemon.cli(["status", "--reset-key"]);
  strictEqual(unsure.code, 2);
  match(unsure.stderr, /wanted --yes/);
  strictEqual(await statusOf(daemon.url, daemon.apiKey), 200);

  const { code, stdout, stderr } = await daemon.cli(RESET);

  strictEqual(code, 0, stderr);
  match(stderr, /in force at once[^]*browsers have to sign in anew; agent tokens/);
  const key = stdout.trim();
  strictEqual(await statusOf(daemon.url, key), 200);
  strictEqual(await statusOf(daemon.url, daemon.apiKey), 401);
  strictEqual((await byKey.ask("ping")).status, 401);
  strictEqual((await byToken.ask("ping")).status, 200);
  await standing.text();
  match((await daemon.cli(["status", "--show-key"])).stdout, new RegExp(key));
  for (const name of ["main.log", "http.log"]) {
    const log = await Deno.readTextFile(join(workspace.dataDir, "logs", name)).catch(() => "");
    ok(!log.includes(key) && !log.includes(daemon.apiKey), name);
  }
  await daemon.stop();

  await using next = await startDaemon(workspace);
  strictEqual(next.apiKey, key);
  strictEqual(await statusOf(next.url, key), 200);
});

Deno.test("mcpproxy status --reset-key works without a daemon, for its next start", async () => {
  await using workspace = await openWorkspace();
  const first = (await runCli(workspace, RESET)).stdout.trim();
  const { code, stdout, stderr } = await runCli(workspace, [...RESET, "-o", "json"]);

  strictEqual(code, 0, stderr);
  const { api_key: key } = JSON.parse(stdout);
  ok(key !== first);
  await using daemon = await startDaemon(workspace);
  strictEqual(await statusOf(daemon.url, key), 200);
  strictEqual(await statusOf(daemon.url, first), 401);
});

Deno.test("mcpproxy status --reset-key leaves a key alone that is stated elsewhere", async () => {
  await using workspace = await openWorkspace({ api_key: "of-the-config-0123456789" });
  const stated = await runCli(workspace, RESET);
  match(stated.stderr, /Cannot make a new admin key: "api_key" in the config states the key/);
  ok(stated.code !== 0);
  await using other = await openWorkspace();
  const inEnvironment = await runCli(other, RESET, { env: { MCPPROXY_API_KEY: "of-the-environment-01234" } });
  match(inEnvironment.stderr, /MCPPROXY_API_KEY states the key/);
});
