import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import {
  checkConfig,
  describeEffect,
  importConfig,
  openConfig,
  parseConfig,
  saveHandEdit,
} from "../../../lib/config/mod.ts";
import type { Config, ServerConfig } from "../../../lib/contracts/mod.ts";
import { hasCode, names, openScene } from "./revise_fixture.ts";
import { add, ONE } from "./service_fixture.ts";

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
