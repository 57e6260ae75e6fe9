import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { connectRemote } from "../../lib/client/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { runCli, startDaemon, survivors } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

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
