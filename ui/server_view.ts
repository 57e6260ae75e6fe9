/// <reference lib="dom" />
/**
 * One server: how it does and what helps, its tools, what it logs.
 *
 * @module
 */

import type { ServerView } from "../lib/contracts/mod.ts";
import { make, quote, replace } from "./dom.ts";
import { logPart } from "./log_part.ts";
import { button, count, empty, facts, type Page, type View } from "./page.ts";
import { toHash } from "./routes.ts";
import { commandOf, healthOf, inspect, serverButtons } from "./server_parts.ts";
import { shownPart } from "./server_shown.ts";
import { toolsPart } from "./server_tools.ts";
import type { Known } from "./state.ts";
import { age } from "./time.ts";
import { isWaiting } from "./waiting.ts";

/** Shows one server as it is now. */
export function serverView(name: string): View {
  return (page, signal) => {
    const head = make("div", {});
    const tools = toolsPart(page, name);
    let face = "";
    let listed = "";

    function show(known: Known): void {
      const server = known.servers.find((one) => one.name === name);
      const waiting =
        (known.held ?? []).filter((item) => item.server_name === name && isWaiting(item)).length;
      const now = JSON.stringify([server, waiting]);
      if (now !== face) {
        replace(head, server === undefined ? gone(name, known) : headOf(page, server, waiting));
      }
      face = now;
      const list = JSON.stringify([
        server?.status,
        server?.tool_count,
        server?.quarantined,
        server?.enabled,
        waiting,
      ]);
      if (list !== listed && server !== undefined) tools.refresh(server);
      listed = list;
    }

    page.state.watch(show, signal);
    return make(
      "div",
      { id: "server" },
      make("p", {}, make("a", { href: "#/servers" }, "← All servers")),
      make("h2", {}, quote(name)),
      head,
      tools.element,
      shownPart(page, name, signal),
      logPart(page, name, signal),
      make(
        "p",
        {},
        make("a", { href: toHash({ view: "activity", filter: { server: name } }) }, "Its activity →"),
      ),
    );
  };
}

function gone(name: string, { stats }: Known): HTMLElement | undefined {
  return stats === undefined ? undefined : empty(`There is no server "${name}" now.`);
}

function headOf(page: Page, server: ServerView, waiting: number): HTMLElement {
  const { name, quarantined } = server;
  return make(
    "section",
    { class: "card" },
    make(
      "header",
      {},
      healthOf(server, { isBrief: server.diagnostic !== undefined }),
      make("div", { class: "actions" }, serverButtons(page, server, { isWhole: true })),
    ),
    quarantined && make(
      "p",
      { class: "warning" },
      "It is held in quarantine: it does not run, and agents see nothing of it. ",
      button("Inspect", () => inspect(page, name)),
      " ",
      make("a", { class: "button", href: "#/approvals" }, "Review"),
    ),
    !quarantined && waiting > 0 && make(
      "p",
      { class: "warning" },
      `${count(waiting, "thing", "things")} it offers ${waiting === 1 ? "waits" : "wait"} for you. `,
      make("a", { href: "#/approvals" }, "Review"),
    ),
    trouble(server),
    factsOf(server),
  );
}

function trouble({ diagnostic, last_error: error }: ServerView): HTMLElement | undefined {
  if (diagnostic === undefined) {
    return error === undefined ? undefined : make("p", { class: "warning" }, quote(error));
  }
  const { code, user_message: message, cause, fix_steps: steps } = diagnostic;
  return make(
    "div",
    { class: "trouble" },
    make("p", {}, make("strong", {}, quote(message)), " ", make("code", {}, code)),
    cause !== "" && cause !== message && make("p", {}, quote(cause)),
    steps.length > 0 && make("ul", {}, steps.map((one) => make("li", {}, quote(one)))),
  );
}

function factsOf(server: ServerView): HTMLElement {
  const { process, server_info: info, protocol_version: version, era } = server;
  const pairs = (of: Readonly<Record<string, string>> | undefined) =>
    Object.entries(of ?? {}).map(([key, value]) => make("div", {}, make("code", {}, `${key}: ${value}`)));
  const env = pairs(server.env);
  const headers = pairs(server.headers);
  return facts([
    ["Runs as", make("code", {}, commandOf(server))],
    ["In", server.working_dir],
    ["Variables", env.length > 0 && env],
    ["Headers", headers.length > 0 && headers],
    ["Protocol", [server.protocol, version, era].filter(Boolean).join(" · ")],
    ["Calls itself", info === undefined ? undefined : quote(`${info.name ?? ""} ${info.version ?? ""}`)],
    ["New tools", `trust mode ${server.trust_mode}`],
    ["Connected", age(server.connected_at)],
    ["Next attempt", age(server.retry_at)],
    [
      "Process",
      process &&
      `${process.pid} · ${process.memory_mb.toFixed(0)} MB · ${
        process.cpu_percent.toFixed(0)
      } % of a processor`,
    ],
  ]);
}
