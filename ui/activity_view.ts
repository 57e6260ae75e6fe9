/// <reference lib="dom" />
/**
 * The record of what happened, newest first, as it grows.
 *
 * @module
 */

import type { ActivityRecord } from "../lib/contracts/mod.ts";
import { ACTIVITY_STATUSES, ACTIVITY_TYPES } from "../lib/contracts/words.ts";
import { showRecord, STATUS_LOOK } from "./activity_details.ts";
import { fill, make, quote, replace } from "./dom.ts";
import { badge, busy, button, count, empty, type Page, tellProblem } from "./page.ts";
import { parseRoute, toHash } from "./routes.ts";
import { calmly } from "./state.ts";
import { age } from "./time.ts";

const PAGE = 50;
/** Records on the page at most. */
const MAX_SHOWN = 1_000;

const SEVERITIES = ["low", "medium", "high", "critical"];

const HOUR_MS = 3_600_000;
/** Lengths of time before now, by their words. */
const SPANS: Readonly<Record<string, number>> = {
  "1 hour": HOUR_MS,
  "24 hours": 24 * HOUR_MS,
  "7 days": 168 * HOUR_MS,
};

/** Every filter of the form; each other one that REST takes may stand in the address. */
const FIELDS: readonly (readonly [name: string, words: string, options?: readonly string[]])[] = [
  ["type", "Kind", ACTIVITY_TYPES],
  ["status", "Outcome", ACTIVITY_STATUSES],
  ["server", "Server"],
  ["tool", "Tool"],
  ["agent", "Token"],
  ["severity", "Secrets found", SEVERITIES],
  ["last", "In the last", Object.keys(SPANS)],
];

/** Shows what happened, by the filter in the address. */
export function activityView(page: Page, signal: AbortSignal): HTMLElement {
  const list = make("ul", { class: "rows activity", id: "activity" });
  const said = make("p", { class: "lead" });
  const nothing = make("div", {});
  const apply = make("button", { class: "main" }, "Filter");
  const filters = filterForm(apply);
  let records: readonly ActivityRecord[] = [];
  let next: string | undefined;

  async function read(cursor?: string) {
    const { last = "", ...filter } = filterNow();
    const query = new URLSearchParams({ ...filter, limit: String(PAGE), exclude_payloads: "true" });
    const span = Object.hasOwn(SPANS, last) ? SPANS[last] : undefined;
    if (span !== undefined) query.set("start_time", new Date(Date.now() - span).toISOString());
    if (cursor !== undefined) query.set("cursor", cursor);
    return await page.api.ask<"activity.list">("GET", `/activity?${query}`);
  }

  /** Reads the newest; older ones that were asked for stay below them. */
  async function refresh(): Promise<void> {
    const { activities, total, next_cursor: cursor } = await read();
    const oldest = activities.at(-1)?.id ?? "";
    const older = cursor === undefined ? [] : records.filter(({ id }) => id < oldest);
    const isJoined = older.length > 0 && records.some(({ id }) => id >= oldest);
    records = [...activities, ...(isJoined ? older : [])].slice(0, MAX_SHOWN);
    if (!isJoined) next = cursor;
    show(total);
  }

  async function readOlder(): Promise<void> {
    const { activities, total, next_cursor: cursor } = await read(next);
    records = [...records, ...activities];
    next = cursor;
    show(total);
  }

  function show(total: number): void {
    fill(list, records, { keyOf: ({ id }) => id, build: (record) => row(page, record) });
    replace(said, `${count(total, "record")}, newest first.`);
    replace(nothing, records.length === 0 && empty("Nothing is on record that fits."));
    more.hidden = next === undefined || records.length >= MAX_SHOWN;
  }

  function start(): void {
    if (parseRoute(location.hash).view !== "activity") return;
    filters.read();
    records = [];
    void busy(apply, refresh);
  }

  const more = button("Older", readOlder);
  const soon = calmly(async () => {
    if (!signal.aborted) await refresh();
  }, tellProblem);
  page.state.listen(({ type }) => {
    if (type === "snapshot" || type === "gap" || type.startsWith("activity.")) soon();
  }, signal);
  addEventListener("hashchange", start, { signal });
  start();
  return make("div", {}, make("h2", {}, "Activity"), filters.element, said, nothing, list, more);
}

function filterNow(): Readonly<Record<string, string>> {
  const route = parseRoute(location.hash);
  return route.view === "activity" ? route.filter : {};
}

interface Filters {
  readonly element: HTMLElement;
  /** Puts what the address says into the form. */
  read(): void;
}

function filterForm(apply: HTMLButtonElement): Filters {
  const controls = new Map(FIELDS.map(([name, , options]) => [name, control(name, options)]));
  const others = make("p", { class: "faint" });

  function go(): void {
    const filter = Object.fromEntries([...controls].map(([name, { value }]) => [name, value.trim()]));
    location.hash = toHash({ view: "activity", filter: { ...filter } });
  }

  const element = make(
    "form",
    {
      class: "filters",
      id: "filters",
      on: {
        submit: (event) => {
          event.preventDefault();
          go();
        },
        change: (event) => event.target instanceof HTMLSelectElement && go(),
      },
    },
    FIELDS.map(([name, words]) =>
      make("div", {}, make("label", { for: `filter-${name}` }, words), controls.get(name))
    ),
    make("div", { class: "actions" }, apply, make("a", { class: "button", href: "#/activity" }, "All")),
    others,
  );
  return {
    element,
    read() {
      const filter = filterNow();
      for (const [name, one] of controls) one.value = filter[name] ?? "";
      const rest = Object.entries(filter).filter(([name]) => !controls.has(name));
      replace(others, rest.map(([name, value]) => `${name} is ${value}. `));
    },
  };
}

function control(name: string, options?: readonly string[]): HTMLInputElement | HTMLSelectElement {
  const attributes = { id: `filter-${name}`, name };
  if (options === undefined) return make("input", { ...attributes, type: "search", autocomplete: "off" });
  return make(
    "select",
    attributes,
    make("option", { value: "" }, "any"),
    options.map((one) => make("option", { value: one }, one.replaceAll("_", " "))),
  );
}

function row(page: Page, record: ActivityRecord): HTMLElement {
  const { id, type, status, server_name: server, tool_name: tool, duration_ms: took } = record;
  const { action } = record.metadata ?? {};
  const what = [server, tool].filter((one) => one !== undefined && one !== "").join(":");
  return make(
    "li",
    { "data-id": id, "data-type": type, "data-status": status },
    make("span", { class: "faint when" }, age(record.timestamp)),
    make(
      "div",
      { class: "who" },
      button(type.replaceAll("_", " "), () => showRecord(page, id), {
        kind: "quiet",
        part: id,
        label: `Show ${type} ${what}`,
      }),
      what !== "" && quote(what, "name"),
      typeof action === "string" && badge(action),
      record.has_sensitive_data && badge(`secrets: ${(record.detection_types ?? []).join(", ")}`, "bad"),
      record.error_message !== undefined &&
        make("span", { class: "detail" }, quote(record.error_message.slice(0, 300))),
    ),
    make(
      "span",
      { class: "faint" },
      [record.client_name, record.agent_name].filter(Boolean).join(" · ") || record.source,
    ),
    make(
      "span",
      { class: "faint" },
      took === undefined ? "" : `${took < 10 ? took.toFixed(1) : Math.round(took)} ms`,
    ),
    badge(status, STATUS_LOOK[status]),
  );
}
