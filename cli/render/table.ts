import { cut, type Look, paint, type Style, widthOf } from "./text.ts";

/** One column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "right";
  /** Whether this column gives way first when the terminal is narrow. */
  readonly flexible?: boolean;
  /** Whether people type what stands here, so that a part of it is of no use; it is cut last. */
  readonly key?: boolean;
  /** Whether this column goes, from the right, when the terminal is narrow. */
  readonly spare?: boolean;
}

/** A cell: one line of visible text, plain or with a style. */
export type Cell = string | { readonly text: string; readonly style: Style | undefined };

const GAP = "  ";
const NARROW = 8;

/**
 * Writes a table with a head, one line a row.
 *
 * Pure. No line is wider than the terminal: flexible columns are cut first,
 * the widest before the others, then spare ones go, and keys are cut last.
 * Columns without anything in them are not shown. In a pipe all are there.
 * Lines have no blanks at their end.
 *
 * @returns Lines, each ended by a line feed.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  look: Look,
): string {
  const head = columns.map(({ title }): Cell => ({ text: title, style: "strong" }));
  const lines = [head, ...rows];
  const natural = naturalWidths(columns, lines);
  const kept = keptColumns(columns, { rows, natural, limit: look.width });
  const pick = <T>(from: readonly T[]) => from.filter((_, index) => kept.includes(index));
  const shown = pick(columns);
  const widths = squeeze(shown, fitFlexible(shown, pick(natural), look.width), look.width);
  return lines.map((cells) => `${renderLine(shown, pick(cells), widths, look)}\n`).join("");
}

/** Leaves out, in a terminal, columns that are empty, and then as many spare ones as it takes for the line to fit. */
function keptColumns(
  columns: readonly Column[],
  { rows, natural, limit }: {
    readonly rows: readonly (readonly Cell[])[];
    readonly natural: readonly number[];
    readonly limit: number | undefined;
  },
): readonly number[] {
  if (limit === undefined) return [...columns.keys()];
  const isEmpty = (index: number) => rows.every((cells) => textOf(cells[index]) === "");
  let kept = [...columns.keys()].filter((index) => columns[index]?.key === true || !isEmpty(index));
  for (;;) {
    const shown = columns.filter((_, index) => kept.includes(index));
    const widths = fitFlexible(shown, natural.filter((_, index) => kept.includes(index)), limit);
    const last = kept.findLast((index) => columns[index]?.spare === true);
    if (last === undefined || excessOf(widths, limit) <= 0) return kept;
    kept = kept.filter((index) => index !== last);
  }
}

function naturalWidths(columns: readonly Column[], lines: readonly (readonly Cell[])[]): number[] {
  return columns.map((_, index) =>
    lines.reduce((widest, cells) => Math.max(widest, widthOf(textOf(cells[index]))), 0)
  );
}

function excessOf(widths: readonly number[], limit = Infinity): number {
  return widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - limit;
}

/** Shrinks flexible columns to a readable width as long as the line does not fit. */
function fitFlexible(columns: readonly Column[], natural: readonly number[], limit?: number): number[] {
  return shrink(natural, limit, (index, width) => columns[index]?.flexible === true && width > NARROW);
}

/** Shrinks whatever there is until the line fits, keys last. */
function squeeze(columns: readonly Column[], widths: readonly number[], limit?: number): number[] {
  const others = shrink(widths, limit, (index, width) => columns[index]?.key !== true && width > 1);
  return shrink(others, limit, (_, width) => width > 1);
}

function shrink(
  widths: readonly number[],
  limit: number | undefined,
  mayShrink: (index: number, width: number) => boolean,
): number[] {
  const shrunk = [...widths];
  while (excessOf(shrunk, limit) > 0) {
    const index = widestOf(shrunk, mayShrink);
    if (index === undefined) break;
    shrunk[index] = (shrunk[index] ?? 0) - 1;
  }
  return shrunk;
}

function widestOf(
  widths: readonly number[],
  isCandidate: (index: number, width: number) => boolean,
): number | undefined {
  let found: number | undefined;
  for (const [index, width] of widths.entries()) {
    if (isCandidate(index, width) && width > (widths[found ?? -1] ?? 0)) found = index;
  }
  return found;
}

function renderLine(
  columns: readonly Column[],
  cells: readonly Cell[],
  widths: readonly number[],
  look: Look,
): string {
  const last = cells.findLastIndex((cell) => textOf(cell) !== "");
  return columns.slice(0, last + 1).map(({ align }, index) => {
    const cell = cells[index] ?? "";
    const width = widths[index] ?? 0;
    const text = cut(textOf(cell), width);
    const padding = " ".repeat(Math.max(0, width - widthOf(text)));
    const painted = paint(text, typeof cell === "string" ? undefined : cell.style, look);
    if (align === "right") return padding + painted;
    return index === last ? painted : painted + padding;
  }).join(GAP);
}

function textOf(cell: Cell | undefined): string {
  return typeof cell === "object" ? cell.text : cell ?? "";
}
