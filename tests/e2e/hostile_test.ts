import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { survivors } from "../support/daemon.ts";
import { ANSWERS } from "../support/hostile/answers.ts";
import type { Behaviour } from "../support/hostile/behaviour.ts";
import { DEFINITIONS } from "../support/hostile/definitions.ts";
import { PROGRAMS } from "../support/hostile/programs.ts";
import { openScene, type Scene } from "../support/hostile/scene.ts";

const BEHAVIOURS: readonly Behaviour[] = [...DEFINITIONS, ...ANSWERS, ...PROGRAMS];
const AT_ONCE = 12;

/** Calls the honest server again and again for as long as something else goes on. */
async function honestCalls(scene: Scene, isOver: () => boolean, first: number): Promise<number> {
  let count = 0;
  do {
    const nonce = first + count++;
    const { text } = await scene.ask("POST", "/tools/call", {
      tool_name: "honest:echo",
      arguments: { nonce },
    });
    ok(
      text.includes(`echo: {\\"nonce\\":${nonce}}`),
      `the honest server's call ${nonce} got ${text.slice(0, 500)}`,
    );
  } while (!isOver());
  return count;
}

/** What a person can see of a server after a call: its view, its tools, the result and the log. */
async function evidenceOf(scene: Scene, behaviour: Behaviour): Promise<string> {
  const name = scene.nameOf(behaviour);
  const { tool = "echo" } = behaviour;
  const result = tool === false
    ? { text: "" }
    : await scene.ask("POST", "/tools/call", { tool_name: `${name}:${tool}`, arguments: { of: name } });
  const view = await scene.ask("GET", `/servers/${name}`);
  const tools = await scene.ask("GET", `/servers/${name}/tools`);
  const logs = await scene.ask("GET", `/servers/${name}/logs?tail=200`);
  strictEqual(view.status, 200, view.text);
  return [result, view, tools, logs].map(({ text }) => text.slice(0, 20_000)).join("\n");
}

Deno.test("a hundred hostile servers: the daemon lives, an honest server's calls are right, a person is told", async (t) => {
  ok(BEHAVIOURS.length >= 100);
  strictEqual(new Set(BEHAVIOURS.map(({ name }) => name)).size, BEHAVIOURS.length);
  await using scene = await openScene(BEHAVIOURS);
  await scene.settled();

  let honest = 0;
  for (let from = 0; from < BEHAVIOURS.length; from += AT_ONCE) {
    const group = BEHAVIOURS.slice(from, from + AT_ONCE);
    let isOver = false;
    const calling = honestCalls(scene, () => isOver, honest + 1);
    const found = await Promise.all(group.map((behaviour) => evidenceOf(scene, behaviour)));
    isOver = true;
    honest += await calling;
    for (const [index, behaviour] of group.entries()) {
      await t.step(behaviour.name, () => match(found[index] ?? "", behaviour.says));
    }
  }
  ok(honest >= BEHAVIOURS.length / AT_ONCE, `${honest} honest calls`);

  for (const words of SHOWN) {
    await t.step(`mcpproxy ${words.join(" ")} shows nothing that acts on a terminal`, async () => {
      const { stdout, stderr } = await scene.daemon.cli(words);
      ok(stdout.length > 0, stderr);
      strictEqual(ACTING.exec(stdout + stderr)?.[0], undefined, stdout.slice(0, 2_000));
    });
  }
  await t.step("the logs on the disk have nothing in them that acts on a terminal", async () => {
    for await (const { name } of Deno.readDir(`${scene.workspace.dataDir}/logs`)) {
      const text = await Deno.readTextFile(`${scene.workspace.dataDir}/logs/${name}`);
      strictEqual(ACTING.exec(text)?.[0], undefined, name);
    }
  });
  await t.step("it stops, and nothing is left of the programs", async () => {
    const { daemon } = scene;
    strictEqual((await daemon.cli(["status"])).code, 0);
    // The second signal does not wait for programs that do not hear the first.
    Deno.kill(daemon.pid, "SIGTERM");
    await daemon.seen(/stopping|draining/i);
    await daemon.stop("SIGTERM");
    deepStrictEqual(await survivors(scene.workspace), []);
  });
});

// deno-lint-ignore no-control-regex
const ACTING = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ufeff\u{e0000}-\u{e007f}]/u;
const SHOWN: readonly (readonly string[])[] = [
  ["upstream", "list"],
  ["-o", "json", "upstream", "list"],
  ["-o", "yaml", "upstream", "list"],
  ["tools", "list"],
  ["-o", "json", "tools", "list"],
  ["tools", "search", "bait"],
  ["events", "-n", "4096"],
  ["-o", "json", "events", "-n", "4096"],
  ["status"],
  ["doctor"],
];
