/**
 * TOML: the one place that imports its parser, and edits of one table that
 * leave every other character of a text alone.
 *
 * @module
 */

import { parse, stringify } from "smol-toml";

type Table = Readonly<Record<string, unknown>>;

/**
 * Reads TOML.
 *
 * @throws {SyntaxError} With line and column.
 */
export function parseToml(text: string): Table {
  try {
    // The parser's objects have no prototype, which counts as a difference when they are compared.
    return structuredClone(parse(text));
  } catch (cause) {
    const words = cause instanceof Error ? cause.message.split("\n")[0] ?? "" : "";
    const { line, column } = Object(cause);
    const at = typeof line === "number" ? ` in line ${line}, column ${column}` : "";
    throw new SyntaxError(`${words.replace(/^Invalid TOML document: /, "")}${at}`, { cause });
  }
}

/** A header line of a table, with the table's path. */
interface Header {
  readonly path: readonly string[];
  /** First character of its line. */
  readonly from: number;
}

/**
 * Puts a table into a text, in the place of the one with this path and the
 * tables below it; `undefined` takes it away. Other lines stay as they are.
 *
 * @returns The new text; to be checked, since a table can stand in a text in another way than under a header.
 */
export function setTable(
  text: string,
  path: readonly string[],
  value: Table | undefined,
): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const own = rangesOf(text, path);
  const written = value === undefined ? "" : writeTable(path, value).replaceAll("\n", eol);
  const [first] = own;
  const rest = own.reduceRight((left, { from, to }) => left.slice(0, from) + left.slice(to), text);
  return first === undefined
    ? (written === "" ? text : `${ended(text, eol)}${text.trim() === "" ? "" : eol}${written}`)
    : spaced(rest.slice(0, first.from), written, rest.slice(first.from), eol);
}

function spaced(before: string, written: string, after: string, eol: string): string {
  if (written === "") {
    return after.trim() === "" ? `${before.trimEnd()}${before.trim() === "" ? "" : eol}` : before + after;
  }
  return `${before}${written}${after.trim() === "" ? "" : eol}${after}`;
}

function ended(text: string, eol: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}${eol}`;
}

function writeTable(path: readonly string[], value: Table): string {
  const nested = path.reduceRight<Table>((inner, key) => ({ [key]: inner }), value);
  return `${stringify(nested).trim()}\n`;
}

/** The stretches of text that belong to a table, comments before the next header not among them. */
function rangesOf(text: string, path: readonly string[]): { from: number; to: number }[] {
  const headers = headersOf(text);
  return headers.flatMap((header, index) => {
    if (!path.every((key, at) => header.path[at] === key)) return [];
    const end = headers[index + 1]?.from ?? text.length;
    const next = headers[index + 1];
    return [{ from: header.from, to: next === undefined ? end : withoutComments(text, header.from, end) }];
  });
}

/** What stands right above the next header is about that one. */
function withoutComments(text: string, from: number, to: number): number {
  const lines = text.slice(from, to).split(/(?<=\n)/);
  let end = to;
  for (const line of lines.toReversed()) {
    if (!/^\s*#/.test(line)) break;
    end -= line.length;
  }
  return end;
}

/** Header lines of tables; texts over several lines can look like one and are left out. */
function headersOf(text: string): Header[] {
  const hidden = [...text.matchAll(/"""[\s\S]*?"""|'''[\s\S]*?'''/g)].map(({ index, 0: found }) =>
    [index, index + found.length] as const
  );
  const headers: Header[] = [];
  for (const match of text.matchAll(/^[ \t]*\[{1,2}([^\n]+?)\]{1,2}[ \t]*(?:#[^\n]*)?\r?$/gm)) {
    if (hidden.some(([from, to]) => match.index >= from && match.index < to)) continue;
    const path = pathOf(match[1] ?? "");
    if (path !== undefined) headers.push({ path, from: match.index });
  }
  return headers;
}

function pathOf(header: string): string[] | undefined {
  try {
    const path: string[] = [];
    let value: unknown = parse(`[${header}]`);
    while (typeof value === "object" && value !== null) {
      const [key] = Object.keys(value);
      if (key === undefined) return path;
      path.push(key);
      value = Reflect.get(value, key);
    }
    return path;
  } catch {
    return undefined;
  }
}
