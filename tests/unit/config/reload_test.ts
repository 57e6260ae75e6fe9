import { rejects, strictEqual } from "node:assert/strict";
import { openConfig } from "../../../lib/config/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";

const platform = createDenoPlatform();

interface Scene extends AsyncDisposable {
  readonly path: string;
  write(text: string): Promise<void>;
}

async function openScene(): Promise<Scene> {
  const directory = await Deno.makeTempDir({ prefix: "mp-reload-" });
  const path = `${directory}/config.json`;
  const write = (text: string) => Deno.writeTextFile(path, text);
  await write('{ "tools_limit": 5 }');
  return { path, write, [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }) };
}

Deno.test("ConfigService keeps the last good config while the file is wrong, and says so", async () => {
  await using scene = await openScene();
  await using config = await openConfig(platform, { path: scene.path });
  const told: (string | undefined)[] = [];
  using _watch = config.onRejection((rejection) => told.push(rejection?.code));

  await scene.write('{ "tools_limit": }');
  await rejects(config.reload(), /MCPX|value is missing/);
  await rejects(config.reload(), /value is missing/);
  strictEqual(config.snapshot().config.tools_limit, 5);
  strictEqual(config.rejection()?.code, "MCPX_CONFIG_PARSE_ERROR");

  await scene.write('{ "tools_limit": 7 }');
  strictEqual((await config.reload()).config.tools_limit, 7);
  strictEqual(config.rejection(), undefined);
  strictEqual(told.join(" "), "MCPX_CONFIG_PARSE_ERROR ");
});

Deno.test("ConfigService keeps the last good config while the file is gone", async () => {
  await using scene = await openScene();
  await using config = await openConfig(platform, { path: scene.path });

  await Deno.remove(scene.path);
  await rejects(config.reload(), /does not exist/);

  strictEqual(config.snapshot().config.tools_limit, 5);
  strictEqual(config.rejection()?.code, "MCPX_CONFIG_NOT_FOUND");
});

Deno.test("ConfigService takes a file over by itself when it is watched", async () => {
  await using scene = await openScene();
  await using config = await openConfig(platform, { path: scene.path, watch: true });
  const changed = Promise.withResolvers<number>();
  using _watch = config.onChange((to) => changed.resolve(to.config.tools_limit));

  await scene.write('{ "tools_limit": 9 }');

  strictEqual(await changed.promise, 9);
});

Deno.test("ConfigService.reload() of the same content changes nothing", async () => {
  await using scene = await openScene();
  await using config = await openConfig(platform, { path: scene.path });
  const before = config.snapshot();

  await scene.write('{ /* a word */ "tools_limit": 5 }');

  strictEqual(await config.reload(), before);
});

Deno.test("ConfigService keeps the last good config when a directory or far too much is in its place", async () => {
  await using scene = await openScene();
  await using config = await openConfig(platform, { path: scene.path });

  await scene.write(`${" ".repeat(9 * 1024 * 1024)}{ "tools_limit": 9 }`);
  await rejects(config.reload(), /it has 9\.0 MB, wanted at most 8/);
  const real = `${scene.path}.real`;
  await Deno.rename(scene.path, real);
  await Deno.symlink(real, scene.path);
  await rejects(config.reload(), /wanted at most 8/);
  await Deno.remove(scene.path);
  await Deno.mkdir(scene.path);
  await rejects(config.reload(), /wanted a readable file/);
  strictEqual(config.snapshot().config.tools_limit, 5);

  await Deno.remove(scene.path);
  await scene.write('\ufeff{ "tools_limit": 8, }');
  strictEqual((await config.reload()).config.tools_limit, 8);
});
