import { z } from "zod";
import { ConfigSchema } from "../contracts/mod.ts";
import type { ConfigPath } from "./problems.ts";

/**
 * Lists the keys that the schema has at a path of the config. Pure.
 *
 * @param path Into the config with `mcpServers` as a list.
 * @returns Empty where the schema has no object with keys of its own.
 */
export function knownKeys(path: ConfigPath): readonly string[] {
  const schema = path.reduce<unknown>((outer, part) => inside(bare(outer), part), ConfigSchema);
  const object = bare(schema);
  return object instanceof z.ZodObject ? Object.keys(object.shape) : [];
}

function inside(schema: unknown, part: string | number): unknown {
  if (schema instanceof z.ZodArray) return schema.element;
  if (!(schema instanceof z.ZodObject)) return undefined;
  return Object.hasOwn(schema.shape, part) ? Reflect.get(schema.shape, part) : undefined;
}

/** A schema without what only says how it may be absent. */
function bare(schema: unknown): unknown {
  const isWrapped = schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodReadonly;
  return isWrapped ? bare(schema.unwrap()) : schema;
}
