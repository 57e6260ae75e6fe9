import type { ServerView } from "../../lib/contracts/mod.ts";
import { type Cell, type Column, renderTable } from "./table.ts";
import { type Look, oneLine, type Style } from "./text.ts";

const COLUMNS: readonly Column[] = [
  { title: "" },
  { title: "NAME", key: true },
  { title: "PROTOCOL", spare: true },
  { title: "TOOLS", align: "right", spare: true },
  { title: "STATUS", flexible: true },
  { title: "ACTION", flexible: true },
];

const ICONS = { healthy: "✅", degraded: "⚠️", unhealthy: "❌" } as const;
const STYLES = { healthy: "good", degraded: "warning", unhealthy: "bad" } as const;
const ON_THE_WAY: ReadonlySet<string> = new Set(["idle", "connecting", "stopping"]);

/** Sorts servers by name, the order every list shows. */
export function byName(servers: readonly ServerView[]): ServerView[] {
  return [...servers].sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

/** Writes the table of servers, sorted by name. */
export function renderServers(servers: readonly ServerView[], look: Look): string {
  return renderTable(COLUMNS, byName(servers).map(toRow), look);
}

function toRow(server: ServerView): Cell[] {
  return [
    iconOf(server),
    oneLine(server.name),
    oneLine(server.protocol),
    `${server.tool_count}`,
    { text: oneLine(server.health.summary), style: styleOf(server) },
    oneLine(hintOf(server)),
  ];
}

/** Picks the sign of a server: its administrative state first, then its health. */
export function iconOf({ health, status }: Pick<ServerView, "health" | "status">): string {
  if (health.admin_state === "disabled") return "⏸️";
  if (health.admin_state === "quarantined") return "🔒";
  if (health.level === "healthy" && ON_THE_WAY.has(status)) return "⚪";
  return ICONS[health.level];
}

/** Picks the style of a server's status. */
export function styleOf({ health, status }: Pick<ServerView, "health" | "status">): Style {
  if (health.admin_state !== "enabled") return "faint";
  return health.level === "healthy" && ON_THE_WAY.has(status) ? "faint" : STYLES[health.level];
}

/** Says what a person can do about a server, as a command below `mcpproxy` where there is one. */
function hintOf({ name, health, held_tool_count: held = 0 }: ServerView): string {
  switch (health.action) {
    case "":
      return held > 0 ? `tools pending -s ${name}` : "";
    case "restart":
      return `upstream restart ${name}`;
    case "enable":
      return `upstream enable ${name}`;
    case "approve":
      return `upstream approve ${name}`;
    case "view_logs":
      return `upstream logs ${name}`;
    case "login":
      return `upstream patch ${name} --header "Authorization: …"`;
    case "set_secret":
      // Which one is missing, and where it is to be set, takes a whole line.
      return `upstream get ${name}`;
    case "configure":
      return "Edit config";
    default:
      return health.action satisfies never;
  }
}
