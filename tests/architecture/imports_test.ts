import { deepStrictEqual, ok } from "node:assert/strict";
import { NOUNS } from "../../cli/nouns.ts";
import { QUICK_DOORS } from "./rooms.ts";

const ROOT = new URL("../../", import.meta.url);

/** Packages that take long to load; a quick command must do without them. */
const HEAVY = /^npm:\/?(?:hono|@orama\/orama|@modelcontextprotocol\/(?:server|client)|zod|jsonc-parser)@/;

interface Module {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly code?: { readonly specifier?: string };
    readonly isDynamic?: boolean;
  }[];
}

/** Modules of the command line by specifier, as Deno resolves them. */
async function readModules(): Promise<ReadonlyMap<string, Module>> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "cli/main.ts"],
    cwd: ROOT,
  }).output();
  const info: { readonly modules: readonly Module[] } = JSON.parse(new TextDecoder().decode(stdout));
  return new Map(info.modules.map((module) => [module.specifier, module]));
}

const modules = await readModules();

/**
 * Follows what is loaded along with some files: imports that stay at run time
 * and are not dynamic. Packages are ends.
 *
 * @param files Paths relative to the repository.
 */
function loadedWith(files: readonly string[]): ReadonlySet<string> {
  const loaded = new Set<string>();
  const ahead = files.map((file) => new URL(file, ROOT).href);
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    if (loaded.has(next)) continue;
    loaded.add(next);
    for (const { code, isDynamic } of modules.get(next)?.dependencies ?? []) {
      if (code?.specifier !== undefined && isDynamic !== true) ahead.push(code.specifier);
    }
  }
  return loaded;
}

function heavy(loaded: ReadonlySet<string>): string[] {
  return [...loaded].filter((specifier) => HEAVY.test(specifier));
}

/** What a command loads while it runs; each of these is a dynamic import in its file. */
const QUICK = {
  "version": ["cli/commands/version.ts"],
  "upstream list": ["cli/commands/upstream.ts", "cli/open_management.ts"],
  "status": ["cli/commands/status.ts", "cli/open_management.ts"],
  "tools list": ["cli/commands/tools.ts", "cli/open_management.ts"],
  "activity list": ["cli/commands/activity.ts", "cli/open_management.ts"],
  "call tool": ["cli/commands/call.ts", "cli/open_management.ts"],
  "completion": NOUNS.filter(({ name }) => name !== "disconnect").map(({ name }) =>
    `cli/commands/${name}.ts`
  ),
  "a failing command": ["cli/failure.ts", "cli/usage.ts"],
};

for (const [command, files] of Object.entries(QUICK)) {
  Deno.test(`the command line loads no heavy package for ${command}`, () => {
    const missing = files.filter((file) => !modules.has(new URL(file, ROOT).href));
    deepStrictEqual(missing, [], "a file of the table has moved");

    deepStrictEqual(heavy(loadedWith(["cli/main.ts", ...files])), []);
  });
}

Deno.test("the walk finds heavy packages where they are (guards against a broken walk)", () => {
  const packages = heavy(loadedWith(["lib/app/mod.ts"])).map((specifier) => specifier.replace(/@[^@]*$/, ""));

  ok(packages.some((name) => name.endsWith("hono")), "the daemon serves with Hono");
  ok(packages.some((name) => name.endsWith("@orama/orama")), "the daemon searches with Orama");
});

Deno.test("what a feature alone needs is loaded with its first use", () => {
  const loaded = loadedWith(["lib/app/mod.ts"]);

  for (const file of ["lib/http/metrics.ts", "lib/app/ui_assets.ts"]) {
    const { href } = new URL(file, ROOT);
    ok(modules.has(href), `${file} has moved`);
    ok(!loaded.has(href), `${file} is loaded with the gateway`);
  }
});

for (const door of QUICK_DOORS) {
  Deno.test(`${door} loads no package`, () => {
    ok(modules.has(new URL(door, ROOT).href));

    deepStrictEqual([...loadedWith([door])].filter((specifier) => specifier.startsWith("npm:")), []);
  });
}
