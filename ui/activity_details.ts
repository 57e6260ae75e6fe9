/// <reference lib="dom" />
/**
 * One record of activity with all that is in it.
 *
 * @module
 */

import type { ActivityRecord } from "../lib/contracts/mod.ts";
import { step } from "./api.ts";
import { type Child, make, quote } from "./dom.ts";
import { badge, facts, type Page } from "./page.ts";
import { toHash } from "./routes.ts";

const MAX_SHOWN = 50_000;

/** Looks of outcomes. */
export const STATUS_LOOK = {
  success: "good",
  error: "bad",
  blocked: "fair",
  rejected: "fair",
  cancelled: "plain",
} as const satisfies Readonly<Record<ActivityRecord["status"], string>>;

/** Fields whose value leads to all records that have it. */
const LINKED = [
  "server_name",
  "request_id",
  "parent_id",
  "correlation_id",
  "session_id",
  "agent_name",
] as const;
const FILTER_OF: Readonly<Record<typeof LINKED[number], string>> = {
  server_name: "server",
  request_id: "request_id",
  parent_id: "request_id",
  correlation_id: "correlation_id",
  session_id: "session_id",
  agent_name: "agent",
};

/** Reads a record and shows it above the page, until it is closed. */
export async function showRecord({ api }: Page, id: string): Promise<void> {
  const record = await api.ask<"activity.get">("GET", `/activity/${step(id)}`);
  const close = make("button", { type: "button", on: { click: () => dialog.close() } }, "Close");
  const dialog = make(
    "dialog",
    { class: "wide", id: "record", "aria-labelledby": "record-title", on: { close: () => dialog.remove() } },
    make("h2", { id: "record-title" }, record.type.replaceAll("_", " ")),
    make("div", { class: "body" }, bodyOf(record, () => dialog.close())),
    make("div", { class: "actions" }, close),
  );
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

function bodyOf(record: ActivityRecord, leave: () => void): Child {
  const {
    arguments: sent,
    arguments_truncated: isCut,
    response,
    response_truncated: isResponseCut,
    metadata,
  } = record;
  const size = (bytes: number | undefined) =>
    bytes === undefined ? undefined : `${bytes.toLocaleString("en")} bytes`;
  const link = (field: typeof LINKED[number]): Child => {
    const value = record[field];
    if (value === undefined) return undefined;
    const href = toHash({ view: "activity", filter: { [FILTER_OF[field]]: value } });
    return make("a", { href, on: { click: leave } }, quote(value));
  };
  return [
    facts([
      ["When", record.timestamp],
      ["Outcome", badge(record.status, STATUS_LOOK[record.status])],
      ["Server", link("server_name")],
      ["Tool", record.tool_name === undefined ? undefined : quote(record.tool_name)],
      ["Error", record.error_message === undefined ? undefined : quote(record.error_message)],
      ["Code", record.error_code],
      ["Took", record.duration_ms === undefined ? undefined : `${record.duration_ms.toFixed(1)} ms`],
      ["Came by", record.source],
      ["Client", quoteAll([record.client_name, record.client_version])],
      ["Token", link("agent_name")],
      ["Key", record.auth_type],
      ["Profile", record.profile],
      ["Intent", quoteAll(Object.values(record.intent ?? {}))],
      ["Secrets found", record.detection_types?.join(", ")],
      ["Sent", size(record.request_bytes)],
      ["Answered", size(record.response_bytes)],
      ["Request", link("request_id")],
      ["Part of", link("parent_id")],
      ["Correlation", link("correlation_id")],
      ["Session", link("session_id")],
      ["Record", make("code", {}, record.id)],
    ]),
    body("Arguments", sent, isCut),
    body("Response", response, isResponseCut),
    body("More", metadata),
  ];
}

function quoteAll(texts: readonly (string | undefined)[]): Child {
  const words = texts.filter((one) => one !== undefined && one !== "").join(" · ");
  return words === "" ? undefined : quote(words);
}

function body(title: string, value: unknown, isCut: boolean | undefined = false): Child {
  if (
    value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  ) return;
  const text = typeof value === "string" ? value : JSON.stringify(value, undefined, 2);
  return [
    make("h3", {}, title),
    (isCut || text.length > MAX_SHOWN) && make("p", { class: "faint" }, "A part of it is not shown."),
    make("pre", {}, text.slice(0, MAX_SHOWN)),
  ];
}
