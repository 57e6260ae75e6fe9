import { isRawNumber } from "./json.ts";

/**
 * Tells whether two values that were read from JSON are the same: all members,
 * in whatever order, numbers that a double cannot hold by their digits, -0
 * apart from 0. Pure; for messages, which do not nest without end.
 */
export function isSameJson(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && areSame(a, b);
  return isRawNumber(a) === isRawNumber(b) && haveSame(a, b);
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (!isSameJson(a[at], b[at])) return false;
  return true;
}

function haveSame(a: object, b: object): boolean {
  const [one, other] = [a as Members, b as Members]; // objects, by who asks
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length) return false;
  for (const key of keys) if (!Object.hasOwn(other, key) || !isSameJson(one[key], other[key])) return false;
  return true;
}

type Members = Readonly<Record<string, unknown>>;
