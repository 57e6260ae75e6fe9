import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { ApprovalView } from "../../lib/contracts/mod.ts";
import type { ServerView } from "../../mod.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { type NpmRegistry, openNpmRegistry } from "../support/fixtures/npm_registry.ts";
import { openWorkspace } from "../support/workspace.ts";

function entry(registry: NpmRegistry, more: Readonly<Record<string, unknown>> = {}) {
  return {
    name: "tiny",
    command: "npx",
    args: ["-y", "tiny-mcp"],
    env: { npm_config_registry: registry.url },
    quarantined: false,
    init_timeout: "60s",
    ...more,
  };
}

async function server(daemon: Daemon): Promise<ServerView> {
  const [found] = await daemon.json(["upstream", "list"]) as ServerView[]; // the contract type, as the help says
  if (found === undefined) throw new Error("There is no server");
  return found;
}

/** Looks again until it has come to what is wanted. */
async function until(daemon: Daemon, isThere: (server: ServerView) => boolean): Promise<ServerView> {
  for (let look = 0; look < 200; look++) {
    const found = await server(daemon);
    if (isThere(found)) return found;
  }
  throw new Error(`It is not as wanted: ${JSON.stringify(await server(daemon))}`);
}

const isReady = ({ status }: ServerView) => status === "ready";
const isHeld = ({ quarantined }: ServerView) => quarantined;

async function version(daemon: Daemon): Promise<string> {
  const { stdout, code } = await daemon.cli(["call", "tool", "tiny:tell_version"]);
  strictEqual(code, 0, stdout);
  return stdout.trim();
}

Deno.test("a package that a registry gives in another version is held until a person accepts it", async (t) => {
  await using registry = openNpmRegistry();
  await registry.publish("1.0.0");
  await using workspace = await openWorkspace();
  await workspace.write({ listen: "127.0.0.1:0", mcpServers: [entry(registry)] });
  const first = registry.integrityOf("1.0.0");

  await t.step("it runs as it was when it was let in, and a start is told what it is", async () => {
    await using daemon = await startDaemon(workspace);
    await until(daemon, isReady);
    strictEqual(await version(daemon), "1.0.0");
    const { stdout } = await daemon.cli(["doctor"]);
    match(stdout, /run the newest version at each start.*tiny \(tiny-mcp\)/);
  });

  await registry.publish("1.0.1");
  await t.step("a restart of the gateway holds another version, and shows both", async () => {
    await using daemon = await startDaemon(workspace);
    const held = await until(daemon, isHeld);
    strictEqual(held.health.admin_state, "quarantined");
    strictEqual(held.health.action, "approve");
    strictEqual(held.error_code, "MCPX_PACKAGE_CHANGED");
    const said = held.last_error ?? "";
    ok(said.includes(`is 1.0.1 (${registry.integrityOf("1.0.1")}) now, accepted was 1.0.0 (${first})`), said);
    match((await daemon.cli(["upstream", "list"])).stdout, /tiny .*package has changed/);
    match((await daemon.cli(["doctor"])).stdout, /1\.0\.1 .*1\.0\.0 .*/);

    const call = await daemon.cli(["call", "tool", "tiny:tell_version"]);
    strictEqual(call.code, 1);
    const { results } = await daemon.json(["tools", "search", "version"]) as { results: unknown[] };
    deepStrictEqual(results, []);
    strictEqual((await daemon.cli(["upstream", "restart", "tiny"])).code, 1);

    const { approvals } = await daemon.json(["upstream", "inspect", "tiny"]) as { approvals: ApprovalView[] };
    const change = approvals.find(({ kind }) => kind === "package");
    strictEqual(change?.status, "changed");
    strictEqual(change.previous_description, `tiny-mcp 1.0.0 (${first})`);
    strictEqual(change.description, `tiny-mcp 1.0.1 (${registry.integrityOf("1.0.1")})`);
    ok(isHeld(await server(daemon)), "looking at it lets nothing in");
  });

  await t.step("who refuses it keeps it held", async () => {
    await using daemon = await startDaemon(workspace);
    await until(daemon, isHeld);
    const refused = await daemon.cli(["tools", "reject", "tiny:npm:tiny-mcp", "--kind", "package"]);
    strictEqual(refused.code, 0, refused.stderr);
    await daemon.cli(["upstream", "disable", "tiny"]);
    await daemon.cli(["upstream", "enable", "tiny"]);
    await until(
      daemon,
      (one) => isHeld(one) && /1\.0\.1 .*nobody has accepted it/.test(one.last_error ?? ""),
    );
  });

  await t.step("accepting it lets the new version in", async () => {
    await using daemon = await startDaemon(workspace);
    await until(daemon, isHeld);
    strictEqual((await daemon.cli(["upstream", "approve", "tiny"])).code, 0);
    await until(daemon, isReady);
    strictEqual(await version(daemon), "1.0.1");
    const records = await daemon.json(["activity", "list", "--type", "tool_quarantine_change"]);
    match(JSON.stringify(records), /"old_version":"1\.0\.0","new_version":"1\.0\.1"/, "how it was found");
  });

  await t.step("the same version with another content is held as well", async () => {
    const before = registry.integrityOf("1.0.1");
    await registry.publish("1.0.1", { note: "another content" });
    await using daemon = await startDaemon(workspace);
    const { last_error: said = "" } = await until(daemon, isHeld);
    ok(said.includes(before) && said.includes(registry.integrityOf("1.0.1")), said);
  });

  await t.step("what comes back as it was accepted runs again", async () => {
    await registry.publish("1.0.1");
    await using daemon = await startDaemon(workspace);
    await until(daemon, isReady);
    strictEqual(await version(daemon), "1.0.1");
  });

  await t.step("without the registry runs what was accepted", async () => {
    registry.close();
    await using daemon = await startDaemon(workspace);
    await until(daemon, isReady);
    strictEqual(await version(daemon), "1.0.1");
  });
});

Deno.test("what is let in is what was looked at, and install scripts can be left out", async (t) => {
  await using registry = openNpmRegistry();
  await registry.publish("1.0.0");
  await using workspace = await openWorkspace();
  const installed = () => Deno.stat(join(workspace.directory, "installed")).then(() => true, () => false);
  await workspace.write({
    listen: "127.0.0.1:0",
    ignore_install_scripts: true,
    mcpServers: [],
  });
  await using daemon = await startDaemon(workspace);

  await t.step("adding it warns", async () => {
    const { env } = entry(registry);
    const words = ["upstream", "add", "tiny", "--env", `npm_config_registry=${env.npm_config_registry}`];
    const { code, stderr } = await daemon.cli([...words, "--", "npx", "-y", "tiny-mcp"]);
    strictEqual(code, 0, stderr);
    match(stderr, /runs the newest tiny-mcp at each start/);
  });

  await t.step("a newer version than the one that was looked at is not let in", async () => {
    match((await daemon.cli(["upstream", "inspect", "tiny"])).stdout, /pending.*tiny:npm:tiny-mcp.*1\.0\.0/);
    strictEqual(await installed(), false, "its install script has run");
    await registry.publish("1.0.1");
    strictEqual((await daemon.cli(["upstream", "approve", "tiny"])).code, 0);
    const { last_error: said = "" } = await until(
      daemon,
      ({ error_code }) => error_code === "MCPX_PACKAGE_CHANGED",
    );
    match(said, /is 1\.0\.1 .* accepted was 1\.0\.0/);
  });

  await t.step("it is let in by what else approves", async () => {
    const answer = await fetch(`${daemon.url}/api/v1/servers/tiny/unquarantine`, {
      method: "POST",
      headers: { "x-api-key": daemon.apiKey, "content-type": "application/json" },
      body: "{}",
    });
    strictEqual(answer.status, 200, await answer.text());
    await until(daemon, isReady);
    strictEqual(await version(daemon), "1.0.1");
    strictEqual(await installed(), false);
  });

  await t.step("a version that the owner of the config names is let in with it", async () => {
    const config = JSON.parse(await workspace.read());
    await registry.publish("0.9.0");
    config.mcpServers[0].args = ["-y", "tiny-mcp@0.9.0"];
    config.mcpServers[0].ignore_install_scripts = false;
    await workspace.write(config);
    await until(daemon, (one) => isReady(one) && one.args?.includes("tiny-mcp@0.9.0") === true);
    strictEqual(await version(daemon), "0.9.0");
    strictEqual(await installed(), true);
  });
});
