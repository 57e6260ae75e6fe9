import type {
  ActivityRecord,
  ActivityStatus,
  ActivitySummary,
  ActivityUsage,
  GatewayEvent,
} from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { type Cell, type Column, renderTable } from "./table.ts";
import { cut, type Look, oneLine, paint, type Style, visible } from "./text.ts";

const ICONS: Readonly<Record<ActivityStatus, string>> = {
  success: "✅",
  error: "❌",
  blocked: "🛡️",
  rejected: "⏳",
  cancelled: "⏹️",
};
const STYLES: Readonly<Record<ActivityStatus, Style | undefined>> = {
  success: "good",
  error: "bad",
  blocked: "warning",
  rejected: "warning",
  cancelled: "faint",
};

const COLUMNS: readonly Column[] = [
  { title: "ID", key: true },
  { title: "TIME", spare: true },
  { title: "TYPE", flexible: true, spare: true },
  { title: "WHAT", flexible: true },
  { title: "STATUS", spare: true },
  { title: "MS", align: "right", spare: true },
  { title: "CLIENT", flexible: true, spare: true },
];

/** Writes records as a table, in their order. */
export function renderActivities(
  records: readonly ActivityRecord[],
  withIcons: boolean,
  look: Look,
): string {
  const columns = withIcons ? [{ title: "" }, ...COLUMNS] : COLUMNS;
  return renderTable(columns, records.map((record) => toRow(record, withIcons)), look);
}

function toRow(record: ActivityRecord, withIcons: boolean): Cell[] {
  const { id, timestamp, type, status, duration_ms: took, agent_name: agent, client_name: client } = record;
  return [
    ...(withIcons ? [ICONS[status]] : []),
    id,
    timestamp.slice(0, 19).replace("T", " "),
    type,
    oneLine(whatOf(record)),
    { text: status, style: STYLES[status] },
    took === undefined ? "" : took.toFixed(took < 10 ? 1 : 0),
    oneLine(agent ?? client ?? record.source),
  ];
}

type What = Pick<ActivityRecord, "server_name" | "tool_name" | "metadata">;

/** Names what a record is about: `server:tool`, and what was done. */
function whatOf({ server_name: server, tool_name: tool, metadata }: What): string {
  const subject = [server, tool].filter((part) => part !== undefined).join(":");
  const { action, name, kind, count } = metadata ?? {};
  const words = [action, subject, name, countOf(count, kind)].filter((part) =>
    typeof part === "string" && part !== ""
  );
  return words.join(" ");
}

/** What was let in together is told by how many there were of which kind. */
function countOf(count: unknown, kind: unknown): string {
  if (typeof count !== "number" || typeof kind !== "string") return "";
  const word = kind.replaceAll("_", " ");
  return `(${count} ${count === 1 || word.endsWith("s") ? word : `${word}s`})`;
}

/** Writes one record for people. */
export function renderActivity(record: Partial<ActivityRecord>, withIcons: boolean, look: Look): string {
  const { status = "success", intent, metadata, arguments: sent, response } = record;
  const icon = withIcons ? `${ICONS[status]} ` : "";
  const fields = renderFields([
    ["Id", record.id],
    ["Type", record.type],
    ["Status", `${icon}${status}`],
    ["Time", record.timestamp],
    ["Server", record.server_name],
    ["Tool", record.tool_name],
    ["Duration", record.duration_ms === undefined ? undefined : `${record.duration_ms} ms`],
    ["Error", record.error_code],
    ["Message", record.error_message === undefined ? undefined : oneLine(record.error_message)],
    ["Source", record.source],
    ["Client", [record.client_name, record.client_version].filter(Boolean).join(" ")],
    ["Session", record.session_id],
    ["Token", record.agent_name],
    ["Right", record.auth_type],
    ["Profile", record.profile],
    ["Request", record.request_id],
    ["Part of", record.parent_id],
    ["Correlation", record.correlation_id],
    ["Intent", intent === undefined ? undefined : toIntent(intent)],
    ["Sent", toBytes(record.request_bytes, record.arguments_truncated)],
    ["Answered", toBytes(record.response_bytes, record.response_truncated)],
    ["Sensitive", record.has_sensitive_data === true ? toFindings(record) : undefined],
  ], look);
  return fields + block("Details", metadata, look) + block("Arguments", sent, look) +
    block("Response", response, look);
}

function toIntent(
  { operation_type, data_sensitivity, reason }: NonNullable<ActivityRecord["intent"]>,
): string {
  return [operation_type, data_sensitivity, reason].filter((part) => part !== undefined).map(oneLine).join(
    ", ",
  );
}

function toFindings({ max_severity: severity, detection_types: types }: Partial<ActivityRecord>): string {
  return [severity, types?.join(", ")].filter((part) => part !== undefined).join(": ");
}

function toBytes(bytes: number | undefined, isCut: boolean | undefined): string | undefined {
  if (bytes === undefined) return undefined;
  return `${bytes.toLocaleString("en")} bytes${isCut === true ? ", cut" : ""}`;
}

function block(title: string, value: unknown, look: Look): string {
  if (value === undefined) return "";
  const text = typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
  return `\n${paint(title, "strong", look)}\n${visible(text, "\n\t")}\n`;
}

/** Writes one event of the activity as a line. */
export function renderActivityEvent({ at, type, payload }: GatewayEvent, look: Look): string {
  const field = (key: string): string => {
    const value: unknown = Reflect.get(Object(payload), key);
    return value === undefined ? "" : oneLine(String(value));
  };
  const status = Object.keys(ICONS).find((word): word is ActivityStatus => word === field("status"));
  const name = type.replace(/^activity\./, "");
  const subject = [field("server_name"), field("tool_name")].filter((part) => part !== "").join(":");
  const took = field("duration_ms");
  const words = [
    field("action"),
    subject,
    took === "" ? "" : `${Math.round(Number(took))} ms`,
    field("agent_name") || field("client_name"),
    field("error_code"),
    field("count"),
  ].filter((word) => word !== "").join("  ");
  const room = look.width === undefined ? Infinity : Math.max(10, look.width - 46);
  const time = paint(at?.slice(11, 19) ?? "--:--:--", "faint", look);
  const state = paint((status ?? "").padEnd(9), status === undefined ? undefined : STYLES[status], look);
  return `${time} ${state} ${name.padEnd(26)} ${cut(words, room)}`.trimEnd() + "\n";
}

/** Writes a summary: counts first, then what occurred most. */
export function renderActivitySummary(
  summary: ActivitySummary,
  by: "server" | "tool" | "status" | "type" | undefined,
  look: Look,
): string {
  const statuses = (["success", "error", "blocked", "rejected", "cancelled"] as const)
    .map((word): [string, number] => [word, summary[`${word}_count`]]);
  const named = (rows: ActivitySummary["top_servers"]) =>
    rows.map(({ name, count }): [string, number] => [name, count]);
  const tables: Record<string, () => string> = {
    status: () => counts("STATUS", statuses.filter(([, count]) => count > 0), look),
    type: () => counts("TYPE", Object.entries(summary.by_type), look),
    server: () => counts("SERVER", named(summary.top_servers), look),
    tool: () => counts("TOOL", named(summary.top_tools), look),
  };
  const table = by === undefined ? undefined : tables[by];
  if (table !== undefined) return table();
  const head = renderFields([
    ["Period", `${summary.period}, since ${summary.start_time.slice(0, 19).replace("T", " ")}`],
    ["Records", `${summary.total_count}`],
  ], look);
  const rest = Object.values(tables).map((write) => write()).filter((text) => text !== "");
  return [head, ...rest].join("\n");
}

function counts(title: string, rows: readonly [string, number][], look: Look): string {
  if (rows.length === 0) return "";
  const columns: Column[] = [{ title, flexible: true }, { title: "COUNT", align: "right" }];
  return renderTable(columns, rows.map(([name, count]) => [oneLine(name), `${count}`]), look);
}

/** Writes usage as a table, with a last line for all together. */
export function renderUsage({ by, rows, total }: ActivityUsage, look: Look): string {
  const columns: Column[] = [
    { title: by === "server" ? "SERVER" : "TOOL", flexible: true },
    ...["CALLS", "ERRORS", "REFUSED", "P50 MS", "P95 MS", "SENT", "ANSWERED"].map((title): Column => ({
      title,
      align: "right",
    })),
  ];
  const toCells = (name: string, figures: typeof total): Cell[] => [
    name,
    `${figures.calls}`,
    `${figures.errors}`,
    `${figures.refused}`,
    figures.p50_ms?.toFixed(1) ?? "",
    figures.p95_ms?.toFixed(1) ?? "",
    `${figures.request_bytes}`,
    `${figures.response_bytes}`,
  ];
  const named = rows.map((row) => toCells(oneLine(whatOf({ ...row, metadata: undefined })), row));
  return renderTable(columns, [...named, toCells("all", total)], look);
}
