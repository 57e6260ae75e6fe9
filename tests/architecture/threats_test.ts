import { deepStrictEqual, ok } from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url).pathname;

interface Row {
  readonly id: string;
  readonly cells: readonly string[];
  readonly files: readonly string[];
}

async function readRows(): Promise<readonly Row[]> {
  const page = await Deno.readTextFile(`${ROOT}docs/THREATS.md`);
  return page.split("\n").filter((line) => line.startsWith("| S-")).map((line) => {
    const cells = line.split("|").slice(1, -1).map((cell) => cell.trim());
    const files = [...(cells[3] ?? "").matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? "");
    return { id: cells[0] ?? "", cells, files };
  });
}

Deno.test("the page of threats has each of them once, with words and tests", async () => {
  const rows = await readRows();

  ok(rows.length > 0);
  deepStrictEqual(rows.filter(({ id }) => !/^S-(?:0[1-9]|[1-4]\d|5[0-3])$/.test(id)), []);
  deepStrictEqual(rows.length, new Set(rows.map(({ id }) => id)).size);
  const hasGap = ({ cells, files }: Row) =>
    cells.length !== 4 || cells.some((cell) => cell === "") || files.length === 0;
  deepStrictEqual(rows.filter(hasGap).map(({ id }) => id), []);
});

Deno.test("the page of threats names tests that are there", async () => {
  const files = new Set((await readRows()).flatMap((row) => row.files));
  const missing: string[] = [];
  for (const file of files) {
    const isThere = /_test\.ts$/.test(file) &&
      await Deno.stat(`${ROOT}tests/${file}`).then(({ isFile }) => isFile, () => false);
    if (!isThere) missing.push(file);
  }

  deepStrictEqual(missing, []);
});
