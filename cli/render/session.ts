import type { SessionView } from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { type Column, renderTable } from "./table.ts";
import { type Look, oneLine } from "./text.ts";
import { toMinute } from "./token.ts";

const COLUMNS: readonly Column[] = [
  { title: "ID", key: true },
  { title: "CLIENT", flexible: true },
  { title: "ERA", spare: true },
  { title: "ENDPOINT", flexible: true },
  { title: "CALLER", flexible: true },
  { title: "CALLS", align: "right", spare: true },
  { title: "SINCE", spare: true },
];

/** Writes the table of MCP clients. */
export function renderSessions(sessions: readonly SessionView[], look: Look): string {
  const rows = sessions.map((session) => [
    oneLine(session.id),
    clientOf(session),
    session.era,
    oneLine(endpointOf(session)),
    oneLine(session.caller),
    `${session.tool_call_count}`,
    toMinute(session.start_time),
  ]);
  return renderTable(COLUMNS, rows, look);
}

/** Writes one MCP client. */
export function renderSession(session: SessionView, look: Look): string {
  return renderFields([
    ["Id", session.id],
    ["Client", clientOf(session)],
    ["Protocol", `${session.protocol_version} (${session.era})`],
    ["Endpoint", session.endpoint],
    ["Profile", session.profile],
    ["Caller", session.caller],
    ["Calls", `${session.tool_call_count}`],
    ["In flight", `${session.in_flight}`],
    ["Since", toMinute(session.start_time)],
    ["Last seen", toMinute(session.last_activity)],
  ], look);
}

function clientOf({ client_name: name, client_version: version }: SessionView): string {
  return oneLine(`${name === "" ? "unnamed" : name} ${version}`);
}

function endpointOf({ endpoint, profile }: SessionView): string {
  return profile === undefined ? endpoint : `${endpoint} (${profile})`;
}
