import { match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startDaemon, survivors } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Fails where nobody waits for it, once the file is there. */
const MISTAKES: Readonly<Record<string, string>> = {
  "a rejection that nobody takes": "void Promise.reject(new TypeError('a mistake on purpose'));",
  "an error in a timer": "throw new TypeError('a mistake on purpose');",
};

for (const [name, mistake] of Object.entries(MISTAKES)) {
  Deno.test(`the daemon ends in order after ${name}, says so, and starts again`, async () => {
    await using workspace = await openWorkspace({ mcpServers: [reference("memory")] });
    const go = join(workspace.directory, "go");
    const preload = join(workspace.directory, "mistake.ts");
    await Deno.writeTextFile(
      preload,
      `const timer = setInterval(() => {
        try { Deno.statSync(${JSON.stringify(go)}); } catch { return; }
        clearInterval(timer);
        ${mistake}
      }, 20);
      Deno.unrefTimer(timer);`,
    );
    const program = [
      Deno.execPath(),
      "run",
      "--quiet",
      "-A",
      "--preload",
      preload,
      join(ROOT, "cli/main.ts"),
    ];
    await using daemon = await startDaemon(workspace, [], { program });
    await daemon.seen(/memory +Connected/);
    await daemon.cli(["call", "tool", "memory:read_graph"]);
    await Deno.writeTextFile(go, "");

    const { code, stderr } = await daemon.ended;

    strictEqual(code, 70);
    match(stderr, /Stopping after a mistake of mcpproxy itself: a mistake on purpose[^]*Stopped/);
    match(
      await Deno.readTextFile(join(workspace.dataDir, "logs", "main.log")),
      /ERROR app: crashed .*a mistake on purpose/,
    );
    strictEqual((await survivors(workspace)).length, 0);
    await using next = await startDaemon(workspace);
    match((await next.cli(["activity", "list"])).stdout, /memory:read_graph/);
  });
}
