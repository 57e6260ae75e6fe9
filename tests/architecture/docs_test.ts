import { deepStrictEqual, ok } from "node:assert/strict";
import { dirname, join } from "node:path";
import { stale } from "../support/gen.ts";
import { ROOMS } from "./rooms.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

async function documents(folder = ROOT): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (["node_modules", ".git", "dist"].includes(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory) found.push(...await documents(path));
    else if (entry.name.endsWith(".md")) found.push(path);
  }
  return found.sort();
}

Deno.test("every link in the documents leads to a file", async () => {
  const broken: string[] = [];
  for (const path of await documents()) {
    const text = await Deno.readTextFile(path);
    for (const [, target = ""] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const exists = await Deno.stat(join(dirname(path), target)).then(() => true, () => false);
      if (!exists) broken.push(`${path.slice(ROOT.length)}: ${target}`);
    }
  }
  deepStrictEqual(broken, []);
});

Deno.test("the README names both commands of a newcomer and only tasks that exist", async () => {
  const readme = await Deno.readTextFile(join(ROOT, "README.md"));
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  ok(readme.includes("npx -y deno@2.9.6 task start\n"));
  ok(readme.includes("npx -y deno@2.9.6 task test\n"));
  const named = [...readme.matchAll(/deno(?:@[\d.]+)? task (?:-q )?([a-z]+)/g)].map(([, task]) => task ?? "");
  deepStrictEqual(named.filter((task) => !(task in tasks)), []);
});

Deno.test("the architecture page describes every room there is", async () => {
  const page = await Deno.readTextFile(join(ROOT, "docs/ARCHITECTURE.md"));
  const missing: string[] = [];
  for await (const { name } of Deno.readDir(join(ROOT, "lib"))) {
    if (!page.includes(`| \`${name}\` `)) missing.push(name);
  }
  deepStrictEqual(missing, []);
  ok("contracts" in ROOMS);
});

Deno.test("generated files are as the sources say", async () => {
  deepStrictEqual(await stale(), []);
});

Deno.test("no document names a path of one machine or the host of a registry", async () => {
  const found: string[] = [];
  for (const path of await documents()) {
    const text = await Deno.readTextFile(path);
    if (/\/(?:root|home\/[a-z]+|Users\/[a-z]+)\/|registry\.npmjs/.test(text)) {
      found.push(path.slice(ROOT.length));
    }
  }
  deepStrictEqual(found, []);
});
