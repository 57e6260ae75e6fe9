/**
 * What a keyword of JSON Schema says of one value, apart from what is below it.
 *
 * @module
 */

import { isRawNumber } from "../../contracts/mod.ts";

/** A schema, or any other object of JSON. */
export type Schema = Readonly<Record<string, unknown>>;

/** Tells what is wrong with the JSON type of a value. */
export function typeProblem({ type }: Schema, value: unknown): string | undefined {
  const types = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (types.length === 0 || types.some((one) => isOfType(value, one))) return undefined;
  return `it is ${typeOf(value)}, wanted ${
    types.map((one) => String(one).slice(0, 20)).slice(0, 8).join(" or ")
  }`;
}

function isOfType(value: unknown, type: unknown): boolean {
  const found = typeOf(value);
  // A type this table does not know cannot be judged here.
  if (typeof type !== "string" || !TYPES.has(type)) return true;
  return found === type || (found === "integer" && type === "number");
}

const TYPES = new Set(["null", "boolean", "object", "array", "number", "integer", "string"]);

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  const number = toNumber(value);
  if (number === undefined) return typeof value;
  const text = isRawNumber(value) ? JSON.stringify(value) : "";
  return Number.isInteger(number) || /^-?\d+$/.test(text) ? "integer" : "number";
}

/** A number as a double, also one that no double holds exactly; `undefined` if it is none. */
export function toNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return isRawNumber(value) ? Number(JSON.stringify(value)) : undefined;
}

/** Tells what is wrong with a number. */
export function numberProblem(schema: Schema, value: number): string | undefined {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  if (typeof minimum === "number" && value < minimum) return `it is below ${minimum}`;
  if (typeof maximum === "number" && value > maximum) return `it is above ${maximum}`;
  if (typeof exclusiveMinimum === "number" && value <= exclusiveMinimum) {
    return `it is not above ${exclusiveMinimum}`;
  }
  if (typeof exclusiveMaximum === "number" && value >= exclusiveMaximum) {
    return `it is not below ${exclusiveMaximum}`;
  }
  if (typeof multipleOf !== "number" || multipleOf <= 0) return undefined;
  const times = value / multipleOf;
  // 0.3 is three times 0.1, whatever doubles make of it.
  return Math.abs(times - Math.round(times)) > 1e-9 * Math.max(1, Math.abs(times))
    ? `it is no multiple of ${multipleOf}`
    : undefined;
}

/** Tells what is wrong with the members an object has. */
export function shapeProblem(schema: Schema, value: Schema, keys: readonly string[]): string | undefined {
  const { minProperties, maxProperties } = schema;
  const missing = listOf(schema.required).find((name) =>
    typeof name === "string" && !Object.hasOwn(value, name)
  );
  if (missing !== undefined) return `"${String(missing).slice(0, 60)}" is missing`;
  if (typeof minProperties === "number" && keys.length < minProperties) {
    return `it has fewer than ${minProperties} members`;
  }
  if (typeof maxProperties === "number" && keys.length > maxProperties) {
    return `it has more than ${maxProperties} members`;
  }
  for (const [key, needed] of Object.entries(fieldsOf(schema.dependentRequired ?? schema.dependencies))) {
    if (!Object.hasOwn(value, key)) continue;
    const absent = listOf(needed).find((name) => typeof name === "string" && !Object.hasOwn(value, name));
    if (absent !== undefined) return `"${String(absent).slice(0, 60)}" is missing`;
  }
  return undefined;
}

/** Finds what a local reference names; `undefined` if it is none, or names nothing. */
export function resolveReference(root: unknown, ref: string): unknown {
  if (ref === "#") return root;
  if (!ref.startsWith("#/")) return undefined;
  let part = root;
  for (const step of ref.slice(2).split("/")) {
    const key = decode(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof part !== "object" || part === null || !Object.hasOwn(part, key)) return undefined;
    part = Reflect.get(part, key);
  }
  return part;
}

function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

/** JSON with its keys in order, so that equal values are equal texts. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null || isRawNumber(value)) return JSON.stringify(value) ?? "";
  const members = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(",")}}`;
}

/** Characters, as JSON Schema counts them. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _character of text) length++;
  return length;
}

/** A list as it is; an empty one for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** An object as it is; an empty one for anything else. */
export function fieldsOf(value: unknown): Schema {
  return isFields(value) ? value : {};
}

/** Tells whether a part of a schema is an object. */
export function isFields(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Tells whether a value is an object of JSON. */
export function isObject(value: unknown): value is Schema {
  return isFields(value) && !isRawNumber(value);
}
