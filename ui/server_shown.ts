/// <reference lib="dom" />
/**
 * All that one server has shown, accepted or not: tools, prompts, resources and
 * its instructions. What was accepted can be taken back here.
 *
 * @module
 */

import type { ApprovalView } from "../lib/contracts/mod.ts";
import { approvalCard, cardFace, keyOf } from "./approval_card.ts";
import { step } from "./api.ts";
import { accept, refuse } from "./decide.ts";
import { fill, make } from "./dom.ts";
import { button, empty, type Page, tellDone, tellProblem } from "./page.ts";
import { createSettling } from "./settle.ts";
import { calmly } from "./state.ts";

const FIRST_SHOWN = 50;

/** Shows what a server has shown, read when somebody opens it and kept true until the signal. */
export function shownPart(page: Page, server: string, signal: AbortSignal): HTMLElement {
  const list = make("ul", { class: "cards" });
  const nothing = empty("Looking …");
  const settling = createSettling(list);
  let items: readonly ApprovalView[] = [];
  let limit = FIRST_SHOWN;

  async function load(): Promise<void> {
    if (signal.aborted || !details.open) return;
    items = (await page.api.ask<"approvals.list">("GET", `/approvals?name=${step(server)}`)).approvals;
    show();
  }

  function show(): void {
    fill(list, items.slice(0, limit), { keyOf, faceOf: cardFace, build: cardOf });
    settling.shows(JSON.stringify(items.map((item) => [keyOf(item), item.status, item.current_hash])));
    nothing.textContent = "It has shown nothing yet.";
    nothing.hidden = items.length > 0;
    more.hidden = items.length <= limit;
  }

  function cardOf(item: ApprovalView): HTMLElement {
    const decide = (work: typeof accept) => async () => {
      if (settling.isMoving()) return tellDone("The list has just changed: look again");
      if (await work(page, server, [item])) await load();
    };
    return approvalCard(page, item, {
      onAccept: item.status === "approved" ? undefined : decide(accept),
      onRefuse: item.status === "blocked" ? undefined : decide(refuse),
    });
  }

  const more = button("Show more", () => {
    limit += 200;
    show();
    return Promise.resolve();
  }, { kind: "quiet" });
  const soon = calmly(load, tellProblem);
  const details = make(
    "details",
    { class: "card more", id: "shown", on: { toggle: soon } },
    make("summary", {}, "All it has shown, accepted or not"),
    nothing,
    list,
    more,
  );
  page.state.listen(({ type }) => {
    if (/^(?:snapshot|gap|activity\.(?:tool_)?quarantine_change|security\.)/.test(type)) soon();
  }, signal);
  return details;
}
