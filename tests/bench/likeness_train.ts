/**
 * Works out the weights of `lib/security/scan/likeness_weights.ts`.
 *
 *     deno run -A tests/bench/likeness_train.ts OUT POISONED,… HONEST,…
 *     deno run -A tests/bench/likeness_train.ts --cross POISONED,… HONEST,…
 *
 * The lists are of JSON files of definitions; what honest files named
 * `…good…` hold was written to tempt, and those named `…docs…` are no tools but
 * operations of programs; what has a `text` is the instructions of a server.
 * Of poisoned files, those named `…odd…` hold what is hardly ever met, and
 * `…oddest…` what is hardly an order. The same files give the same weights.
 * `--cross` leaves out one file of poisoned and a third of the honest servers
 * at a time and prints what is found of them, and how many of them are blamed.
 *
 * @module
 */

import { contextOf } from "../../lib/security/scan/context.ts";
import { readText } from "../../lib/security/scan/read_text.ts";
import { fieldsOf } from "../../lib/security/scan/fields.ts";
import { visitFeatures } from "../../lib/security/scan/likeness_features.ts";
import { hashOf } from "../../lib/security/scan/likeness_words.ts";
import { toText } from "../../lib/security/scan/likeness_table.ts";
import {
  HOLD_ODDS,
  LEAST_TOKENS,
  LOOK_ODDS,
  oddsOfSaid,
  toSentences,
} from "../../lib/security/scan/likeness.ts";
import { createRuleSet } from "../../lib/security/engine.ts";
import type { Definition } from "../../lib/security/approval/definition.ts";
import { type Bag, type Model, type Sentence, train } from "./likeness_regress.ts";
import { makeRows } from "./likeness_rows.ts";

interface Row {
  readonly server?: string;
  readonly name?: unknown;
  /** The poisoned pieces of it, where they are known. */
  readonly marks?: readonly string[];
  readonly [member: string]: unknown;
}

const { grammar } = createRuleSet();
const plain = { ...grammar, hasLikeness: false };
const KEPT = ["name", "title", "description", "inputSchema", "outputSchema", "annotations", "text"];
const LEAST_TEXT = 12;
/** Enough of a sentence to know it by. */
const KNOWN_BY = 60;

function sentencesOf(row: Row, siblings: readonly string[]): Sentence[] {
  const definition: Definition = Object.fromEntries(
    KEPT.filter((key) => key in row).map((key) => [key, row[key]]),
  );
  const context = contextOf({ kind: "text" in row ? "instructions" : "tool", definition }, siblings);
  return fieldsOf(definition).fields.flatMap((bare) => {
    const field = context.of(bare);
    if (field.role === "name" || field.role === "key" && field.asks !== true) return [];
    if (field.text.length < LEAST_TEXT) return [];
    const read = readText(field, plain);
    const { tokens, numbers, folded } = read;
    const features: number[][] = [];
    visitFeatures(toSentences(field, read), (number, feature) => {
      (features[number] ??= []).push(feature);
    });
    return features.flatMap((list, number) => {
      const [first, last] = [numbers.indexOf(number), numbers.lastIndexOf(number)];
      if (last - first + 1 + (field.asked?.length ?? 0) < LEAST_TOKENS) return [];
      const text = field.text.slice(
        folded.originOf(tokens[first]?.from ?? 0),
        folded.originOf(tokens[last]?.to ?? 0),
      );
      return [{
        features: [...new Set(list)],
        said: read.said,
        isOpening: field.pointer === "/description" && tokens[first]?.sentence === 0,
        isMarked: row.marks?.some((mark) =>
          mark.includes(text.slice(0, KNOWN_BY)) || text.includes(mark.slice(0, KNOWN_BY))
        ) === true,
      }];
    });
  });
}

const seen = new Set<string>();

/** How rows are taken: as the list of a server, or each on its own, knowing the names that it speaks of or not. */
interface Taking {
  readonly weight: number;
  readonly isList?: boolean;
  /** Of ten rows, how many know them. */
  readonly knowing?: number;
}

const NAME = /[A-Za-z]+(?:[_-][A-Za-z0-9]+)+|\b[a-z]+[A-Z][A-Za-z]+/g;

function namesIn({ name, description, inputSchema, text }: Row, knowing: number): string[] {
  if ((hashOf(String(name)) >>> 4) % 10 >= knowing && text === undefined) return [];
  return JSON.stringify([description, inputSchema, text]).match(NAME)?.map((found) => found.toLowerCase()) ??
    [];
}

function toBags(
  rows: readonly Row[],
  set: string,
  { weight, isList = false, knowing = 0 }: Taking,
): Bag[] {
  const servers = Map.groupBy(rows, ({ server }) => server ?? set);
  return rows.flatMap((row) => {
    const key = JSON.stringify(KEPT.map((member) => row[member]));
    if (seen.has(key)) return [];
    seen.add(key);
    const server = row.server ?? `${set} ${row.name}`;
    const siblings = isList
      ? servers.get(row.server ?? set)?.map(({ name }) => String(name).toLowerCase()) ?? []
      : namesIn(row, knowing);
    const sentences = sentencesOf(row, siblings);
    return sentences.length === 0 ? [] : [{ set, server, sentences, weight }];
  });
}

function read(paths: string, taking: (path: string) => Taking): Bag[] {
  return paths.split(",").flatMap((path) =>
    toBags(JSON.parse(Deno.readTextFileSync(path)), path.slice(path.lastIndexOf("/") + 1), taking(path))
  );
}

function worstOf({ sentences }: Bag, { weights, base }: Model): number {
  return Math.max(
    ...sentences.map(({ features, said }) =>
      features.reduce((sum, feature) => sum + (weights.get(feature) ?? 0), base) +
      oddsOfSaid(said)
    ),
  );
}

const FOLDS = 8;

/** Prints what is found of each set that was left out, at the odds that so many honest definitions reach. */
function crossCheck(poisoned: readonly Bag[], honest: readonly Bag[], made: readonly Bag[]): void {
  const isOut = ({ server }: Bag, fold: number) => (hashOf(server) >>> 4) % FOLDS === fold;
  const sets = [...new Set(poisoned.map(({ set }) => set))];
  const lists = honest.filter(({ weight }) => weight === 1);
  const blamed = new Map<Bag, number>();
  for (let fold = 0; fold < FOLDS; fold++) {
    const model = train([...poisoned, ...made], honest.filter((bag) => !isOut(bag, fold)));
    for (const bag of honest) if (isOut(bag, fold)) blamed.set(bag, worstOf(bag, model));
  }
  const odds = lists.map((bag) => blamed.get(bag) ?? 0).sort((a, b) => b - a);
  const shares = [0.0005, 0.002, 0.005, 0.0075, 0.015];
  console.log(
    `odds at ${shares.map((share) => 100 * share).join(", ")} % of lists: ${
      shares.map((share) => (odds[Math.floor(odds.length * share)] ?? 0).toFixed(2)).join(", ")
    }; held and looked at from ${HOLD_ODDS} and ${LOOK_ODDS} on:`,
  );
  const print = (set: string, scores: readonly number[]) => {
    const found = [HOLD_ODDS, LOOK_ODDS].map((odd) =>
      (100 * scores.filter((score) => score > odd).length / scores.length).toFixed(2)
    );
    console.log(`${set}, ${scores.length}: ${found.join(", ")} %`);
  };
  for (const set of new Set(honest.map((bag) => bag.set))) {
    print(set, honest.filter((bag) => bag.set === set).map((bag) => blamed.get(bag) ?? 0));
  }
  for (const set of sets) {
    const model = train([...poisoned.filter((bag) => bag.set !== set), ...made], honest);
    print(set, poisoned.filter((bag) => bag.set === set).map((bag) => worstOf(bag, model)));
  }
}

const WIDTH = 2_500;

/** Weights kept; the lightest say next to nothing. */
const MOST = 120_000;

function write(path: string, { weights, base }: Model): void {
  const text = toText(
    new Map([...weights].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).slice(0, MOST)),
  );
  const lines = text.match(new RegExp(`.{1,${WIDTH}}`, "g")) ?? [];
  Deno.writeTextFileSync(
    path,
    `/**
 * Weights of what a sentence has; written by \`tests/bench/likeness_train.ts\`.
 *
 * @module
 */

/** Odds of a sentence that has nothing, as a logarithm. */
export const LIKENESS_BASE = ${Math.round(base * 100) / 100};

/** Of \`toText\`. */
export const LIKENESS_TEXT = \`
${lines.join("\n")}
\`;
`,
  );
  console.log(`${weights.size} weights, ${text.length} characters, base ${base.toFixed(2)}`);
}

const [out = "", poisonedPaths = "", honestPaths = ""] = Deno.args;
const poisoned = read(
  poisonedPaths,
  (path) => ({ weight: /oddest/.test(path) ? 0.3 : /odd/.test(path) ? 1 : 4, knowing: 3 }),
);
// Rows written to tempt are few, and say more than a thousand lists of fields.
const honest = [
  ...read(
    honestPaths,
    (path) =>
      /rows|good/.test(path)
        ? { weight: 3, knowing: 6 }
        : { weight: /docs/.test(path) ? 0.3 : 1, isList: true },
  ),
  ...toBags(makeRows(1_500, false, 12), "made up, good", { weight: 3 }),
];
const made = toBags(makeRows(2_000, true, 11), "made up, bad", { weight: 2 });
if (out === "--cross") crossCheck(poisoned, honest, made);
else write(out, train([...poisoned, ...made], honest));
