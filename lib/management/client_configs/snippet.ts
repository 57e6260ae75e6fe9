import { type ClientKind, type ClientName, CLIENTS, type ClientTarget } from "./clients.ts";

/**
 * Writes what a person pastes into a client's file: the gateway's entry under
 * its key, in the format of the file. Ends with a line feed.
 *
 * @param name Name of the gateway's entry.
 */
export function renderSnippet(
  client: ClientName,
  { name, ...target }: ClientTarget & { readonly name: string },
): string {
  const { format, key, entry }: ClientKind = CLIENTS[client];
  const value = entry(target);
  if (format === "toml") return toTomlTable([key, name], value);
  return `${JSON.stringify({ [key]: { [name]: value } }, undefined, 2)}\n`;
}

/**
 * Writes one TOML table: a head and a line for each field. Values are texts,
 * booleans, numbers, lists of these, and one level of objects.
 *
 * @param path Keys that lead to the table.
 * @throws {TypeError} For a value of another kind.
 */
export function toTomlTable(path: readonly string[], value: Readonly<Record<string, unknown>>): string {
  const head = `[${path.map(toTomlKey).join(".")}]`;
  const lines = Object.entries(value).map(([key, one]) => `${toTomlKey(key)} = ${toTomlValue(one)}`);
  return [head, ...lines, ""].join("\n");
}

function toTomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : toTomlText(key);
}

function toTomlValue(value: unknown): string {
  if (typeof value === "string") return toTomlText(value);
  if (typeof value === "boolean" || Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map(toTomlValue).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([key, one]) => `${toTomlKey(key)} = ${toTomlValue(one)}`);
    return fields.length === 0 ? "{}" : `{ ${fields.join(", ")} }`;
  }
  throw new TypeError(`Cannot write ${typeof value} as TOML: wanted a text, boolean, number, list or object`);
}

/** A basic string of TOML has the escapes of JSON, but for the delete character, which it forbids. */
function toTomlText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\x7f", "\\u007f");
}
