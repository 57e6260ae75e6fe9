import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { checkOpenFiles } from "../../../lib/management/check_open_files.ts";
import { createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";

const { files, machine } = createDenoPlatform();

function told(limits: string | undefined, os: Platform["machine"]["os"] = "linux") {
  return { files: { ...files, readText: () => Promise.resolve(limits) }, machine: { ...machine, os } };
}

const limit = (most: string) =>
  `Limit                     Soft Limit           Hard Limit           Units\nMax open files            ${most}                 20000                files\n`;
const programs = (count: number) => Array.from({ length: count }, () => ({ enabled: true, command: "npx" }));

Deno.test("checkOpenFiles() warns when clients may find no room, and says when servers will not", async () => {
  const levels = async (most: string, count: number) =>
    (await checkOpenFiles(told(limit(most)), programs(count))).level;

  deepStrictEqual(
    [await levels("256", 4), await levels("256", 12), await levels("256", 40)],
    ["ok", "warning", "problem"],
  );
  strictEqual(await levels("unlimited", 1_000), "ok");
  const { summary, remedy } = await checkOpenFiles(told(limit("256")), programs(12));
  match(summary, /^256 files may be open; the servers take up to 160, and each client one or more$/);
  match(remedy ?? "", /ulimit -n 4096/);
});

Deno.test("checkOpenFiles() counts servers that run, and remote ones as less", async () => {
  const off = Array.from({ length: 40 }, () => ({ enabled: false, command: "npx" }));
  const remote = Array.from({ length: 16 }, () => ({ enabled: true, command: undefined }));

  strictEqual((await checkOpenFiles(told(limit("256")), [...off, ...remote])).level, "ok");
});

Deno.test("checkOpenFiles() says nothing where the system tells nothing", async () => {
  for (const platform of [told(undefined), told("Max open files none"), told(limit("8"), "darwin")]) {
    strictEqual((await checkOpenFiles(platform, programs(9))).level, "skipped");
  }
});
