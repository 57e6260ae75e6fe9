/**
 * Queries and tools that were made to hurt.
 *
 * @module
 */

import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { RELATED_WORDS } from "../../../lib/search/lexicon_things.ts";
import { VERB_KINDS } from "../../../lib/search/lexicon_verbs.ts";

const WORDS = [...new Set(`${RELATED_WORDS} ${VERB_KINDS}`.split(/[\s,_]+/))];
const letter = (at: number) => String.fromCharCode(97 + at % 26);
const many = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join(" ");

/** Queries by name; most have 100 KB. */
export const HOSTILE_QUERIES: Readonly<Record<string, string>> = {
  "nothing": "",
  "white space": " \n\t\u00a0",
  "one word of 100 KB": "a".repeat(100_000),
  "one word of many letters": "abcdefghij".repeat(10_000),
  "common words": "read file ".repeat(10_000),
  "10,000 distinct words": many(10_000, (at) => `wordy${at.toString(36)}q`),
  "every word of the lexicon": WORDS.join(" "),
  "64 words with synonyms": WORDS.slice(0, 64).join(" "),
  "64 misspelt words": many(64, (at) => `repostiory${letter(at)}x`),
  "64 words in two parts": many(
    64,
    (at) => "filereadlistmailusername".slice(at % 5, at % 5 + 18) + letter(at),
  ),
  "control characters": "\u0000\u0001\u001b[31m\u202e".repeat(15_000),
  "like a pattern": "(a+)+$ [^]* .* \\d{1,99999} (?:(?:(?:".repeat(3_000),
  "quotes": '"'.repeat(100_000),
  "open quotes": "'a".repeat(50_000),
  "dashes": "-".repeat(100_000),
  "dots": "a.".repeat(50_000),
  "snake case": "a_".repeat(50_000),
  "camel case": "aB".repeat(50_000),
  "addresses": "a@".repeat(50_000),
  "paths": "/a".repeat(50_000),
  "URLs": "http://".repeat(15_000),
  "brackets": "<a>".repeat(30_000),
  "numbers": "1,".repeat(50_000),
  "combining characters": "e\u0301".repeat(50_000),
  "Chinese": "的一是在不了有和人这".repeat(5_000),
  "Arabic": "مرحبا ".repeat(10_000),
  "Thai": "สวัสดีครับ".repeat(5_000),
  "emoji": "👩‍👩‍👧‍👦".repeat(8_000),
  "half characters": "\ud800".repeat(50_000),
  "ends of sentences": "?!.".repeat(30_000),
  "lines": "\n".repeat(100_000),
  "questions": "how many how much how far ".repeat(4_000),
  "names of members": "__proto__ constructor toString hasOwnProperty",
};

function nested(depth: number): Record<string, unknown> {
  let schema: Record<string, unknown> = { type: "string" };
  for (let level = 0; level < depth; level++) schema = { type: "object", properties: { a: schema } };
  return schema;
}

function cyclic(): Record<string, unknown> {
  const schema: Record<string, unknown> = { type: "object" };
  schema.properties = { self: schema };
  schema.anyOf = [schema, schema];
  return schema;
}

const tool = (name: string, rest: Record<string, unknown> = {}) =>
  // What servers send need not be what the type says.
  ({ name, inputSchema: {}, ...rest }) as unknown as ToolDefinition;

/** Tools that no honest server has. */
export const hostileTools = (): ToolDefinition[] => [
  tool("silent"),
  tool(""),
  tool("\u0000\u202e"),
  tool("x".repeat(100_000)),
  tool("aB".repeat(50_000)),
  tool("words", { description: "lorem ipsum ".repeat(90_000) }),
  tool("word", { description: "x".repeat(1_000_000) }),
  tool("sentences", { description: "a. ".repeat(330_000) }),
  tool("chinese", { description: "的".repeat(1_000_000) }),
  tool("marks", { description: "e\u0301".repeat(500_000) }),
  tool("wrong_types", { description: 5, title: {}, annotations: null, inputSchema: null }),
  tool("odd_schema", { inputSchema: { properties: [1, { description: "x" }], anyOf: "text", enum: {} } }),
  tool("deep", { inputSchema: nested(20_000) }),
  tool("cycle", { inputSchema: cyclic() }),
  tool("references", {
    inputSchema: { $ref: "#/$defs/a", $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } } },
  }),
  tool("wide", {
    inputSchema: {
      properties: Object.fromEntries(
        Array.from(
          { length: 10_000 },
          (_, at) => [`property_${at}`, { description: `word${at} `.repeat(20) }],
        ),
      ),
    },
  }),
  tool("branches", {
    inputSchema: {
      anyOf: Array.from({ length: 1_000 }, () => ({
        anyOf: Array.from({ length: 1_000 }, () => ({ description: "z" })),
      })),
    },
  }),
];
