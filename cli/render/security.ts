import type { DefinitionReport, Finding, ScanReport, Verdict } from "../../lib/security/mod.ts";
import { type Cell, type Column, renderTable } from "./table.ts";
import { type Look, oneLine, type Style } from "./text.ts";

const STYLES: Readonly<Record<Verdict, Style>> = { clean: "good", review: "warning", hold: "bad" };
const COLUMNS: readonly Column[] = [
  { title: "VERDICT" },
  { title: "SCORE", align: "right", spare: true },
  { title: "TOOL", key: true },
  { title: "WHERE", flexible: true },
  { title: "WHY", flexible: true },
];
/** Findings shown of one definition; `-o json` has all. */
const SHOWN = 3;

/** Writes the table of what is not clean, in the order of the file. */
export function renderScan({ definitions }: ScanReport, look: Look): string {
  const rows = definitions.filter(({ verdict }) => verdict !== "clean").flatMap(toRows);
  return renderTable(COLUMNS, rows, look);
}

function toRows(definition: DefinitionReport): Cell[][] {
  const { verdict, score, complete, findings } = definition;
  const [first, ...more] = distinct(findings);
  const why = first === undefined ? "Could not be scanned whole" : describe(first);
  return [
    [
      { text: verdict, style: STYLES[verdict] },
      score.toFixed(2),
      oneLine(nameOf(definition)),
      first === undefined ? "" : oneLine(first.pointer),
      complete || first === undefined ? why : `${why} (not scanned whole)`,
    ],
    ...more.map((finding): Cell[] => ["", "", "", oneLine(finding.pointer), describe(finding)]),
  ];
}

/** The heaviest finding of each family, a few of them. */
function distinct(findings: readonly Finding[]): Finding[] {
  const families = new Map<string, Finding>();
  for (const finding of findings) {
    const key = `${finding.family} ${finding.pointer}`;
    if (!families.has(key)) families.set(key, finding);
  }
  return [...families.values()].slice(0, SHOWN);
}

function describe({ message, text, decoded }: Finding): string {
  const evidence = decoded === undefined ? oneLine(text) : oneLine(decoded);
  return `${oneLine(message)}: ${evidence}`;
}

function nameOf({ kind, server, name }: DefinitionReport): string {
  const id = server === undefined ? name : `${server}:${name}`;
  return kind === "tool" ? id : `${id} (${kind.replace("_", " ")})`;
}

/** Says in one line what a scan came to. */
export function summarizeScan({ definitions, rules }: ScanReport): string {
  const count = (verdict: Verdict) =>
    definitions.filter((definition) => definition.verdict === verdict).length;
  const total = definitions.length === 1 ? "1 definition" : `${definitions.length} definitions`;
  return `${total}: ${count("clean")} clean, ${count("review")} review, ${
    count("hold")
  } hold (rules ${rules})`;
}

const LISTS: readonly (readonly [DefinitionReport["kind"], string])[] = [
  ["tool", "tools"],
  ["prompt", "prompts"],
  ["resource", "resources"],
  ["resource_template", "resource_templates"],
  ["instructions", "instructions"],
];

/** Brings a report into the form that `-o json` and `-o yaml` print. */
export function toScanValue(
  { definitions, verdict, complete, rules }: ScanReport,
): Readonly<Record<string, unknown>> {
  const lists = LISTS.map(([kind, key]) => [
    key,
    definitions.filter((definition) => definition.kind === kind).map(({ kind: _, ...rest }) => rest),
  ]);
  return {
    verdict,
    complete,
    rules,
    ...Object.fromEntries(lists.filter(([key, list]) => key === "tools" || (list ?? []).length > 0)),
  };
}
