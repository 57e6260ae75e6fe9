/**
 * Compact signatures of tools: a line that tells an agent how to call a tool
 * without its whole schema.
 *
 * `(path*:str, depth:int=2, filter~:obj)`: `*` marks a required argument, `~`
 * one whose inner structure was left out, `=` its default.
 *
 * @module
 */

import type { ToolDefinition } from "../contracts/mod.ts";

const MAX_ENUM_VALUES = 5;
const MAX_DEFAULT_CHARS = 20;
const MAX_DESCRIPTION_CHARS = 200;

const TYPES: Readonly<Record<string, string>> = {
  string: "str",
  integer: "int",
  number: "num",
  boolean: "bool",
  array: "arr",
  object: "obj",
  null: "null",
};

/** A signature, and whether something was left out of it. */
export interface Signature {
  readonly sig: string;
  readonly lossy: boolean;
}

type Schema = Readonly<Record<string, unknown>>;

/** Writes the signature of a tool; `(~)` if its schema cannot be read, `()` if it takes nothing. */
export function signatureOf(tool: ToolDefinition): Signature {
  const { properties, required } = tool.inputSchema;
  if (properties === undefined) return { sig: "()", lossy: false };
  if (!isSchema(properties)) return { sig: "(~)", lossy: true };
  const needed = new Set(Array.isArray(required) ? required : []);
  const parts = Object.entries(properties).map(([name, schema]) => parameter(name, schema, needed.has(name)));
  return { sig: `(${parts.map(({ sig }) => sig).join(", ")})`, lossy: parts.some(({ lossy }) => lossy) };
}

/** Takes the first sentence of a description, at most 200 characters. */
export function briefOf(description: string | undefined): string {
  const text = (description ?? "").trim().replace(/\s+/g, " ").slice(0, 2_000);
  const end = /[.!?](?=\s|$)/.exec(text);
  const sentence = end === null ? text : text.slice(0, end.index + 1);
  const characters = [...sentence];
  if (characters.length <= MAX_DESCRIPTION_CHARS) return sentence;
  return characters.slice(0, MAX_DESCRIPTION_CHARS - 1).join("") + "…";
}

function parameter(name: string, schema: unknown, required: boolean): Signature {
  const { type, lossy } = typeOf(schema);
  const marks = `${required ? "*" : ""}${lossy ? "~" : ""}`;
  return { sig: `${name}${marks}:${type}${defaultOf(schema)}`, lossy };
}

function typeOf(schema: unknown): { type: string; lossy: boolean } {
  if (!isSchema(schema)) return { type: "any", lossy: true };
  if (Array.isArray(schema.enum) && schema.enum.length > 0) return enumType(schema.enum);
  const { type } = schema;
  if (type === "array" && isSchema(schema.items)) {
    const items = typeOf(schema.items);
    return { type: `[${items.type}]`, lossy: items.lossy };
  }
  if (type === "object") return { type: "obj", lossy: schema.properties !== undefined };
  if (typeof type === "string") return { type: TYPES[type] ?? "any", lossy: TYPES[type] === undefined };
  if (Array.isArray(type)) {
    return { type: type.map((one) => TYPES[String(one)] ?? "any").join("|"), lossy: false };
  }
  return { type: "any", lossy: true };
}

function enumType(values: readonly unknown[]): { type: string; lossy: boolean } {
  const shown = values.slice(0, MAX_ENUM_VALUES).map((value) => JSON.stringify(value)).join("|");
  const lossy = values.length > MAX_ENUM_VALUES;
  return { type: lossy ? `${shown}|…` : shown, lossy };
}

function defaultOf(schema: unknown): string {
  if (!isSchema(schema) || schema.default === undefined) return "";
  const text = [...JSON.stringify(schema.default)];
  return `=${
    text.length > MAX_DEFAULT_CHARS ? text.slice(0, MAX_DEFAULT_CHARS).join("") + "…" : text.join("")
  }`;
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
