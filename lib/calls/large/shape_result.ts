/**
 * Shortens results that are too long for an agent to read at once, and keeps
 * the whole for `read_cache`.
 *
 * @module
 */

import type { ToolRef, ToolResult } from "../../contracts/mod.ts";
import { cutText } from "./characters.ts";
import { cutJson } from "./json_text.ts";
import { type Records, toRecords } from "./records.ts";
import type { ResultCache } from "./result_cache.ts";

/** Key of what was left out, in `_meta` of a result. */
export const TRUNCATED_KEY = "io.mcpproxy/truncated";

/** Whose result it is, and how long it may be. */
export interface ShapeOptions extends ToolRef {
  readonly owner: string;
  /** Of the call. */
  readonly requestId?: string;
  /** Characters; 0 means no limit. */
  readonly limit: number;
  readonly cache: ResultCache;
  /** A client that was promised structured content gets it whole. */
  readonly keepStructured: boolean;
}

type Block = ToolResult["content"][number];
type TextBlock = Block & { readonly text: string };

const MARK = "... [truncated by mcpproxy]";
const MARK_WITHOUT_CACHE = "... [truncated by mcpproxy, cache not available]";
const PAGE = 50;
/** Lines are kept whole if the cut is that near to an end of one. */
const LINE_SLACK = 400;

/**
 * Gives the result as it is, or shortened: JSON stays JSON, no character is
 * cut in two, and the last text says how the rest is read.
 */
export function shapeResult(result: ToolResult, options: ShapeOptions): ToolResult {
  const { limit } = options;
  if (limit === 0 || !Array.isArray(result.content)) return result;
  const texts = result.content.filter(isText);
  const length = texts.reduce((sum, { text }) => sum + text.length, 0);
  const { structuredContent, ...rest } = result;
  const dropsStructured = structuredContent !== undefined && !options.keepStructured &&
    isLonger(structuredContent, limit);
  if (length <= limit) return dropsStructured ? withoutStructured(rest, structuredContent, options) : result;
  const whole = wholeOf(texts);
  const records = toRecords(whole);
  const shown = shorten(whole, texts, records, limit);
  const key = options.cache.put({ ...refOf(options), text: whole, records });
  const note = toNote({ key, limit, actual: length, records, shown: shown.records });
  return {
    ...(dropsStructured ? rest : result),
    content: [
      ...withTexts(result.content, shown.texts, shown.isJson ? undefined : note),
      ...trailing(note, shown),
    ],
    _meta: {
      ...result._meta,
      [TRUNCATED_KEY]: toMeta({ key, limit, actual: length, records, shown: shown.records }),
    },
  };
}

/** Long structured content beside a short text. */
function withoutStructured(rest: ToolResult, structured: unknown, options: ShapeOptions): ToolResult {
  const text = toJson(structured);
  if (text === undefined) return { ...rest, structuredContent: structured };
  const whole = { content: [{ type: "text", text }] };
  const { content, _meta } = shapeResult(whole, options);
  return { ...rest, content: [...rest.content, ...content], _meta: { ...rest._meta, ..._meta } };
}

/** `undefined` if it is nested too deep to be written. */
function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

function refOf({ server, tool, owner, requestId }: ShapeOptions) {
  return { server, tool, owner, requestId };
}

/** What is kept: the text, or a list of the texts where there are several. */
function wholeOf(texts: readonly TextBlock[]): string {
  const [first, second] = texts;
  return first !== undefined && second === undefined
    ? first.text
    : JSON.stringify(texts.map(({ text }) => text));
}

interface Shown {
  readonly texts: readonly string[];
  /** Whether the texts are JSON that a note must not be written into. */
  readonly isJson: boolean;
  /** Records that are shown whole. */
  readonly records: number;
}

function shorten(whole: string, texts: readonly TextBlock[], records: Records, limit: number): Shown {
  if (texts.length > 1) return shortenSeveral(texts, limit);
  const list = shortenList(whole, records, limit);
  if (list !== undefined) return list;
  if (isJson(whole)) return { texts: [cutJson(whole, limit)], isJson: true, records: 0 };
  const text = cutLines(whole, limit);
  const shown = records.text === whole ? records.spans.findIndex(([, end]) => end > text.length) : 0;
  return { texts: [text], isJson: false, records: Math.max(0, shown) };
}

/** Leaves elements out from the end of the list; what is before and after the list stays. */
function shortenList(whole: string, { array, spans, text }: Records, limit: number): Shown | undefined {
  if (array === undefined || text !== whole) return undefined;
  const around = array.start + 1 + whole.length - array.end;
  const fits = (end: number) => around + end - array.start - 1 <= limit;
  let count = spans.findIndex(([, end]) => !fits(end));
  if (count < 0) count = spans.length;
  const last = spans[count - 1];
  if (last === undefined) return undefined;
  return { texts: [whole.slice(0, last[1]) + whole.slice(array.end)], isJson: true, records: count };
}

function shortenSeveral(texts: readonly TextBlock[], limit: number): Shown {
  const kept: string[] = [];
  let left = limit;
  for (const { text } of texts) {
    if (text.length > left) {
      if (left > LINE_SLACK) kept.push(isJson(text) ? cutJson(text, left) : cutLines(text, left));
      return { texts: kept, isJson: true, records: Math.max(0, kept.length - (left > LINE_SLACK ? 1 : 0)) };
    }
    kept.push(text);
    left -= text.length;
  }
  return { texts: kept, isJson: true, records: kept.length };
}

function isJson(text: string): boolean {
  if (!/^\s*[[{"]/.test(text.slice(0, 1_000))) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function cutLines(text: string, limit: number): string {
  const cut = cutText(text, limit);
  const newline = cut.lastIndexOf("\n");
  return newline >= cut.length - LINE_SLACK && newline > 0 ? cut.slice(0, newline) : cut;
}

interface NoteFacts {
  readonly key: string | undefined;
  readonly limit: number;
  readonly actual: number;
  readonly records: Records;
  readonly shown: number;
}

function toNote({ key, limit, actual, records, shown }: NoteFacts): string {
  if (key === undefined) return MARK_WITHOUT_CACHE;
  return [
    MARK,
    "",
    `Response truncated (limit: ${limit} chars, actual: ${actual} chars, records: ${records.spans.length})`,
    `Use read_cache tool: key="${key}", offset=${shown}, limit=${PAGE}`,
    'Returns: {"records": [...], "meta": {...}}',
  ].join("\n");
}

function toMeta({ key, limit, actual, records, shown }: NoteFacts) {
  return {
    ...(key === undefined ? {} : { key }),
    limit,
    actual,
    records: records.spans.length,
    shown,
    record_path: records.path,
  };
}

function trailing(note: string, { isJson }: Shown): Block[] {
  return isJson ? [{ type: "text", text: note }] : [];
}

/** Puts the shortened texts where texts were; blocks whose text was left out go. */
function withTexts(content: readonly Block[], texts: readonly string[], note: string | undefined): Block[] {
  let at = 0;
  return content.flatMap((block): Block[] => {
    if (!isText(block)) return [block];
    const text = texts[at++];
    if (text === undefined) return [];
    return [{ ...block, text: note === undefined ? text : `${text}\n${note}` }];
  });
}

function isText(block: Block): block is TextBlock {
  return block?.type === "text" && typeof block["text"] === "string";
}

/** Tells whether a value is longer than `limit` as text, looking no further than need be. */
function isLonger(root: unknown, limit: number): boolean {
  let length = 0;
  const open: unknown[] = [root];
  while (open.length > 0 && length <= limit) {
    const value = open.pop();
    if (typeof value === "string") length += value.length + 2;
    else if (typeof value !== "object" || value === null) length += 4;
    else {
      for (const [key, inner] of Object.entries(value)) {
        length += key.length + 4;
        open.push(inner);
        if (length > limit) break;
      }
    }
  }
  return length > limit;
}
