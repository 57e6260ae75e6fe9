import { usageError } from "../usage.ts";

type Fields = Readonly<Record<string, unknown>>;

/** One `key=value` of a command line. */
export interface Pair {
  readonly key: string;
  readonly text: string;
}

/**
 * Cuts `key=value` words at their first `=`.
 *
 * @throws {GatewayError} MCPX_USAGE — a word has no key or no `=`, or a key comes twice.
 */
export function parsePairs(words: readonly string[], command: string): Pair[] {
  const seen = new Set<string>();
  return words.map((word) => {
    const at = word.indexOf("=");
    if (at <= 0) throw usageError(`Cannot read argument "${word}": wanted key=value`, command);
    const key = word.slice(0, at);
    if (seen.has(key)) throw usageError(`Cannot read argument "${word}": "${key}" was given twice`, command);
    seen.add(key);
    return { key, text: word.slice(at + 1) };
  });
}

/**
 * Reads the JSON text of all arguments.
 *
 * @throws {GatewayError} MCPX_USAGE — it is not a JSON object.
 */
export function parseArguments(text: string, command: string): Fields {
  try {
    const value: unknown = JSON.parse(text);
    if (isFields(value)) return value;
  } catch {
    // Told below like any other text that is no object.
  }
  const found = text.trim() === "" ? "it is empty" : `it starts with "${text.trim().slice(0, 20)}"`;
  throw usageError(`Cannot read the arguments: ${found}, wanted a JSON object such as {"path":"."}`, command);
}

/** Tells whether a value could be meant as something else than text. */
export function looksTyped({ text }: Pair): boolean {
  return typeof read(text) !== "string";
}

/**
 * Gives pairs their types: JSON where the text is JSON, else text. A property
 * that the schema wants as text stays text, so that `zip=01234` or `id=42` do.
 *
 * @param schema Input schema of the tool, `undefined` if unknown.
 */
export function typePairs(pairs: readonly Pair[], schema: Fields | undefined): Fields {
  const properties = isFields(schema?.properties) ? schema.properties : {};
  return Object.fromEntries(pairs.map(({ key, text }) => {
    const value = read(text);
    const wanted = typesOf(Object.hasOwn(properties, key) ? properties[key] : undefined);
    const staysText = wanted.has("string") && !namesOf(value).some((name) => wanted.has(name));
    return [key, staysText ? text : value];
  }));
}

/** Reads JSON; text in quotes stays as it was typed, and so do digits that a number cannot hold. */
function read(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const isLossy = typeof value === "number" && Math.abs(value) > Number.MAX_SAFE_INTEGER;
    return typeof value === "string" || isLossy ? text : value;
  } catch {
    return text;
  }
}

/** JSON Schema types that a property allows; empty when it does not say. */
function typesOf(schema: unknown): ReadonlySet<string> {
  if (!isFields(schema)) return new Set();
  const own = [schema.type].flat().filter((type) => typeof type === "string");
  const choices = [schema.anyOf, schema.oneOf].flat().flatMap((choice) => [...typesOf(choice)]);
  return new Set([...own, ...choices]);
}

/** JSON Schema types that a value has; text is left out, since it stays text anyway. */
function namesOf(value: unknown): string[] {
  if (value === null) return ["null"];
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number"] : ["number"];
  return typeof value === "string" ? [] : [typeof value];
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
