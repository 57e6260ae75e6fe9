/**
 * What the texts of a definition are read with: names it may speak of, subjects
 * that it has a business with.
 *
 * @module
 */

import { nameOfDefinition } from "../approval/definition.ts";
import { subjectsIn, wordsOf } from "./business.ts";
import type { Field } from "./fields.ts";
import type { Place } from "./likeness_features.ts";
import { knowWord } from "./likeness_words.ts";
import type { ScanSubject } from "./scan_subject.ts";
import { spaceName } from "./tokens.ts";

/** Longest part of a description that tells what its parameters are about. */
const MAX_TOPIC = 2_000;

/** A text of an output schema from this length on is compared with what its tool is about. */
const SHORT = 80;

/** Puts the fields of one definition in their context. */
export interface FieldContext {
  of(field: Field): Field;
}

/**
 * Prepares the context of a definition.
 *
 * @param siblings Names of the tools of its own server, in lower case.
 */
export function contextOf(
  { kind, definition, isResult }: ScanSubject,
  siblings: readonly string[],
): FieldContext {
  if (isResult === true) return { of: (field) => field };
  const { inputSchema, title, description } = definition;
  const ownName = nameOfDefinition(kind, definition) ?? "";
  const known = new Set([...siblings, ...keysOf(inputSchema), ownName.toLowerCase()]);
  const named = subjectsIn(wordsOf(spaceName(ownName)));
  const own = named.union(subjectsIn(typeof title === "string" ? wordsOf(title) : []));
  const text = subjectsIn(typeof description === "string" ? wordsOf(description.slice(0, MAX_TOPIC)) : []);
  const whole = own.union(text);
  const stems = stemsOf(`${spaceName(ownName)} ${openingOf(description)}`);
  return {
    of(field) {
      if (field.pointer === "/description") {
        return { ...field, names: known, topic: own, opens: true, own: stems };
      }
      // A title does not vouch for itself.
      if (field.pointer === "/title") return { ...field, topic: named.union(text), own: stems };
      if (field.role === "key" && isSentence(field)) return { ...field, topic: whole, asks: true, asked: [] };
      if (field.role === "name" || field.role === "key") return field;
      // Schemas repeat their short texts, which are not read anew for each tool.
      if (field.pointer.startsWith("/outputSchema/") && field.text.length < SHORT) {
        return { ...field, topic: whole };
      }
      if (kind === "instructions") return { ...field, names: known, topic: whole, own: stems, orders: true };
      if (!field.pointer.startsWith("/inputSchema/")) return { ...field, topic: whole, own: stems };
      // A description is prose; nothing else has to be looked at.
      const name = field.role === "prose" ? parameterOf(field.pointer) : "";
      const asked = name === "" ? [] : wordsOf(spaceName(name));
      const subjects = subjectsIn(asked);
      const topic = subjects.isSubsetOf(whole) ? whole : whole.union(subjects);
      return { ...field, topic, asks: true, asked };
    },
  };
}

/** Words from which on the name of a parameter says something. */
const TELLING = 3;

/** Whether the name of a parameter is a text of its own: `full_text_of_the_chat`. */
function isSentence({ pointer, text }: Field): boolean {
  const parent = pointer.slice(0, pointer.lastIndexOf("/"));
  return pointer.startsWith("/inputSchema/") && parent.endsWith("/properties") &&
    wordsOf(spaceName(text)).length >= TELLING;
}

/** Longest first sentence. */
const MAX_OPENING = 300;

function openingOf(description: unknown): string {
  if (typeof description !== "string") return "";
  const start = description.slice(0, MAX_OPENING);
  const end = start.search(/[.!?\n](?:\s|$)/);
  return end < 0 ? start : start.slice(0, end);
}

function stemsOf(text: string): ReadonlySet<string> {
  return new Set(wordsOf(text).map((word) => knowWord(word).stem));
}

/** Name of the parameter that a pointer's description is of; empty for none. */
function parameterOf(pointer: string): string {
  const end = "/description";
  if (!pointer.endsWith(end)) return "";
  const name = pointer.lastIndexOf("/", pointer.length - end.length - 1);
  return name >= 0 && pointer.endsWith("/properties", name) ? pointer.slice(name + 1, -end.length) : "";
}

function keysOf(schema: unknown): string[] {
  const properties = typeof schema === "object" && schema !== null && "properties" in schema
    ? schema.properties
    : undefined;
  return typeof properties === "object" && properties !== null
    ? Object.keys(properties).map((name) => name.toLowerCase())
    : [];
}

/** Where the text of a field stands. */
export function placeOf({ pointer, role, opens, asks }: Field): Place {
  if (opens === true) return "opening";
  if (asks === true && role === "key") return "parameter";
  if (role !== "prose") return "value";
  return asks === true && pointer.endsWith("/description") ? "parameter" : "description";
}
