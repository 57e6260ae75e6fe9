/// <reference lib="dom" />
/**
 * What every part of the page works with: the way to the gateway, the state,
 * and the places where something is said or asked.
 *
 * @module
 */

import { type Api, Refusal } from "./api.ts";
import { type Child, find, make, replace } from "./dom.ts";
import type { State } from "./state.ts";

/** What every part of the page works with. */
export interface Page {
  readonly api: Api;
  readonly state: State;
}

/** One place of the page, for as long as it is shown. */
export type View = (page: Page, signal: AbortSignal) => HTMLElement;

/** Says what went wrong, until the next thing does or somebody has read it. */
export function tellProblem(error: unknown): void {
  const problem = find("problem", HTMLDivElement);
  if (error instanceof Refusal && error.isSignedOut) return;
  const words = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof Refusal ? error.remedy : "";
  replace(
    problem,
    make("p", {}, make("strong", {}, words), remedy === "" ? "" : ` → ${remedy}`),
    make(
      "button",
      { type: "button", class: "quiet", on: { click: () => void (problem.hidden = true) } },
      "Close",
    ),
  );
  problem.hidden = false;
}

/** How long it is said what has been done. */
const NOTICE_MS = 8_000;
let noticeTimer: ReturnType<typeof setTimeout> | undefined;

/** Says what has been done, for a while; an empty text takes back what was said. */
export function tellDone(words: string): void {
  const notice = find("notice", HTMLParagraphElement);
  find("problem", HTMLDivElement).hidden = true;
  replace(notice, words);
  clearTimeout(noticeTimer);
  noticeTimer = setTimeout(() => replace(notice), NOTICE_MS);
}

/** Looks of a button. */
export interface ButtonLook {
  readonly kind?: "plain" | "main" | "danger" | "quiet";
  /** Names it for the keyboard, so that it stays there when the list around it changes. */
  readonly part?: string;
  /** Says more than the label, to whoever does not see what stands around. */
  readonly label?: string;
  readonly disabled?: boolean;
}

/** Makes a button that does something, once at a time, and says what goes wrong. */
export function button(text: string, work: () => Promise<void>, look: ButtonLook = {}): HTMLButtonElement {
  const { kind = "plain", part = text, label, disabled } = look;
  const made = make("button", {
    type: "button",
    class: kind,
    "data-part": part,
    "aria-label": label,
    disabled,
    on: { click: () => void busy(made, work) },
  }, text);
  return made;
}

/** Does something while a button shows that it is at work. */
export async function busy(control: HTMLButtonElement, work: () => Promise<void>): Promise<void> {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (error) {
    tellProblem(error);
  } finally {
    control.removeAttribute("aria-busy");
  }
}

/** What a person is asked. */
export interface Question {
  readonly title: string;
  readonly body: readonly Child[];
  readonly yes: string;
  readonly isDangerous?: boolean;
  /** A sentence to be ticked before yes counts. */
  readonly oath?: string;
  /** A sentence that may be ticked; the answer says whether it was. */
  readonly option?: string;
}

/** What a person answered. */
export interface Answer {
  readonly option: boolean;
}

/** Asks a person; Escape means no. @returns `undefined` for no. */
export function ask({ title, body, yes, isDangerous, oath, option }: Question): Promise<Answer | undefined> {
  const { promise, resolve } = Promise.withResolvers<Answer | undefined>();
  const sworn = make("input", { type: "checkbox", id: "oath" });
  const chosen = make("input", { type: "checkbox", id: "option" });
  const accept = make("button", { type: "button", class: isDangerous ? "danger" : "main" }, yes);
  const refuse = make("button", { type: "button" }, "Cancel");
  const dialog = make(
    "dialog",
    { "aria-labelledby": "question" },
    make("h2", { id: "question" }, title),
    make("div", { class: "body" }, body),
    option !== undefined && make("label", { class: "tick" }, chosen, option),
    oath !== undefined && make("label", { class: "tick" }, sworn, oath),
    make("div", { class: "actions" }, refuse, accept),
  );
  accept.disabled = oath !== undefined;
  sworn.addEventListener("change", () => void (accept.disabled = !sworn.checked));
  accept.addEventListener("click", () => end({ option: chosen.checked }));
  refuse.addEventListener("click", () => end(undefined));
  // Its "close" comes a moment after it has gone from sight.
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    end(undefined);
  });

  function end(answer: Answer | undefined): void {
    // Gives the keyboard back to what it had before.
    dialog.close();
    dialog.remove();
    resolve(answer);
  }

  document.body.append(dialog);
  dialog.showModal();
  refuse.focus();
  return promise;
}

/** Makes a mark of one or a few words. */
export function badge(text: string, kind: "good" | "fair" | "bad" | "plain" = "plain"): HTMLElement {
  return make("span", { class: `badge ${kind}` }, text);
}

/** Says that there is nothing, and what to do. */
export function empty(...words: Child[]): HTMLElement {
  return make("p", { class: "empty" }, words);
}

/** Makes a list of names and values; what has no value is left out. */
export function facts(pairs: readonly (readonly [string, Child])[]): HTMLElement {
  const shown = pairs.filter(([, value]) => value !== undefined && value !== "" && value !== false);
  return make(
    "dl",
    { class: "facts" },
    shown.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))),
  );
}

/** Writes "1 tool", "2 tools". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
