/**
 * Cuts a long text into records, by which it is paged: the elements of the
 * array that most of it is, else its lines.
 *
 * @module
 */

import { clusterStart } from "./characters.ts";
import { parseExact } from "./exact_json.ts";
import { elementsAt, findValue, type Span } from "./json_text.ts";

/** The records of a text. */
export interface Records {
  /** The text the records are parts of; not always the one given, as JSON may hold a text that is JSON again. */
  readonly text: string;
  /** Whether each record is JSON; else each is plain text. */
  readonly isJson: boolean;
  readonly spans: readonly Span[];
  /** Where the records are, for people and agents. */
  readonly path: string;
  /** The array in the text that was given; `undefined` if the records are not elements in there. */
  readonly array?: { readonly start: number; readonly end: number };
}

type Path = readonly (string | number)[];

const MAX_DEPTH = 4;
const MAX_MEMBERS = 200;
const SAMPLE = 50;
/** Longer lines are several records. */
const MAX_LINE = 2_000;
/** Of two arrays the one with so many times as many elements is the list; below, the one that is longer as text. */
const MUCH_LARGER = 4;

/** Cuts a text into records. Never fails. */
export function toRecords(text: string): Records {
  const value = parseLoosely(text);
  if (typeof value !== "object" || value === null) return toLines(text, "(lines)");
  const found = survey(value);
  const best = found.arrays.reduce<Candidate | undefined>(better, undefined);
  if (best !== undefined && best.size >= (found.longest?.text.length ?? 0)) {
    const start = findValue(text, best.path);
    if (start !== undefined) {
      const { elements, end } = elementsAt(text, start);
      return { text, isJson: true, spans: elements, path: toWords(best.path), array: { start, end } };
    }
  }
  return found.longest === undefined ? toLines(text, "(lines)") : withinText(found.longest);
}

/** JSON in a string of JSON, or a long text in it. */
function withinText({ path, text }: { readonly path: Path; readonly text: string }): Records {
  const inner = parseLoosely(text);
  const best = typeof inner === "object" && inner !== null
    ? survey(inner).arrays.reduce<Candidate | undefined>(better, undefined)
    : undefined;
  const start = best === undefined ? undefined : findValue(text, best.path);
  const words = toWords(path);
  if (best === undefined || start === undefined) return toLines(text, `${words} (lines)`);
  const deeper = best.path.length === 0 ? "" : `.${toWords(best.path)}`;
  return { text, isJson: true, spans: elementsAt(text, start).elements, path: `${words}${deeper} (parsed)` };
}

/** Cuts a text into its lines; very long ones into pieces. */
export function toLines(text: string, path: string): Records {
  const spans: Span[] = [];
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline;
    let from = at;
    while (end - from > MAX_LINE) {
      const to = Math.max(from + 1, clusterStart(text, from + MAX_LINE, from));
      spans.push([from, to]);
      from = to;
    }
    spans.push([from, end]);
    at = end + 1;
  }
  return { text, isJson: false, spans, path };
}

/** Writes a path as `data.items[0]`; the root as `$`. */
function toWords(path: Path): string {
  const words = path.map((step) => typeof step === "number" ? `[${step}]` : `.${step}`).join("");
  return words === "" ? "$" : words.replace(/^\./, "");
}

function parseLoosely(text: string): unknown {
  if (!/^\s*[[{]/.test(text.slice(0, 1_000))) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Candidate {
  readonly path: Path;
  readonly count: number;
  readonly size: number;
}

/** Arrays near the root, and the longest text there. */
function survey(root: object): { arrays: Candidate[]; longest: { path: Path; text: string } | undefined } {
  const arrays: Candidate[] = [];
  let longest: { path: Path; text: string } | undefined;
  const visit = (value: unknown, path: Path) => {
    if (typeof value === "string" && value.length > (longest?.text.length ?? MAX_LINE)) {
      longest = { path, text: value };
    }
    if (typeof value !== "object" || value === null) return;
    if (Array.isArray(value) && value.length > 1) {
      // What is in one of several elements is not what most of the text is.
      arrays.push({ path, count: value.length, size: sizeOf(value) });
    } else if (path.length < MAX_DEPTH) {
      const entries = Array.isArray(value) ? value.entries() : firstEntries(value);
      for (const [key, inner] of entries) visit(inner, [...path, key]);
    }
  };
  visit(root, []);
  return { arrays, longest };
}

function firstEntries(value: object): [string, unknown][] {
  return Object.entries(value).slice(0, MAX_MEMBERS);
}

/** Roughly how long an array is as text, from some of its elements. */
function sizeOf(values: readonly unknown[]): number {
  const step = Math.ceil(values.length / SAMPLE);
  const sample = values.filter((_, index) => index % step === 0);
  return values.length * sample.reduce<number>((sum, one) => sum + roughSize(one), 0) / sample.length;
}

function roughSize(value: unknown, depth = 0): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 5;
  if (depth === 3) return 20;
  const entries = firstEntries(value);
  return entries.reduce((sum, [key, inner]) => sum + key.length + 4 + roughSize(inner, depth + 1), 2);
}

/** The array that is by far longer, else the one that takes more room. */
function better(best: Candidate | undefined, other: Candidate): Candidate {
  if (best === undefined) return other;
  if (other.count >= MUCH_LARGER * best.count) return other;
  if (best.count >= MUCH_LARGER * other.count) return best;
  return other.size > best.size ? other : best;
}

/** Reads a record as a value; plain text as a string. */
export function readRecord(records: Records, [start, end]: Span): unknown {
  const text = records.text.slice(start, end);
  return records.isJson ? parseExact(text) : text;
}
