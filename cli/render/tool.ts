import type { ToolView } from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { type Column, renderTable } from "./table.ts";
import { type Look, oneLine, paint, visible } from "./text.ts";

const COLUMNS: readonly Column[] = [
  { title: "ARGUMENT" },
  { title: "TYPE" },
  { title: "REQUIRED" },
  { title: "DESCRIPTION", flexible: true },
];

/** Writes a tool with all that its server says of it; `-o json` has the schema itself. */
export function renderTool(tool: ToolView, look: Look): string {
  const { id, title, description, annotations = {}, call_with, disabled, usage, last_used } = tool;
  const hints = Object.entries(annotations).filter(([key]) => key !== "title")
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`);
  const facts = renderFields([
    ["Title", title === undefined ? undefined : oneLine(title)],
    ["Call with", call_with],
    ["Says of itself", hints.length === 0 ? "nothing" : oneLine(hints.join(", "))],
    ["Offered", disabled ? "no, it is disabled" : "yes"],
    ["Server", oneLine(tool.server_health.summary)],
    ["Calls", last_used === undefined ? "none yet" : `${usage}, the last at ${last_used}`],
  ], look);
  const rows = argumentsOf(tool.schema);
  const table = rows.length === 0 ? "No arguments\n" : renderTable(COLUMNS, rows, look);
  return `${paint(oneLine(id), "strong", look)}\n${facts}\n${visible(description.trim(), "\n")}\n\n${table}`;
}

/** Arguments of the schema, required ones first, in its order. */
function argumentsOf({ properties, required }: ToolView["schema"]): string[][] {
  const needed = new Set(Array.isArray(required) ? required : []);
  const rows = Object.entries(Object(properties)).map(([name, schema]) => {
    const { description } = Object(schema);
    const text = typeof description === "string" ? oneLine(description) : "";
    return [oneLine(name), typeOf(schema), needed.has(name) ? "yes" : "no", text];
  });
  return [...rows.filter(([, , is]) => is === "yes"), ...rows.filter(([, , is]) => is === "no")];
}

function typeOf(schema: unknown): string {
  const { type, items, enum: values, anyOf, oneOf } = Object(schema);
  if (Array.isArray(values)) {
    return oneLine(values.map((value) => JSON.stringify(value)).join(" | ").slice(0, 60));
  }
  if (type === "array") return items === undefined ? "array" : `array of ${typeOf(items)}`;
  if (Array.isArray(type)) return oneLine(type.join(" | "));
  if (typeof type === "string") return oneLine(type);
  const either = anyOf ?? oneOf;
  return Array.isArray(either) ? either.slice(0, 5).map(typeOf).join(" | ") : "any";
}
