import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { add, deno, isCode, mode, ONE, openScene } from "./service_fixture.ts";

Deno.test("openConfig() makes a missing file and its directory for the owner alone", async () => {
  await using scene = await openScene();
  const path = join(scene.directory, "new", "config.json");
  await using config = await scene.open({ path });

  strictEqual(await mode(path), 0o600);
  strictEqual(await mode(join(scene.directory, "new")), 0o700);
  match(await Deno.readTextFile(path), /\/\/.*\n {2}"listen": "127\.0\.0\.1:8080"[^]*"mcpServers": \[\]/);
  deepStrictEqual(config.snapshot().notices, [`Made the config file ${path}`]);
  strictEqual(config.snapshot().version, 1);
  strictEqual(config.snapshot().path, path);
});

Deno.test("openConfig() leaves an existing directory its mode and tells of an old config", async () => {
  await using scene = await openScene();
  await Deno.chmod(scene.directory, 0o750);
  await Deno.writeTextFile(join(scene.directory, "mcp_config.json"), "{}");
  await using config = await scene.open();

  strictEqual(await mode(scene.directory), 0o750);
  match(config.snapshot().notices.join("\n"), /--config .*mcp_config\.json/);
});

Deno.test("openConfig() refuses a file that must exist and does not, or cannot be read", async () => {
  await using scene = await openScene();
  await rejects(scene.open({ mustExist: true }), isCode("MCPX_CONFIG_NOT_FOUND", /does not exist/));
  strictEqual(await deno.files.stat(scene.path), undefined);

  await Deno.writeTextFile(join(scene.directory, "file"), "");
  const below = join(scene.directory, "file", "config.json");
  await rejects(scene.open({ path: below }), isCode("MCPX_CONFIG_UNWRITABLE"));
  await rejects(scene.open({ path: below, mustExist: true }), isCode("MCPX_CONFIG_NOT_FOUND"));

  await Deno.mkdir(scene.path);
  await rejects(scene.open(), isCode("MCPX_CONFIG_INVALID", /wanted a readable file/));
});

Deno.test("openConfig() refuses what it cannot write, in words", async () => {
  const refuse = () => Promise.reject(new Deno.errors.PermissionDenied("no"));
  await using absent = await openScene(undefined, { files: { writeAtomic: refuse } });
  await rejects(absent.open(), isCode("MCPX_CONFIG_UNWRITABLE"));

  await using present = await openScene(ONE, { files: { replaceText: refuse } });
  await using config = await present.open();
  await rejects(config.change("test", [add("b")]), isCode("MCPX_CONFIG_UNWRITABLE", /Cannot write config/));
  strictEqual(await present.read(), ONE);
  deepStrictEqual(config.snapshot().config.mcpServers.map(({ name }) => name), ["a"]);
});

Deno.test("openConfig() lays environment over file and the command line over both", async () => {
  await using scene = await openScene(
    '{ "listen": "${env:HOST}:1", "tools_limit": 3, "tool_response_mode": "compact", "api_key": "from file" }',
    { env: { HOST: "10.0.0.1", MCPPROXY_API_KEY: "from environment", MCPPROXY_QUEUE_SIZE: "many" } },
  );
  await using config = await scene.open({
    overrides: (read) => ({ ...read, tools_limit: read.tools_limit + 1 }),
  });

  const { config: effective, notices } = config.snapshot();
  strictEqual(effective.listen, "10.0.0.1:1");
  strictEqual(effective.api_key, "from environment");
  strictEqual(effective.tools_limit, 4);
  strictEqual(effective.tool_response_mode, "compact");
  deepStrictEqual(notices, ['MCPPROXY_QUEUE_SIZE is ignored: its value cannot be used for "queue_size"']);
});

Deno.test("openConfig() gives a snapshot that is frozen through and through", async () => {
  await using scene = await openScene(
    '{ "mcpServers": [{ "name": "a", "command": "x", "env": { "A": "1" } }] }',
  );
  await using config = await scene.open({ overrides: (read) => Object.freeze({ ...read }) });

  const loose: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    if (!Object.isFrozen(value)) loose.push(path);
    for (const [key, inner] of Object.entries(value)) walk(inner, `${path}.${key}`);
  };
  walk(config.snapshot(), "");

  deepStrictEqual(loose, []);
});
