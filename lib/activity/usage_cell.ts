import type { UsageFigures } from "../contracts/mod.ts";
import { addHistogram, bucketOf, quantile } from "./histogram.ts";
import type { Head } from "./prepare.ts";
import { cutText } from "./text.ts";

const HOUR_MS = 3_600_000;
/** All cells of a page go into one transaction, which holds 819,200 bytes. */
export const MAX_NAME_BYTES = 128;

/** Figures that can be added up. */
export interface Sum {
  calls: number;
  errors: number;
  refused: number;
  requestBytes: number;
  responseBytes: number;
  readonly durations: Map<number, number>;
}

/** Figures of one tool in one hour. */
export interface Cell extends Sum {
  readonly hour: number;
  /** Its place among the tools of the hour. */
  readonly number: number;
  readonly server: string;
  readonly tool: string;
}

/** Tells whether a record is a call that is counted. */
export function isCounted({ type, server_name }: Head): boolean {
  return type === "tool_call" && server_name !== undefined;
}

/** Where a call is counted, with nothing counted yet. */
export function toCellOf(head: Head): Cell {
  return {
    hour: hourOf(Date.parse(head.timestamp)),
    number: 0,
    server: cutText(head.server_name ?? "", MAX_NAME_BYTES),
    tool: cutText(head.tool_name ?? "", MAX_NAME_BYTES),
    ...emptySum(),
  };
}

/** A cell with one call in it. */
export function toOneCall(head: Head): Cell {
  const cell = toCellOf(head);
  addCall(cell, head);
  return cell;
}

/** A copy that nobody counts on. */
export function copyOf(cell: Cell): Cell {
  return { ...cell, durations: new Map(cell.durations) };
}

/** Figures of nothing. */
export function emptySum(): Sum {
  return { calls: 0, errors: 0, refused: 0, requestBytes: 0, responseBytes: 0, durations: new Map() };
}

/** Counts a call, in place. */
export function addCall(cell: Sum, head: Head): void {
  cell.requestBytes += head.request_bytes ?? 0;
  cell.responseBytes += head.response_bytes ?? 0;
  if (head.status !== "success" && head.status !== "error") {
    cell.refused++;
    return;
  }
  cell.calls++;
  if (head.status === "error") cell.errors++;
  if (head.duration_ms !== undefined) {
    addHistogram(cell.durations, new Map([[bucketOf(head.duration_ms), 1]]));
  }
}

/** Adds figures to others, in place. */
export function addSum(sum: Sum, other: Sum): void {
  sum.calls += other.calls;
  sum.errors += other.errors;
  sum.refused += other.refused;
  sum.requestBytes += other.requestBytes;
  sum.responseBytes += other.responseBytes;
  addHistogram(sum.durations, other.durations);
}

/** Figures as everyone sees them. */
export function toFigures(
  { calls, errors, refused, requestBytes, responseBytes, durations }: Sum,
): UsageFigures {
  return {
    calls,
    errors,
    refused,
    p50_ms: quantile(durations, 0.5),
    p95_ms: quantile(durations, 0.95),
    request_bytes: requestBytes,
    response_bytes: responseBytes,
  };
}

/** The cell as it is stored; its key says the rest. */
export function toValue({ hour: _hour, number: _number, durations, ...rest }: Cell) {
  return { ...rest, durations: [...durations].flat() };
}

/** Reads what {@link toValue} wrote; `undefined` if it is something else. */
export function toCell(key: Deno.KvKey, value: unknown): Cell | undefined {
  const [, hour, number] = key;
  if (typeof hour !== "number" || typeof number !== "number") return undefined;
  if (typeof value !== "object" || value === null || !("durations" in value)) return undefined;
  if (!Array.isArray(value.durations)) return undefined;
  // Only `toValue` writes such a thing.
  const { durations, ...rest } = value as ReturnType<typeof toValue>;
  const buckets = new Map<number, number>();
  for (let at = 0; at + 1 < durations.length; at += 2) {
    buckets.set(durations[at] ?? 0, durations[at + 1] ?? 0);
  }
  return { hour, number, ...rest, durations: buckets };
}

/** Hours since the epoch. */
export function hourOf(at: number): number {
  return Math.floor(at / HOUR_MS);
}

/** Start of an hour. */
export function toIso(hour: number): string {
  return new Date(hour * HOUR_MS).toISOString();
}
