import { deepStrictEqual, match, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { setImmediate } from "node:timers";
import type { Snapshot } from "../../../lib/config/mod.ts";
import { add, deno, isCode, mode, ONE, openScene } from "./service_fixture.ts";

/** Times that a link is led elsewhere during a change. */
const SWAPS = 500;

Deno.test("ConfigService.change() edits the file, keeps its comments and mode, and tells everyone", async () => {
  await using scene = await openScene(ONE);
  await Deno.chmod(scene.path, 0o664);
  await using config = await scene.open();
  const first = config.snapshot();
  const heard: [Snapshot, Snapshot][] = [];
  using _broken = config.onChange(() => {
    throw new Error("a listener that fails");
  });
  using _heard = config.onChange((to, from) => heard.push([to, from]));
  const ended = config.onChange(() => ok(false, "was disposed"));
  ended[Symbol.dispose]();

  const next = await config.change("test", [add("b"), { kind: "set", path: ["tools_limit"], value: 4 }]);

  strictEqual(next, config.snapshot());
  strictEqual(next.version, 2);
  notStrictEqual(next.hash, first.hash);
  match(next.hash, /^[0-9a-f]{64}$/);
  deepStrictEqual(next.config.mcpServers.map(({ name }) => name), ["a", "b"]);
  strictEqual(first.config.mcpServers.length, 1);
  deepStrictEqual(heard.map(([to, from]) => [to.version, from.version]), [[2, 1]]);
  match(scene.stderr.join(), /a listener that fails/);
  match(await scene.read(), /\/\/ mine/);
  strictEqual(await mode(scene.path), 0o664);
  deepStrictEqual((await deno.files.list(scene.directory)).filter((name) => name.includes(".tmp.")), []);
});

Deno.test("ConfigService.change() writes nothing when the result would be wrong", async () => {
  await using scene = await openScene(ONE);
  await using config = await scene.open();
  const first = config.snapshot();

  await rejects(
    config.change("test", [add("b"), { kind: "server.add", server: { name: "c", url: "ftp://c" } }]),
    isCode("MCPX_CONFIG_INVALID", /^Cannot change config "[^"]+": mcpServers\[2\]\.url: this is not an http/),
  );
  await rejects(config.change("test", [add("a")]), isCode("MCPX_SERVER_EXISTS"));
  await rejects(
    config.change("test", [{ kind: "server.remove", name: "aa" }]),
    isCode("MCPX_SERVER_NOT_FOUND", /did you mean "a"/),
  );

  strictEqual(await scene.read(), ONE);
  strictEqual(config.snapshot(), first);
  strictEqual((await config.change("test", [add("b")])).version, 2, "the next change goes on");
});

Deno.test("ConfigService.change() without a difference gives the snapshot in force", async () => {
  await using scene = await openScene('{ "tools_limit": 5 }');
  await using config = await scene.open();
  using _heard = config.onChange(() => ok(false, "nothing has changed"));

  const same = await config.change("test", [{ kind: "set", path: ["tools_limit"], value: 5 }]);

  strictEqual(same.version, 1);
});

Deno.test("ConfigService.change() keeps what a person wrote meanwhile", async () => {
  await using scene = await openScene(ONE);
  await using config = await scene.open();
  await scene.write(
    ONE.replace("mine", "mine too").replace("[", '[\n    { "name": "hand", "command": "h" },'),
  );

  const { config: now } = await config.change("test", [add("b")]);

  deepStrictEqual(now.mcpServers.map(({ name }) => name), ["hand", "a", "b"]);
  match(await scene.read(), /\/\/ mine too/);
});

Deno.test("ConfigService.change() on a broken file names the place in the file", async () => {
  await using scene = await openScene(ONE);
  await using config = await scene.open();
  await scene.write(ONE.replace("]\n", ']\n  "tools_limit": 1\n'));

  await rejects(
    config.change("test", [add("b")]),
    isCode("MCPX_CONFIG_PARSE_ERROR", /Cannot read config.* at 6:3: a comma/),
  );
});

Deno.test("ConfigService.change() can mend a file that is wrong", async () => {
  await using scene = await openScene(ONE);
  await using config = await scene.open();
  await scene.write(ONE.replace('"x"', '"x", "comand": "y"'));

  await rejects(
    config.change("test", [add("b")]),
    isCode("MCPX_CONFIG_INVALID", /Cannot read config.* at 4:36/),
  );
  const { config: now } = await config.change("test", [{ kind: "server.remove", name: "a" }, add("b")]);

  deepStrictEqual(now.mcpServers.map(({ name }) => name), ["b"]);
});

Deno.test("ConfigService.change() loses no change of many at once, by two services", async () => {
  await using scene = await openScene('{ "mcpServers": [] }');
  await using one = await scene.open();
  await using two = await scene.open();
  const names = Array.from({ length: 12 }, (_, index) => `s${index}`);

  await Promise.all(names.map((name, index) => (index % 2 === 0 ? one : two).change("test", [add(name)])));

  const { config: all } = await one.reload();
  deepStrictEqual(all.mcpServers.map(({ name }) => name).sort(), names.sort());
});

Deno.test("ConfigService.change() writes through a link to the real file", async () => {
  await using scene = await openScene();
  const real = join(scene.directory, "real.json");
  await Deno.writeTextFile(real, ONE, { mode: 0o600 });
  await Deno.symlink(real, scene.path);
  await using config = await scene.open();

  await config.change("test", [add("b")]);

  ok((await Deno.lstat(scene.path)).isSymlink);
  match(await Deno.readTextFile(real), /"b"/);
});

Deno.test("ConfigService.change() never writes to where a link leads while it is swapped", async () => {
  await using scene = await openScene();
  const [real, foreign] = ["real.json", "foreign.json"].map((name) => join(scene.directory, name));
  ok(real !== undefined && foreign !== undefined);
  // Only root can give a file away; without that, it is one that could never be a config.
  const isRoot = Deno.uid() === 0;
  const FOREIGN = isRoot ? '{ "tools_limit": 7 }\n' : "somebody else's words\n";
  const swaps = isRoot ? SWAPS : SWAPS / 50;
  await Deno.writeTextFile(real, ONE, { mode: 0o600 });
  await Deno.writeTextFile(foreign, FOREIGN);
  if (isRoot) await Deno.chown(foreign, 12_345, 12_345);
  await Deno.symlink(real, scene.path);
  await using config = await scene.open();
  const lead = (to: string) => {
    Deno.symlinkSync(to, `${scene.path}.swap`);
    Deno.renameSync(`${scene.path}.swap`, scene.path);
  };

  let [done, kept] = [0, 0];
  for (let at = 1; at <= swaps; at++) {
    // At another moment of the change each time: what is done between two turns is a part of one step.
    const changing = config.change("test", [{ kind: "set", path: ["tools_limit"], value: at % 100 + 1 }])
      .then(() => ++done && (kept = at % 100 + 1), () => {});
    // However slow the disk is, some come to their end before, and some have only begun.
    if (at % 10 === 0) await changing;
    for (let turn = 0; turn < at % 41; turn++) await new Promise((go) => setImmediate(go));
    lead(foreign);
    await changing;
    strictEqual(Deno.readTextFileSync(foreign), FOREIGN);
    lead(real);
  }

  ok(done >= Math.floor(swaps / 10) && done < swaps, `${done} changes were made`);
  strictEqual(config.snapshot().config.tools_limit, kept, "what was acknowledged last is in force");
  match(await Deno.readTextFile(real), new RegExp(`"tools_limit": ${kept}\\b`));
});

Deno.test({
  name: "ConfigService.change() leaves a file of somebody else alone",
  ignore: Deno.uid() !== 0, // only root can give one away
  fn: async () => {
    await using scene = await openScene(ONE);
    await Deno.chown(scene.path, 12_345, 12_345);
    await using config = await scene.open();

    await rejects(config.change("test", [add("b")]), isCode("MCPX_CONFIG_UNWRITABLE"));

    strictEqual((await Deno.stat(scene.path)).uid, 12_345);
  },
});

Deno.test("ConfigService.change() says so when the file has gone", async () => {
  await using scene = await openScene(ONE);
  await using config = await scene.open();
  await Deno.remove(scene.path);

  await rejects(config.change("test", [add("b")]), isCode("MCPX_CONFIG_NOT_FOUND"));

  strictEqual(config.snapshot().version, 1);
});

Deno.test("ConfigService keeps the form and the last good snapshot on reload", async () => {
  await using scene = await openScene('{ "mcpServers": { "a": { "command": "x" } } }');
  await using config = await scene.open();
  await config.change("test", [add("b")]);
  deepStrictEqual(Object.keys(JSON.parse(await scene.read()).mcpServers), ["a", "b"]);

  const good = config.snapshot();
  await scene.write('{ "mcpServers": [{}] }');
  await rejects(config.reload(), isCode("MCPX_CONFIG_INVALID"));

  strictEqual(config.snapshot(), good);
});
