/**
 * JSON Schema of the contract's shapes.
 *
 * @module
 */

import { z } from "zod";

/** A JSON Schema as a plain value. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Writes a schema as JSON Schema 2020-12.
 *
 * Pure. What has no counterpart there, such as a check of our own, allows
 * anything; a schema whose meta data has `plain` is written as that says.
 *
 * @param io Whether what is sent or what is answered is described; they differ in defaults.
 */
export function toJsonSchema(schema: z.ZodType, io: "input" | "output"): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    target: "draft-2020-12",
    unrepresentable: "any",
    override: ({ zodSchema, jsonSchema }) => {
      const { plain } = jsonSchema as { plain?: object }; // from meta()
      if (plain !== undefined) {
        for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
        Object.assign(jsonSchema, plain);
      }
      // The writer leaves the default out where what is sent and what is meant differ in type.
      const { type, defaultValue } = zodSchema._zod.def as { type: string; defaultValue?: unknown }; // of any schema
      if (type === "default") Object.assign(jsonSchema, { default: defaultValue });
    },
  });
  return rest;
}
