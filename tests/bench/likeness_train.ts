/**
 * Works out the weights of `lib/security/scan/likeness_weights.ts`.
 *
 *     deno run -A tests/bench/likeness_train.ts OUT POISONED,… HONEST,…
 *     deno run -A tests/bench/likeness_train.ts --cross POISONED,… HONEST,…
 *
 * The lists are of JSON files of definitions; what honest files named
 * `…good…` hold was written to tempt, and those named `…docs…` are no tools but
 * operations of programs. The same files give the same weights. `--cross`
 * leaves out one file of poisoned and a third of the honest servers at a time
 * and prints what is found of them, and how many of them are blamed.
 *
 * @module
 */

import { contextOf } from "../../lib/security/scan/context.ts";
import { readText } from "../../lib/security/scan/read_text.ts";
import { fieldsOf } from "../../lib/security/scan/fields.ts";
import { hashOf, visitFeatures } from "../../lib/security/scan/likeness_features.ts";
import { toText } from "../../lib/security/scan/likeness_table.ts";
import { toSentences } from "../../lib/security/scan/likeness.ts";
import { createRuleSet } from "../../lib/security/engine.ts";
import type { Definition } from "../../lib/security/approval/definition.ts";
import { createRandom, makeRows } from "./likeness_rows.ts";

interface Row {
  readonly server?: string;
  readonly name?: unknown;
  /** The poisoned pieces of it, where they are known. */
  readonly marks?: readonly string[];
  readonly [member: string]: unknown;
}

/** What a sentence has, and whether it may be the poisoned one at first. */
interface Sentence {
  readonly features: readonly number[];
  readonly said: number;
  readonly isOpening: boolean;
  readonly isMarked: boolean;
}

interface Bag {
  readonly set: string;
  readonly server: string;
  readonly sentences: readonly Sentence[];
  readonly weight: number;
}

const { grammar } = createRuleSet();
const plain = { ...grammar, hasLikeness: false };
const KEPT = ["name", "title", "description", "inputSchema", "outputSchema", "annotations"];
const LEAST_TOKENS = 4;
const LEAST_TEXT = 12;
/** Enough of a sentence to know it by. */
const KNOWN_BY = 60;

function sentencesOf(row: Row, siblings: readonly string[]): Sentence[] {
  const definition: Definition = Object.fromEntries(
    KEPT.filter((key) => key in row).map((key) => [key, row[key]]),
  );
  const context = contextOf({ kind: "tool", definition }, siblings);
  return fieldsOf(definition).fields.flatMap((bare) => {
    const field = context.of(bare);
    if (field.role === "name" || field.role === "key" || field.text.length < LEAST_TEXT) return [];
    const read = readText(field, plain);
    const { tokens, numbers, folded } = read;
    const features: number[][] = [];
    visitFeatures(toSentences(field, read), (number, feature) => {
      (features[number] ??= []).push(feature);
    });
    return features.flatMap((list, number) => {
      const [first, last] = [numbers.indexOf(number), numbers.lastIndexOf(number)];
      if (last - first + 1 < LEAST_TOKENS) return [];
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

function toBags(rows: readonly Row[], set: string, weight: number): Bag[] {
  const isList = weight <= 1;
  const servers = Map.groupBy(rows, ({ server }) => server ?? set);
  return rows.flatMap((row) => {
    const key = JSON.stringify(KEPT.map((member) => row[member]));
    if (seen.has(key)) return [];
    seen.add(key);
    const server = row.server ?? `${set} ${row.name}`;
    const siblings = isList ? servers.get(row.server ?? set) ?? [] : [];
    const sentences = sentencesOf(row, siblings.map(({ name }) => String(name).toLowerCase()));
    return sentences.length === 0 ? [] : [{ set, server, sentences, weight }];
  });
}

function read(paths: string, weight: (path: string) => number): Bag[] {
  return paths.split(",").flatMap((path) =>
    toBags(JSON.parse(Deno.readTextFileSync(path)), path.slice(path.lastIndexOf("/") + 1), weight(path))
  );
}

const [RATE, BASE_RATE] = [0.1, 0.01];
const DECAY = 0.005;
const LEAST_COUNT = 4;
const START = -3;
const ROUNDS = 3;
const PASSES = 3;
/** A slope that teaches nothing. */
const FLAT = 1e-4;

interface Model {
  readonly weights: Map<number, number>;
  readonly base: number;
}

interface Example {
  readonly features: readonly number[];
  readonly label: number;
  readonly weight: number;
}

/** Features kept. */
const MOST = 20_000;

/** Works the weights out twice: of all features, then of the heaviest alone, which have to do without the rest. */
function train(poisoned: readonly Bag[], honest: readonly Bag[]): Model {
  const all = countsOf([...poisoned, ...honest]);
  const { weights } = regress(poisoned, honest, all);
  const heaviest = [...weights].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a)).slice(0, MOST);
  return regress(poisoned, honest, heaviest.map(([feature]) => feature));
}

/** Logistic regression over bags: of a poisoned definition, the marked or the worst sentences are the poisoned ones. */
function regress(poisoned: readonly Bag[], honest: readonly Bag[], kept: readonly number[]): Model {
  const index = new Map(kept.map((feature, at) => [feature, at]));
  const weights = new Float64Array(index.size);
  const squares = new Float64Array(index.size).fill(1e-8);
  let base = START;
  const cut = ({ features }: Sentence) => features.flatMap((feature) => index.get(feature) ?? []);
  const oddsOf = (features: readonly number[]) =>
    features.reduce((sum, feature) => sum + (weights[feature] ?? 0), base);
  const negatives = honest.flatMap(({ sentences, weight }) =>
    sentences.map((sentence): Example => ({ features: cut(sentence), label: 0, weight }))
  );
  const random = createRandom(7);
  for (let round = 0; round < ROUNDS; round++) {
    const positives = poisoned.flatMap(({ sentences, weight }) =>
      guess(sentences.map((sentence) => ({ ...sentence, features: cut(sentence) })), round, oddsOf)
        .map(({ features, share }): Example => ({ features, label: 1, weight: weight * share }))
    );
    const examples = [...negatives, ...positives];
    for (let pass = 0; pass < PASSES; pass++) {
      shuffle(examples, random);
      for (const { features, label, weight } of examples) {
        const chance = 1 / (1 + Math.exp(-Math.max(-30, Math.min(30, oddsOf(features)))));
        const slope = (chance - label) * weight;
        if (Math.abs(slope) < FLAT) continue;
        for (const feature of features) {
          const gradient = slope + DECAY * (weights[feature] ?? 0);
          const square = (squares[feature] ?? 0) + gradient * gradient;
          squares[feature] = square;
          weights[feature] = (weights[feature] ?? 0) - RATE * gradient / Math.sqrt(square);
        }
        base -= BASE_RATE * slope;
      }
    }
  }
  return { weights: new Map([...index].map(([feature, at]) => [feature, weights[at] ?? 0])), base };
}

/** Features that enough definitions have. */
function countsOf(bags: readonly Bag[]): number[] {
  const counts = new Map<number, number>();
  for (const { sentences } of bags) {
    for (const feature of new Set(sentences.flatMap(({ features }) => features))) {
      counts.set(feature, (counts.get(feature) ?? 0) + 1);
    }
  }
  return [...counts].flatMap(([feature, count]) => count >= LEAST_COUNT ? [feature] : []);
}

/** Which sentences are the poisoned ones, as far as is known by now. */
function guess(
  sentences: readonly Sentence[],
  round: number,
  oddsOf: (features: readonly number[]) => number,
): readonly { readonly features: readonly number[]; readonly share: number }[] {
  const marked = sentences.filter(({ isMarked }) => isMarked);
  const share = (list: readonly Sentence[]) =>
    list.map(({ features }) => ({ features, share: 1 / Math.sqrt(list.length) }));
  if (marked.length > 0) return share(marked);
  if (round === 0) {
    const later = sentences.filter(({ isOpening }) => !isOpening);
    return share(later.length > 0 ? later : sentences);
  }
  const [worst, second] = sentences.toSorted((a, b) => oddsOf(b.features) - oddsOf(a.features));
  return [
    ...worst === undefined ? [] : [{ features: worst.features, share: 1 }],
    ...second !== undefined && oddsOf(second.features) > 0 ? [{ features: second.features, share: 0.5 }] : [],
  ];
}

function shuffle(examples: Example[], random: () => number): void {
  for (let index = examples.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    const [a, b] = [examples[index], examples[other]];
    if (a !== undefined && b !== undefined) [examples[index], examples[other]] = [b, a];
  }
}

const SAID_SHARE = 0.2;
const MOST_SAID = 4;

function worstOf({ sentences }: Bag, { weights, base }: Model): number {
  return Math.max(
    ...sentences.map(({ features, said }) =>
      features.reduce((sum, feature) => sum + (weights.get(feature) ?? 0), base) +
      SAID_SHARE * Math.min(MOST_SAID, said)
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
  const atShare = (share: number) => odds[Math.floor(odds.length * share)] ?? 0;
  const limits = [0.0005, 0.002, 0.005, 0.0075, 0.015].map(atShare);
  console.log(
    `odds at 0.05, 0.2, 0.5, 0.75, 1.5 % of lists: ${limits.map((odd) => odd.toFixed(2)).join(", ")}`,
  );
  const print = (set: string, scores: readonly number[]) => {
    const shares = limits.map((odd) =>
      (100 * scores.filter((score) => score > odd).length / scores.length).toFixed(2)
    );
    console.log(`${set}, ${scores.length}: ${shares.join(", ")} %`);
  };
  for (const set of new Set(honest.map((bag) => bag.set))) {
    print(set, honest.filter((bag) => bag.set === set).map((bag) => blamed.get(bag) ?? 0));
  }
  for (const set of sets) {
    const model = train([...poisoned.filter((bag) => bag.set !== set), ...made], honest);
    print(set, poisoned.filter((bag) => bag.set === set).map((bag) => worstOf(bag, model)));
  }
}

const WIDTH = 1_000;

function write(path: string, { weights, base }: Model): void {
  const text = toText(weights);
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
const poisoned = read(poisonedPaths, () => 2);
// Rows written to tempt are few, and say more than a thousand lists of fields.
const honest = [
  ...read(honestPaths, (path) => /docs/.test(path) ? 0.3 : /rows|good/.test(path) ? 3 : 1),
  ...toBags(makeRows(1_500, false, 12), "made up, good", 3),
];
const made = toBags(makeRows(2_000, true, 11), "made up, bad", 2);
if (out === "--cross") crossCheck(poisoned, honest, made);
else write(out, train([...poisoned, ...made], honest));
