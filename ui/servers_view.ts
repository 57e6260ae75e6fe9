/// <reference lib="dom" />
/**
 * All servers with how they do.
 *
 * @module
 */

import type { ServerView } from "../lib/contracts/mod.ts";
import { addServerForm } from "./add_server.ts";
import { fill, make, quote, replace } from "./dom.ts";
import { badge, count, empty, type Page } from "./page.ts";
import { toHash } from "./routes.ts";
import { commandOf, healthOf, serverButtons } from "./server_parts.ts";
import type { Known } from "./state.ts";
import { isWaiting } from "./waiting.ts";

/** Shows all servers as they are now. */
export function serversView(page: Page, signal: AbortSignal): HTMLElement {
  const list = make("ul", { class: "rows", id: "servers" });
  const lead = make("p", { class: "lead" });
  const nothing = make("div", {});
  const search = make("input", {
    type: "search",
    placeholder: "Filter by name or state",
    "aria-label": "Filter servers",
    on: { input: () => show(page.state.known) },
  });

  function show(known: Known): void {
    const waiting = countByServer(known);
    const waitingOf = (name: string) => waiting.get(name) ?? 0;
    const wanted = search.value.trim().toLowerCase();
    const shown = known.servers.filter((server) => isMatch(server, wanted)).sort(byNeed);
    fill(list, shown, {
      keyOf: ({ name }) => name,
      faceOf: (server) => [faceOf(server), waitingOf(server.name)],
      build: (server) => row(page, server, waitingOf(server.name)),
    });
    replace(lead, wordsOn(known));
    search.hidden = known.servers.length < 2;
    const isNothing = shown.length === 0 && known.stats !== undefined;
    replace(
      nothing,
      isNothing &&
        empty(wanted === "" ? "There are no servers yet. Add the first one below." : "No server matches."),
    );
  }

  page.state.watch(show, signal);
  return make(
    "div",
    {},
    make("div", { class: "title" }, make("h2", {}, "Servers"), search),
    lead,
    nothing,
    list,
    addServerForm(page),
  );
}

function wordsOn({ stats, status }: Known): (string | HTMLElement)[] {
  if (stats === undefined || status === undefined) return [];
  const { connected_servers: connected, total_servers: total, total_tools: tools } = stats;
  return [
    `${connected} of ${count(total, "server")} connected, ${count(tools, "tool")}. Clients connect to `,
    make("code", {}, status.mcp_url),
  ];
}

function isMatch({ name, status, health, protocol }: ServerView, wanted: string): boolean {
  return [name, status, health.summary, health.admin_state, protocol].some((text) =>
    text.toLowerCase().includes(wanted)
  );
}

/** What is in trouble comes first, then by name. */
function byNeed(a: ServerView, b: ServerView): number {
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1);
}

function rank({ enabled, quarantined, health }: ServerView): number {
  if (!enabled) return 3;
  if (quarantined) return 1;
  return health.level === "unhealthy" ? 0 : 2;
}

function countByServer({ held = [] }: Known): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { server_name } of held.filter(isWaiting)) {
    counts.set(server_name, (counts.get(server_name) ?? 0) + 1);
  }
  return counts;
}

/** What the row shows; memory and the like change every few seconds and are not on it. */
function faceOf(
  { name, health, enabled, quarantined, protocol, tool_count, url, command, args }: ServerView,
) {
  return [name, health, enabled, quarantined, protocol, tool_count, url, command, args];
}

function row(page: Page, server: ServerView, waiting: number): HTMLElement {
  const { name, protocol, tool_count: tools, quarantined, enabled } = server;
  return make(
    "li",
    { "data-server": name, "data-state": enabled ? server.health.admin_state : "disabled" },
    make(
      "div",
      { class: "who" },
      make("a", { href: toHash({ view: "server", name }), "data-part": `${name} link` }, quote(name)),
      quarantined && badge("quarantine", "fair"),
      waiting > 0 && !quarantined &&
        make("a", { href: "#/approvals" }, badge(`${waiting} to approve`, "fair")),
      make("span", { class: "faint command" }, quote(commandOf(server))),
    ),
    healthOf(server),
    make("p", { class: "faint" }, `${count(tools, "tool")} · ${protocol}`),
    make(
      "div",
      { class: "actions" },
      quarantined && make("a", { class: "button", href: "#/approvals" }, "Review"),
      serverButtons(page, server),
    ),
  );
}
