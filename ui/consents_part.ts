/// <reference lib="dom" />
/**
 * Calls of agents that take a person's consent: an agent that has read text of
 * one server wants to write to another.
 *
 * @module
 */

import type { ConsentView, VerbInput } from "../lib/contracts/mod.ts";
import { step } from "./api.ts";
import { fill, make, quote } from "./dom.ts";
import { badge, button, type Page, tellDone } from "./page.ts";
import type { Known } from "./state.ts";
import { age } from "./time.ts";

/** Makes the list of what agents ask for, kept as it is known. */
export function consentsPart(page: Page, signal: AbortSignal): HTMLElement {
  const list = make("ul", { class: "cards", id: "consents" });
  const part = make(
    "section",
    { class: "card" },
    make("h3", {}, "Agents want to write"),
    make(
      "p",
      {},
      "They have read text of another server before, which may have told them to. ",
      "They are told to make the call again once you have allowed it.",
    ),
    list,
  );
  page.state.watch(({ consents = [] }: Known) => {
    part.hidden = consents.length === 0;
    fill(list, consents, { keyOf: ({ id }) => id, build: (consent) => card(page, consent) });
  }, signal);
  return part;
}

type Reach = VerbInput<"consents.allow">["for"];

function card(page: Page, consent: ConsentView): HTMLElement {
  const { id, server_name: server, tool_name: tool, sources, client_name: client = "", caller } = consent;
  const what = `${server}:${tool}`;
  const decide = (words: string, work: () => Promise<unknown>) => async () => {
    await work();
    await page.state.loadConsents();
    tellDone(words);
  };
  const path = `/consents/${step(id)}`;
  const allow = (reach: Reach) => () =>
    page.api.ask<"consents.allow">("POST", `${path}/allow`, { for: reach });
  const deny = () => page.api.ask<"consents.deny">("POST", `${path}/deny`);
  return make(
    "li",
    { class: "approval", "data-name": what, "data-consent": id },
    make(
      "div",
      { class: "what" },
      make(
        "p",
        { class: "head" },
        make("strong", {}, quote(what)),
        badge(`after reading ${sources.join(", ")}`, "fair"),
        make("span", { class: "faint" }, age(consent.requested_at)),
      ),
      make("p", { class: "words" }, make("code", {}, quote(argumentsOf(consent)))),
      make("p", { class: "faint" }, quote(client === "" ? caller : `${client} (${caller})`)),
    ),
    make(
      "div",
      { class: "actions" },
      button("Deny", decide(`Denied ${what}`, deny), { part: `${id} deny`, label: `Deny ${what}` }),
      button("Allow this session", decide(`Allowed what this agent writes to ${server}`, allow("session")), {
        part: `${id} session`,
        label: `Allow all that this agent writes to ${server} in its session`,
      }),
      button("Allow once", decide(`Allowed ${what}, once`, allow("once")), {
        kind: "main",
        part: `${id} once`,
        label: `Allow ${what} once`,
      }),
    ),
  );
}

function argumentsOf({ arguments: args }: ConsentView): string {
  return typeof args === "string" ? args : JSON.stringify(args) ?? "";
}
