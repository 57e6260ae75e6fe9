import type { ConfigEffect, ServerEffect, VerbOutput } from "../../lib/contracts/mod.ts";
import { type Cell, type Column, renderTable } from "./table.ts";
import { type Look, oneLine, paint, type Style } from "./text.ts";

/** Writes what is wrong with a config, one problem a line, with what to do. */
export function renderCheck(name: string, check: VerbOutput<"config.validate">, look: Look): string {
  const { valid, problems, total, notices } = check;
  const told = notices.map((notice) => `${paint("note", "warning", look)} ${oneLine(notice)}\n`).join("");
  if (valid) return `${paint("✓", "good", look)} ${oneLine(name)} is valid\n${told}`;
  const lines = problems.map(({ path, line, column, message, remedy }) => {
    const place = paint(`${line}:${column}`, "strong", look);
    const where = path === "" ? "" : ` ${oneLine(path)}`;
    return `  ${place}${where}: ${oneLine(message)}\n    → ${oneLine(remedy)}\n`;
  });
  const more = total > problems.length ? `  and ${total - problems.length} more\n` : "";
  const count = total === 1 ? "1 problem" : `${total} problems`;
  return `${paint("✗", "bad", look)} ${oneLine(name)} has ${count}\n${lines.join("")}${more}${told}`;
}

const COLUMNS: readonly Column[] = [
  { title: "WHAT" },
  { title: "CHANGE" },
  { title: "EFFECT" },
  { title: "FIELDS", flexible: true },
];

const STYLES: Readonly<Record<ServerEffect["action"], Style>> = {
  start: "good",
  stop: "bad",
  restart: "warning",
  update: "good",
  none: "faint",
};

const ACTIONS: Readonly<Record<ServerEffect["action"], string>> = {
  start: "starts",
  stop: "stops",
  restart: "restarts",
  update: "goes on",
  none: "stays off",
};

/** Writes how a change takes effect: a line for each server and each setting; empty if there is none. */
export function renderEffect({ servers, keys, restart_required: pending }: ConfigEffect, look: Look): string {
  const rows: Cell[][] = [
    ...servers.map(({ name, change, action, fields }): Cell[] => [
      `server ${oneLine(name)}`,
      change === "same" ? "" : change,
      { text: ACTIONS[action], style: STYLES[action] },
      fields.map((field) => field.name).join(", "),
    ]),
    ...keys.map(({ name, change, apply }): Cell[] => [
      oneLine(name),
      change,
      // A value that is back to that of the start needs no other one.
      pending.includes(name)
        ? { text: "needs a new start of mcpproxy", style: "warning" }
        : { text: apply === "live" ? "at once" : "as running", style: "good" },
      "",
    ]),
  ];
  return rows.length === 0 ? "" : renderTable(COLUMNS, rows, look);
}
