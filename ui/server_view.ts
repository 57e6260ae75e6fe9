/// <reference lib="dom" />
/**
 * One server: how it does and what helps, its tools, what it logs.
 *
 * @module
 */

import type { ServerView, ToolView } from "../lib/contracts/mod.ts";
import { Refusal, step } from "./api.ts";
import { fill, make, quote, replace } from "./dom.ts";
import { logPart } from "./log_part.ts";
import { badge, button, count, empty, facts, type Page, tellProblem, type View } from "./page.ts";
import { toHash } from "./routes.ts";
import { commandOf, healthOf, inspect, serverButtons } from "./server_parts.ts";
import { calmly, type Known } from "./state.ts";
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

interface ToolsPart {
  readonly element: HTMLElement;
  refresh(server: ServerView): void;
}

function toolsPart(page: Page, name: string): ToolsPart {
  const list = make("ul", { class: "cards" });
  const title = make("h3", {}, "Tools");
  const nothing = make("div", {});
  const actions = make("div", { class: "actions" });
  let server: ServerView | undefined;

  async function load(): Promise<void> {
    if (server === undefined) return;
    const { enabled, quarantined, status, tool_count: known } = server;
    // To ask for tools that are not known would start the server, and wait for it.
    const isKnown = enabled && !quarantined && (status === "ready" || known > 0);
    const tools = isKnown ? await read() : [];
    title.textContent = tools.length === 0 ? "Tools" : `Tools (${tools.length})`;
    replace(
      nothing,
      tools.length === 0 && empty(isKnown ? "No tool of it is accepted." : "Its tools show when it runs."),
    );
    replace(actions, tools.length > 1 && [all(true, "Offer all"), all(false, "Offer none")]);
    fill(list, tools, { keyOf: ({ name }) => name, build: (tool) => toolRow(tool, flip) });
  }

  async function read(): Promise<readonly ToolView[]> {
    try {
      return (await page.api.ask<"servers.tools">("GET", `/servers/${step(name)}/tools`)).tools;
    } catch (error) {
      // It has left between the list of servers and this.
      if (error instanceof Refusal && error.status === 404) return [];
      throw error;
    }
  }

  async function flip(tool: string, enabled: boolean): Promise<void> {
    await page.api.ask<"tools.switch">("POST", `/servers/${step(name)}/tools/${step(tool)}/enabled`, {
      enabled,
    });
    await load();
  }

  const all = (enabled: boolean, words: string) =>
    button(words, async () => {
      await page.api.ask("POST", `/servers/${step(name)}/tools/${enabled ? "enable_all" : "disable_all"}`);
      await load();
    });

  const soon = calmly(load, tellProblem);
  return {
    element: make(
      "section",
      { class: "card", id: "tools" },
      make("header", {}, title, actions),
      nothing,
      list,
    ),
    refresh(next) {
      server = next;
      soon();
    },
  };
}

const CALL_LOOK: Readonly<Record<string, "good" | "fair" | "bad">> = {
  call_tool_read: "good",
  call_tool_write: "fair",
  call_tool_destructive: "bad",
};

function toolRow(tool: ToolView, flip: (tool: string, enabled: boolean) => Promise<void>): HTMLElement {
  const { name, title, description, call_with: call, usage, last_used: used, disabled, schema } = tool;
  const box = make("input", {
    type: "checkbox",
    role: "switch",
    "aria-label": `Offer ${name}`,
    "data-part": `${name} switch`,
    on: {
      change: () => {
        box.disabled = true;
        void flip(name, box.checked).catch(tellProblem).finally(() => {
          box.disabled = false;
        });
      },
    },
  });
  box.checked = !disabled;
  return make(
    "li",
    { class: disabled ? "approval off" : "approval", "data-name": name },
    box,
    make(
      "div",
      { class: "what" },
      make(
        "p",
        { class: "head" },
        make("strong", {}, quote(name)),
        title !== undefined && title !== name && quote(title),
        badge(call.replace("call_tool_", ""), CALL_LOOK[call]),
        make(
          "span",
          { class: "faint" },
          usage === 0 ? "not used yet" : [count(usage, "call"), " · ", age(used)],
        ),
      ),
      make("p", { class: "words" }, quote(description)),
      make(
        "details",
        {},
        make("summary", {}, "Arguments"),
        make("pre", {}, JSON.stringify(schema, undefined, 2)),
      ),
    ),
  );
}
