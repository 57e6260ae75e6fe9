import { FIELD_WEIGHTS, QUERY_WEIGHTS, TOOL_WEIGHTS } from "../../lib/search/weights.ts";
import { meanQuality, type Quality } from "./search_quality.ts";
import { fillIndex, findWith, judgeSet, type SearchSet } from "./search_sets.ts";

/** What is left out, and how: weights that are set for the time of one measurement. */
interface Variant {
  readonly name: string;
  readonly query?: Partial<typeof QUERY_WEIGHTS>;
  readonly tool?: Partial<typeof TOOL_WEIGHTS>;
  /** Fields that count next to nothing. */
  readonly without?: readonly (keyof typeof FIELD_WEIGHTS)[];
}

const VARIANTS: readonly Variant[] = [
  { name: "as it is" },
  { name: "no words of one meaning", query: { related: 0, verbKind: 0, phraseWord: 0 } },
  { name: "no verbs of one kind", query: { verbKind: 0 } },
  { name: "no stems", query: { stem: 0, exact: 1 } },
  { name: "no exact forms", query: { stem: 1, exact: 0 } },
  { name: "no tool names", without: ["name"] },
  { name: "no server names", without: ["server"] },
  { name: "no first sentence", without: ["brief"] },
  { name: "no rest of the description", without: ["rest"] },
  { name: "no arguments", without: ["args", "argTexts"] },
  { name: "no server that suits", tool: { server: 0 } },
  { name: "no agreement of verbs", tool: { sameVerb: 1, otherVerb: 1 } },
  { name: "no neighbours in one", query: { joined: 0 } },
  { name: "quoted text, paths, numbers in full", query: { argument: 1 } },
  { name: "background in full", query: { background: 1 } },
  { name: "no implied words", query: { question: 0 } },
];

/** Means over the sets with each part of the ranking left out in turn. */
export async function measureAblation(
  sets: readonly SearchSet[],
): Promise<{ readonly name: string; readonly quality: Quality }[]> {
  const rows = [];
  for (const variant of VARIANTS) {
    using _ = apply(variant);
    const found = [];
    for (const set of sets) found.push(await judgeSet(set, findWith(fillIndex(set.tools))));
    rows.push({ name: variant.name, quality: meanQuality(found) });
  }
  return rows;
}

function apply({ query, tool, without = [] }: Variant): Disposable {
  const before = structuredClone({ query: QUERY_WEIGHTS, tool: TOOL_WEIGHTS, fields: FIELD_WEIGHTS });
  Object.assign(QUERY_WEIGHTS, query);
  Object.assign(TOOL_WEIGHTS, tool);
  for (const field of without) Object.assign(FIELD_WEIGHTS[field], { weight: 1e-9, hasExact: false });
  return {
    [Symbol.dispose]() {
      Object.assign(QUERY_WEIGHTS, before.query);
      Object.assign(TOOL_WEIGHTS, before.tool);
      Object.assign(FIELD_WEIGHTS, before.fields);
    },
  };
}
