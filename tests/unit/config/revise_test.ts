import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import {
  checkConfig,
  type ConfigService,
  describeEffect,
  importConfig,
  openConfig,
  parseConfig,
  saveHandEdit,
} from "../../../lib/config/mod.ts";
import { type Config, type ErrorCode, GatewayError, type ServerConfig } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";

const deno = createDenoPlatform();
const ONE = '{\n  // mine\n  "mcpServers": [\n    { "name": "a", "command": "x" }\n  ]\n}\n';
const add = (name: string) => ({ kind: "server.add", server: { name, command: "x" } } as const);
const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

interface Scene extends AsyncDisposable {
  readonly directory: string;
  readonly path: string;
  readonly platform: Platform;
  /** Called once, when a new text is about to take the place of the old one. */
  beforeReplace: (() => Promise<unknown>) | undefined;
  /** Called at each read of the config. */
  onRead: (() => void) | undefined;
  write(text: string): Promise<void>;
  read(): Promise<string>;
  open(): Promise<ConfigService>;
}

async function openScene(text: string): Promise<Scene> {
  const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "mp-revise-" }));
  const path = join(directory, "config.json");
  const scene: Scene = {
    directory,
    path,
    beforeReplace: undefined,
    onRead: undefined,
    platform: {
      ...deno,
      env: {},
      files: {
        ...deno.files,
        readText(target) {
          if (target === path) scene.onRead?.();
          return deno.files.readText(target);
        },
        async replaceText(target, change) {
          const act = scene.beforeReplace;
          scene.beforeReplace = undefined;
          await act?.();
          return await deno.files.replaceText(target, change);
        },
      },
    },
    write: (next) => Deno.writeTextFile(path, next),
    read: () => Deno.readTextFile(path),
    open: () => openConfig(scene.platform, { path }),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
  await scene.write(text);
  return scene;
}

function hasCode(code: ErrorCode, says = /./) {
  return (error: unknown) => {
    ok(error instanceof GatewayError, String(error));
    strictEqual(error.code, code, error.message);
    match(error.message, says);
    return true;
  };
}

const names = (config: ConfigService) => config.snapshot().config.mcpServers.map(({ name }) => name);

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

Deno.test("checkConfig() finds all that is wrong, each with place, what is there and what belongs there", () => {
  const text = '{\n  "listn": "x",\n  "tools_limit": "many",\n  "api_key": "${env:NOT_SET}"\n}';
  const check = checkConfig(text, { path: "/x", env: {} });

  ok(!check.valid);
  strictEqual(check.total, 2);
  deepStrictEqual(
    check.problems.map(({ path, line, column, found, wanted }) => ({ path, line, column, found, wanted })),
    [
      { path: "listn", line: 2, column: 3, found: 'the key "listn"', wanted: 'the key "listen"' },
      { path: "tools_limit", line: 3, column: 18, found: '"many"', wanted: "number" },
    ],
  );
  const secret = checkConfig('{\n  "api_key": "${env:NOT_SET}"\n}', { path: "/x", env: {} });
  ok(!secret.valid);
  deepStrictEqual(secret.problems.map(({ path, line, column }) => [path, line, column]), [[
    "api_key",
    2,
    14,
  ]]);
  ok(checkConfig('{ "api_key": "${env:SET}" }', { path: "/x", env: { SET: "1" } }).valid);
});

Deno.test("saveHandEdit() saves the text as it was typed, or merges it into what others have written", async () => {
  await using scene = await openScene(ONE);
  const { platform, path } = scene;
  const typed = ONE.replace("mine", "typed by hand");
  strictEqual(await saveHandEdit(platform, { path, base: ONE, text: typed }), "saved");
  strictEqual(await scene.read(), typed);

  await using config = await scene.open();
  await config.change("program", [add("b"), { kind: "set", path: ["tools_limit"], value: 3 }]);
  const text = typed.replace('"command": "x"', '"command": "x", "args": ["-v"]');
  strictEqual(await saveHandEdit(platform, { path, base: typed, text }), "merged");
  const merged = await scene.read();
  match(merged, /"name": "a", "command": "x", "args": \["-v"\]/);
  match(merged, /"b"[^]*"tools_limit": 3/);

  const mine = merged.replace('"tools_limit": 3', '"tools_limit": 5');
  await config.change("program", [{ kind: "set", path: ["tools_limit"], value: 4 }]);
  const now = await scene.read();
  await rejects(
    saveHandEdit(platform, { path, base: merged, text: mine }),
    hasCode("MCPX_CONFIG_CONFLICT", /"tools_limit" was changed there meanwhile/),
  );
  await rejects(
    saveHandEdit(platform, { path, base: now, text: now.replace("tools_limit", "tools_limt") }),
    hasCode("MCPX_CONFIG_INVALID", /did you mean "tools_limit"/),
  );
  strictEqual(await scene.read(), now);
});

Deno.test("saveHandEdit() can mend a file that is broken", async () => {
  await using scene = await openScene('{ "tools_limit": }');
  const { platform, path } = scene;
  strictEqual(
    await saveHandEdit(platform, { path, base: '{ "tools_limit": }', text: '{ "tools_limit": 1 }' }),
    "saved",
  );
  strictEqual(await scene.read(), '{ "tools_limit": 1 }');
});

Deno.test("importConfig() takes an old config over and destroys nothing", async () => {
  const old = '{ "listen": "127.0.0.1:1", "mcpServers": [{ "name": "a", "command": "x" }], "top_k": 5 }';
  await using scene = await openScene(old);
  const { platform, directory } = scene;
  const path = join(directory, "new", "config.json");
  const from = scene.path;

  const { servers, notices } = await importConfig(platform, { from, path });
  deepStrictEqual(servers, ["a"]);
  match(notices.join(), /top_k/);
  strictEqual(await Deno.readTextFile(path), old);
  strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600);

  await Deno.writeTextFile(path, ONE);
  await rejects(importConfig(platform, { from, path }), hasCode("MCPX_CONFIG_EXISTS"));
  strictEqual(await Deno.readTextFile(path), ONE);
  const { backup = "" } = await importConfig(platform, { from, path, force: true });
  strictEqual(await Deno.readTextFile(backup), ONE);
  strictEqual(await Deno.readTextFile(path), old);

  await Deno.remove(path);
  await using made = await openConfig(platform, { path });
  deepStrictEqual(names(made), []);
  await importConfig(platform, { from, path });
  strictEqual(await Deno.readTextFile(path), old, "a file that nobody has written yet gives way");

  await scene.write('{ "mcpServers": [{}] }');
  await rejects(importConfig(platform, { from, path, force: true }), hasCode("MCPX_CONFIG_INVALID"));
});

Deno.test("describeEffect() says for each server and key how a change takes effect", () => {
  const parse = (value: unknown): Config => parseConfig(JSON.stringify(value), "/x").config;
  const runs = (server: ServerConfig) => server.enabled;
  const from = parse({
    listen: "127.0.0.1:1",
    tools_limit: 3,
    queue_size: 2,
    mcpServers: ["same", "live", "again", "off", "gone", "asleep"].map((name) => ({
      name,
      command: "x",
      enabled: name !== "asleep",
    })),
  });
  const change: Record<string, unknown> = {
    live: { init_timeout: "5s" },
    again: { command: "y", init_timeout: "5s" },
    off: { enabled: false },
    asleep: { enabled: false, command: "z" },
  };
  const to = parse({
    listen: "127.0.0.1:2",
    tools_limit: 4,
    mcpServers: [
      ...["same", "live", "again", "off", "asleep"].map((name) => ({
        name,
        command: "x",
        ...Object(change[name]),
      })),
      { name: "new", url: "http://x" },
    ],
  });

  const effect = describeEffect({ from, to, start: from, runs });

  deepStrictEqual(
    effect.servers.map(({ name, change, action, fields }) =>
      [name, change, action, ...fields.map((field) => `${field.name}:${field.apply}`)].join(" ")
    ),
    [
      "live changed update init_timeout:live",
      "again changed restart command:server init_timeout:live",
      "off changed stop enabled:server",
      "asleep changed none command:server",
      "new added start",
      "gone removed stop",
    ],
  );
  deepStrictEqual(effect.keys, [
    { name: "listen", change: "changed", apply: "daemon" },
    { name: "tools_limit", change: "changed", apply: "live" },
    { name: "queue_size", change: "removed", apply: "live" },
  ]);
  deepStrictEqual(effect.restart_required, ["listen"]);
  deepStrictEqual(describeEffect({ from, to, start: to, runs }).restart_required, [], "back to the start");
  const open = parse({ ...JSON.parse(JSON.stringify(from)), quarantine_enabled: false });
  const freed = describeEffect({ from, to: open, start: from, runs: (_server, now) => now === open });
  deepStrictEqual(freed.servers[0], { name: "same", change: "same", action: "start", fields: [] });
});
