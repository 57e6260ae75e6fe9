import type { VerbOutput } from "../../lib/contracts/mod.ts";
import { renderFields } from "./fields.ts";
import { renderTable } from "./table.ts";
import { type Look, oneLine, paint } from "./text.ts";

type Found = VerbOutput<"tools.search">;
type Explanation = NonNullable<Found["results"][number]["explanation"]>;

/** What the fields of the index are called. */
const FIELDS: Readonly<Record<string, string>> = {
  brief: "first sentence",
  rest: "description",
  args: "arguments",
  argTexts: "argument descriptions",
};

/** Writes each result of a search with the words that matched and where. */
export function renderExplained(found: Found, look: Look): string {
  const parts = found.results.map(({ tool, score, explanation }) => {
    const head = `${paint(score.toFixed(2), "strong", look)}  ${oneLine(tool.id)}\n`;
    return explanation === undefined ? head : head + renderExplanation(explanation, look);
  });
  const unknown = found.unknown_words ?? [];
  const last = unknown.length === 0 ? "" : `\nNo tool has: ${unknown.map(oneLine).join(", ")}\n`;
  return parts.join("\n") + last;
}

function renderExplanation({ words, verb, server, name, terms }: Explanation, look: Look): string {
  const rows = terms.map((term) => [
    "",
    oneLine(term.word),
    `${oneLine(term.matched)} (${term.how})`,
    term.score.toFixed(3),
    Object.entries(term.fields).sort(([, a], [, b]) => b - a)
      .map(([field, score]) => `${FIELDS[field] ?? field} ${score.toFixed(3)}`).join(", "),
  ]);
  const columns = ["", "WORD", "MATCHED", "SCORE", "IN"].map((title) => ({
    title,
    flexible: title === "IN",
  }));
  const sum = [`words ${words.toFixed(3)} × verb ${verb.toFixed(2)}`, `server ${server.toFixed(3)}`];
  if (name > 0) sum.push(`name ${name}`);
  return `  ${paint(sum.join(" + "), "faint", look)}\n${renderTable(columns, rows, look)}`;
}

/** Writes what tools and searches take in tokens. */
export function renderTokens(figures: VerbOutput<"stats.tokens">, look: Look): string {
  const number = (value: number) => value.toLocaleString("en");
  const { discoveries, saved_tokens: saved, saved_tokens_percentage: percentage } = figures;
  const facts = renderFields([
    [
      "Catalogue",
      `${number(figures.catalogue_tools)} tools, ${number(figures.total_server_tool_list_size)} tokens`,
    ],
    ["Own tools", `${number(figures.own_tools_size)} tokens`],
    [
      "Searches",
      `${number(figures.searches)}, ${number(figures.average_query_result_size)} tokens an answer`,
    ],
    ["Discoveries", `${number(discoveries)} calls of what a search had shown`],
    ["Read instead", `${number(figures.spent_tokens)} of ${number(figures.baseline_tokens)} tokens`],
    ["Saved", discoveries === 0 ? "nothing yet" : `${number(saved)} tokens, ${percentage} %`],
    ["Since", figures.since],
  ], look);
  const sizes = Object.entries(figures.per_server_tool_list_sizes).sort(([, a], [, b]) => b - a);
  if (sizes.length === 0) return facts;
  const rows = sizes.map(([server, size]) => [oneLine(server), number(size)]);
  return `${facts}\n${renderTable([{ title: "SERVER" }, { title: "TOKENS", align: "right" }], rows, look)}`;
}
