/**
 * An MCP server with as many tools as its first argument says, each with some 1.7 KB of JSON, as real ones have. The
 * tool `change` makes them others: `{"tools": "none" | "one" | "all"}` says which before the list is announced anew.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";

const count = Number(process.argv[2]);
const seed = process.argv[3] ?? "";
const WORDS =
  ("account alert archive audit branch budget calendar channel comment contact contract customer deal " +
    "document event field file folder group invoice issue label lead member message metric note order owner page " +
    "payment pipeline plan product project quote record release report request review role rule schedule section " +
    "segment service session setting space sprint status task team template ticket token topic user vendor view " +
    "webhook workflow").split(" ");
const VERBS = ["list", "get", "create", "update", "delete", "search", "export", "merge", "assign", "close"];

const pick = (index, step) => WORDS[(index * step + step) % WORDS.length];

/** Reads as a tool of a real server does; `turn` makes it another. */
function toTool(index, turn) {
  const [thing, other, third] = [pick(index, 7), pick(index, 11), pick(index, 13)];
  const verb = VERBS[index % VERBS.length];
  const property = (name, at) => [name, {
    type: at % 3 === 0 ? "integer" : "string",
    description:
      `Which ${name} of the ${thing} counts: its id, or its name as the ${other} has it, case left aside.`,
    ...(at % 2 === 0 ? { default: at } : { enum: ["any", thing, other, third] }),
  }];
  return {
    name: `${verb}_${thing}_${index}`,
    title: `${verb} ${thing} ${index}${seed}`,
    description:
      `${verb} the ${thing} number ${index} of a ${other}, with its ${third}. Takes the id of the ${thing} ` +
      `and the fields that are to be looked at, and answers with all that is known of them${turn}. Each ${other} ` +
      `that is named must exist; a ${third} that has been archived is left out unless it is asked for.`,
    inputSchema: {
      type: "object",
      properties: Object.fromEntries(
        [pick(index, 17), pick(index, 19), pick(index, 23), "limit", "cursor"].map(property),
      ),
      required: ["limit"],
      additionalProperties: false,
    },
    outputSchema: {
      type: "object",
      properties: { items: { type: "array", items: { type: "object" } }, next: { type: "string" } },
    },
    annotations: { readOnlyHint: index % 2 === 0, openWorldHint: true },
  };
}

const turns = new Array(count).fill("");
const CHANGE = { name: "change", description: "Announces other tools.", inputSchema: { type: "object" } };
let turn = 0;

function change(which) {
  turn++;
  for (let index = 0; index < count; index++) {
    if (which === "all" || which === "one" && index === turn % count) turns[index] = ` (${turn})`;
  }
  say({ method: "notifications/tools/list_changed" });
  return { content: [{ type: "text", text: `${turn}` }] };
}

function answer(method, params) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: "2025-06-18",
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: "lists", version: "1.0.0" },
      };
    case "tools/list":
      return { tools: [CHANGE, ...turns.map((text, index) => toTool(index, text))] };
    case "tools/call":
      return change(params.arguments.tools);
    default:
      return {};
  }
}

const say = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
createInterface({ input: process.stdin }).on("line", (text) => {
  const { id, method, params } = JSON.parse(text);
  if (id !== undefined) say({ id, result: answer(method, params) });
}).on("close", () => process.exit(0));
