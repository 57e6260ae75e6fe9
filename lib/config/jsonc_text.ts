/**
 * Edits of JSON text with comments that leave every other character alone.
 *
 * Written by hand, because the edits of `jsonc-parser` take comments beside a
 * removed value away, lay whole lines out anew, and break a list without
 * white space when its last entry goes.
 *
 * @module
 */

import type { Node } from "jsonc-parser";
import { tokens } from "./syntax.ts";

/** A stretch of text and what takes its place. */
interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** How a text is laid out. */
interface Layout {
  /** One step of indentation. */
  readonly unit: string;
  readonly eol: string;
  /** The whole text stands in one line. */
  readonly isFlat: boolean;
}

/** Puts another value in the place of one. */
export function replaceValue(text: string, node: Node, value: unknown): string {
  const layout = layoutOf(text);
  return splice(text, [{
    from: node.offset,
    to: node.offset + node.length,
    text: toJson(value, indentAt(text, node.offset), layout),
  }]);
}

/** Adds a value at the end of a list, or a property at the end of an object. */
export function appendChild(
  text: string,
  container: Node,
  child: { readonly key?: string; readonly value: unknown },
) {
  const layout = layoutOf(text);
  const write = (indent: string) =>
    `${child.key === undefined ? "" : `${JSON.stringify(child.key)}: `}${
      toJson(child.value, indent, layout)
    }`;
  const last = container.children?.at(-1);
  return last === undefined
    ? fill(text, container, { layout, write })
    : appendAfter(text, container, { last, layout, write });
}

/** Removes one child of a list or object with its comma, and the comment behind it. */
export function removeChild(text: string, container: Node, index: number): string {
  const children = container.children ?? [];
  const child = children[index];
  if (child === undefined) return text;
  const end = child.offset + child.length;
  const close = container.offset + container.length - 1;
  const comma = commaAfter(text, end, children[index + 1]?.offset ?? close);
  const isLastOfMany = index > 0 && index === children.length - 1;
  const own = removal(text, { from: child.offset, to: comma === undefined ? end : comma + 1, isLastOfMany });
  const previous = children[index - 1];
  if (comma !== undefined || previous === undefined) return splice(text, [own]);
  // The last one without a comma of its own: the comma before it would be left over.
  const before = commaAfter(text, previous.offset + previous.length, child.offset);
  if (before === undefined) return splice(text, [own]);
  const isSameLine = text.slice(before, own.from).trim() === "," &&
    !text.slice(before, own.from).includes("\n");
  if (isSameLine) return splice(text, [{ ...own, from: before }]);
  return splice(text, [{ from: before, to: before + 1, text: "" }, own]);
}

/** Gives a property another key. */
export function renameKey(text: string, property: Node, key: string): string {
  const [old] = property.children ?? [];
  if (old === undefined) return text;
  return splice(text, [{ from: old.offset, to: old.offset + old.length, text: JSON.stringify(key) }]);
}

interface Addition {
  readonly layout: Layout;
  readonly write: (indent: string) => string;
}

/** The first child of an empty container goes behind the comments in it. */
function fill(text: string, container: Node, { layout, write }: Addition): string {
  const open = container.offset + 1;
  const close = container.offset + container.length - 1;
  const comment = [...tokens(text, { from: open, to: close })].at(-1);
  if (layout.isFlat && comment === undefined) {
    return splice(text, [{ from: open, to: close, text: write("") }]);
  }
  const outer = indentAt(text, container.offset);
  const inner = outer + layout.unit;
  const from = comment?.end ?? open;
  return splice(text, [{
    from,
    to: close,
    text: `${layout.eol}${inner}${write(inner)}${layout.eol}${outer}`,
  }]);
}

function appendAfter(text: string, container: Node, addition: Addition & { readonly last: Node }): string {
  const { last, layout, write } = addition;
  const end = last.offset + last.length;
  const close = container.offset + container.length - 1;
  const comma = commaAfter(text, end, close);
  if (!text.slice(container.offset, last.offset).includes("\n")) {
    const at = comma === undefined ? end : comma + 1;
    const added = write(indentAt(text, last.offset));
    return splice(text, [{ from: at, to: at, text: comma === undefined ? `, ${added}` : ` ${added},` }]);
  }
  const indent = indentAt(text, last.offset);
  const at = endOfLine(text, comma === undefined ? end : comma + 1, close);
  const added: Splice = {
    from: at,
    to: at,
    text: `${layout.eol}${indent}${write(indent)}${comma === undefined ? "" : ","}`,
  };
  return splice(text, comma === undefined ? [{ from: end, to: end, text: "," }, added] : [added]);
}

/** The end of the comments that follow in the same line. */
function endOfLine(text: string, from: number, to: number): number {
  let end = from;
  for (const token of tokens(text, { from, to })) {
    if (text.slice(end, token.offset).includes("\n")) break;
    end = token.end;
  }
  return end;
}

function commaAfter(text: string, from: number, to: number): number | undefined {
  for (const { offset, first } of tokens(text, { from, to })) {
    if (first === ",") return offset;
  }
  return undefined;
}

/**
 * Widens a removed stretch so that no empty line is left: to whole lines if it
 * fills them (a comment behind it is about it and goes too), else to the
 * white space before the next child.
 */
function removal(
  text: string,
  { from, to, isLastOfMany }: { readonly from: number; readonly to: number; readonly isLastOfMany: boolean },
): Splice {
  const lineStart = text.lastIndexOf("\n", from - 1) + 1;
  const newline = text.indexOf("\n", to);
  const lineEnd = newline < 0 ? text.length : newline + 1;
  const isAlone = text.slice(lineStart, from).trim() === "" &&
    /^\s*(?:\/\/.*|\/\*(?:(?!\*\/).)*\*\/\s*)?$/s.test(text.slice(to, lineEnd).replace(/\r?\n$/, ""));
  if (isAlone) return { from: lineStart, to: lineEnd, text: "" };
  const space = isLastOfMany ? 0 : /^[ \t]*/.exec(text.slice(to, lineEnd))?.[0].length ?? 0;
  return { from, to: to + space, text: "" };
}

function splice(text: string, splices: readonly Splice[]): string {
  // From the back, so that the offsets of those before stay right.
  return splices.toReversed().reduce(
    (edited, one) => edited.slice(0, one.from) + one.text + edited.slice(one.to),
    text,
  );
}

function layoutOf(text: string): Layout {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  // The first key that begins a line tells the step; a comment may be indented in its own way.
  const unit = /\n([ \t]+)"/.exec(text)?.[1] ?? "  ";
  return { unit: unit.startsWith("\t") ? "\t" : unit, eol, isFlat: !text.trim().includes("\n") };
}

function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? "";
}

/** Writes a value as a person would: short lists in one line, everything else in its own. */
function toJson(value: unknown, indent: string, layout: Layout): string {
  if (layout.isFlat || typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = indent + layout.unit;
  const join = (open: string, parts: readonly string[], close: string) =>
    `${open}${parts.map((part) => `${layout.eol}${inner}${part}`).join(",")}${layout.eol}${indent}${close}`;
  if (Array.isArray(value)) {
    const parts = value.map((one) => toJson(one ?? null, inner, layout));
    const isShort = value.every((one) => typeof one !== "object" || one === null);
    return isShort ? `[${parts.join(", ")}]` : join("[", parts, "]");
  }
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (entries.length === 0) return "{}";
  return join("{", entries.map(([key, one]) => `${JSON.stringify(key)}: ${toJson(one, inner, layout)}`), "}");
}
