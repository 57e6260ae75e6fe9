/// <reference lib="dom" />
/**
 * What is shown of a server and done with it in more than one place.
 *
 * @module
 */

import type { ServerView } from "../lib/contracts/mod.ts";
import { step } from "./api.ts";
import { make, quote } from "./dom.ts";
import { ask, button, count, type Page, tellDone } from "./page.ts";

/** Writes how a server is reached: its address, or its command with quotes where words have blanks. */
export function commandOf({ url, command, args = [] }: ServerView): string {
  if (command === undefined) return url ?? "";
  return [command, ...args].map((word) => /^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word)).join(
    " ",
  );
}

/** Shows how a server does, with what is wrong unless that is told elsewhere. */
export function healthOf({ health }: ServerView, { isBrief = false } = {}): HTMLElement {
  return make(
    "p",
    { class: `health ${health.admin_state === "enabled" ? health.level : "off"}` },
    make("span", { class: "dot", "aria-hidden": "true" }),
    make(
      "span",
      {},
      quote(health.summary),
      health.detail !== undefined && !isBrief && quote(health.detail, "detail"),
    ),
  );
}

/** The buttons that a server needs in its state, for the list; all there are with `isWhole`. */
export function serverButtons(page: Page, server: ServerView, { isWhole = false } = {}): HTMLElement[] {
  const { name, enabled, quarantined } = server;
  const part = (what: string) => ({ part: `${name} ${what}`, label: `${what} server ${name}` });
  const simply = (verb: "enable" | "disable" | "restart" | "quarantine", done: string) => () =>
    change(page, name, verb, done);
  const buttons: HTMLElement[] = [];
  if (enabled && !quarantined) {
    buttons.push(button("Restart", simply("restart", "is starting again"), part("Restart")));
  }
  if (isWhole && enabled && !quarantined) {
    buttons.push(
      button("Inspect", () => inspect(page, name), part("Inspect")),
      button("Hold in quarantine", simply("quarantine", "is held in quarantine"), part("Hold")),
    );
  }
  buttons.push(
    enabled
      ? button("Disable", simply("disable", "is disabled"), part("Disable"))
      : button("Enable", simply("enable", "is enabled"), part("Enable")),
  );
  if (isWhole) {
    buttons.push(button("Remove", () => remove(page, name), { ...part("Remove"), kind: "danger" }));
  }
  return buttons;
}

async function change(page: Page, name: string, verb: string, done: string): Promise<void> {
  await page.api.ask("POST", `/servers/${step(name)}/${verb}`);
  await page.state.load();
  tellDone(`Server "${name}" ${done}`);
}

async function remove(page: Page, name: string): Promise<void> {
  const answer = await ask({
    title: `Remove server "${name}"?`,
    body: [make("p", {}, "Its entry leaves the config file, and what was accepted of it is forgotten.")],
    yes: "Remove",
    isDangerous: true,
  });
  if (answer === undefined) return;
  await page.api.ask<"servers.remove">("DELETE", `/servers/${step(name)}`);
  location.hash = "#/servers";
  tellDone(`Server "${name}" is removed`);
}

/** Asks a server for all it offers and has it scanned; nothing is let in by it. */
export async function inspect(page: Page, name: string): Promise<void> {
  const { stats } = await page.api.ask<"servers.inspect">("POST", `/servers/${step(name)}/inspect`);
  await page.state.loadHeld();
  tellDone(`Server "${name}" offers ${count(stats.total, "thing")}`);
}
