/// <reference lib="dom" />
/**
 * The tools of one server that were accepted; each can be offered to agents or
 * not, and rejected.
 *
 * @module
 */

import type { ServerView, ToolView } from "../lib/contracts/mod.ts";
import { Refusal, step } from "./api.ts";
import { fill, make, quote, replace } from "./dom.ts";
import { ask, badge, button, count, empty, type Page, tellProblem } from "./page.ts";
import { calmly } from "./state.ts";
import { age } from "./time.ts";

/** The part of the page, and what tells it that the server has changed. */
export interface ToolsPart {
  readonly element: HTMLElement;
  refresh(server: ServerView): void;
}

/** Shows the tools of a server, once it is told how the server does. */
export function toolsPart(page: Page, name: string): ToolsPart {
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
    fill(list, tools, { keyOf: ({ name }) => name, build: (tool) => toolRow(tool, { flip, reject }) });
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
    await page.api.ask<"tools.switch">("POST", `/servers/${step(name)}/tools/enabled`, { tool, enabled });
    await load();
  }

  async function reject(tool: string): Promise<void> {
    const answer = await ask({
      title: `Reject "${tool}"?`,
      body: [make("p", {}, "No agent will see it in any form, until you accept it among the approvals.")],
      yes: "Reject",
      isDangerous: true,
    });
    if (answer === undefined) return;
    await page.api.ask<"approvals.reject">("POST", `/servers/${step(name)}/tools/block`, { tools: [tool] });
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

interface ToolActions {
  flip(tool: string, enabled: boolean): Promise<void>;
  reject(tool: string): Promise<void>;
}

function toolRow(tool: ToolView, { flip, reject }: ToolActions): HTMLElement {
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
    make(
      "div",
      { class: "actions" },
      button("Reject", () => reject(name), { part: `${name} reject`, label: `Reject ${name}` }),
    ),
  );
}
