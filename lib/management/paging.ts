import { GatewayError } from "../contracts/mod.ts";

/** Which part of a list is wanted; all of it when both are absent. */
export interface PageInput {
  readonly limit?: number;
  /** `next_cursor` of the page before. */
  readonly cursor?: string;
}

/** Items of a page, and the cursor of the next one if there is one. */
export interface Page<T> {
  readonly items: T[];
  readonly next_cursor?: string;
}

/**
 * Cuts a page out of a list that is sorted by a key.
 *
 * Pure. A cursor names the last item of its page, so items that come and go
 * meanwhile make no other item appear twice or not at all.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT — the cursor is none of ours.
 */
export function cutPage<T>(sorted: readonly T[], keyOf: (item: T) => string, input: PageInput): Page<T> {
  const { limit = Infinity, cursor } = input;
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const start = after === undefined ? 0 : sorted.findIndex((item) => keyOf(item) > after);
  const items = start < 0 ? [] : sorted.slice(start, limit === Infinity ? undefined : start + limit);
  const last = items.at(-1);
  const isWhole = last === undefined || start + items.length >= sorted.length;
  return isWhole ? { items } : { items, next_cursor: toCursor(keyOf(last)) };
}

function toCursor(key: string): string {
  return btoa(encodeURIComponent(key)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function readCursor(cursor: string): string {
  try {
    return decodeURIComponent(atob(cursor.replaceAll("-", "+").replaceAll("_", "/")));
  } catch (cause) {
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      `Cannot go on from cursor "${cursor.slice(0, 50)}": it is not valid`,
      {
        remedy: "Take next_cursor of the page before, or begin without a cursor",
        cause,
      },
    );
  }
}
