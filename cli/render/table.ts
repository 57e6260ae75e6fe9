import { cut, type Look, paint, type Style, widthOf } from "./text.ts";

/** One column of a table. */
export interface Column {
  readonly title: string;
  readonly align?: "right";
  /** Whether this column gives way first when the terminal is narrow. */
  readonly flexible?: boolean;
}

/** A cell: one line of visible text, plain or with a style. */
export type Cell = string | { readonly text: string; readonly style: Style | undefined };

const GAP = "  ";
const NARROW = 8;

/**
 * Writes a table with a head, one line a row.
 *
 * Pure. No line is wider than the terminal: flexible columns are cut first,
 * the widest before the others. Lines have no blanks at their end.
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
  const widths = fitWidths(columns, naturalWidths(columns, lines), look.width);
  return lines.map((cells) => `${renderLine(columns, cells, widths, look)}\n`).join("");
}

function naturalWidths(columns: readonly Column[], lines: readonly (readonly Cell[])[]): number[] {
  return columns.map((_, index) =>
    lines.reduce((widest, cells) => Math.max(widest, widthOf(textOf(cells[index]))), 0)
  );
}

/** Shrinks columns until the line fits: flexible ones to a readable width, then any. */
function fitWidths(columns: readonly Column[], natural: readonly number[], limit = Infinity): number[] {
  const widths = [...natural];
  const excess = () => widths.reduce((sum, width) => sum + width, GAP.length * (widths.length - 1)) - limit;
  const shrink = (isCandidate: (index: number) => boolean, least: number) => {
    while (excess() > 0) {
      const index = widestOf(widths, (at, width) => isCandidate(at) && width > least);
      if (index === undefined) return;
      widths[index] = (widths[index] ?? 0) - 1;
    }
  };
  shrink((index) => columns[index]?.flexible === true, NARROW);
  shrink(() => true, 1);
  return widths;
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
