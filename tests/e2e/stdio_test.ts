import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { CreateMessageRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { startCli, startDaemon, survivors } from "../support/daemon.ts";
import { openWorkspace, reference, type Workspace } from "../support/workspace.ts";

const MAIN = new URL("../../cli/main.ts", import.meta.url).pathname;
type Named = { readonly name: string };

/** A client that spawns `mcpproxy stdio`, as a person's program would. */
async function spawnClient(workspace: Workspace, ...args: string[]) {
  const client = new Client({ name: "spawner", version: "1" }, { capabilities: { sampling: {} } });
  client.setRequestHandler(CreateMessageRequestSchema, () => ({
    role: "assistant",
    model: "m",
    content: { type: "text", text: "sampled" },
  }));
  const transport = new StdioClientTransport({
    command: Deno.execPath(),
    args: [
      "run",
      "--quiet",
      "-A",
      MAIN,
      "stdio",
      "--config",
      workspace.config,
      "--data-dir",
      workspace.dataDir,
      ...args,
    ],
    env: { ...Deno.env.toObject(), NO_COLOR: "1" },
    stderr: "ignore",
  });
  const strange: unknown[] = [];
  client.onerror = (error: unknown) => void strange.push(error);
  await client.connect(transport);
  return { client, strange, [Symbol.asyncDispose]: () => client.close() };
}

async function text(client: Client, name: string, args: Record<string, unknown> = {}): Promise<string> {
  const { content } = await client.callTool({ name, arguments: args }) as { content: { text: string }[] };
  return content[0]?.text ?? "";
}

// The SDK leaves the timer of its own close behind.
const LOOSE = { sanitizeOps: false, sanitizeResources: false };

Deno.test(
  "mcpproxy stdio gives a client that spawns it the same gateway as HTTP, over its restarts",
  LOOSE,
  async () => {
    await using workspace = await openWorkspace({ mcpServers: [reference("everything")] });
    const daemon = await startDaemon(workspace);
    try {
      await daemon.seen(/everything/);
      await using whole = await spawnClient(workspace);
      await using one = await spawnClient(workspace, "--server", "everything");
      ok((await whole.client.listTools()).tools.some(({ name }: Named) => name === "retrieve_tools"));
      match(await text(one.client, "trigger-sampling-request", { prompt: "x", maxTokens: 1 }), /sampled/);
      strictEqual(await text(one.client, "echo", { message: "before" }), "Echo: before");

      await daemon.stop("SIGKILL");
      const waiting = text(one.client, "echo", { message: "while it is away" });
      waiting.catch(() => {}); // told where it is awaited
      await using again = await startDaemon(workspace);
      strictEqual(await waiting, "Echo: while it is away");
      strictEqual(await text(one.client, "echo", { message: "after" }), "Echo: after");
      match(
        await text(whole.client, "call_tool_write", {
          name: "everything:trigger-sampling-request",
          args: { prompt: "y" },
        }),
        /sampled|retrieve|call_tool/,
      );
      deepStrictEqual([one.strange, whole.strange], [[], []]);
      await again.stop();
    } finally {
      await daemon[Symbol.asyncDispose]();
    }
  },
);

Deno.test(
  "mcpproxy stdio opens a gateway of its own where none runs, and leaves nothing behind",
  LOOSE,
  async () => {
    await using workspace = await openWorkspace({ mcpServers: [reference("everything")] });
    {
      await using alone = await spawnClient(workspace, "--endpoint", "/mcp/call");
      match(
        await text(alone.client, "call_tool_read", { name: "everything:echo", args: { message: "hi" } }),
        /Echo: hi/,
      );
      deepStrictEqual(alone.strange, []);
    }
    deepStrictEqual(await survivors(workspace), []);
  },
);

Deno.test("mcpproxy stdio writes messages only to stdout, and says what it cannot join", async () => {
  await using workspace = await openWorkspace({ mcpServers: [] });
  await using program = startCli(workspace, ["stdio"], {
    stdin: 'not json\n{"jsonrpc":"2.0","id":"a","method":"ping"}\n[]\n',
  });
  const { code, stdout } = await program.ended;
  strictEqual(code, 0);
  const messages = stdout.trim().split("\n").map((line) => JSON.parse(line));
  deepStrictEqual(messages.map(({ error }) => error.code).sort(), [-32000, -32600, -32700]);
  strictEqual(messages.find(({ id }) => id === "a")?.error.code, -32000);

  for (const args of [["--profile", "x", "--server", "y"], ["--endpoint", "http://elsewhere/mcp"]]) {
    await using wrong = startCli(workspace, ["stdio", ...args], { stdin: "" });
    const result = await wrong.ended;
    deepStrictEqual([result.code, result.stdout], [2, ""]);
    match(result.stderr, /Cannot join/);
  }
});

Deno.test("mcpproxy stdio with a token has the rights of the token, and with a wrong one none", async () => {
  await using workspace = await openWorkspace();
  await using daemon = await startDaemon(workspace);
  const { token } = await daemon.json(["token", "create", "low"]) as { token: string };
  const lines = [
    {
      id: 1,
      method: "initialize",
      params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: {} },
    },
    {
      id: 2,
      method: "tools/call",
      params: { name: "upstream_servers", arguments: { operation: "add", name: "x" } },
    },
  ];
  const stdin = lines.map((line) => `${JSON.stringify({ jsonrpc: "2.0", ...line })}\n`).join("");
  const run = async (MCPPROXY_TOKEN: string) =>
    (await daemon.cli(["stdio"], { stdin, env: { MCPPROXY_TOKEN } })).stdout;

  match(await run(token), /MCPX_FORBIDDEN/);
  match(await run(""), /MCPX_CONFIG_INVALID/); // all rights, and no command
  const refused = await run(`mcp_agt_${"0".repeat(64)}`);
  match(refused, /key is not valid/);
  ok(!refused.includes("serverInfo"));
});
