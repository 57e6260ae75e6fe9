/// <reference lib="dom" />
/**
 * One thing that waits: what it is called, what it says of itself, what the
 * scan thinks, and on demand all of it.
 *
 * @module
 */

import type { ApprovalView } from "../lib/contracts/mod.ts";
import { KIND_WORDS, showDefinition, verdictBadge } from "./definition.ts";
import { make, quote, replace } from "./dom.ts";
import { badge, button, empty, type Page, tellProblem } from "./page.ts";
import { age } from "./time.ts";

/** What can be done with a card; what is absent cannot. */
export interface CardActions {
  readonly tick?: Tick;
  readonly onAccept?: () => Promise<void>;
  readonly onRefuse?: () => Promise<void>;
}

/** The box of a card. */
export interface Tick {
  readonly isTicked: boolean;
  onTick(isTicked: boolean): void;
}

const MAX_WORDS = 600;

/** Tells things apart, whatever form they have. */
export function keyOf({ server_name, kind, name }: ApprovalView): string {
  return JSON.stringify([server_name, kind, name]);
}

/** What a card shows; when it was seen last is no reason to take it away from under a click. */
export function cardFace({ seen_at: _seen, ...item }: ApprovalView): unknown {
  return item;
}

/** Shows one thing that waits. */
export function approvalCard(page: Page, item: ApprovalView, actions: CardActions): HTMLElement {
  const { kind, name, description, status } = item;
  const body = make("div", {}, empty("Looking …"));
  let isRead = false;
  const details = make(
    "details",
    {
      on: {
        toggle: () => {
          if (!details.open || isRead) return;
          isRead = true;
          void showDefinition(page.api, item).then((shown) => replace(body, shown), (error) => {
            isRead = false;
            replace(body, empty("It could not be read."));
            tellProblem(error);
          });
        },
      },
    },
    make(
      "summary",
      { "data-part": `${keyOf(item)} details` },
      wordsForMore(item),
    ),
    body,
  );
  const words = description.length > MAX_WORDS ? `${description.slice(0, MAX_WORDS)} …` : description;
  return make(
    "li",
    { class: "approval", "data-name": name, "data-kind": kind, "data-verdict": item.scan?.verdict },
    actions.tick !== undefined && tick(item, actions.tick),
    make(
      "div",
      { class: "what" },
      make(
        "p",
        { class: "head" },
        make("strong", {}, quote(name)),
        kind === "tool" ? "" : badge(KIND_WORDS[kind]),
        badge(STATUS_WORDS[status], status === "changed" || status === "blocked" ? "fair" : "plain"),
        verdictBadge(item),
        make("span", { class: "faint" }, age(item.seen_at)),
      ),
      words === ""
        ? make("p", { class: "faint" }, "It says nothing of itself.")
        : make("p", { class: "words" }, quote(words)),
      details,
    ),
    make(
      "div",
      { class: "actions" },
      actions.onRefuse !== undefined &&
        button("Reject", actions.onRefuse, { part: `${keyOf(item)} reject`, label: `Reject ${name}` }),
      actions.onAccept !== undefined &&
        button("Accept", actions.onAccept, { part: `${keyOf(item)} accept`, label: `Accept ${name}` }),
    ),
  );
}

function wordsForMore({ approved_hash, current_hash }: ApprovalView): string {
  if (approved_hash === undefined) return "All of it";
  return approved_hash === current_hash ? "What the scan found" : "What has changed";
}

const STATUS_WORDS: Readonly<Record<ApprovalView["status"], string>> = {
  pending: "new",
  changed: "changed",
  blocked: "rejected",
  approved: "accepted",
};

function tick(item: ApprovalView, { isTicked, onTick }: Tick): HTMLElement {
  const box = make("input", {
    type: "checkbox",
    "aria-label": `Tick ${item.name}`,
    "data-part": `${keyOf(item)} tick`,
    on: { change: () => onTick(box.checked) },
  });
  box.checked = isTicked;
  return box;
}
