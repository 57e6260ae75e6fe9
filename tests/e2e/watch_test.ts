import { match, strictEqual } from "node:assert/strict";
import { runCli, startCli, startDaemon } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

Deno.test("mcpproxy upstream list --watch shows what has changed until Ctrl-C", async () => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/✓ memory/);
  await using list = startCli(workspace, ["upstream", "list", "--watch"]);
  await using status = startCli(workspace, ["status", "-w", "-o", "json"]);

  await list.seen(/memory .*Connected \(9 tools\)/);
  await status.seen(/"connected_servers": 1/);
  strictEqual((await daemon.cli(["upstream", "disable", "memory"])).code, 0);
  await list.seen(/memory .*Disabled/);
  await status.seen(/"connected_servers": 0/);
  for (const program of [list, status]) {
    const { code, stdout, stderr } = await program.stop("SIGINT");
    strictEqual(code, 130, stderr);
    strictEqual(stdout.includes("\x1b"), false, "nothing but text in a pipe");
  }
});

Deno.test("mcpproxy upstream list --watch needs a daemon", async () => {
  await using workspace = await openWorkspace();
  const { code, stderr } = await runCli(workspace, ["upstream", "list", "--watch"]);
  strictEqual(code, 1);
  match(stderr, /no daemon runs/);
});
