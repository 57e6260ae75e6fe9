import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { hasCode, hashOf, names, openScene } from "./revise_fixture.ts";
import { add, ONE } from "./service_fixture.ts";

Deno.test("ConfigService.revise() writes only onto the text whose hash was named", async () => {
  await using scene = await openScene(ONE);
  await using config = await scene.open();
  const { hash, value } = await config.document();
  strictEqual(hash, hashOf(ONE));
  deepStrictEqual(value, { mcpServers: [{ name: "a", command: "x" }] });

  const first = await config.revise("test", [add("b")], { ifMatch: `"${hash}"` });

  strictEqual(first.hash, hashOf(await scene.read()));
  deepStrictEqual([first.previous.version, first.snapshot.version], [1, 2]);
  await rejects(config.revise("test", [add("c")], { ifMatch: `"${hash}"` }), (error) => {
    hasCode("MCPX_CONFIG_CONFLICT")(error);
    const { message, details } = error as GatewayError; // just shown
    ok(message.includes(hash) && message.includes(first.hash), message);
    deepStrictEqual(details.found, first.hash);
    return true;
  });
  await rejects(
    config.revise("test", [add("c")], { ifMatch: `W/"${first.hash}"` }),
    hasCode("MCPX_CONFIG_CONFLICT"),
  );
  for (const ifMatch of [`"0", "${first.hash}"`, "*"]) {
    await config.revise("test", [{ kind: "set", path: ["tools_limit"], value: 3 }], { ifMatch });
    await scene.write(await scene.read().then((text) => text.replace(/,\s*"tools_limit": 3/, "")));
  }
  deepStrictEqual(names(config), ["a", "b"]);
});

Deno.test("ConfigService.revise() sees a hand edit that comes while it works, and makes its change anew", async () => {
  await using scene = await openScene(ONE);
  await using config = await scene.open();
  const saves: Record<string, (text: string) => Promise<unknown>> = {
    "in place": (text) => scene.write(text),
    "by rename": async (text) => {
      await Deno.writeTextFile(`${scene.path}~`, text);
      await Deno.rename(`${scene.path}~`, scene.path);
    },
  };
  for (const [name, save] of Object.entries(saves)) {
    scene.beforeReplace = async () => {
      const text = await scene.read();
      await save(text.replace("mine", `mine ${name}`).replace('"command": "x" }', '"command": "hand" }'));
    };
    await config.change("test", [add(name.replace(" ", "-"))]);
    match(await scene.read(), new RegExp(`// mine ${name}`));
    strictEqual(scene.beforeReplace, undefined);
  }
  deepStrictEqual(names(config), ["a", "in-place", "by-rename"]);
  match(await scene.read(), /"hand"/);
});

Deno.test("ConfigService.revise() waits for an editor that has emptied the file and not yet filled it", async () => {
  await using scene = await openScene(ONE);
  await using config = await scene.open();
  for (const half of ["", ONE.slice(0, 30)]) {
    await scene.write(half);
    let reads = 0;
    scene.onRead = () => {
      if (++reads === 3) Deno.writeTextFileSync(scene.path, ONE.replace("mine", "typed"));
    };
    await config.change("test", [add("b")]);
    match(await scene.read(), /\/\/ typed[^]*"a"[^]*"b"/);
    scene.onRead = undefined;
    await config.change("test", [{ kind: "server.remove", name: "b" }]);
  }
});

Deno.test("ConfigService takes an empty file for a file that was cut off, once there was something in it", async () => {
  await using scene = await openScene(ONE);
  await using config = await scene.open();
  for (const text of ["", "  \n", "// nothing\n"]) {
    await scene.write(text);
    await rejects(config.reload(), hasCode("MCPX_CONFIG_PARSE_ERROR", /the file is empty/));
    await rejects(config.change("test", [add("b")]), hasCode("MCPX_CONFIG_PARSE_ERROR", /the file is empty/));
    strictEqual(await scene.read(), text, "nothing is written over it");
    const check = await config.check();
    ok(!check.valid && check.problems[0]?.message.includes("the file is empty"));
    strictEqual((await config.document()).hash, hashOf(ONE), "the document is the one in force");
  }
  deepStrictEqual(names(config), ["a"]);
  await scene.write("{}");
  await config.reload();
  deepStrictEqual(names(config), [], "a person who means it can say so");

  await using blank = await openScene("");
  await using fresh = await blank.open();
  await fresh.change("test", [add("b")]);
  deepStrictEqual(names(fresh), ["b"], "a file that was empty at the start may stay so");
});
