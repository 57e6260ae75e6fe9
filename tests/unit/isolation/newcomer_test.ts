import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { ConfigSchema, type ServerConfigInput, ServerConfigSchema } from "../../../lib/contracts/mod.ts";
import { type Capabilities, settleNewcomer } from "../../../lib/isolation/mod.ts";
import { scriptOf, treeOfScript } from "../../../lib/isolation/program_tree.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";

const platform = createDenoPlatform();
const WORKS = { usable: true, version: "1" } as const;
const no = (why: string) => ({ usable: false, why, remedy: "" }) as const;
const BUBBLEWRAP: Capabilities = { bubblewrap: WORKS, docker: no("off"), auto: "bubblewrap" };
const DOCKER: Capabilities = { bubblewrap: no("absent"), docker: WORKS, auto: "docker" };
const NOTHING: Capabilities = { bubblewrap: no("absent"), docker: no("off"), auto: undefined };
const ISOLATED = { isolation: { mode: "auto", network_mode: "bridge" } };

async function settle(
  entry: Omit<ServerConfigInput, "name">,
  { able = BUBBLEWRAP, config = {}, own = [] }: {
    able?: Capabilities;
    config?: Record<string, unknown>;
    own?: string[];
  } = {},
) {
  return await settleNewcomer(ServerConfigSchema.parse({ name: "s", ...entry }), {
    platform,
    able,
    config: ConfigSchema.parse({ mcpServers: [], ...config }),
    paths: { home: "/home/me", own },
  });
}

Deno.test("settleNewcomer() isolates a program where the machine can, with the network on", async () => {
  deepStrictEqual(await settle({ command: "npx", args: ["-y", "some-server"] }), { entry: ISOLATED });
  deepStrictEqual(await settle({ command: "uvx", args: ["some-server"] }, { able: DOCKER }), {
    entry: ISOLATED,
  });
});

Deno.test("settleNewcomer() leaves alone what is elsewhere, says itself, or is decided for all", async () => {
  const npx = { command: "npx", args: ["-y", "x"] };
  for (
    const [entry, config] of [
      [{ url: "https://example.org/mcp" }, {}],
      [{ ...npx, isolation: { enabled: false } }, {}],
      [{ ...npx, isolation: { mode: "docker" } }, {}],
      [{ command: "docker", args: ["run", "-i", "image"] }, {}],
      [npx, { isolation: "none" }],
      [npx, { isolation: "docker" }],
      [npx, { docker_isolation: { enabled: true } }],
    ] as [Omit<ServerConfigInput, "name">, Record<string, unknown>][]
  ) {
    deepStrictEqual(await settle(entry, { config }), { entry: {} }, JSON.stringify([entry, config]));
  }
});

Deno.test("settleNewcomer() gives the one place a server names, and says why where it cannot", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    const [docs, photos, script] = ["docs", "photos", "server.js"].map((name) => join(folder, name));
    await Deno.mkdir(docs ?? "");
    await Deno.mkdir(photos ?? "");
    await Deno.writeTextFile(script ?? "", "");
    const node = (...args: string[]) => ({ command: "node", args: [script ?? "", ...args] });

    deepStrictEqual(await settle(node()), { entry: ISOLATED });
    deepStrictEqual(await settle(node(docs ?? "", "/not/there")), {
      entry: { ...ISOLATED, working_dir: docs },
    });
    deepStrictEqual(await settle(node(`--root=${docs}`)), { entry: { ...ISOLATED, working_dir: docs } });
    deepStrictEqual(await settle({ ...node(docs ?? ""), working_dir: docs }), {
      entry: { ...ISOLATED, working_dir: docs },
    });
    const cases: [Awaited<ReturnType<typeof settle>>, RegExp][] = [
      [
        await settle(node(docs ?? "", photos ?? "")),
        /^it is given .*docs and .*photos, of which an isolated one sees one$/,
      ],
      [
        await settle(node(docs ?? ""), { own: [docs ?? ""] }),
        /^it is given .*docs, which no isolated server may have$/,
      ],
      [await settle({ command: "npx", args: ["x", "/etc"] }), /^it is given \/etc, which/],
      [
        await settle(node(), { own: [folder] }),
        /^its program .*server\.js lies where no isolated server may read$/,
      ],
      [await settle(node(), { able: DOCKER }), /^its program .*server\.js lies on this machine/],
      [await settle({ command: "npx" }, { able: NOTHING }), /no bubblewrap \(absent\), no Docker \(off\)$/],
    ];
    for (const [{ entry, open = "" }, wanted] of cases) {
      deepStrictEqual(entry, {});
      match(open, wanted);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("scriptOf() finds what an interpreter is to run, and treeOfScript() what that needs", async () => {
  strictEqual(scriptOf("/usr/bin/node", ["--enable-source-maps", "/a/b.js", "/c"]), "/a/b.js");
  strictEqual(scriptOf("deno", ["run", "-A", "/a/b.ts"]), "/a/b.ts");
  strictEqual(scriptOf("python3.12", ["-m", "server", "/a"]), undefined);
  strictEqual(scriptOf("npx", ["/a/b.js"]), undefined);
  strictEqual(await treeOfScript("/a/node_modules/@x/y/dist/index.js", platform), "/a/node_modules");
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(join(folder, "dist"));
    strictEqual(await treeOfScript(join(folder, "dist/a.js"), platform), join(folder, "dist/a.js"));
    await Deno.writeTextFile(join(folder, "package.json"), "{}");
    strictEqual(await treeOfScript(join(folder, "dist/a.js"), platform), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
