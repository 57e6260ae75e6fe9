/**
 * What a server gets of the environment, and what is left of secrets on the
 * disk where they are not kept.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startDaemon } from "../support/daemon.ts";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

/** Forty values that are nobody's business, by names that real secrets have, or that load code. */
const CANARIES: Readonly<Record<string, string>> = Object.fromEntries([
  ..."AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN GITHUB_TOKEN GH_TOKEN GITLAB_TOKEN NPM_TOKEN NODE_AUTH_TOKEN"
    .split(" "),
  ..."OPENAI_API_KEY ANTHROPIC_API_KEY GEMINI_API_KEY HF_TOKEN SLACK_BOT_TOKEN STRIPE_SECRET_KEY".split(" "),
  ..."DATABASE_URL PGPASSWORD MYSQL_PWD REDIS_URL MONGODB_URI AZURE_CLIENT_SECRET GOOGLE_API_KEY".split(" "),
  ..."SSH_AUTH_SOCK GPG_AGENT_INFO KUBECONFIG VAULT_TOKEN DOCKER_AUTH_CONFIG CI_JOB_TOKEN".split(" "),
  ..."MCPPROXY_API_KEY MCPPROXY_TOKEN MCPPROXY_SECRET LD_AUDIT DYLD_INSERT_LIBRARIES PYTHONSTARTUP".split(
    " ",
  ),
  ..."PYTHONPATH PERL5OPT RUBYOPT NODE_OPTIONS BASH_ENV ENV".split(" "),
  ..."BASH_FUNC_ls%% BASH_FUNC_node%%".split(" "),
].map((name, at) => [name, `cnryinherit${at}zq`]));
/** What the gateway itself reads must be good. */
const READ_BY_US = ["MCPPROXY_API_KEY", "MCPPROXY_TOKEN"];

Deno.test("a server gets no secret of the environment it was started in, and nothing that loads code", async () => {
  strictEqual(Object.keys(CANARIES).length, 40);
  await using workspace = await openWorkspace();
  const seen = join(workspace.directory, "environment");
  const { args, ...program } = reference("memory", {
    entry: { env: { OWN: "mine", SHARED: "${env:SHARED}" } },
  });
  await workspace.write({
    listen: "127.0.0.1:0",
    mcpServers: [{
      ...program,
      name: "nosy",
      command: "sh",
      args: ["-c", `env -0 > ${seen}; exec node "$0"`, ...(args as string[])], // as reference() writes them
    }],
  });
  const inherited = Object.fromEntries(
    Object.entries(CANARIES).filter(([name]) => !READ_BY_US.includes(name)),
  );
  await using daemon = await startDaemon(workspace, [], {
    env: { ...inherited, SHARED: "given", LANG: "en_GB.UTF-8" },
  });
  await daemon.seen(/✓ nosy/);

  const entries = (await Deno.readTextFile(seen)).split("\0").filter((entry) => entry !== "");
  deepStrictEqual(entries.filter((entry) => entry.includes("cnryinherit")), []);
  const names = new Set(entries.map((entry) => entry.split("=")[0] ?? ""));
  deepStrictEqual(Object.keys(CANARIES).filter((name) => names.has(name)), []);
  ok(
    entries.includes("OWN=mine") && entries.includes("SHARED=given") && entries.includes("LANG=en_GB.UTF-8"),
  );
  // What a shell sets by itself, and the mark by which the gateway knows its children again.
  const ALLOWED = /^(?:PATH|HOME|LANG|OWN|SHARED|PWD|SHLVL|_|OLDPWD|MCPPROXY_CHILD)$/;
  deepStrictEqual([...names].filter((name) => !ALLOWED.test(name)), []);
});

/** All files below a directory whose bytes hold one of these texts. */
async function holding(directory: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(directory)) {
    const path = join(directory, name);
    if (isDirectory) found.push(...await holding(path, texts));
    if (!isFile) continue;
    const bytes = new TextDecoder("latin1").decode(await Deno.readFile(path));
    found.push(
      ...texts.filter((text) => bytes.includes(text)).map((text) => `${name}: ${text.slice(0, 16)}`),
    );
  }
  return found;
}

Deno.test("keys of agents and secrets by name stand in no file as they are, killed or not", async () => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  const env = { MCPPROXY_SECRET_STORE: "file" };
  const secrets: string[] = [];
  {
    await using daemon = await startDaemon(workspace, [], { env });
    await daemon.seen(/✓ memory/);
    for (let at = 0; at < 10; at++) {
      const words = ["token", "create", `t${at}`, "--servers", "memory", "--permissions", "read"];
      const { token } = await daemon.json(words) as { token: string };
      ok(/^mcp_agt_/.test(token), token);
      secrets.push(token, token.slice("mcp_agt_".length));
      const mcp = await mustOpenMcp(daemon.mcpUrl, token);
      secrets.push(mcp.session);
      const call = { name: "call_tool_read", arguments: { name: "memory:read_graph", args: {} } };
      ok((await mcp.ask("tools/call", call)).result !== undefined);
      const value = `cnryatrest${at}zq`;
      secrets.push(value);
      strictEqual((await daemon.cli(["secrets", "set", `s${at}`], { env, stdin: `${value}\n` })).code, 0);
    }
    const code = /code=([^&\s]+)/.exec((await daemon.cli(["status", "--web-url"])).stdout)?.[1] ?? "";
    ok(code.length > 8);
    secrets.push(code, decodeURIComponent(code));
    deepStrictEqual(await holding(workspace.dataDir, secrets), []);
    // The journal of the database is left as it was at that moment.
    await daemon.stop("SIGKILL");
  }
  deepStrictEqual(await holding(workspace.dataDir, secrets), []);
  deepStrictEqual(await holding(workspace.directory, secrets.filter((one) => one.startsWith("cnry"))), []);
});
