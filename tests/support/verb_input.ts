/**
 * Input for every verb, made from the contract.
 *
 * @module
 */

import { type JsonSchema, toJsonSchema, type Verb, type VerbName, VERBS } from "../../lib/contracts/mod.ts";

/** Every verb with its name, both from that very table. */
// Object.entries knows no names of keys.
export const ALL = Object.entries(VERBS) as [VerbName, Verb][];

interface Fields {
  readonly properties: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
}

/** The fields of a verb's input, and which of them must be there. */
export function fieldsOf({ input }: Verb): Fields {
  const { properties = {}, required = [] } = toJsonSchema(input, "input") as Partial<Fields>; // inputs are objects
  return { properties, required };
}

/** Makes a value that a schema allows, as far as its outline goes. */
export function sample(schema: JsonSchema): unknown {
  const { type, properties, required, enum: words, anyOf, items, minimum, const: only, pattern } =
    schema as Readonly<
      Record<string, never>
    >; // read word by word
  if (only !== undefined) return only;
  if (Array.isArray(words)) return words[0];
  if (Array.isArray(anyOf)) return sample(anyOf[0] ?? {});
  if (type === "array") return items === undefined ? [] : [sample(items)];
  if (type === "integer" || type === "number") return minimum ?? 1;
  if (type === "boolean") return false;
  if (type === "string") return pattern === undefined ? "x" : "x1";
  const names: readonly string[] = required ?? [];
  return Object.fromEntries(names.map((name) => [name, sample(properties?.[name] ?? {})]));
}
