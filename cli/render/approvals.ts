import type { ApprovalView, VerbOutput } from "../../lib/contracts/mod.ts";
import { type Cell, type Column, renderTable } from "./table.ts";
import { type Look, oneLine, paint, type Style, visible } from "./text.ts";

const COLUMNS: readonly Column[] = [
  { title: "STATUS" },
  { title: "SCAN", spare: true },
  { title: "NAME", key: true },
  { title: "KIND", spare: true },
  { title: "WHY", flexible: true },
];
const STATUS_STYLES: Readonly<Record<ApprovalView["status"], Style>> = {
  approved: "good",
  pending: "warning",
  changed: "warning",
  blocked: "bad",
};
const SCAN_STYLES = { clean: "good", review: "warning", hold: "bad" } as const;
/** Longest value shown of a field; `-o json` has all. */
const MAX_VALUE = 2_000;

/** Writes the table of approvals. */
export function renderApprovals(approvals: readonly ApprovalView[], look: Look): string {
  return renderTable(COLUMNS, approvals.map(toCells), look);
}

function toCells(approval: ApprovalView): Cell[] {
  const { status, scan, server_name, name, kind } = approval;
  const [finding] = scan?.findings ?? [];
  const reason = kind === "package" ? versionsOf(approval) : approval.reason;
  return [
    { text: status, style: STATUS_STYLES[status] },
    scan === undefined ? "-" : { text: scan.verdict, style: SCAN_STYLES[scan.verdict] },
    oneLine(`${server_name}:${name}`),
    kind.replace("_", " "),
    finding === undefined ? reason : oneLine(`${finding.message}: ${finding.decoded ?? finding.text}`),
  ];
}

/** What a package was when it was accepted, and what it is now. */
function versionsOf({ description, previous_description: before, reason }: ApprovalView): string {
  return oneLine(
    before === undefined ? `${reason}: ${description}` : `${reason}: was ${before}, is ${description}`,
  );
}

/** Writes what has changed, a field at a time; characters that steer a terminal are shown as escapes. */
export function renderDiff({ approval, changes }: VerbOutput<"approvals.diff">, look: Look): string {
  const { server_name, name, status, approved_hash, current_hash, scan } = approval;
  const lines = [
    paint(oneLine(`${server_name}:${name}`), "strong", look) +
    ` (${approval.kind.replace("_", " ")}, ${status})`,
    `approved  ${approved_hash ?? "never"}`,
    `current   ${current_hash}`,
    ...(scan === undefined ? [] : [`scan      ${scan.verdict} (rules ${oneLine(scan.rules)})`]),
    ...(scan?.findings ?? []).map(({ pointer, message, text, decoded }) =>
      `  ${oneLine(`${pointer}: ${message}: ${decoded ?? text}`)}`
    ),
    "",
  ];
  if (changes.length === 0) lines.push("Nothing has changed");
  for (const { pointer, before, after } of changes) {
    lines.push(paint(oneLine(pointer), "strong", look));
    if (before !== undefined) lines.push(...toLines("-", before).map((line) => paint(line, "bad", look)));
    if (after !== undefined) lines.push(...toLines("+", after).map((line) => paint(line, "good", look)));
  }
  return `${lines.join("\n")}\n`;
}

function toLines(mark: string, value: unknown): string[] {
  const text = typeof value === "string" ? value : JSON.stringify(value, undefined, 2) ?? "";
  const shown = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}… (${text.length} characters)` : text;
  return shown.split("\n").map((line) => `${mark} ${visible(line)}`);
}
