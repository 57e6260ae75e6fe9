import type { ActivityRecord } from "../contracts/mod.ts";

/** Forms in which activity can be taken out. */
export type ExportFormat = "jsonl" | "csv";

/** Columns of the table, as other tools know them. */
const COLUMNS = [
  "id",
  "type",
  "source",
  "server_name",
  "tool_name",
  "status",
  "error_message",
  "duration_ms",
  "timestamp",
  "session_id",
  "request_id",
  "response_truncated",
  "parent_id",
] as const satisfies readonly (keyof ActivityRecord)[];

const PAYLOAD_COLUMNS = ["arguments", "response"] as const;

/**
 * What makes a program take a cell for a formula, however many spaces are
 * before it; the wide forms count as well. A leading tab or line break lets
 * the rest begin a cell of its own in some.
 */
const FORMULA = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u;

/** Head line of a table; empty for JSON Lines. */
export function toHeadLine(format: ExportFormat, payloads: boolean): string {
  return format === "jsonl" ? "" : toRow(columns(payloads));
}

/** One record as one line, with its line break. Pure. */
export function toLine(record: ActivityRecord, format: ExportFormat, payloads: boolean): string {
  if (format === "jsonl") return `${JSON.stringify(record)}\n`;
  return toRow(columns(payloads).map((column) => toCell(record[column])));
}

function columns(payloads: boolean): readonly (keyof ActivityRecord)[] {
  return payloads ? [...COLUMNS, ...PAYLOAD_COLUMNS] : COLUMNS;
}

/** RFC 4180: lines end with CR and LF, quotes are doubled. */
function toRow(cells: readonly string[]): string {
  return `${cells.map(quote).join(",")}\r\n`;
}

function toCell(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return FORMULA.test(text) ? `'${text}` : text;
}

function quote(cell: string): string {
  return /[",\r\n\t]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
