import type { Check, VerbOutput } from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { renderTable } from "./table.ts";
import { type Look, oneLine, paint, type Style, visible } from "./text.ts";

const MARKS: Readonly<Record<Check["level"], readonly [string, Style]>> = {
  ok: ["✓", "good"],
  skipped: ["·", "faint"],
  warning: ["!", "warning"],
  problem: ["✗", "bad"],
};

/** Writes what was looked at, each with what to do about it. */
export function renderChecks(checks: readonly Check[], look: Look): string {
  const lines = checks.flatMap(({ id, level, summary, code, remedy }) => {
    const [mark, style] = MARKS[level];
    const head = `${paint(mark, style, look)} ${paint(oneLine(id), "strong", look)}  ${visible(summary)}`;
    const isIssue = level === "warning" || level === "problem";
    if (!isIssue) return [head];
    return [
      head,
      ...(remedy === undefined ? [] : [`  → ${visible(remedy)}`]),
      ...(code === undefined ? [] : [`  ${paint(code, "faint", look)}`]),
    ];
  });
  const issues = checks.filter(({ level }) => level === "warning" || level === "problem").length;
  const sum = issues === 0
    ? "No problem found"
    : `${issues} ${issues === 1 ? "matter" : "matters"} to look at`;
  return `${lines.join("\n")}\n\n${sum}\n`;
}

/** One code with all that is known of it. */
export interface CodeEntry {
  readonly code: string;
  readonly cause: string;
  readonly remedy: string;
  readonly exit: number;
  readonly status: number;
  readonly rpc: number;
}

/** Writes what one code means. */
export function renderCode(entry: CodeEntry, look: Look): string {
  return renderFields([
    ["Code", entry.code],
    ["Cause", entry.cause],
    ["Remedy", entry.remedy],
    ["Exit code", `${entry.exit}`],
    ["HTTP status", `${entry.status}`],
    ["JSON-RPC", `${entry.rpc}`],
  ], look);
}

/** Writes the table of all codes. */
export function renderCodes(entries: readonly CodeEntry[], look: Look): string {
  const columns = [
    { title: "CODE" },
    { title: "EXIT", align: "right" as const },
    { title: "HTTP", align: "right" as const },
    { title: "CAUSE", flexible: true },
    { title: "REMEDY", flexible: true },
  ];
  const rows = entries.map((
    { code, exit, status, cause, remedy },
  ) => [code, `${exit}`, `${status}`, cause, remedy]);
  return renderTable(columns, rows, look);
}

/** Writes what was done, or would be. */
export function renderFixes(fixes: readonly VerbOutput<"diagnostics.fix">[], look: Look): string {
  const lines = fixes.flatMap(({ code, server, steps }) => [
    `${paint(code, "strong", look)}${server === undefined ? "" : ` of server "${oneLine(server)}"`}`,
    ...(steps.length === 0 ? ["  nothing needs to be done"] : []),
    ...steps.map(({ text, done }) => `  ${done ? paint("✓", "good", look) : "·"} ${visible(text)}`),
  ]);
  return lines.length === 0 ? "Nothing that could be mended by itself\n" : `${lines.join("\n")}\n`;
}
