/**
 * What a server says is shown on a terminal, and steers nothing there.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { runMain } from "../support/cli_in_process.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { turningServerCommand, type TurningState, turnTo } from "../support/fixtures/turning_server.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

/** What a hostile text tries on a terminal. */
const PAYLOADS: readonly string[] = [
  "\x1b[31mred\x1b[0m",
  "\x1b[2K\x1b[1A",
  "\x1b]0;title\x07",
  "\x1b]8;;http://evil.example\x1b\\text\x1b]8;;\x1b\\",
  "\x1b]52;c;ZXZpbA==\x07",
  "\x1bPq#0;2\x1b\\",
  "\x1b_Gf=100\x1b\\",
  "\x1b^x\x1b\\\x1bXy\x1b\\",
  "\x9b31mred",
  "\x9d0;title\x9c",
  "bad\rgood",
  "bad\b\b\bok",
  "\x07\x00\x7f",
  "\u202eabc\u202c\u2066x\u2069",
];

const NAMES = PAYLOADS.map((payload, index) => `t${index} ${payload}`);
const PLAIN = PAYLOADS.map((_, index) => `p${index}`);
const schema = { type: "object" };
const HOSTILE: TurningState = {
  instructions: PAYLOADS.join(" "),
  log: PAYLOADS.join(" log "),
  tools: [
    ...NAMES.map((name, index) => ({
      name,
      description: `Fine ${PAYLOADS[index]} indeed`,
      inputSchema: schema,
      annotations: { title: PAYLOADS[index], readOnlyHint: true },
    })),
    ...PLAIN.map((name) => ({ name, description: "Plain", inputSchema: schema })),
  ],
  results: Object.fromEntries(
    PLAIN.map((name, index) => [name, { content: [{ type: "text", text: `result ${PAYLOADS[index]}` }] }]),
  ),
  errors: Object.fromEntries(NAMES.map((name, index) => [name, `failed ${PAYLOADS[index]}`])),
};

// deno-lint-ignore no-control-regex
const ACTS = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/;
// deno-lint-ignore no-control-regex
const OWN_STYLE = /\x1b\[(?:0|1|2|31|32|33)m/g;

const SHOWN: readonly (readonly string[])[] = [
  ["upstream", "list"],
  ["upstream", "get", "s"],
  ["upstream", "inspect", "s"],
  ["upstream", "logs", "s"],
  ["tools", "list"],
  ["tools", "list", "-s", "s"],
  ["tools", "pending"],
  ["tools", "search", "fine indeed"],
  ["security", "report"],
  ["security", "overview"],
  ["activity", "list"],
  ["activity", "summary"],
  ["events", "-n", "500"],
  ["status"],
  ["doctor"],
];

interface Scene extends AsyncDisposable {
  readonly workspace: Workspace;
  readonly daemon: Daemon;
}

async function openScene(): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await openWorkspace());
  const file = join(workspace.directory, "state.json");
  await turnTo(file, HOSTILE);
  const server = { name: "s", ...turningServerCommand(file), quarantined: false, trust_mode: "auto" };
  await workspace.write({ listen: "127.0.0.1:0", mcpServers: [server] });
  const daemon = stack.use(await startDaemon(workspace));
  await daemon.seen(/Connected \(28 tools\)/);
  const owned = stack.move();
  return { workspace, daemon, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** What acts in a text, with what stands before it; `undefined` if nothing does. */
function acting(text: string): string | undefined {
  const found = ACTS.exec(text);
  return found === null
    ? undefined
    : JSON.stringify(text.slice(Math.max(0, found.index - 80), found.index + 5));
}

Deno.test("nothing that a server says acts on a terminal, in a pipe or on a screen", async (t) => {
  await using scene = await openScene();
  const { workspace, daemon } = scene;

  const call = (name: string) => ["call", "tool", `s:${name}`];
  await t.step("a result is data in a pipe, and nothing else is", async () => {
    for (const [index, name] of PLAIN.entries()) {
      strictEqual((await runMain(workspace, call(name))).stdout, `result ${PAYLOADS[index]}\n`);
    }
  });

  for (const words of [...NAMES.map(call), ...PLAIN.map(call), ...SHOWN]) {
    await t.step(JSON.stringify(words.join(" ")), async () => {
      const isResult = PLAIN.some((name) => words.includes(`s:${name}`));
      for (const form of [...isResult ? [] : [[]], ["-o", "json"], ["-o", "yaml"]]) {
        const piped = await runMain(workspace, [...form, ...words]);
        ok(`${piped.stdout}${piped.stderr}`.length > 0);
        strictEqual(acting(piped.stdout + piped.stderr), undefined);
      }
      const screen = await runMain(workspace, words, { isTerminal: true, env: { NO_COLOR: "" } });
      strictEqual(acting((screen.stdout + screen.stderr).replaceAll(OWN_STYLE, "")), undefined);
    });
  }

  await t.step("a name that is no name is refused in words that act on nothing either", async () => {
    for (const payload of PAYLOADS) {
      const refused = await runMain(workspace, ["upstream", "add", `x${payload}`, "http://127.0.0.1:9/"]);
      ok(refused.code !== 0);
      strictEqual(acting(refused.stdout + refused.stderr), undefined);
    }
  });

  await t.step("what the daemon itself has written acts on nothing", () => {
    strictEqual(acting(daemon.stdout() + daemon.stderr()), undefined);
  });
});

/** Of util-linux; it runs a command on a terminal of its own. */
const SCRIPT = "/usr/bin/script";
const hasScript = await Deno.stat(SCRIPT).then(() => true, () => false);

Deno.test({
  name: "nothing that a server says acts on a real terminal",
  ignore: !hasScript,
  async fn() {
    await using scene = await openScene();
    const { workspace, daemon } = scene;
    const program = Deno.env.get("DENO_EXEC") ?? Deno.execPath();
    const main = new URL("../../cli/main.ts", import.meta.url).pathname;
    for (
      const words of ["tools list", "call tool s:p0", "call tool s:p4", "upstream logs s", "tools pending"]
    ) {
      const line = [
        program,
        "run -q -A",
        main,
        "--config",
        workspace.config,
        "--data-dir",
        workspace.dataDir,
        words,
      ];
      const { stdout } = await daemon.cli([], {
        program: [SCRIPT, "-qec", line.join(" "), "/dev/null"],
        bare: true,
      });
      ok(stdout.length > 0, words);
      strictEqual(acting(stdout.replaceAll("\r\n", "\n").replaceAll(OWN_STYLE, "")), undefined, words);
    }
    strictEqual(PAYLOADS.length, 14);
  },
});
