import type { ConsentView } from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { type Column, renderTable } from "./table.ts";
import { type Look, oneLine } from "./text.ts";
import { toMinute } from "./token.ts";

const COLUMNS: readonly Column[] = [
  { title: "ID", key: true },
  { title: "STATUS" },
  { title: "TOOL", flexible: true },
  { title: "AFTER READING", flexible: true },
  { title: "AGENT", flexible: true },
  { title: "ARGUMENTS", flexible: true },
  { title: "SINCE", spare: true },
];

/** Writes the table of what agents want to write, and what was said to it. */
export function renderConsents(consents: readonly ConsentView[], look: Look): string {
  const rows = consents.map((consent) => [
    oneLine(consent.id),
    consent.status,
    oneLine(toolOf(consent)),
    oneLine(consent.sources.join(", ")),
    oneLine(agentOf(consent)),
    oneLine(argumentsOf(consent)),
    toMinute(consent.requested_at),
  ]);
  return renderTable(COLUMNS, rows, look);
}

/** Writes one of them. */
export function renderConsent(consent: ConsentView, look: Look): string {
  return renderFields([
    ["Id", consent.id],
    ["Status", consent.status],
    ["Tool", toolOf(consent)],
    ["Arguments", argumentsOf(consent)],
    ["After reading", consent.sources.join(", ")],
    ["Agent", agentOf(consent)],
    ["Session", consent.session_id],
    ["Asked", toMinute(consent.requested_at)],
    ["Decided", consent.decided_at === undefined ? undefined : toMinute(consent.decided_at)],
  ], look);
}

function toolOf({ server_name, tool_name }: ConsentView): string {
  return `${server_name}:${tool_name}`;
}

function argumentsOf({ arguments: args }: ConsentView): string {
  return typeof args === "string" ? args : JSON.stringify(args) ?? "";
}

function agentOf({ client_name, caller }: ConsentView): string {
  return client_name === undefined || client_name === "" ? caller : `${client_name} (${caller})`;
}
