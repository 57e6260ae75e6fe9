import { deepStrictEqual } from "node:assert/strict";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Pages whose rows say what protects, and by which tests that is shown. Rows 23 to 26 of the threats need OAuth. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  "docs/FAULTS.md": [...ids("C", 12), ...ids("F", 42)],
  "docs/THREATS.md": ids("S", 53).filter((id) => !/^S-(?:1[3-9]|2[3-6]|3[7-9])$/.test(id)),
};

interface Row {
  readonly id: string;
  readonly cells: readonly string[];
  readonly files: readonly string[];
}

function ids(letter: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${letter}-${String(index + 1).padStart(2, "0")}`);
}

async function readRows(page: string): Promise<readonly Row[]> {
  const text = await Deno.readTextFile(ROOT + page);
  return text.split("\n").filter((line) => /^\| [A-Z]-\d/.test(line)).map((line) => {
    const cells = line.split("|").slice(1, -1).map((cell) => cell.trim());
    const files = [...(cells[3] ?? "").matchAll(/`([^`]+)`/g)].map(([, file]) => file ?? "");
    return { id: cells[0] ?? "", cells, files };
  });
}

function isTest(file: string): Promise<boolean> {
  if (!file.endsWith("_test.ts")) return Promise.resolve(false);
  return Deno.stat(`${ROOT}tests/${file}`).then(({ isFile }) => isFile, () => false);
}

for (const [page, wanted] of Object.entries(PAGES)) {
  Deno.test(`${page} has each row once, with words and with tests that are there`, async () => {
    const rows = await readRows(page);

    deepStrictEqual(rows.map(({ id }) => id).sort(), wanted);
    const hasGap = ({ cells, files }: Row) =>
      cells.length !== 4 || cells.some((cell) => cell === "") || files.length === 0;
    deepStrictEqual(rows.filter(hasGap).map(({ id }) => id), []);
    const files = [...new Set(rows.flatMap((row) => row.files))];
    const there = await Promise.all(files.map(isTest));
    deepStrictEqual(files.filter((_, index) => there[index] !== true), []);
  });
}
