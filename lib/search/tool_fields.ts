import type { ToolDefinition } from "../contracts/mod.ts";

/** The texts of a tool that are searched, by field. */
export const FIELDS = ["server", "name", "title", "brief", "rest", "args", "argTexts"] as const;

/** Where a word stands. `brief` is the first sentence of the description, `argTexts` holds enum values too. */
export type Field = typeof FIELDS[number];

/** What is indexed of a tool. */
export type ToolTexts = Readonly<Record<Field, string>>;

const MAX_NAME_CHARS = 256;
const MAX_TITLE_CHARS = 512;
const MAX_DESCRIPTION_CHARS = 12_000;
const MAX_BRIEF_CHARS = 400;
const MAX_ARG_TEXT_CHARS = 1_000;
const MAX_ARG_CHARS = 12_000;
const MAX_SCHEMAS = 300;
const MAX_ENUM_VALUES = 20;
/** Where further schemas stand in a schema. */
const NESTED = ["items", "anyOf", "oneOf", "allOf", "additionalProperties"];
const SENTENCE_END = /[.!?](?=\s)|\n\s*\n|\n(?=\s*(?:[-*#]|\w+:))|。/;

/** Takes the texts of a tool. Bounded and never failing, whatever the definition holds. */
export function toToolTexts(server: string, tool: ToolDefinition): ToolTexts {
  const args = collectArguments(tool.inputSchema);
  const description = textOf(tool.description).slice(0, MAX_DESCRIPTION_CHARS).trimStart();
  const end = SENTENCE_END.exec(description.slice(0, MAX_BRIEF_CHARS));
  const briefEnd = end === null ? Math.min(MAX_BRIEF_CHARS, description.length) : end.index;
  return {
    server: server.slice(0, MAX_NAME_CHARS),
    name: tool.name.slice(0, MAX_NAME_CHARS),
    title: (textOf(tool.title) || textOf(tool.annotations?.title)).slice(0, MAX_TITLE_CHARS),
    brief: description.slice(0, briefEnd),
    rest: description.slice(briefEnd),
    args: args.names.join(" "),
    argTexts: args.texts.join(" "),
  };
}

interface Arguments {
  readonly names: string[];
  readonly texts: string[];
  schemas: number;
  chars: number;
}

function collectArguments(schema: unknown): Arguments {
  const found: Arguments = { names: [], texts: [], schemas: 0, chars: 0 };
  collect(schema, found);
  return found;
}

/** Visits a schema and those within it; their number bounds the depth too. */
function collect(schema: unknown, found: Arguments): void {
  if (!isObject(schema) || found.schemas >= MAX_SCHEMAS || found.chars > MAX_ARG_CHARS) return;
  // The text at the top is about all arguments, which is what the tool's own description says.
  if (found.schemas++ > 0) take(found, found.texts, textOf(schema.description));
  if (Array.isArray(schema.enum)) {
    for (const value of schema.enum.slice(0, MAX_ENUM_VALUES)) take(found, found.texts, textOf(value));
  }
  for (const [name, inner] of firstEntries(schema.properties)) {
    take(found, found.names, name);
    collect(inner, found);
  }
  for (const key of NESTED) {
    for (const [, inner] of firstEntries(Array.isArray(schema[key]) ? schema[key] : [schema[key]])) {
      collect(inner, found);
    }
  }
}

function take(found: Arguments, into: string[], text: string): void {
  if (text === "" || found.chars > MAX_ARG_CHARS) return;
  const part = text.slice(0, MAX_ARG_TEXT_CHARS);
  into.push(part);
  found.chars += part.length;
}

function firstEntries(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.keys(value).slice(0, MAX_SCHEMAS).map((key) => [key, value[key]]) : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** A server may send anything where a text belongs. */
function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
