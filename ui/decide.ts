/// <reference lib="dom" />
/**
 * Lets a person accept or refuse what servers offer, and asks again where the
 * scan says that it is dangerous.
 *
 * @module
 */

import type { ApprovalView } from "../lib/contracts/mod.ts";
import { step } from "./api.ts";
import { type Child, make, quote } from "./dom.ts";
import { KIND_WORDS, verdictBadge } from "./definition.ts";
import { ask, count, type Page, tellDone } from "./page.ts";
import { isDangerous, isWaiting, toChoices } from "./waiting.ts";

const MAX_NAMED = 12;

/** Accepts what was chosen, in the form that is on the page. @returns Whether anything was. */
export async function accept(page: Page, server: string, items: readonly ApprovalView[]): Promise<boolean> {
  const dangerous = items.filter(isDangerous);
  const harmless = items.filter((item) => !isDangerous(item));
  const wanted = dangerous.length === 0
    ? await confirmMany(server, harmless)
    : harmless.length === 0
    ? await confirmDangerous(server, dangerous)
    : await confirmMixed(server, harmless, dangerous);
  if (wanted.length === 0) return false;
  const approved = await approve(page, server, wanted);
  await page.state.loadHeld();
  tellDone(`Accepted ${approved} of server "${server}"`);
  return true;
}

async function approve({ api }: Page, server: string, items: readonly ApprovalView[]): Promise<number> {
  let approved = 0;
  for (const choice of toChoices(items)) {
    const path = `/servers/${step(server)}/tools/approve`;
    approved += (await api.ask<"approvals.approve">("POST", path, choice)).approved;
  }
  return approved;
}

/** One thing is accepted by one click, if it was scanned; of many a person is asked whether they know it. */
async function confirmMany(server: string, items: readonly ApprovalView[]): Promise<readonly ApprovalView[]> {
  if (items.length < 2 && items.every(({ scan }) => scan?.complete === true)) return items;
  const answer = await ask({
    title: `Accept ${items.length} of server "${server}"?`,
    body: [
      names(items),
      make(
        "p",
        {},
        "Agents will see and call them as they are now. A later change of any of them is held again.",
      ),
    ],
    yes: `Accept ${items.length}`,
  });
  return answer === undefined ? [] : items;
}

async function confirmDangerous(
  server: string,
  items: readonly ApprovalView[],
): Promise<readonly ApprovalView[]> {
  const answer = await ask({
    title: `Accept what the scan calls dangerous?`,
    body: [make("p", {}, "From server ", quote(server), ":"), reasons(items)],
    yes: "Accept anyway",
    isDangerous: true,
    oath: "I have read it, and agents may be shown these words",
  });
  return answer === undefined ? [] : items;
}

async function confirmMixed(
  server: string,
  harmless: readonly ApprovalView[],
  dangerous: readonly ApprovalView[],
): Promise<readonly ApprovalView[]> {
  const answer = await ask({
    title: `Accept ${harmless.length} of server "${server}"?`,
    body: [
      names(harmless),
      make(
        "p",
        { class: "warning" },
        `${count(dangerous.length, "other is", "others are")} dangerous, says the scan:`,
      ),
      reasons(dangerous),
    ],
    option: `Accept the dangerous ${
      dangerous.length === 1 ? "one" : dangerous.length
    } as well; I have read it`,
    yes: "Accept",
  });
  if (answer === undefined) return [];
  return answer.option ? [...harmless, ...dangerous] : harmless;
}

/** Refuses what was chosen, in this and every later form. @returns Whether it was. */
export async function refuse(page: Page, server: string, items: readonly ApprovalView[]): Promise<boolean> {
  const answer = await ask({
    title: items.length === 1
      ? `Reject "${items[0]?.name ?? ""}"?`
      : `Reject ${items.length} of server "${server}"?`,
    body: [
      items.length > 1 && names(items),
      make("p", {}, "No agent will see it in any form, until you accept it here."),
    ],
    yes: "Reject",
    isDangerous: true,
  });
  if (answer === undefined) return false;
  let blocked = 0;
  for (const { kind, tools } of toChoices(items)) {
    const path = `/servers/${step(server)}/tools/block`;
    blocked += (await page.api.ask<"approvals.reject">("POST", path, { kind, tools })).blocked;
  }
  await page.state.loadHeld();
  tellDone(`Rejected ${blocked} of server "${server}"`);
  return true;
}

/** Lets a server out of quarantine; what it showed when it was looked at is accepted with it. */
export async function letIn(page: Page, server: string): Promise<void> {
  const items = (page.state.known.held ?? []).filter(({ server_name }) => server_name === server);
  const dangerous = items.filter(isDangerous);
  const answer = await ask({
    title: `Let server "${server}" in?`,
    body: [wordsOnLettingIn(items, dangerous), reasons(dangerous)],
    yes: "Let in",
    isDangerous: items.length === 0 || dangerous.length > 0,
    oath: items.length === 0 ? "I know this server and trust what it will offer" : undefined,
  });
  if (answer === undefined) return;
  // First what was seen, by its hash: should it have changed meanwhile, the server stays where it is.
  await approve(page, server, items.filter((item) => !isDangerous(item) && isWaiting(item)));
  await page.api.ask<"servers.unquarantine">("POST", `/servers/${step(server)}/unquarantine`);
  await page.state.load();
  tellDone(`Server "${server}" is let in`);
}

function wordsOnLettingIn(items: readonly ApprovalView[], dangerous: readonly ApprovalView[]): Child {
  if (items.length === 0) {
    return make(
      "p",
      { class: "warning" },
      "Nobody has looked at what it offers. It will be accepted as it is at the first start, " +
        "except for what the scan calls dangerous. Better inspect it first.",
    );
  }
  const accepted = items.filter((item) => !isDangerous(item) && isWaiting(item)).length;
  return [
    make(
      "p",
      {},
      `It will run, and ${count(accepted, "thing", "things")} it offers will be accepted as you see it.`,
    ),
    dangerous.length > 0 && make(
      "p",
      { class: "warning" },
      `${count(dangerous.length, "thing", "things")} the scan calls dangerous will be held until you decide:`,
    ),
  ];
}

function names(items: readonly ApprovalView[]): HTMLElement {
  const shown = items.slice(0, MAX_NAMED);
  return make(
    "ul",
    { class: "names" },
    shown.map((item) =>
      make(
        "li",
        {},
        quote(item.name),
        item.kind === "tool" ? "" : ` (${KIND_WORDS[item.kind]})`,
        item.scan?.verdict !== "clean" && verdictBadge(item),
      )
    ),
    items.length > shown.length && make("li", {}, `and ${items.length - shown.length} more`),
  );
}

function reasons(items: readonly ApprovalView[]): Child {
  if (items.length === 0) return undefined;
  return make(
    "ul",
    { class: "names" },
    items.slice(0, MAX_NAMED).map(({ name, scan }) =>
      make(
        "li",
        {},
        make("strong", {}, quote(name)),
        make(
          "ul",
          {},
          (scan?.findings ?? []).slice(0, 4).map(({ message, text }) =>
            make("li", {}, message, text === "" ? "" : [": ", quote(text.slice(0, 300))])
          ),
        ),
      )
    ),
    items.length > MAX_NAMED && make("li", {}, `and ${items.length - MAX_NAMED} more`),
  );
}
