import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type Daemon, runCli, startDaemon } from "../support/daemon.ts";
import { openWorkspace, reference, type Workspace } from "../support/workspace.ts";

const FILE_STORE = { env: { MCPPROXY_SECRET_STORE: "file" } };

/** A server that writes down, at each start, what it was given. */
function telling(workspace: Workspace, name: string, token: string) {
  const { args, env, ...entry } = reference("memory", { entry: { name } });
  const [script] = args as string[];
  const out = join(workspace.directory, `${name}.starts`);
  return {
    ...entry,
    command: "sh",
    args: ["-c", 'echo "$TOKEN" >> "$0"; exec node "$1"', out, script],
    env: { ...(env as Record<string, string>), TOKEN: token },
  };
}

async function starts(workspace: Workspace, name: string): Promise<string> {
  return await Deno.readTextFile(join(workspace.directory, `${name}.starts`)).catch(() => "");
}

/** Follows the events of the daemon until a server has a status. */
async function waitFor(daemon: Daemon, server: string, wanted: string): Promise<Record<string, unknown>> {
  const headers = { "x-api-key": daemon.apiKey };
  const stop = new AbortController();
  const guard = setTimeout(() => stop.abort(new Error(`${server} is not ${wanted}`)), 20_000);
  try {
    const events = await fetch(`${daemon.url}/events`, { headers, signal: stop.signal });
    for await (const _news of events.body ?? []) {
      const answer = await fetch(`${daemon.url}/api/v1/servers/${server}`, { headers });
      const body = await answer.json();
      const view = body.data ?? body;
      if (view.status === wanted) return view;
    }
    throw new Error(`The events ended before ${server} was ${wanted}`);
  } finally {
    clearTimeout(guard);
    stop.abort();
  }
}

Deno.test("mcpproxy secrets serves servers with what is kept, and restarts those that use it", async () => {
  await using workspace = await openWorkspace();
  await workspace.write({
    listen: "127.0.0.1:0",
    mcpServers: [telling(workspace, "user", "${keyring:tok}"), telling(workspace, "other", "nothing")],
  });
  await using daemon = await startDaemon(workspace, [], FILE_STORE);
  await waitFor(daemon, "other", "ready");
  const failed = await waitFor(daemon, "user", "failed");
  match(JSON.stringify(failed), /mcpproxy secrets set tok/);

  const set = await daemon.cli(["secrets", "set", "tok"], { stdin: "canary-one\n" });
  deepStrictEqual(
    [set.code, set.stdout],
    [0, 'Secret "tok" is kept; in the config: ${keyring:tok}\n'],
    set.stderr,
  );
  match(set.stderr, /Restarted: user/);
  await waitFor(daemon, "user", "ready");
  strictEqual(await starts(workspace, "user"), "canary-one\n");

  const again = await daemon.json(["secrets", "set", "tok"], { stdin: "canary-one" });
  match(JSON.stringify(again), /"changed":false.*"restarted":\[\]/);
  deepStrictEqual([await starts(workspace, "user"), await starts(workspace, "other")], [
    "canary-one\n",
    "nothing\n",
  ]);

  const masked = await daemon.cli(["secrets", "get", "tok"]);
  ok(masked.code === 0 && !masked.stdout.includes("canary"), masked.stdout);
  strictEqual((await daemon.cli(["secrets", "get", "tok", "--show"])).stdout, "canary-one\n");
  const told = [masked, await daemon.cli(["secrets", "list"]), await daemon.cli(["upstream", "get", "user"])];
  match(told[1]?.stdout ?? "", /tok +kept +user/);

  const argument = await daemon.cli(["secrets", "set", "tok", "canary-two"]);
  ok(argument.code === 2 && !argument.stderr.includes("canary"), argument.stderr);
  strictEqual((await daemon.cli(["secrets", "set", "tok"])).code, 2, "an empty value is none");

  const deleted = await daemon.cli(["secrets", "del", "tok"]);
  match(deleted.stderr, /Restarted: user/);
  await waitFor(daemon, "user", "failed");
  const { stdout, stderr } = await daemon.stop();
  ok(!JSON.stringify([told, stdout, stderr]).includes("canary"));

  const grep = await new Deno.Command("grep", { args: ["-rl", "canary-", workspace.dataDir] }).output();
  strictEqual(new TextDecoder().decode(grep.stdout), "", "no file of the data directory holds it plainly");
  const open = await new Deno.Command("find", { args: [workspace.dataDir, "-perm", "/077"] }).output();
  strictEqual(new TextDecoder().decode(open.stdout), "");
});

Deno.test("mcpproxy secrets works without a daemon", async () => {
  await using workspace = await openWorkspace({
    mcpServers: [{ name: "a", command: "none", enabled: false, env: { API_KEY: "canary-three" } }],
  });
  const cli = (args: readonly string[], stdin?: string) => runCli(workspace, args, { ...FILE_STORE, stdin });
  match((await cli(["secrets", "list"])).stderr, /mcpproxy secrets set NAME/);
  strictEqual((await cli(["secrets", "set", "one"], "first\r\n")).code, 0);
  strictEqual((await cli(["secrets", "get", "one", "--show"])).stdout, "first\n");
  const looked = await cli(["secrets", "migrate"]);
  match(looked.stdout, /a +env\.API_KEY +\$\{keyring:a\.API_KEY\}/);
  match(looked.stderr, /--apply/);
  ok((await workspace.read()).includes("canary-three"));
  strictEqual((await cli(["secrets", "migrate", "--apply"])).code, 0);
  ok(!(await workspace.read()).includes("canary-three"));
  strictEqual((await cli(["secrets", "get", "a.API_KEY", "--show"])).stdout, "canary-three\n");
  const gone = await cli(["secrets", "get", "two"]);
  deepStrictEqual([gone.code, gone.stdout], [1, ""]);
  match(gone.stderr, /→ mcpproxy secrets set two/);
});
