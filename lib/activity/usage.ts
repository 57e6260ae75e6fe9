import type { ActivityUsage, UsageFigures } from "../contracts/mod.ts";
import { isHopeless } from "./failures.ts";
import { COUNTED_KEY, usageKey } from "./keys.ts";
import type { Head } from "./prepare.ts";
import { cutText } from "./text.ts";
import {
  addCall,
  addSum,
  type Cell,
  copyOf,
  emptySum,
  hourOf,
  isCounted,
  MAX_NAME_BYTES,
  type Sum,
  toCell,
  toCellOf,
  toFigures,
  toIso,
  toOneCall,
  toValue,
} from "./usage_cell.ts";

/** Callers may name tools that do not exist; further names of an hour share one. */
const MAX_TOOLS_PER_HOUR = 5_000;
const OTHER = "(other)";
/** Cells that fit into a transaction whatever is in them. */
const PART = 100;

interface Hour {
  readonly cells: Map<string, Cell>;
  /** Number of the next new cell. */
  next: number;
}

interface Entry {
  readonly key: Deno.KvKey;
  readonly value: unknown;
}

/** What is counted, or about to be, and perhaps not on the disk. */
interface Present {
  readonly hours: ReadonlyMap<number, readonly Cell[]>;
  /** One for each call. */
  readonly fresh: readonly Cell[];
}

/** What usage is asked for; epoch milliseconds, widened to whole hours. */
export interface UsageQuery {
  readonly by: "server" | "tool";
  readonly from: number;
  readonly to: number;
  readonly server?: string;
  readonly tool?: string;
  /** Servers that may be seen; all when absent. */
  readonly servers?: readonly string[];
}

/**
 * Calls by hour, server and tool. Whole hours lie on the disk; the newest is
 * in memory, too, and goes to the disk with the number of the last record in
 * it, so that after a crash every call is counted once.
 */
export class Usage {
  readonly #kv: Deno.Kv;
  /** Hours that were read from the disk and counted on. */
  readonly #hours = new Map<number, Hour>();
  readonly #changed = new Set<Cell>();
  #counted: number;
  #saved: number;

  /** @param counted Records below this number are in what is stored. */
  constructor(kv: Deno.Kv, counted: number) {
    this.#kv = kv;
    this.#counted = counted;
    this.#saved = counted;
  }

  /** Records below this number are in what is stored. */
  get saved(): number {
    return this.#saved;
  }

  /** Counts a record, unless it was; in the order of their numbers. */
  async count(seq: number, head: Head): Promise<void> {
    if (seq < this.#counted) return;
    if (isCounted(head)) {
      const cell = this.#cell(await this.#hour(hourOf(Date.parse(head.timestamp))), head);
      addCall(cell, head);
      this.#changed.add(cell);
    }
    this.#counted = seq + 1;
  }

  /** Saves what has been counted so far, and with it, in the same transaction, one value more. */
  async save(also?: Entry): Promise<void> {
    const counted = this.#counted;
    const mark = [{ key: COUNTED_KEY, value: counted }, ...(also === undefined ? [] : [also])];
    const cells = [...this.#changed].map((cell) => ({
      key: usageKey(cell.hour, cell.number),
      value: toValue(cell),
    }));
    try {
      await this.#commit([...mark, ...cells]);
    } catch (error) {
      if (!isHopeless(error)) throw error;
      // Too much for one transaction: if this is cut short, some calls are counted twice later on.
      for (let at = 0; at < cells.length; at += PART) await this.#commit(cells.slice(at, at + PART));
      await this.#commit(mark);
    }
    this.#saved = counted;
    this.#changed.clear();
    const newest = Math.max(...this.#hours.keys());
    for (const hour of this.#hours.keys()) if (hour !== newest) this.#hours.delete(hour);
  }

  async #commit(entries: readonly Entry[]): Promise<void> {
    const transaction = this.#kv.atomic();
    for (const { key, value } of entries) transaction.set(key, value);
    await transaction.commit();
  }

  /** Removes hours before a moment, some at a time. @returns Whether there may be more of them. */
  async forget(before: number, maxValues: number): Promise<boolean> {
    const transaction = this.#kv.atomic();
    let values = 0;
    const old = this.#list(0, hourOf(before), maxValues);
    for await (const { key } of old) {
      transaction.delete(key);
      values++;
    }
    if (values > 0) await transaction.commit();
    return values === maxValues;
  }

  /**
   * Adds up what was used.
   *
   * @param waiting Records that may not have been counted yet.
   */
  async report(
    query: UsageQuery,
    waiting: Iterable<{ readonly seq: number; readonly head: Head }>,
  ): Promise<ActivityUsage> {
    const present = this.#takePresent(waiting);
    const from = hourOf(query.from);
    const to = Math.max(from, hourOf(query.to - 1) + 1);
    const total = emptySum();
    const rows = new Map<string, { readonly name: Pick<Cell, "server" | "tool">; readonly sum: Sum }>();
    const hours = new Map<number, Sum>();
    for await (const cell of this.#cells(present, from, to)) {
      if (!isWanted(cell, query)) continue;
      const name = { server: cell.server, tool: query.by === "tool" ? cell.tool : "" };
      const row = getOr(rows, JSON.stringify(name), () => ({ name, sum: emptySum() }));
      for (const sum of [total, row.sum, getOr(hours, cell.hour, emptySum)]) addSum(sum, cell);
    }
    return {
      by: query.by,
      start_time: toIso(from),
      end_time: toIso(to),
      total: toFigures(total),
      rows: [...rows.values()].map(({ name: { server, tool }, sum }) => ({
        server_name: server,
        ...(query.by === "tool" ? { tool_name: tool } : {}),
        ...toFigures(sum),
      })).sort(byCalls),
      hours: [...hours].sort(([a], [b]) => a - b)
        .map(([hour, sum]) => ({ hour: toIso(hour), ...toFigures(sum) })),
    };
  }

  /** Cells of the hours asked for; what is in memory is newer than what is on the disk. */
  async *#cells({ hours, fresh }: Present, from: number, to: number): AsyncGenerator<Cell> {
    for await (const { key, value } of this.#list(from, to)) {
      const cell = toCell(key, value);
      if (cell !== undefined && !hours.has(cell.hour)) yield cell;
    }
    const present = [...hours.values()].flat();
    yield* [...present, ...fresh].filter(({ hour }) => hour >= from && hour < to);
  }

  /** Taken at once: while the disk is read, further calls are counted, and hours saved and forgotten. */
  #takePresent(waiting: Iterable<{ readonly seq: number; readonly head: Head }>): Present {
    const uncounted = [...waiting].filter(({ seq, head }) => seq >= this.#counted && isCounted(head));
    const hours = [...this.#hours].map(([hour, { cells }]) =>
      [hour, [...cells.values()].map(copyOf)] as const
    );
    return { hours: new Map(hours), fresh: uncounted.map(({ head }) => toOneCall(head)) };
  }

  #list(from: number, to: number, limit?: number): Deno.KvListIterator<unknown> {
    return this.#kv.list({ start: ["usage", from], end: ["usage", to] }, { limit });
  }

  async #hour(number: number): Promise<Hour> {
    const known = this.#hours.get(number);
    if (known !== undefined) return known;
    const hour: Hour = { cells: new Map(), next: 0 };
    for await (const { key, value } of this.#list(number, number + 1)) {
      const cell = toCell(key, value);
      if (cell === undefined) continue;
      hour.cells.set(nameOf(cell), cell);
      hour.next = cell.number + 1;
    }
    this.#hours.set(number, hour);
    return hour;
  }

  #cell(hour: Hour, head: Head): Cell {
    const own = toCellOf(head);
    const hasRoom = hour.cells.has(nameOf(own)) || hour.cells.size < MAX_TOOLS_PER_HOUR;
    const name = hasRoom ? own : { server: OTHER, tool: OTHER };
    return getOr(hour.cells, nameOf(name), () => ({ ...own, ...name, number: hour.next++ }));
  }
}

function isWanted({ server, tool }: Cell, query: UsageQuery): boolean {
  return (query.server === undefined || server === cutText(query.server, MAX_NAME_BYTES)) &&
    (query.tool === undefined || tool === cutText(query.tool, MAX_NAME_BYTES)) &&
    (query.servers === undefined || query.servers.includes(server));
}

function byCalls(
  a: UsageFigures & { readonly server_name: string; readonly tool_name?: string },
  b: typeof a,
): number {
  return b.calls - a.calls || compare(a.server_name, b.server_name) ||
    compare(a.tool_name ?? "", b.tool_name ?? "");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function nameOf({ server, tool }: { readonly server: string; readonly tool: string }): string {
  return `${server}\n${tool}`;
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
