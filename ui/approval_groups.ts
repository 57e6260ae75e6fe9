/// <reference lib="dom" />
/**
 * What waits, or was rejected, of one server each: some of it or all can be
 * ticked and decided about at once.
 *
 * @module
 */

import type { ApprovalView } from "../lib/contracts/mod.ts";
import { approvalCard, cardFace, keyOf } from "./approval_card.ts";
import { accept, refuse } from "./decide.ts";
import { fill, make, quote } from "./dom.ts";
import { button, count, type Page, tellDone } from "./page.ts";
import { toHash } from "./routes.ts";
import type { Settling } from "./settle.ts";
import type { Group } from "./waiting.ts";

/** So many of one server are shown at first. */
export const FIRST_SHOWN = 50;

/** The part of one server, with what of it is ticked. */
export interface Section {
  readonly element: HTMLElement;
  show(group: Group): void;
}

/** What every section works with. */
export interface Around {
  readonly page: Page;
  readonly settling: Settling;
  readonly kind: "waiting" | "rejected";
}

/** Where sections are put, and those that are there. */
export interface Place {
  readonly list: HTMLElement;
  readonly sections: Map<string, Section>;
}

/** Makes the sections be those of the groups; what is ticked stays ticked. */
export function fillGroups(around: Around, { list, sections }: Place, groups: readonly Group[]): void {
  const wanted = new Set(groups.map(({ server }) => server));
  for (const [server, { element }] of sections) {
    if (wanted.has(server)) continue;
    element.remove();
    sections.delete(server);
  }
  for (const group of groups) {
    const section = sections.get(group.server) ?? groupSection(around, group.server);
    sections.set(group.server, section);
    section.show(group);
    if (!section.element.isConnected || section.element.parentElement !== list) list.append(section.element);
  }
}

function groupSection({ page, settling, kind }: Around, server: string): Section {
  /** By key, with the hash that was ticked: a form that nobody has ticked is never chosen. */
  const ticked = new Map<string, string>();
  let items: readonly ApprovalView[] = [];
  let limit = FIRST_SHOWN;
  const chosen = () => items.filter((item) => ticked.get(keyOf(item)) === item.current_hash);

  async function decide(work: typeof accept, wanted: readonly ApprovalView[]): Promise<void> {
    if (settling.isMoving()) return tellDone("The list has just changed: look again");
    if (await work(page, server, wanted)) ticked.clear();
    update();
  }

  const title = make("span", { class: "faint" });
  const all = make("input", {
    type: "checkbox",
    "aria-label": `Tick all of server ${server}`,
    on: { change: tickAll },
  });
  const acceptButton = button("Accept", () => decide(accept, chosen()), { kind: "main", part: "accept" });
  const refuseButton = button("Reject", () => decide(refuse, chosen()), { kind: "danger", part: "refuse" });
  const acceptAll = button("Accept all", () => decide(accept, items), {
    part: "accept-all",
    label: `Accept all of server ${server}`,
  });
  const list = make("ul", { class: "cards" });
  const more = button("Show more", () => {
    limit += 200;
    show({ server, items });
    return Promise.resolve();
  }, { kind: "quiet" });

  function tickAll(): void {
    ticked.clear();
    if (all.checked) { for (const item of items) ticked.set(keyOf(item), item.current_hash); }
    list.replaceChildren();
    show({ server, items });
  }

  function tick(item: ApprovalView, isTicked: boolean): void {
    if (isTicked) ticked.set(keyOf(item), item.current_hash);
    else ticked.delete(keyOf(item));
    update();
  }

  function update(): void {
    const number = chosen().length;
    acceptButton.textContent = number === 0 ? "Accept ticked" : `Accept ${number} ticked`;
    refuseButton.textContent = number === 0 ? "Reject ticked" : `Reject ${number} ticked`;
    for (const control of [acceptButton, refuseButton]) control.disabled = number === 0;
    all.checked = number > 0 && number === items.length;
    all.indeterminate = number > 0 && number < items.length;
    acceptAll.hidden = kind === "rejected" || items.length < 2;
    refuseButton.hidden = kind === "rejected";
    more.hidden = items.length <= limit;
    title.textContent = count(
      items.length,
      kind === "waiting" ? "waits" : "rejected",
      kind === "waiting" ? "wait" : "rejected",
    );
  }

  function show(group: Group): void {
    items = group.items;
    fill(list, items.slice(0, limit), {
      keyOf,
      faceOf: cardFace,
      build: (item) =>
        approvalCard(page, item, {
          tick: {
            isTicked: ticked.get(keyOf(item)) === item.current_hash,
            onTick: (isTicked) => tick(item, isTicked),
          },
          onAccept: () => decide(accept, [item]),
          onRefuse: kind === "waiting" ? () => decide(refuse, [item]) : undefined,
        }),
    });
    update();
  }

  const element = make(
    "section",
    { class: "card", "data-server": server },
    make(
      "header",
      {},
      all,
      make("h3", {}, make("a", { href: toHash({ view: "server", name: server }) }, quote(server))),
      title,
      make("div", { class: "actions" }, acceptAll, refuseButton, acceptButton),
    ),
    list,
    more,
  );
  return { element, show };
}
