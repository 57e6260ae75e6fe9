import { deepStrictEqual, ok } from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url).pathname;

interface Row {
  readonly id: string;
  readonly cells: readonly string[];
  readonly files: readonly string[];
}

async function readRows(): Promise<readonly Row[]> {
  const page = await Deno.readTextFile(`${ROOT}docs/FAULTS.md`);
  return page.split("\n").filter((line) => /^\| [FC]-/.test(line)).map((line) => {
    const cells = line.split("|").slice(1, -1).map((cell) => cell.trim());
    const files = [...(cells[3] ?? "").matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? "");
    return { id: cells[0] ?? "", cells, files };
  });
}

function ids(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}-${String(index + 1).padStart(2, "0")}`);
}

Deno.test("the page of faults has each of them once, with words and tests", async () => {
  const rows = await readRows();

  deepStrictEqual(rows.map(({ id }) => id).sort(), [...ids("C", 12), ...ids("F", 42)]);
  for (const { id, cells, files } of rows) {
    ok(cells.length === 4 && cells.every((cell) => cell !== "") && files.length > 0, id);
  }
});

Deno.test("the page of faults names tests that are there", async () => {
  const missing: string[] = [];
  for (const file of new Set((await readRows()).flatMap((row) => row.files))) {
    const isThere = await Deno.stat(`${ROOT}tests/${file}`).then(({ isFile }) => isFile, () => false);
    if (!isThere || !file.endsWith("_test.ts")) missing.push(file);
  }

  deepStrictEqual(missing, []);
});
