/**
 * Numbers and flags that also travel as text, in the query of a URL.
 *
 * @module
 */

import { z } from "zod";

/** Bounds of a whole number, both included. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Makes the schema of a whole number that may come as text. Texts other than
 * plain digits are refused, where `Number()` would make 0 of an empty one.
 */
export function wholeNumber({ min, max }: Bounds) {
  const error = `wanted a whole number from ${min} to ${max}`;
  const digits = z.string().regex(/^\d{1,15}$/, { error }).transform(Number);
  return z.union([z.number(), digits], { error })
    .pipe(z.number({ error }).int({ error }).min(min, { error }).max(max, { error }))
    .meta({ plain: { type: "integer", minimum: min, maximum: max } });
}

/** Makes the schema of a flag that may come as text: `false` and `0` mean no. */
export function flag() {
  const error = "wanted true or false";
  return z.union([
    z.boolean(),
    z.enum(["true", "false", "1", "0"]).transform((text) => text === "true" || text === "1"),
  ], { error }).meta({ plain: { type: "boolean" } });
}

/** Input of verbs whose lists come in pages; without `limit` the whole list is one. */
export const pageShape = {
  limit: wholeNumber({ min: 1, max: 1000 }).optional(),
  /** `next_cursor` of the page before. */
  cursor: z.string().min(1).max(2000).optional(),
};

/** Output of verbs whose lists come in pages; absent on the last one. */
export const nextShape = { next_cursor: z.string().optional() };
