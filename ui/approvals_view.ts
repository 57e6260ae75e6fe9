/// <reference lib="dom" />
/**
 * What waits for a person: servers in quarantine, and what servers have newly
 * shown or changed. Only here, on the command line and over REST can it be
 * accepted; an agent cannot.
 *
 * @module
 */

import type { ApprovalView, ServerView } from "../lib/contracts/mod.ts";
import { approvalCard, cardFace, keyOf } from "./approval_card.ts";
import { consentsPart } from "./consents_part.ts";
import { fillGroups, FIRST_SHOWN, type Section } from "./approval_groups.ts";
import { letIn, refuse } from "./decide.ts";
import { fill, make, quote, replace } from "./dom.ts";
import { badge, button, count, empty, type Page, tellDone } from "./page.ts";
import { commandOf, inspect } from "./server_parts.ts";
import { createSettling, type Settling } from "./settle.ts";
import type { Known } from "./state.ts";
import { toHash } from "./routes.ts";
import { isDangerous, isWaiting, quarantined, rejectedGroups, waitingGroups } from "./waiting.ts";

/** So many are shown without being asked for. */
const FEW = 8;

/** Shows all that waits, as it comes. */
export function approvalsView(page: Page, signal: AbortSignal): HTMLElement {
  const held = make("div", { class: "stack", id: "quarantined" });
  const waiting = make("div", { class: "stack", id: "waiting-groups" });
  const rejected = make("div", { class: "stack" });
  const rejectedPart = make("details", { class: "more" }, make("summary", {}, "Rejected"), rejected);
  const nothing = make("div", {});
  const lists = make("div", {}, held, waiting, rejectedPart);
  const settling = createSettling(lists);
  const groups = new Map<string, Section>();
  const refused = new Map<string, Section>();

  function show(known: Known): void {
    const servers = quarantined(known);
    const waits = waitingGroups(known);
    const nos = rejectedGroups(known);
    fill(held, servers, {
      keyOf: ({ name }) => name,
      faceOf: (server) => [server.name, commandOf(server), itemsOf(known, server.name).map(cardFace)],
      build: (server) => quarantineCard({ page, settling }, server, itemsOf(known, server.name)),
    });
    fillGroups({ page, settling, kind: "waiting" }, { list: waiting, sections: groups }, waits);
    fillGroups({ page, settling, kind: "rejected" }, { list: rejected, sections: refused }, nos);
    rejectedPart.hidden = nos.length === 0;
    replace(nothing, wordsOnNothing(known, servers.length + waits.length));
    if (known.held !== undefined) settling.shows(faceOf(known));
  }

  page.state.watch(show, signal);
  return make(
    "div",
    {},
    make("h2", {}, "Approvals"),
    make(
      "p",
      { class: "lead" },
      "Agents see nothing of what is listed here until you accept it. What you accept is this very form; " +
        "a later change comes back here.",
    ),
    consentsPart(page, signal),
    nothing,
    lists,
  );
}

/** Which forms of what are on the page. */
function faceOf({ servers, held = [] }: Known): string {
  return JSON.stringify([
    quarantined({ servers }).map(({ name }) => name),
    held.map((item) => [keyOf(item), item.status, item.current_hash]),
  ]);
}

function wordsOnNothing({ held, heldError }: Known, number: number): HTMLElement | undefined {
  if (heldError !== undefined) return make("p", { class: "warning" }, heldError);
  if (held === undefined) return empty("Looking …");
  return number === 0 ? empty("Nothing waits. New and changed tools will show up here.") : undefined;
}

function itemsOf({ held = [] }: Known, server: string): readonly ApprovalView[] {
  return held.filter(({ server_name }) => server_name === server);
}

interface Around {
  readonly page: Page;
  readonly settling: Settling;
}

function quarantineCard(
  { page, settling }: Around,
  server: ServerView,
  items: readonly ApprovalView[],
): HTMLElement {
  const { name } = server;
  const work = (task: () => Promise<unknown>) => async () => {
    if (settling.isMoving()) return tellDone("The list has just changed: look again");
    await task();
  };
  const cardOf = (item: ApprovalView) =>
    approvalCard(page, item, {
      onRefuse: isWaiting(item) ? work(() => refuse(page, name, [item])) : undefined,
    });
  const dangerous = items.filter(isDangerous).length;
  const list = make(
    "ul",
    { class: "cards" },
    items.slice(0, FIRST_SHOWN).map(cardOf),
  );
  return make(
    "section",
    { class: "card", "data-server": name },
    make(
      "header",
      {},
      make("h3", {}, make("a", { href: toHash({ view: "server", name }) }, quote(name))),
      badge("quarantine", "fair"),
      dangerous > 0 && badge(`${dangerous} dangerous`, "bad"),
      make(
        "div",
        { class: "actions" },
        button("Inspect", () => inspect(page, name), { label: `Inspect server ${name}` }),
        button("Let in", work(() => letIn(page, name)), { kind: "main", label: `Let server ${name} in` }),
      ),
    ),
    make("p", {}, "The whole server is held. It runs ", make("code", {}, commandOf(server))),
    items.length === 0
      ? make(
        "p",
        { class: "faint" },
        "Not looked at yet. Inspect starts it once, isolated if its entry says so, ",
        "reads what it offers and scans that. Nothing is let in by it.",
      )
      : make(
        "details",
        { open: dangerous > 0 || items.length <= FEW },
        make("summary", {}, `It offers ${count(items.length, "thing")}`),
        list,
      ),
    items.length > FIRST_SHOWN && make("p", { class: "faint" }, `The first ${FIRST_SHOWN} are shown.`),
  );
}
