/// <reference lib="dom" />
/**
 * The web page: servers, what waits for consent, activity and tools. An
 * ordinary client of REST and events; everything that a server says is shown
 * as text, never as HTML, with every character of it to be seen.
 *
 * @module
 */

import { activityView } from "./activity_view.ts";
import { createApi, Refusal } from "./api.ts";
import { approvalsView } from "./approvals_view.ts";
import { find, make, replace } from "./dom.ts";
import { createLive } from "./live.ts";
import { type Page, tellDone, tellProblem, type View } from "./page.ts";
import { parseRoute, type Route } from "./routes.ts";
import { serverView } from "./server_view.ts";
import { serversView } from "./servers_view.ts";
import { createState, type Known } from "./state.ts";
import { keepAges } from "./time.ts";
import { toolsView } from "./tools_view.ts";
import { countWaiting } from "./waiting.ts";

const main = find("main", HTMLElement);
const nav = find("nav", HTMLElement);
const signIn = find("sign-in", HTMLFormElement);
const keyInput = find("key", HTMLInputElement);
const signOut = find("sign-out", HTMLButtonElement);
const waiting = find("waiting", HTMLSpanElement);
const liveSign = find("live", HTMLParagraphElement);
const trouble = find("trouble", HTMLDivElement);

const api = createApi(askForKey);
const state = createState(api, tellProblem);
const page: Page = { api, state };
const live = createLive(api, {
  onEvent: (event) => state.hear(event),
  onState: (isLive) => state.setLive(isLive),
});

let isSignedIn = false;
let shown = new AbortController();
let place = "";

function askForKey(): void {
  isSignedIn = false;
  live.stop();
  shown.abort();
  place = "";
  main.replaceChildren();
  for (const part of [main, nav, signOut, liveSign, trouble]) part.hidden = true;
  signIn.hidden = false;
  document.title = "mcpproxy";
  keyInput.focus();
}

async function enter(): Promise<void> {
  await state.load();
  isSignedIn = true;
  signIn.hidden = true;
  find("problem", HTMLDivElement).hidden = true;
  for (const part of [main, nav, signOut, liveSign]) part.hidden = false;
  live.start();
  show();
}

/** Shows the place that the address names. */
function show(): void {
  if (!isSignedIn) return;
  const route = parseRoute(location.hash);
  markPlace(route);
  const isOther = placeOf(route) !== place;
  // A filter is part of the address, and its view follows it by itself.
  if (!isOther && (route.view === "activity" || route.view === "tools")) return;
  place = placeOf(route);
  shown.abort();
  shown = new AbortController();
  tellDone("");
  replace(main, viewOf(route)(page, shown.signal));
  main.focus({ preventScroll: true });
  scrollTo(0, 0);
}

function placeOf(route: Route): string {
  return route.view === "server" ? `server ${route.name}` : route.view;
}

function viewOf(route: Route): View {
  switch (route.view) {
    case "servers":
      return serversView;
    case "server":
      return serverView(route.name);
    case "approvals":
      return approvalsView;
    case "activity":
      return activityView;
    case "tools":
      return toolsView;
  }
}

function markPlace({ view }: Route): void {
  for (const link of nav.querySelectorAll("a")) {
    const isHere = link.dataset.view === (view === "server" ? "servers" : view);
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function showAround(known: Known): void {
  const number = countWaiting(known);
  waiting.textContent = String(number);
  waiting.hidden = number === 0;
  document.title = number === 0 ? "mcpproxy" : `(${number}) mcpproxy`;
  liveSign.className = known.isLive ? "live" : "away";
  liveSign.textContent = known.isLive ? "Live" : "Not connected: what you see may be old";
  const problems = troublesOf(known);
  replace(trouble, problems.map((words) => make("p", {}, words)));
  trouble.hidden = problems.length === 0 || !isSignedIn;
}

/** What a person should know of the gateway as a whole. */
function troublesOf({ status }: Known): string[] {
  if (status === undefined) return [];
  const { config_error: config, storage, activity, scans, restart_required: restart } = status;
  const undecided = scans?.renewed?.undecided ?? 0;
  const isBad = (level: string | undefined) => level === "degraded" || level === "off";
  return [
    config === undefined ? "" : `The config file is not in force: ${config.message}`,
    storage !== undefined && isBad(storage.level)
      ? `Database: ${storage.summary}. ${storage.remedy ?? ""}`
      : "",
    activity !== undefined && isBad(activity.level)
      ? `Record: ${activity.summary}. ${activity.remedy ?? ""}`
      : "",
    undecided === 0
      ? ""
      : `New scan rules find more than before in ${undecided} that agents may use: mcpproxy doctor names them`,
    restart.length === 0 ? "" : `Waits for a restart of the daemon: ${restart.join(", ")}`,
  ].filter((words) => words !== "");
}

async function tell(work: () => Promise<void>): Promise<void> {
  await work().catch(tellProblem);
}

/** Takes the code of a link; nobody should find it in the address bar or the history. */
async function redeemLink(): Promise<void> {
  const code = new URLSearchParams(location.hash.slice(1)).get("code");
  if (code === null) return;
  history.replaceState(null, "", location.pathname);
  await api.redeem(code);
}

signIn.addEventListener("submit", (event) => {
  event.preventDefault();
  api.useKey(keyInput.value.trim());
  keyInput.value = "";
  void tell(async () => {
    await enter().catch((error) => {
      if (error instanceof Refusal && error.isSignedOut) throw new Error("This is not the admin key");
      throw error;
    });
  });
});

signOut.addEventListener("click", () =>
  void tell(async () => {
    await api.signOut();
    askForKey();
  }));

// The place stays in the address.
find("skip", HTMLAnchorElement).addEventListener("click", (event) => {
  event.preventDefault();
  main.focus();
});
addEventListener("hashchange", show);
state.watch(showAround, new AbortController().signal);
keepAges();
void tell(async () => {
  await redeemLink().catch(tellProblem);
  // There may be a cookie of an earlier sign-in; no script can see it, but the gateway can.
  await enter();
});
