import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { main } from "../../examples/embed.ts";
import { copyOnce } from "../../examples/own_copy.ts";
import { parseConfig } from "../../lib/config/mod.ts";
import * as mod from "../../mod.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("examples/config.json is valid and names the servers that this checkout has", async () => {
  const path = new URL("examples/config.json", ROOT);
  const { config, notices } = parseConfig(await Deno.readTextFile(path), path.pathname);
  deepStrictEqual(notices, []);
  deepStrictEqual(config.mcpServers.map(({ name }) => name), ["everything", "filesystem", "memory"]);
  for (const { name, command, args } of config.mcpServers) {
    const [, scoped, version] = /^(@modelcontextprotocol\/.+)@(.+)$/.exec(args[1] ?? "") ?? [];
    strictEqual(command, "npx");
    strictEqual(args[0], "-y", name);
    const installed = JSON.parse(
      await Deno.readTextFile(new URL(`node_modules/${scoped}/package.json`, ROOT)),
    );
    strictEqual(version, installed.version, `${name} is pinned to what is tested here`);
    for (const directory of args.slice(2)) {
      ok((await Deno.stat(new URL(`examples/${directory}`, ROOT))).isDirectory, directory);
    }
  }
});

Deno.test("examples/own_copy.ts copies once, and leaves what is there alone", async () => {
  const directory = await Deno.makeTempDir();
  try {
    const [from, to] = ["from", "to"].map((name) => new URL(`file://${directory}/${name}`));
    ok(from !== undefined && to !== undefined);
    await Deno.writeTextFile(from, "one");
    await copyOnce(from, to);
    await Deno.writeTextFile(to, "mine");
    await copyOnce(from, to);
    strictEqual(await Deno.readTextFile(to), "mine");
    strictEqual(((await Deno.stat(to)).mode ?? 0) & 0o777, 0o600);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});

Deno.test("examples/embed.ts finds a tool and calls it", async () => {
  await using workspace = await openWorkspace({
    mcpServers: [reference("everything"), {
      name: "gone",
      command: "no-such-command-here",
      quarantined: false,
    }],
  });
  const lines: string[] = [];

  await main({ config: workspace.config, dataDir: workspace.dataDir, say: (line) => lines.push(line) });

  match(lines[0] ?? "", /^everything: Connected \(\d+ tools\)$/);
  match(lines[1] ?? "", /^gone: /);
  deepStrictEqual(lines.slice(2), ["best tool: everything:echo", "text: Echo: hello from a program"]);
});

Deno.test("mod.ts exports these names", () => {
  deepStrictEqual(Object.keys(mod).sort(), [
    "ERROR_KINDS",
    "GatewayError",
    "VERBS",
    "VERSION",
    "openGateway",
  ]);
});
