import { isRecord, RPC, RpcFault } from "./jsonrpc.ts";

/** Entries on one page; most lists have one page. */
const PAGE = 1_000;

/**
 * Cuts a list into pages. The cursor says where the last page ended by the
 * key of its last entry, so that a list that changes meanwhile loses nothing.
 *
 * @param entries In the order of their keys.
 * @throws {RpcFault} For a cursor that is none of ours.
 */
export function pageOf<T>(
  entries: readonly T[],
  params: Readonly<Record<string, unknown>>,
  keyOf: (entry: T) => string,
  size = PAGE,
): { readonly entries: readonly T[]; readonly nextCursor?: string } {
  const { cursor } = params;
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const start = after === undefined ? 0 : entries.findIndex((entry) => keyOf(entry) > after);
  if (start < 0) return { entries: [] };
  const page = entries.slice(start, start + size);
  const last = page.at(-1);
  if (last === undefined || start + size >= entries.length) return { entries: page };
  return { entries: page, nextCursor: btoa(encodeURIComponent(JSON.stringify({ after: keyOf(last) }))) };
}

function readCursor(cursor: unknown): string {
  try {
    const value: unknown = JSON.parse(decodeURIComponent(atob(String(cursor))));
    if (isRecord(value) && typeof value.after === "string") return value.after;
  } catch { /* told below */ }
  throw new RpcFault(RPC.invalidParams, "Invalid params: the cursor is not one that this list gave");
}
