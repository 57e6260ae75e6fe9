import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { runCli, startDaemon } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

Deno.test("completion bash asks the daemon for names of servers and tools", async () => {
  await using workspace = await openWorkspace({
    mcpServers: [reference("memory"), { name: "mail", command: "x", enabled: false }],
  });
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/✓ memory/);
  const { stdout: script } = await daemon.cli(["completion", "bash"]);
  const program = join(workspace.directory, "mcpproxy");
  const words = [Deno.execPath(), "run", "--quiet", "-A", join(ROOT, "cli/main.ts")].map((word) =>
    `'${word}'`
  );
  await Deno.writeTextFile(program, `#!/bin/sh\nexec ${words.join(" ")} "$@"\n`, { mode: 0o700 });

  /** Presses Tab behind a line, cut into words as bash cuts them. */
  async function press(line: string): Promise<string[]> {
    const cut = line.split(/\s+|(?<=:)|(?=:)/);
    const typed = [program, ...place, ...cut].map((word) => `'${word}'`).join(" ");
    const run = `${script}
COMP_WORDS=(${typed}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
COMP_LINE='mcpproxy ${line}'; COMP_POINT=\${#COMP_LINE}; COMPREPLY=()
_mcpproxy; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = await new Deno.Command("bash", { args: ["-c", run] }).output();
    strictEqual(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout).split("\n").filter((word) => word !== "");
  }
  const place = ["-c", workspace.config, "-d", workspace.dataDir];

  deepStrictEqual(await press("upstream logs m"), ["mail", "memory"]);
  deepStrictEqual(await press("upstream remove me"), ["memory"]);
  deepStrictEqual(await press("tools list --server ma"), ["mail"]);
  deepStrictEqual(await press("upstream add m"), []);
  deepStrictEqual(await press("call tool memory:read_g"), ["read_graph"]);
  for (const verb of ["preflight", "diff", "approve", "reject", "enable", "disable"]) {
    ok((await press(`tools ${verb} mem`)).includes("memory:read_graph"), verb);
  }
  deepStrictEqual(await press("upstream get $(touch${IFS}x)"), []);
});

Deno.test("completion names prints nothing without a daemon", async () => {
  await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
  const { code, stdout, stderr } = await runCli(workspace, ["completion", "names", "servers", "--", "m"]);
  deepStrictEqual([code, stdout, stderr], [0, "", ""]);
});
