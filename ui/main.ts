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

/** A key that was typed lives in this variable only; without one the cookie of a sign-in by link counts. */
let key = "";
let isSignedIn = false;

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
  const response = await fetch(`/api/v1${path}`, { headers: key === "" ? {} : { "x-api-key": key } });
  const answer: Answer = await response.json();
  // The daemon and this page are of one version, so the contract type holds.
  if (answer.success) return answer.data as T;
  if (response.status === 401) askForKey();
  throw new Error([answer.error, answer.remedy].filter(Boolean).join(". "));
}

/** Takes the code of a link to the server, which gives a cookie that no script can read. */
async function signInByLink(): Promise<void> {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code === null) return;
  // It is good once; nobody should find it in the address bar or the history.
  history.replaceState(null, "", location.pathname);
  const headers = { "content-type": "application/json" };
  const response = await fetch("/ui/sign-in", { method: "POST", headers, body: JSON.stringify({ code }) });
  if (!response.ok) throw new Error("This link has been used or is too old. Ask for a new one");
}

function askForKey(): void {
  key = "";
  isSignedIn = false;
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
  if (!isSignedIn) return;
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
  isSignedIn = true;
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
void tell(async () => {
  await signInByLink();
  // There may be a cookie of an earlier sign-in; no script can see it, but the server can.
  isSignedIn = (await fetch("/api/v1/status")).ok;
  await refresh();
});
setInterval(() => void refresh(), REFRESH_MS);
