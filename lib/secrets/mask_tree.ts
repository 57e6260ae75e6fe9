import { maskArguments, maskNamed } from "./mask.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Begins every mask of a whole value; nobody types it by chance. */
const MASK = "••••";

/**
 * Masks every secret in a value of JSON, whatever its depth, by the names that
 * texts go under and by their shapes. Pure.
 */
export function maskTree(value: unknown, name = ""): unknown {
  if (typeof value === "string") return maskNamed(name, value);
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return isTexts(list) ? maskArguments(list) : list.map((one) => maskTree(one, name));
  }
  return isFields(value) ? mapFields(value, (one, key) => maskTree(one, key)) : value;
}

/** A value with its masks replaced, and the places of those that stand for nothing. */
export interface Restored {
  readonly value: unknown;
  /** Like `mcpServers.github.env.TOKEN`. */
  readonly unknown: readonly string[];
}

/**
 * Puts the secrets back where their masks came back: whoever reads a config,
 * changes a key and sends all of it must not lose them. Pure.
 *
 * Entries of lists are matched by their `name`, else by their place; texts of
 * a list that was changed, such as arguments, by their masks.
 *
 * @param sent What came, masked as by {@link maskTree}.
 * @param stored What is there.
 */
export function restoreMasks(sent: unknown, stored: unknown): Restored {
  const unknown: string[] = [];
  const value = restore(sent, { stored, name: "", path: "", unknown });
  return { value, unknown };
}

interface Place {
  readonly stored: unknown;
  readonly name: string;
  readonly path: string;
  readonly unknown: string[];
}

function restore(sent: unknown, place: Place): unknown {
  if (typeof sent === "string") return restoreText(sent, place);
  if (Array.isArray(sent)) return restoreList(sent, place);
  if (!isFields(sent)) return sent;
  const { stored, path } = place;
  return mapFields(sent, (value, key) =>
    restore(value, {
      ...place,
      stored: storedAt(stored, key),
      name: key,
      path: path === "" ? key : `${path}.${key}`,
    }));
}

/** A map of entries may come back as the list of the same entries, and the other way round. */
function storedAt(stored: unknown, key: string): unknown {
  if (Array.isArray(stored)) return stored.find((entry) => isFields(entry) && entry.name === key);
  return isFields(stored) && Object.hasOwn(stored, key) ? stored[key] : undefined;
}

function restoreText(sent: string, { stored, name, path, unknown }: Place): string {
  if (typeof stored === "string" && sent === maskNamed(name, stored)) return stored;
  if (sent.includes(MASK)) unknown.push(path);
  return sent;
}

function restoreList(sent: readonly unknown[], place: Place): unknown[] {
  const { stored, path } = place;
  const known = Array.isArray(stored) ? stored : [];
  if (isTexts(sent)) return restoreTexts(sent, { ...place, stored: known.filter(isText) });
  return sent.map((entry, index) => {
    const named = isFields(entry) && typeof entry.name === "string"
      ? storedAt(stored, entry.name)
      : undefined;
    return restore(entry, { ...place, stored: named ?? known[index], path: `${path}[${index}]` });
  });
}

function restoreTexts(
  sent: readonly string[],
  place: Place & { readonly stored: readonly string[] },
): string[] {
  const { stored, path, unknown } = place;
  const masks = maskArguments(stored);
  return sent.map((text, index) => {
    const at = masks[index] === text ? index : masks.indexOf(text);
    if (at >= 0) return stored[at] ?? text;
    if (text.includes(MASK)) unknown.push(`${path}[${index}]`);
    return text;
  });
}

/** By entries, since a key such as `__proto__` must stay a key. */
function mapFields(fields: Fields, change: (value: unknown, key: string) => unknown): Fields {
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, change(value, key)]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isTexts(values: readonly unknown[]): values is readonly string[] {
  return values.every(isText);
}
