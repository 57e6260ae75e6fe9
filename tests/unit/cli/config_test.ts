import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { VerbOutput } from "../../../lib/contracts/mod.ts";
import { runCli, statusOf, type WorldOptions } from "./fakes.ts";

const BROKEN = '{\n  "listn": 1,\n  "tools_limit": "many"\n}\n';
const ONE = '{\n  // mine\n  "mcpServers": [{ "name": "a", "command": "x" }]\n}\n';

interface Scene extends AsyncDisposable {
  readonly path: string;
  run(args: readonly string[], world?: WorldOptions): ReturnType<typeof runCli>;
  names(): Promise<string[]>;
}

async function openScene(text?: string): Promise<Scene> {
  const directory = await Deno.makeTempDir({ prefix: "mp-cli-" });
  const path = join(directory, "config.json");
  if (text !== undefined) await Deno.writeTextFile(path, text);
  return {
    path,
    run: (args, world = {}) => runCli(["--config", path, ...args], { isLocal: true, ...world }),
    names: async () => (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name).sort(),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
}

/** An editor that puts one text in the place of another. */
const replace = (from: string, to: string): WorldOptions["edit"] => async (_editor, path) => {
  await Deno.writeTextFile(path, (await Deno.readTextFile(path)).replace(from, to));
  return 0;
};

Deno.test("mcpproxy config path prints the file, the daemon's own if one runs", async () => {
  await using scene = await openScene();
  const here = await scene.run(["config", "path"]);
  strictEqual(here.out, `${scene.path}\n`);
  match(here.err, /There is no such file yet/);

  const there = await scene.run(["config", "path", "-o", "json"], {
    isLocal: false,
    answers: { "status.get": () => statusOf({ config_path: "/of/the/daemon.json" }) },
  });
  deepStrictEqual(JSON.parse(there.out), { config_path: "/of/the/daemon.json", exists: false });
});

Deno.test("mcpproxy config validate says all that is wrong, without a daemon", async () => {
  await using scene = await openScene(BROKEN);
  const { code, out, asked } = await scene.run(["config", "validate"]);
  strictEqual(code, 4);
  deepStrictEqual(asked, []);
  match(
    out,
    /has 2 problems\n {2}2:3 listn: there is no key "listn", did you mean "listen"\?\n {4}→ Write "listen"/,
  );
  match(out, /3:18 tools_limit: found "many", wanted number\n {4}→ /);

  const json = await scene.run(["config", "validate", "-o", "json"]);
  strictEqual(json.code, 4);
  const value: VerbOutput<"config.validate"> = JSON.parse(json.out);
  deepStrictEqual([value.valid, value.total, value.problems[1]?.wanted], [false, 2, "number"]);

  const typed = await scene.run(["config", "validate", "-"], { stdin: "{}" });
  strictEqual(typed.code, 0);
  match(typed.out, /standard input is valid/);
  const missing = await scene.run(["config", "validate", "/no/such/file.json"]);
  strictEqual(missing.code, 4);
  match(missing.err, /does not exist/);
});

Deno.test("mcpproxy config validate and diff ask the daemon, with the text of the file named", async () => {
  await using scene = await openScene(ONE);
  const valid = { valid: true, config_path: "/d/config.json", problems: [], total: 0, notices: ["a word"] };
  const validate = await scene.run(["config", "validate", scene.path], {
    isLocal: false,
    answers: { "config.validate": () => valid },
  });
  deepStrictEqual(validate.asked, [{ verb: "config.validate", input: { text: ONE } }]);
  match(validate.out, /is valid\nnote a word/);

  const effect: VerbOutput<"config.diff"> = {
    config_path: "/d/config.json",
    running: true,
    version: 3,
    changed: true,
    servers: [{
      name: "a",
      change: "changed",
      action: "restart",
      fields: [{ name: "url", apply: "server" }],
    }],
    keys: [
      { name: "listen", change: "changed", apply: "daemon" },
      { name: "tools_limit", change: "added", apply: "live" },
    ],
    restart_required: ["listen"],
  };
  const diff = await scene.run(["config", "diff", "--exit-code"], {
    isLocal: false,
    answers: { "config.diff": () => effect },
  });
  strictEqual(diff.code, 1);
  deepStrictEqual(diff.asked, [{ verb: "config.diff", input: {} }]);
  strictEqual(
    diff.out,
    [
      "WHAT         CHANGE   EFFECT                         FIELDS",
      "server a     changed  restarts                       url",
      "listen       changed  needs a new start of mcpproxy",
      "tools_limit  added    at once",
      "",
    ].join("\n"),
  );
  const same = await scene.run(["config", "diff", "--exit-code"], {
    isLocal: false,
    answers: { "config.diff": () => ({ ...effect, changed: false, servers: [], keys: [] }) },
  });
  deepStrictEqual([same.code, same.out], [0, ""]);
  match(same.err, /It would change nothing/);
});

Deno.test("mcpproxy config show prints what the file states, and says when it is not in force", async () => {
  await using scene = await openScene(ONE);
  const answer = {
    config_path: scene.path,
    version: 1,
    hash: "h",
    view: "effective",
    config: { listen: "x" },
    notices: [],
    rejected: { code: "MCPX_CONFIG_INVALID", message: "It is wrong", remedy: "Mend it" },
  };
  const { out, err, asked } = await scene.run(["config", "show", "--effective"], {
    answers: { "config.get": () => answer },
  });
  strictEqual(out, '{\n  "listen": "x"\n}\n');
  match(err, /not in force: It is wrong → Mend it/);
  deepStrictEqual(asked, [{ verb: "config.get", input: { view: "effective" } }]);
});

Deno.test("mcpproxy config schema prints the schema", async () => {
  const { out } = await runCli(["config", "schema"]);
  ok("mcpServers" in JSON.parse(out).properties);
});

Deno.test("mcpproxy config edit saves what a person has typed and leaves no copy behind", async () => {
  await using scene = await openScene(ONE);
  const { code, out } = await scene.run(["config", "edit"], {
    env: { EDITOR: "ed" },
    edit: replace('"x"', '"y" /* typed */'),
  });
  strictEqual(code, 0);
  match(out, /^Saved /);
  strictEqual(await Deno.readTextFile(scene.path), ONE.replace('"x"', '"y" /* typed */'));

  const idle = await scene.run(["config", "edit"], { env: { EDITOR: "ed" } });
  match(idle.err, /Nothing was changed/);
  deepStrictEqual(await scene.names(), ["config.json", "config.json.lock"]);
});

Deno.test("mcpproxy config edit keeps what others write meanwhile", async () => {
  await using scene = await openScene(ONE);
  const { out, err } = await scene.run(["config", "edit", "-o", "json"], {
    env: { VISUAL: "ed" },
    async edit(editor, path) {
      strictEqual(editor, "ed");
      await Deno.writeTextFile(scene.path, ONE.replace("{\n", '{\n  "tools_limit": 3,\n'));
      return await replace('"x"', '"y"')?.(editor, path) ?? 0;
    },
  });
  strictEqual(JSON.parse(out).outcome, "merged");
  strictEqual(err, "");
  strictEqual(
    await Deno.readTextFile(scene.path),
    ONE.replace("{\n", '{\n  "tools_limit": 3,\n').replace('"x"', '"y"'),
  );
});

Deno.test("mcpproxy config edit keeps the text of a person that is wrong, or opens it again", async () => {
  await using scene = await openScene(ONE);
  const wrong = await scene.run(["config", "edit"], {
    env: { EDITOR: "ed" },
    edit: replace('"command"', '"comand"'),
  });
  strictEqual(wrong.code, 4);
  const [, kept = ""] = /Your text is kept in (\S+)/.exec(wrong.err) ?? [];
  match(await Deno.readTextFile(kept), /"comand"/);
  strictEqual(await Deno.readTextFile(scene.path), ONE);
  await Deno.remove(kept);

  let tries = 0;
  const again = await scene.run(["config", "edit"], {
    env: { EDITOR: "ed" },
    isInteractive: true,
    answersTyped: ["y"],
    edit: (editor, path) =>
      (tries++ === 0 ? replace('"command"', '"comand"') : replace('"comand": "x"', '"command": "z"'))?.(
        editor,
        path,
      ) ?? Promise.resolve(0),
  });
  strictEqual(again.code, 0, again.err);
  match(again.err, /did you mean "command"[^]*Open it again\? \[y\/N\]/);
  match(await Deno.readTextFile(scene.path), /"command": "z"/);
  deepStrictEqual(await scene.names(), ["config.json", "config.json.lock"]);
});

Deno.test("mcpproxy config edit says why there was no editing", async () => {
  await using scene = await openScene(ONE);
  const none = await scene.run(["config", "edit"]);
  strictEqual(none.code, 2);
  match(none.err, /no editor is named/);

  const failed = await scene.run(["config", "edit"], {
    env: { EDITOR: "ed" },
    edit: () => Promise.resolve(127),
  });
  strictEqual(failed.code, 2);
  match(failed.err, /"ed" ended with exit code 127/);
  deepStrictEqual(await scene.names(), ["config.json"]);
});

Deno.test("mcpproxy config import takes the old config beside the new one", async () => {
  await using scene = await openScene();
  await Deno.writeTextFile(scene.path.replace("config.json", "mcp_config.json"), ONE);
  const { code, out } = await scene.run(["config", "import"]);
  strictEqual(code, 0);
  match(out, /^Imported 1 server from .*mcp_config\.json into .*config\.json\n$/);
  strictEqual(await Deno.readTextFile(scene.path), ONE);

  await Deno.writeTextFile(scene.path, "{}");
  const refused = await scene.run(["config", "import"]);
  strictEqual(refused.code, 1);
  match(refused.err, /settings of its own[^]*--force/);
  strictEqual((await scene.run(["config", "import", scene.path])).code, 2);
  match((await scene.run(["config", "import", "--force"])).err, /kept in .*\.bak/);
});
