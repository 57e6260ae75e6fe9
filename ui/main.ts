/// <reference lib="dom" />
/**
 * The web page: servers with their health, and a search over all tools. An
 * ordinary REST client; everything a server says is shown as text, never as HTML.
 *
 * @module
 */

import type { ServerView, Status, VerbOutput } from "../lib/contracts/mod.ts";

const REFRESH_MS = 3_000;

interface Answer {
  readonly success: boolean;
  readonly data?: unknown;
  readonly error?: string;
  readonly remedy?: string;
}

/** The key lives in this variable only: not in a cookie, not in storage, not in a URL. */
let key = "";

function element<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`Cannot find element "${id}" of the page`);
  return found;
}

const signIn = element("sign-in", HTMLFormElement);
const keyInput = element("key", HTMLInputElement);
const problem = element("problem", HTMLParagraphElement);
const content = element("content", HTMLElement);
const summary = element("summary", HTMLParagraphElement);
const servers = element("servers", HTMLTableSectionElement);
const search = element("search", HTMLFormElement);
const query = element("query", HTMLInputElement);
const results = element("results", HTMLUListElement);

async function request<T>(path: string): Promise<T> {
  const response = await fetch(`/api/v1${path}`, { headers: { "x-api-key": key } });
  const answer: Answer = await response.json();
  // The daemon and this page are of one version, so the contract type holds.
  if (answer.success) return answer.data as T;
  if (response.status === 401) askForKey();
  throw new Error([answer.error, answer.remedy].filter(Boolean).join(". "));
}

function askForKey(): void {
  key = "";
  content.hidden = true;
  signIn.hidden = false;
  keyInput.focus();
}

function make(tag: string, text: string, className = ""): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

function serverRow({ name, protocol, tool_count, health }: ServerView): HTMLElement {
  const row = document.createElement("tr");
  const status = make("td", health.summary, health.level);
  if (health.detail) status.append(make("span", health.detail, "detail"));
  row.append(make("td", name), make("td", protocol), make("td", String(tool_count)), status);
  return row;
}

async function refresh(): Promise<void> {
  if (key === "") return;
  await tell(async () => {
    const status = await request<Status>("/status");
    const list = await request<VerbOutput<"servers.list">>("/servers");
    const { connected_servers, total_servers, total_tools } = list.stats;
    summary.textContent =
      `${connected_servers} of ${total_servers} servers connected, ${total_tools} tools · ${status.mcp_url}`;
    servers.replaceChildren(...list.servers.map(serverRow));
    signIn.hidden = true;
    content.hidden = false;
  });
}

async function tell(work: () => Promise<void>): Promise<void> {
  try {
    await work();
    problem.hidden = true;
  } catch (error) {
    problem.textContent = error instanceof Error ? error.message : String(error);
    problem.hidden = false;
  }
}

signIn.addEventListener("submit", (event) => {
  event.preventDefault();
  key = keyInput.value.trim();
  keyInput.value = "";
  void refresh();
});

search.addEventListener("submit", (event) => {
  event.preventDefault();
  void tell(async () => {
    const found = await request<VerbOutput<"tools.search">>(
      `/index/search?q=${encodeURIComponent(query.value)}`,
    );
    const items = found.results.map(({ tool, snippet }) => {
      const item = document.createElement("li");
      item.append(make("strong", tool.id), make("span", snippet, "detail"));
      return item;
    });
    results.replaceChildren(...(items.length > 0 ? items : [make("li", "No tool matches.")]));
  });
});

askForKey();
setInterval(() => void refresh(), REFRESH_MS);
