import type { LogLine, ToolView, VerbOutput } from "../../lib/contracts/mod.ts";
import { type Cell, type Column, renderTable } from "./table.ts";
import { type Look, oneLine, paint, visible } from "./text.ts";

const TOOL: Column = { title: "TOOL", key: true };
const CALL: Column = { title: "CALL WITH", spare: true };
const DESCRIPTION: Column = { title: "DESCRIPTION", flexible: true };

/** Sorts tools by id. */
export function byId(tools: readonly ToolView[]): ToolView[] {
  return [...tools].sort((a, b) => a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** Writes the table of tools, sorted by id. */
export function renderTools(tools: readonly ToolView[], look: Look): string {
  return renderTable([TOOL, CALL, DESCRIPTION], byId(tools).map(toCells), look);
}

/** Writes the results of a search, best first. */
export function renderResults(found: VerbOutput<"tools.search">, look: Look): string {
  const columns: Column[] = [{ title: "SCORE", align: "right" }, TOOL, CALL, DESCRIPTION];
  const rows = found.results.map(({ tool, score }) => [score.toFixed(2), ...toCells(tool)]);
  return renderTable(columns, rows, look);
}

/** Writes one line of a server's log. */
export function renderLogLine({ timestamp, level, message }: LogLine, look: Look): string {
  const style = level === "error" || level === "fatal" ? "bad" : level === "warn" ? "warning" : undefined;
  const time = paint(visible(timestamp), "faint", look);
  return `${time} ${paint(visible(level).toUpperCase().padEnd(5), style, look)} ${visible(message, "\t")}\n`;
}

function toCells(tool: ToolView): Cell[] {
  const isUsable = !tool.disabled && tool.server_health.admin_state === "enabled";
  const text = oneLine(tool.description);
  return [
    oneLine(tool.id),
    oneLine(tool.call_with.replace("call_tool_", "")),
    isUsable ? text : { text: `(${whyNot(tool)}) ${text}`, style: "faint" },
  ];
}

function whyNot(tool: ToolView): string {
  return tool.disabled ? "tool disabled" : `server ${tool.server_health.admin_state}`;
}
