import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { ONE, openScene } from "./service_fixture.ts";

const ROUNDS = 10_000;
const FOREIGN = '{ "tools_limit": 7 }\n';
const SWAPPER = new URL("../../support/fixtures/link_swapper.ts", import.meta.url).pathname;

Deno.test("ConfigService.change() never writes to a stranger's file, while another program swaps the link 10,000 times", async () => {
  await using scene = await openScene();
  const [real, foreign] = ["real.json", "foreign.json"].map((name) => join(scene.directory, name));
  ok(real !== undefined && foreign !== undefined);
  const isRoot = Deno.uid() === 0;
  await Deno.writeTextFile(real, ONE, { mode: 0o600 });
  await Deno.writeTextFile(foreign, FOREIGN);
  // Only root can give a file away; without that, it is one that may not be read.
  await (isRoot ? Deno.chown(foreign, 12_345, 12_345) : Deno.chmod(foreign, 0));
  await Deno.symlink(real, scene.path);
  await using config = await scene.open();
  const swapping = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-config", "-A", SWAPPER, scene.path, real, foreign, `${ROUNDS}`],
    stdout: "piped",
  }).output();
  const end = { isReached: false };
  const swapped = swapping.finally(() => end.isReached = true);

  let [done, refused, kept] = [0, 0, 0];
  for (let at = 1; !end.isReached; at++) {
    const value = at % 100 + 1;
    await config.change("test", [{ kind: "set", path: ["tools_limit"], value }])
      .then(() => ++done && (kept = value), () => refused++);
  }

  deepStrictEqual(JSON.parse(new TextDecoder().decode((await swapped).stdout)), {
    rounds: ROUNDS,
    isSame: true,
  });
  ok(done > 10 && refused > 10, `${done} changes were made and ${refused} refused: there was no race`);
  if (!isRoot) await Deno.chmod(foreign, 0o600);
  strictEqual(await Deno.readTextFile(foreign), FOREIGN);
  strictEqual(config.snapshot().config.tools_limit, kept, "what was acknowledged last is in force");
  match(await Deno.readTextFile(real), new RegExp(`"tools_limit": ${kept}\\b`));
  ok((await Deno.lstat(scene.path)).isSymlink);
});
