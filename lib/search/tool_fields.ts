import { type ToolDefinition, toToolId } from "../contracts/mod.ts";
import { toWords } from "./words.ts";

/** What is indexed of a tool: words, separated by spaces. */
export interface ToolFields {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly server: string;
  readonly args: string;
  readonly description: string;
  readonly argTexts: string;
}

const NAME_WORDS = 32;
const ARG_WORDS = 150;
const ARG_TEXT_WORDS = 300;
const DESCRIPTION_WORDS = 300;
const MAX_SCHEMAS = 300;
/** Where further schemas stand in a schema. */
const NESTED = ["items", "anyOf", "oneOf", "allOf", "additionalProperties"];

/** Takes the words of a tool. Bounded and never failing, whatever the definition holds. */
export function toToolFields(server: string, tool: ToolDefinition): ToolFields {
  const { names, texts } = collectArguments(tool.inputSchema);
  const title = textOf(tool.title) || textOf(tool.annotations?.title);
  return {
    id: toToolId(server, tool.name),
    name: toField(tool.name, NAME_WORDS, true),
    title: toField(title, NAME_WORDS),
    server: toField(server, NAME_WORDS, true),
    args: toField(names.join(" "), ARG_WORDS),
    description: toField(textOf(tool.description), DESCRIPTION_WORDS),
    argTexts: toField(texts.join(" "), ARG_TEXT_WORDS),
  };
}

/** One word counts once, so that a text cannot win by repeating it. */
function toField(text: string, limit: number, keepStopWords = false): string {
  return [...new Set(toWords(text, { limit, keepStopWords }))].join(" ");
}

interface Arguments {
  readonly names: string[];
  readonly texts: string[];
  schemas: number;
}

function collectArguments(schema: unknown): Arguments {
  const found: Arguments = { names: [], texts: [], schemas: 0 };
  collect(schema, found);
  return found;
}

/** Visits a schema and those within it; their number bounds the depth too. */
function collect(schema: unknown, found: Arguments): void {
  if (!isObject(schema) || found.schemas >= MAX_SCHEMAS) return;
  // The text at the top is about all arguments, which is what the tool's own description says.
  if (found.schemas++ > 0) found.texts.push(textOf(schema.description).slice(0, 1000));
  for (const [name, inner] of firstEntries(schema.properties)) {
    found.names.push(name.slice(0, 100));
    collect(inner, found);
  }
  for (const key of NESTED) {
    for (const [, inner] of firstEntries(Array.isArray(schema[key]) ? schema[key] : [schema[key]])) {
      collect(inner, found);
    }
  }
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
