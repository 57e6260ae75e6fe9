import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type Capabilities, probeCapabilities } from "../../lib/isolation/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { type Daemon, startDaemon, survivors } from "../support/daemon.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

const FIXTURE = new URL("../support/fixtures/escapee.mjs", import.meta.url).pathname;
const CANARY = "canary-of-the-daemon-4711";
/** The image that the tests use; made by whoever starts an engine for them. */
const IMAGE = "local/node:host";

const able: Capabilities = await probeCapabilities(createDenoPlatform());
const hasImage = able.docker.usable && await docker("image", "inspect", IMAGE) !== undefined;
const node = await which("node");

/** Says in the name of the test why it does not run on this machine. */
function on(kind: "bubblewrap" | "docker", name: string) {
  const capability = able[kind];
  const missing = capability.usable
    ? node === undefined
      ? "there is no node"
      : kind === "docker" && !hasImage
      ? `there is no image ${IMAGE}`
      : ""
    : capability.why;
  return { name: missing === "" ? name : `${name} (not run: ${missing})`, ignore: missing !== "" };
}

async function which(program: string): Promise<string | undefined> {
  for (const directory of (Deno.env.get("PATH") ?? "").split(":")) {
    const found = await Deno.realPath(join(directory, program)).catch(() => undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function docker(...args: readonly string[]): Promise<string | undefined> {
  const { code, stdout } = await new Deno.Command("docker", { args: [...args], stderr: "null" }).output();
  return code === 0 ? new TextDecoder().decode(stdout).trim() : undefined;
}

/** A directory that a server may have, with the fixture in it. */
async function openYard() {
  const directory = await Deno.makeTempDir({ prefix: "mcpproxy-yard-" });
  await Deno.copyFile(FIXTURE, join(directory, "escapee.mjs"));
  await Deno.chmod(directory, 0o755);
  return { directory, [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }) };
}

function escapee(kind: "bubblewrap" | "docker", directory: string, more: Record<string, unknown> = {}) {
  return {
    name: "escapee",
    command: "node",
    args: [join(directory, "escapee.mjs")],
    working_dir: directory,
    isolation: kind === "docker" ? { mode: kind, image: IMAGE, network_mode: "none" } : { mode: kind },
    quarantined: false,
    ...more,
  };
}

interface Escape {
  readonly reached: Readonly<Record<string, string>>;
  readonly failed: readonly string[];
  readonly env: readonly string[];
  readonly secret?: string;
}

async function escapeFrom(daemon: Daemon, target: unknown): Promise<Escape> {
  const { stdout, stderr } = await daemon.cli([
    "call",
    "tool",
    "escapee:escape",
    "--args",
    JSON.stringify(target),
    "-o",
    "json",
  ]);
  const text = /"text": "((?:[^"\\]|\\.)*)"/.exec(stdout)?.[1];
  ok(text !== undefined, `${stdout}${stderr}`);
  return JSON.parse(JSON.parse(`"${text}"`)) as Escape; // what the fixture says
}

/** `DOCKER_HOST` says where the engine is. */
const engine = Object.fromEntries(
  Object.entries(Deno.env.toObject()).filter(([name]) => name.startsWith("DOCKER_")),
);

async function containers(): Promise<string[]> {
  const names = await docker(
    "ps",
    "--all",
    "--filter",
    "label=mcpproxy.server=escapee",
    "--format",
    "{{.Names}}",
  );
  return (names ?? "").split("\n").filter((name) => name !== "");
}

async function noContainers(): Promise<string[]> {
  const giveUpAt = performance.now() + 30_000;
  let found = await containers();
  while (found.length > 0 && performance.now() < giveUpAt) found = await containers();
  return found;
}

for (const kind of ["bubblewrap", "docker"] as const) {
  Deno.test({
    ...on(kind, `mcpproxy serve holds a server under ${kind}: no way leads out`),
    async fn() {
      await using yard = await openYard();
      const env = { SECRET: "for-this-server-only" };
      await using workspace = await openWorkspace({ mcpServers: [escapee(kind, yard.directory, { env })] });
      await using daemon = await startDaemon(workspace, [], { env: { ...engine, CANARY } });
      await daemon.seen(/✓ escapee|✗ escapee.*/);

      const { reached, failed, env: names, secret } = await escapeFrom(daemon, {
        config: workspace.config,
        dataDir: workspace.dataDir,
        home: workspace.directory,
        port: Number(new URL(daemon.url).port),
        pid: daemon.pid,
        canary: CANARY,
        engine: engine.DOCKER_HOST?.replace("unix://", ""),
      });

      deepStrictEqual(reached, {});
      strictEqual(failed.length, 14);
      strictEqual(secret, "for-this-server-only");
      ok(!names.includes("CANARY") && !names.includes("DOCKER_HOST"), names.join());
      strictEqual(await valuesInArguments("for-this-server-only"), 0);
      const { stderr } = await daemon.stop("SIGTERM");
      ok(!stderr.includes("panic"));
      deepStrictEqual(await survivors(workspace), []);
      if (kind === "docker") deepStrictEqual(await containers(), []);
    },
  });

  Deno.test({
    ...on(kind, `mcpproxy serve killed leaves nothing of a stubborn server under ${kind}`),
    async fn() {
      await using yard = await openYard();
      const env = { STUBBORN: "yes" };
      const entry = escapee(kind, yard.directory, { env });
      await using workspace = await openWorkspace({ mcpServers: [entry] });
      await using daemon = await startDaemon(workspace, [], { env: engine });
      await daemon.seen(/✓ escapee|✗ escapee.*/);
      if (kind === "docker") strictEqual((await containers()).length, 1);

      await daemon.stop("SIGKILL");

      if (kind === "docker") deepStrictEqual(await noContainers(), []);
      deepStrictEqual(await eventually(() => survivors(workspace)), []);
    },
  });
}

Deno.test({
  ...on("docker", "mcpproxy serve removes containers of a killed gateway at its next start"),
  async fn() {
    await using yard = await openYard();
    const env = { STUBBORN: "yes" };
    await using workspace = await openWorkspace({ mcpServers: [escapee("docker", yard.directory, { env })] });
    {
      await using daemon = await startDaemon(workspace, [], { env: engine });
      await daemon.seen(/✓ escapee|✗ escapee.*/);
      for (const pid of await watchers()) Deno.kill(pid, "SIGKILL");
      await daemon.stop("SIGKILL");
    }
    const before = await containers();
    await using next = await startDaemon(workspace, [], { env: engine });
    await next.seen(/✓ escapee|✗ escapee.*/);

    const now = await containers();

    strictEqual(now.length, 1);
    ok(!before.includes(now[0] ?? ""));
    await next.stop("SIGTERM");
    deepStrictEqual(await containers(), []);
    deepStrictEqual(await listIn(join(workspace.dataDir, "containers")), []);
  },
});

Deno.test("mcpproxy serve does not start a server that cannot be isolated, and says why", async () => {
  await using yard = await openYard();
  await using workspace = await openWorkspace({
    mcpServers: [
      escapee("docker", yard.directory, { name: "boxed" }),
      escapee("bubblewrap", yard.directory, { name: "home", working_dir: "/" }),
    ],
  });
  const bin = join(workspace.directory, "bin");
  await Deno.mkdir(bin);
  await Deno.writeTextFile(join(bin, "docker"), "#!/bin/sh\necho no engine here >&2\nexit 1\n", {
    mode: 0o755,
  });
  await using daemon = await startDaemon(workspace, [], { env: { PATH: `${bin}:${Deno.env.get("PATH")}` } });
  await daemon.seen(/✗ boxed.*/);

  const list = JSON.stringify(await daemon.json(["upstream", "list"]));

  match(list, /it is to run isolated, and this machine cannot do that: Docker: .*no engine here/);
  match(list, able.bubblewrap.usable ? /"working_dir\\": \\"\/\\" would undo its isolation/ : /home/);
});

async function listIn(directory: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(directory)) names.push(name);
  return names;
}

/** How many processes of the machine have a text among their arguments. */
async function valuesInArguments(text: string): Promise<number> {
  let count = 0;
  for (const { command } of await processes()) if (command.includes(text)) count++;
  return count;
}

async function watchers(): Promise<number[]> {
  const all = await processes();
  return all.filter(({ command }) => command.includes("mcpproxy-container")).map(({ pid }) => pid);
}

async function processes() {
  const rows: { readonly pid: number; readonly command: string }[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await Deno.readTextFile(`/proc/${name}/cmdline`).catch(() => "");
    rows.push({ pid: Number(name), command });
  }
  return rows;
}

async function eventually(look: () => Promise<number[]>): Promise<number[]> {
  const giveUpAt = performance.now() + 30_000;
  let found = await look();
  while (found.length > 0 && performance.now() < giveUpAt) found = await look();
  return found;
}

Deno.test({
  ...on("bubblewrap", "mcpproxy upstream import isolates what it takes over, and says what stays open"),
  async fn() {
    const { command, args } = reference("everything") as { command: string; args: string[] };
    await using workspace = await openWorkspace();
    const file = join(workspace.directory, "claude.json");
    const servers = {
      confined: { command, args },
      open: { command, args: [...args, "/etc"] },
      remote: { type: "http", url: "http://127.0.0.1:9/mcp" },
    };
    await Deno.writeTextFile(file, JSON.stringify({ mcpServers: servers }));
    await using daemon = await startDaemon(workspace);

    const { code, stdout, stderr } = await daemon.cli(["upstream", "import", file]);
    strictEqual(code, 0, stderr);
    match(stdout, /confined: node [^\n]*\n\s+to run isolated \(auto\)\n/);
    match(stdout, /open: node [^\n]*\n\s+runs with your rights, not isolated: it is given \/etc, which/);
    const entries = JSON.parse(await workspace.read()).mcpServers as Record<string, unknown>[];
    deepStrictEqual(entries.map(({ name, isolation }) => [name, isolation]), [
      ["confined", { mode: "auto", network_mode: "bridge" }],
      ["open", undefined],
      ["remote", undefined],
    ]);

    strictEqual((await daemon.cli(["upstream", "approve", "confined"])).code, 0);
    const call = ["call", "tool", "confined:echo", "--args", '{"message":"from inside"}'];
    match((await daemon.cli(call)).stdout, /Echo: from inside/);
  },
});
