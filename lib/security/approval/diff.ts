import { isRawNumber } from "../../contracts/mod.ts";
import { toCanonicalJson } from "./canonical.ts";
import type { Definition } from "./definition.ts";

/** One field that differs between two definitions. */
export interface FieldChange {
  /** JSON pointer, such as `/inputSchema/properties/path/description`. */
  readonly pointer: string;
  readonly kind: "added" | "removed" | "changed";
  /** Absent if the field was added. */
  readonly before?: unknown;
  /** Absent if the field was removed. */
  readonly after?: unknown;
}

/**
 * Lists what differs, field by field. Objects and arrays are entered as long as
 * both sides have one; what only one side has is one change, whole.
 *
 * Pure. The order of keys does not count.
 *
 * @returns Changes by pointer, arrays in their order; empty for equal definitions.
 * @throws {RangeError} If a definition nests too deep.
 */
export function diffDefinitions(before: Definition, after: Definition): readonly FieldChange[] {
  return compare("", before, after);
}

function compare(pointer: string, before: unknown, after: unknown): FieldChange[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ pointer, kind: "added", after }];
  if (after === undefined) return [{ pointer, kind: "removed", before }];
  if (Array.isArray(before) && Array.isArray(after)) return compareLists(pointer, before, after);
  if (isObject(before) && isObject(after)) return compareObjects(pointer, before, after);
  return toCanonicalJson(before) === toCanonicalJson(after)
    ? []
    : [{ pointer, kind: "changed", before, after }];
}

function compareLists(pointer: string, before: readonly unknown[], after: readonly unknown[]): FieldChange[] {
  const length = Math.max(before.length, after.length);
  return Array.from(
    { length },
    (_, index) => compare(`${pointer}/${index}`, before[index], after[index]),
  ).flat();
}

function compareObjects(pointer: string, before: Definition, after: Definition): FieldChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) =>
    compare(`${pointer}/${escapePointer(key)}`, own(before, key), own(after, key))
  );
}

/** A key such as `constructor` must not find what every object has. */
function own(value: Definition, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Writes a key as one step of a JSON pointer. */
export function escapePointer(key: string): string {
  // Nearly no key has either, and every key of every list comes through here.
  if (!key.includes("~") && !key.includes("/")) return key;
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}

function isObject(value: unknown): value is Definition {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isRawNumber(value);
}
