/**
 * Measures the scanner and prints tables in Markdown:
 *
 *   deno run -A tests/bench/security.ts [DATA]
 *
 * `DATA` is a folder with `poison/*.json` (labelled definitions) and
 * `tools/*.json` (answers of `tools/list`); without it only the rows of this
 * project are judged.
 *
 * @module
 */

import { join } from "node:path";
import { createRuleSet, scanAll } from "../../lib/security/engine.ts";
import { createDetector, hashDefinition, openScanner, type ScanSubject } from "../../lib/security/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { createSubjects, fastest, fill, findSlowest } from "./security_speed.ts";

interface Row {
  readonly server?: string;
  readonly label?: string;
  readonly split?: string;
  readonly peers?: readonly {
    readonly server: string;
    readonly tool: { readonly name: string; readonly description: string };
  }[];
  readonly [member: string]: unknown;
}

const MEMBERS = [
  "name",
  "title",
  "description",
  "inputSchema",
  "outputSchema",
  "annotations",
  "icons",
  "_meta",
];
const rules = createRuleSet();

function toSubject(row: Row): ScanSubject {
  const members = MEMBERS.filter((member) => member in row).map((member) => [member, row[member]]);
  return { kind: "tool", server: row.server, definition: Object.fromEntries(members) };
}

function row(...cells: (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function table(head: readonly string[], rows: readonly string[]): void {
  console.log([row(...head), row(...head.map(() => "---")), ...rows, ""].join("\n"));
}

function percent(part: number, whole: number): string {
  return `${(100 * part / whole).toFixed(2)} %`;
}

/** One line for what is poisoned in a set and one for what is honest. */
function judge(name: string, rows: readonly Row[], isOneList: boolean): string[] {
  const verdicts = isOneList
    ? scanAll(rows.map(toSubject), rules).definitions.map(({ verdict }) => verdict)
    : rows.map((item) => {
      const peers = (item.peers ?? []).map(({ server, tool }) => ({ server, ...tool }));
      return scanAll([toSubject(item)], rules, { peers }).verdict;
    });
  return ["malicious", "honest"].flatMap((label) => {
    const own = verdicts.filter((_, index) =>
      (rows[index]?.label === "malicious") === (label === "malicious")
    );
    if (own.length === 0) return [];
    const held = own.filter((verdict) => verdict === "hold").length;
    const flagged = own.filter((verdict) => verdict !== "clean").length;
    return [row(name, label, own.length, percent(flagged, own.length), percent(held, own.length))];
  });
}

async function readRows(path: string): Promise<readonly Row[]> {
  const text = await Deno.readTextFile(path);
  if (path.endsWith(".jsonl")) return text.trim().split("\n").map((line) => JSON.parse(line));
  const value = JSON.parse(text);
  return Array.isArray(value) ? value : value.tools;
}

async function judgeFolder(
  folder: string,
): Promise<{ readonly lines: string[]; readonly tools: readonly Row[] }> {
  const lines: string[] = [];
  for (const name of [...Deno.readDirSync(join(folder, "poison"))].map((entry) => entry.name).sort()) {
    const rows = await readRows(join(folder, "poison", name));
    lines.push(...judge(name, rows, name.startsWith("benign")));
  }
  const tools: Row[] = [];
  for (const name of [...Deno.readDirSync(join(folder, "tools"))].map((entry) => entry.name).sort()) {
    tools.push(...(await readRows(join(folder, "tools", name))).map((item) => ({ ...item, server: name })));
  }
  return { lines: [...lines, ...judge("tools/*.json", tools, true)], tools };
}

/** Scans 1,000 tools in the worker and watches how long the main loop is kept from turning. */
async function measureWorker(tools: readonly Row[]): Promise<string> {
  const { clock } = createDenoPlatform();
  const subjects = Array.from({ length: 1_000 }, (_, index) => toSubject(tools[index % tools.length] ?? {}));
  await using scanner = openScanner({ clock });
  await scanner.scan(subjects.slice(0, 1));
  let lag = 0;
  let last = performance.now();
  const ticker = setInterval(() => {
    lag = Math.max(lag, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  const times: number[] = [];
  // Of a machine with other work the quietest round says what the scan itself costs.
  const lags: number[] = [];
  for (let round = 0; round < 12; round++) {
    lag = 0;
    const start = performance.now();
    await scanner.scan(subjects);
    times.push(performance.now() - start);
    lags.push(lag);
  }
  clearInterval(ticker);
  return row(
    "1,000 tools in the worker",
    `${Math.min(...times).toFixed(0)} ms`,
    `lag of the main loop ${Math.min(...lags).toFixed(1)} ms, at the middle round ${
      lags.toSorted((a, b) => a - b)[6]?.toFixed(1)
    } ms`,
  );
}

/** Each tool is hashed once when it is listed, and never again on a call. */
function measureHashes(tools: readonly Row[]): string {
  const definitions = Array.from(
    { length: 1_000 },
    (_, index) => toSubject(tools[index % tools.length] ?? {}),
  );
  const ms = fastest(
    () => definitions.forEach(({ kind, definition }) => void hashDefinition(kind, definition)),
    10,
  );
  return row("hashes of 1,000 tools", `${ms.toFixed(0)} ms`, "");
}

async function measureSpeed(tools: readonly Row[]): Promise<string[]> {
  const slowest = [...await createSubjects()].map(([name, run]) => {
    const { ms, pump } = findSlowest(run, 65_536);
    return row(`${name}, worst text of 64 KB`, `${ms.toFixed(0)} ms`, `made of ${JSON.stringify(pump)}`);
  });
  const detector = await createDetector();
  const text = fill(
    '{"id": 12345, "title": "Lorem ipsum dolor sit amet", "url": "https://example.com/a"}, ',
    10_240,
  );
  const ms = fastest(() => void detector.find(text), 50);
  return [
    await measureWorker(tools),
    ...slowest,
    row("secrets in a result of 10 KB", `${ms.toFixed(2)} ms`, ""),
    measureHashes(tools),
  ];
}

const folderOfRows = new URL("../unit/security/", import.meta.url).pathname;
const own = [
  ...await readRows(join(folderOfRows, "rows.json")),
  ...await readRows(join(folderOfRows, "rows_broad.json")),
  ...await readRows(join(folderOfRows, "rows_wide.json")),
  ...await readRows(join(folderOfRows, "rows_many.json")),
  ...await readRows(join(folderOfRows, "rows_more.jsonl")),
];
const [folder] = Deno.args;
const judged = folder === undefined ? { lines: [], tools: own } : await judgeFolder(folder);
const splits = [
  "dev",
  "held-out",
  "hard",
  "broad",
  "wide",
  "wide-held-out",
  "many",
  "many-held-out",
  "more",
  "more-held-out",
].flatMap(
  (split) => judge(`own rows, ${split}`, own.filter((item) => item.split === split), false),
);
table(["set", "label", "definitions", "review or hold", "hold"], [...splits, ...judged.lines]);
table(["what", "least time", ""], await measureSpeed(judged.tools));
