/**
 * Configs of others that would like to run something: they are shown as they
 * are, taken in held, and start nothing until a person lets them in.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { running, startDaemon } from "../support/daemon.ts";
import { openWorkspace } from "../support/workspace.ts";

interface Trap {
  readonly command: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Each would leave the file behind if it ever ran; `mark` is its path. */
function traps(mark: string): readonly Trap[] {
  const touch = `touch ${mark}`;
  const long = "A".repeat(4_000);
  return [
    { command: "sh", args: ["-c", touch] },
    { command: "/bin/sh", args: ["-c", `${touch}; sleep 60`] },
    { command: "bash", args: ["-lc", `true && ${touch}`] },
    { command: "env", args: ["sh", "-c", touch] },
    { command: touch },
    { command: `sh -c '${touch}'` },
    { command: `true; ${touch}` },
    { command: `true && ${touch}` },
    { command: `true | ${touch}` },
    { command: `$(${touch})` },
    { command: `\`${touch}\`` },
    { command: "sh", args: ["-c", `echo ${btoa(touch)} | base64 -d | sh`] },
    { command: "python3", args: ["-c", `open('${mark}','w')`] },
    { command: "node", args: ["-e", `require('fs').writeFileSync('${mark}','')`] },
    { command: "perl", args: ["-e", `open(F,'>','${mark}')`] },
    { command: "sh", args: ["-c", touch, long] },
    { command: "sh", args: [long, "-c", touch] },
    { command: "sh", args: ["-c", `${" ".repeat(4_000)}${touch}`] },
    { command: "s\u200bh", args: ["-c", touch] },
    { command: "sh", args: ["-c", `\u202e${touch}\u202c`] },
    { command: "sh\u0000", args: ["-c", touch] },
    { command: "sh", args: ["-c", `echo hi\n${touch}`] },
    { command: "sh", args: ["-c", `echo\r\x1b[2K${touch}`] },
    { command: "npx", args: ["-y", `$(${touch})`] },
    { command: "npx", args: ["-c", touch] },
    { command: "node", args: ["server.js"], env: { NODE_OPTIONS: `--require ${mark}.js` } },
    { command: "cat", env: { LD_PRELOAD: `${mark}.so`, "BASH_FUNC_x%%": `() { ${touch}; }` } },
    { command: "docker", args: ["run", "--privileged", "-v", "/:/host", "x"] },
    { command: "curl", args: ["-o", mark, "http://127.0.0.1:9/"] },
    { command: `${mark}/../../../../bin/sh`, args: ["-c", touch] },
  ];
}

Deno.test("thirty nasty configs start nothing when they are looked at or taken in, and hide nothing", async () => {
  await using workspace = await openWorkspace();
  const mark = join(workspace.directory, "it-ran");
  const hasRun = () => Deno.stat(mark).then(() => true, () => false);
  const found = traps(mark);
  strictEqual(found.length, 30);
  await using daemon = await startDaemon(workspace);
  const source = join(workspace.directory, "theirs.json");
  const mcpServers = Object.fromEntries(found.map((trap, at) => [`t${at}`, trap]));
  await Deno.writeTextFile(source, JSON.stringify({ mcpServers }));
  const own = new Set(await running(workspace));

  const shown = await daemon.cli(["upstream", "import", source, "--dry-run"]);
  for (const { command, args = [] } of found) {
    // Whole, with what would hide written out.
    for (const word of [command, ...args]) {
      for (const piece of word.split(/[^\x21-\x26\x28-\x5b\x5d-\x7e]+/).filter((one) => one.length > 3)) {
        ok(shown.stdout.includes(piece), `${piece.slice(0, 80)} is not shown`);
      }
    }
  }
  match(shown.stdout, /\\(?:x1b|u001b|u\{1b\}).*2K/);
  // deno-lint-ignore no-control-regex
  ok(!/[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e]/.test(shown.stdout + shown.stderr));

  const taken = await daemon.json(["upstream", "import", source]).catch(String);
  ok(typeof taken === "object", String(taken).slice(0, 300));
  const servers = await daemon.json(["upstream", "list"]) as readonly {
    name: string;
    quarantined: boolean;
    pid?: number;
  }[];
  ok(servers.length >= 25, `${servers.length}`);
  deepStrictEqual(servers.filter(({ quarantined, pid }) => !quarantined || pid !== undefined), []);
  for (const { name } of servers.slice(0, 5)) {
    const { code } = await daemon.cli(["call", "tool", `${name}:x`]);
    strictEqual(code, 1);
    strictEqual((await daemon.cli(["upstream", "restart", name])).code, 1);
  }

  deepStrictEqual((await running(workspace)).filter((pid) => !own.has(pid)), []);
  strictEqual(await hasRun(), false);
  const agent = await fetch(`${daemon.url}/api/v1/servers/import/json`, {
    method: "GET",
    headers: { "x-api-key": daemon.apiKey },
  });
  ok(agent.status === 404 || agent.status === 405, "no link can import");
  await agent.body?.cancel();
});
