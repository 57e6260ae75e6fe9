import type { ProfileView } from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { type Column, renderTable } from "./table.ts";
import { type Look, oneLine } from "./text.ts";

const COLUMNS: readonly Column[] = [
  { title: "NAME", key: true },
  { title: "TOOLS", align: "right", spare: true },
  { title: "SERVERS", flexible: true },
  { title: "" },
];

/** Writes the table of profiles. */
export function renderProfiles(profiles: readonly ProfileView[], look: Look): string {
  const rows = profiles.map(({ name, tool_count, servers, active }) => [
    oneLine(name),
    `${tool_count}`,
    oneLine(servers.join(", ")),
    active ? "active" : "",
  ]);
  return renderTable(COLUMNS, rows, look);
}

/** Writes one profile. */
export function renderProfile({ name, tool_count, servers, active }: ProfileView, look: Look): string {
  return renderFields([
    ["Name", name],
    ["Servers", servers.length === 0 ? "none" : servers.join(", ")],
    ["Tools", `${tool_count}`],
    ["Active", active ? "for clients that choose none" : undefined],
    ["Endpoint", `/mcp/p/${name}`],
  ], look);
}
