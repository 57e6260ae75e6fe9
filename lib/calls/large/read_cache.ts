import { GatewayError, type ToolResult } from "../../contracts/mod.ts";
import { toJsonResult } from "../outcome.ts";
import { readCount, readText, refuseOthers } from "../params.ts";
import { cutText } from "./characters.ts";
import { parseExact } from "./exact_json.ts";
import { parseJsonPath } from "./json_path.ts";
import { cutJson } from "./json_text.ts";
import { readRecord, type Records, toLines } from "./records.ts";
import type { CachedResult } from "./result_cache.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** What reading works with. */
export interface ReadCacheOptions {
  /** Finds a result that this caller may read. */
  readonly find: (key: string) => CachedResult | undefined;
  /** Longest answer in characters; 0 means no limit. */
  readonly limit: number;
}

const PARAMETERS = ["key", "offset", "limit", "path", "search"];
const [DEFAULT_LIMIT, MAX_LIMIT] = [50, 1_000];
const MAX_SEARCH_CHARS = 200;
/** Answers are a little longer than their records. */
const ENVELOPE = 500;
/** One record is never cut shorter than this. */
const MIN_RECORD = 200;

/**
 * Reads a part of a result that was shortened: some of its records, of what a
 * JSONPath leads to in it, or of those that hold a text.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT for a wrong parameter or a key that is none.
 */
export function readCache(options: ReadCacheOptions, args: Arguments): ToolResult {
  refuseOthers(args, PARAMETERS);
  const key = readText(args, "key");
  if (key === undefined || key === "") throw missing('"key" is missing, wanted the key from the note');
  const result = options.find(key);
  if (result === undefined) {
    throw missing(
      `there is no result "${key.slice(0, 64)}", or no longer`,
      "Call the tool again for a new key",
    );
  }
  const offset = readOffset(args);
  const count = Math.min(MAX_LIMIT, readCount(args, "limit") ?? DEFAULT_LIMIT);
  const path = readText(args, "path") || undefined;
  const wanted = readText(args, "search")?.slice(0, MAX_SEARCH_CHARS) || undefined;
  const source = path === undefined ? recordsOf(result.records) : selectedBy(path, result);
  const matching = wanted === undefined ? undefined : source.indexesWith(wanted);
  const total = matching?.length ?? source.count;
  const page = takePage(source, {
    indexes: Array.from(
      { length: Math.max(0, Math.min(count, total - offset)) },
      (_, at) => matching === undefined ? offset + at : matching[offset + at] ?? 0,
    ),
    room: options.limit === 0 ? Infinity : Math.max(MIN_RECORD, options.limit - ENVELOPE),
  });
  const next = offset + page.records.length;
  return toJsonResult({
    records: page.records,
    meta: {
      key,
      total_records: total,
      offset,
      limit: count,
      returned: page.records.length,
      ...(next < total ? { next_offset: next } : {}),
      total_size: result.text.length,
      record_path: source.path,
      ...(wanted === undefined
        ? {}
        : { search: wanted, searched_records: source.count, positions: page.indexes }),
      ...(page.isCut
        ? { cut_record: "The record is longer than an answer may be; narrow it with path" }
        : {}),
    },
  });
}

interface Source {
  readonly count: number;
  readonly path: string;
  /** A record as it is to be shown. */
  at(index: number): unknown;
  indexesWith(text: string): number[];
}

function recordsOf(records: Records): Source {
  const { spans, text, path } = records;
  const fits = (wanted: string) => {
    const lower = wanted.toLowerCase();
    return ([start, end]: readonly [number, number]) => {
      const written = text.slice(start, end).toLowerCase();
      if (written.includes(lower)) return true;
      // Escapes hide what is written; most texts have none.
      return records.isJson && written.includes("\\") &&
        JSON.stringify(readRecord(records, [start, end])).toLowerCase().includes(
          JSON.stringify(lower).slice(1, -1),
        );
    };
  };
  return {
    count: spans.length,
    path,
    at: (index) => readRecord(records, spans[index] ?? [0, 0]),
    indexesWith: (wanted) => indexesOf(spans, fits(wanted)),
  };
}

/** The elements of the one list, the lines of the one text, or each value that the path leads to. */
function selectedBy(path: string, { text }: CachedResult): Source {
  const found = parseJsonPath(path).select(parseWhole(text));
  const [only, another] = found;
  if (typeof only === "string" && another === undefined) return recordsOf(toLines(only, `${path} (lines)`));
  const values: readonly unknown[] = Array.isArray(only) && another === undefined ? only : found;
  return {
    count: values.length,
    path,
    at: (index) => values[index],
    indexesWith(wanted) {
      const lower = JSON.stringify(wanted.toLowerCase()).slice(1, -1);
      return indexesOf(values, (value) => JSON.stringify(value).toLowerCase().includes(lower));
    },
  };
}

function indexesOf<Value>(values: readonly Value[], fits: (value: Value) => boolean): number[] {
  return values.flatMap((value, index) => fits(value) ? [index] : []);
}

function parseWhole(text: string): unknown {
  try {
    return parseExact(text);
  } catch (cause) {
    throw new GatewayError("MCPX_INVALID_INPUT", "Cannot use a path: the result is not JSON", {
      cause,
      remedy: "Leave out path, and use search to find lines",
    });
  }
}

/** As many records as there is room for; one at least, cut if it must be. */
function takePage(
  source: Source,
  { indexes, room }: { readonly indexes: readonly number[]; readonly room: number },
) {
  const records: unknown[] = [];
  let left = room;
  for (const index of indexes) {
    const record = source.at(index);
    const text = JSON.stringify(record);
    if (text.length > left && records.length > 0) break;
    if (text.length > left) {
      records.push(typeof record === "string" ? cutText(record, left / 2) : parseExact(cutJson(text, left)));
      return { records, indexes: indexes.slice(0, 1), isCut: true };
    }
    records.push(record);
    left -= text.length + 1;
  }
  return { records, indexes: indexes.slice(0, records.length), isCut: false };
}

function readOffset({ offset }: Arguments): number {
  const number = typeof offset === "string" && /^\d{1,9}$/.test(offset) ? Number(offset) : offset ?? 0;
  if (typeof number === "number" && Number.isInteger(number) && number >= 0) return number;
  throw missing('"offset" must be a whole number from 0');
}

function missing(
  problem: string,
  remedy = "Take key, offset and limit from the note in the result",
): GatewayError {
  return new GatewayError("MCPX_INVALID_INPUT", `Cannot read from the cache: ${problem}`, { remedy });
}
