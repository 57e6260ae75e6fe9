/// <reference lib="dom" />
/**
 * Makes elements. The one place where text becomes part of the page, always as
 * text: nothing here, and nothing that uses it, reads HTML.
 *
 * @module
 */

import { toPieces, visible } from "./visible.ts";

/** What can be put into an element; what is empty is left out. */
export type Child = Node | string | number | false | null | undefined | readonly Child[];

/** Attributes by name; a flag is there or not. Handlers are functions by the name of their event. */
export interface Attributes {
  readonly on?: Readonly<Record<string, (event: Event) => void>>;
  readonly [name: string]: string | number | boolean | undefined | Attributes["on"];
}

/** Makes an element with its attributes, handlers and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  const { on = {}, ...plain } = attributes;
  for (const [name, value] of Object.entries(plain)) {
    // Browsers run what stands in an attribute of this kind.
    if (name.startsWith("on")) throw new TypeError(`Cannot set attribute "${name}": handlers are functions`);
    if (value === undefined || value === false || typeof value === "object") continue;
    element.setAttribute(name, value === true ? "" : visible(String(value)));
  }
  for (const [event, handler] of Object.entries(on)) element.addEventListener(event, handler);
  element.append(...toNodes(children));
  return element;
}

function toNodes(children: readonly Child[]): Node[] {
  return children.flatMap((child): Node[] => {
    if (child === undefined || child === null || child === false || child === "") return [];
    if (child instanceof Node) return [child];
    if (typeof child === "string" || typeof child === "number") return say(String(child));
    return toNodes(child);
  });
}

/** Turns a text into nodes in which every character shows. */
function say(text: string): Node[] {
  return toPieces(text).map((piece) => {
    if (!piece.isEscape) return document.createTextNode(piece.text);
    const mark = document.createElement("span");
    mark.className = "unseen";
    mark.title = "A character that would not show";
    mark.textContent = piece.text;
    return mark;
  });
}

/** Shows a text of a server: kept apart, so that its direction of writing does not reach what stands around it. */
export function quote(text: string, className = ""): HTMLElement {
  return make("bdi", { class: className }, text);
}

/** Puts children in place of all there are. */
export function replace(element: Element, ...children: Child[]): void {
  element.replaceChildren(...toNodes(children));
}

/** Finds an element of the page that must be there. */
export function find<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new TypeError(`Cannot find element "${id}" of the page`);
  return found;
}

/** How the items of a list become elements. */
export interface Rows<T> {
  keyOf(item: T): string;
  build(item: T): HTMLElement;
  /** What the element shows; it is made anew only when this is another. All of the item when absent. */
  faceOf?(item: T): unknown;
}

const faces = new WeakMap<Element, { readonly key: string; readonly face: string }>();

/**
 * Makes a list show items, in their order. What has not changed keeps its
 * element, so that nothing that a person reads or types in is taken away by
 * news about something else.
 */
export function fill<T>(list: Element, items: readonly T[], rows: Rows<T>): void {
  const old = new Map([...list.children].map((element) => [faces.get(element)?.key, element]));
  const wanted = items.map((item) => {
    const key = rows.keyOf(item);
    const face = JSON.stringify(rows.faceOf?.(item) ?? item);
    const before = old.get(key);
    if (before !== undefined && faces.get(before)?.face === face) return before;
    const made = rows.build(item);
    faces.set(made, { key, face });
    if (before !== undefined) takeOver(before, made);
    return made;
  });
  const kept = new Set(wanted);
  for (const element of [...list.children]) if (!kept.has(element)) element.remove();
  wanted.forEach((element, index) => {
    if (list.children[index] !== element) list.insertBefore(element, list.children[index] ?? null);
  });
}

/** Lets the keyboard stay where it was when an element takes the place of another. */
function takeOver(before: Element, made: Element): void {
  const focused = document.activeElement;
  if (focused === null || !before.contains(focused)) return;
  const name = focused.getAttribute("data-part");
  before.replaceWith(made);
  const heir = [...made.querySelectorAll<HTMLElement>("[data-part]")]
    .find((one) => one.getAttribute("data-part") === name);
  heir?.focus();
}
