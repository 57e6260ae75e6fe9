/**
 * Works out the weights of `lib/security/scan/likeness_weights.ts`.
 *
 *     deno run -A tests/bench/likeness_train.ts OUT POISONED,… HONEST,…
 *
 * Each argument but the first is a list of JSON files of definitions, or of
 * rows with a label. The same files give the same weights.
 *
 * @module
 */

import { findOccurrences } from "../../lib/security/scan/occurrences.ts";
import { fieldsOf } from "../../lib/security/scan/fields.ts";
import { fold } from "../../lib/security/scan/fold.ts";
import { createLexicon } from "../../lib/security/scan/lexicon.ts";
import { stretchesOf } from "../../lib/security/scan/likeness.ts";
import { contextOf, placeOf } from "../../lib/security/scan/context.ts";
import { tokenize } from "../../lib/security/scan/tokens.ts";
import type { Definition } from "../../lib/security/approval/definition.ts";

/** Sentences of one definition: what each has, and whether it may be the poisoned one at first. */
interface Bag {
  readonly sentences: readonly { readonly features: readonly string[]; readonly isOpening: boolean }[];
  readonly weight: number;
}

const lexicon = createLexicon();
const KEPT = ["name", "title", "description", "inputSchema", "outputSchema", "annotations"];

function bagOf(row: Record<string, unknown>, weight: number): Bag {
  const definition: Definition = Object.fromEntries(
    KEPT.filter((key) => key in row).map((key) => [key, row[key]]),
  );
  const context = contextOf({ kind: "tool", definition }, []);
  const sentences = fieldsOf(definition).fields.flatMap((bare) => {
    const field = context.of(bare);
    if (field.role === "name" || field.role === "key") return [];
    const folded = fold(field.text);
    const tokens = tokenize(folded);
    if (tokens.length < 2) return [];
    const found = findOccurrences(
      { ...field, tokens, folded, text: folded.text, original: field.text },
      lexicon,
    );
    return stretchesOf(tokens, found, placeOf(field)).map(({ first, features }) => ({
      features: [...features],
      isOpening: field.pointer === "/description" && tokens[first]?.sentence === 0,
    }));
  });
  return { sentences, weight };
}

function read(paths: string, weight: (path: string) => number): Bag[] {
  return paths.split(",").flatMap((path) => {
    const rows: Record<string, unknown>[] = JSON.parse(Deno.readTextFileSync(path));
    return rows.map((row) => bagOf(row, weight(path)));
  }).filter(({ sentences }) => sentences.length > 0);
}

/** Small generator of numbers, so that a run can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

interface Example {
  readonly features: readonly string[];
  readonly label: number;
  readonly weight: number;
}

const RATE = 0.1;
const BASE_RATE = 0.01;
const DECAY = 0.0005;
const LEAST_COUNT = 4;

/** Logistic regression over bags: of a poisoned definition, the worst sentence is the poisoned one. */
function train(
  poisoned: readonly Bag[],
  honest: readonly Bag[],
): { weights: Map<string, number>; base: number } {
  const counts = new Map<string, number>();
  for (const { sentences } of [...poisoned, ...honest]) {
    for (const name of new Set(sentences.flatMap(({ features }) => features))) {
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  const isKept = (name: string) => (counts.get(name) ?? 0) >= LEAST_COUNT;
  const cut = (features: readonly string[]) => features.filter(isKept);
  const weights = new Map<string, number>();
  const squares = new Map<string, number>();
  let base = 0;
  const scoreOf = (features: readonly string[]) =>
    features.reduce((sum, name) => sum + (weights.get(name) ?? 0), base);
  const negatives: Example[] = honest.flatMap(({ sentences, weight }) =>
    sentences.map(({ features }) => ({ features: cut(features), label: 0, weight }))
  );
  const random = createRandom(7);
  for (let round = 0; round < 3; round++) {
    const positives: Example[] = poisoned.flatMap(({ sentences, weight }) => {
      const all = sentences.map(({ features, isOpening }) => ({
        features: cut(features),
        isOpening,
        label: 1,
        weight,
      }));
      if (round === 0) {
        const later = all.filter(({ isOpening }) => !isOpening);
        return later.length > 0 ? later : all;
      }
      return [all.reduce((worst, one) => scoreOf(one.features) > scoreOf(worst.features) ? one : worst)];
    });
    for (let pass = 0; pass < 3; pass++) {
      const examples = [...negatives, ...positives];
      for (let index = examples.length - 1; index > 0; index--) {
        const other = Math.floor(random() * (index + 1));
        const [a, b] = [examples[index], examples[other]];
        if (a !== undefined && b !== undefined) [examples[index], examples[other]] = [b, a];
      }
      for (const { features, label, weight } of examples) {
        const chance = 1 / (1 + Math.exp(-Math.max(-30, Math.min(30, scoreOf(features)))));
        const slope = (chance - label) * weight;
        for (const name of features) {
          const gradient = slope + DECAY * (weights.get(name) ?? 0);
          const square = (squares.get(name) ?? 1e-8) + gradient * gradient;
          squares.set(name, square);
          weights.set(name, (weights.get(name) ?? 0) - RATE * gradient / Math.sqrt(square));
        }
        base -= BASE_RATE * slope;
      }
    }
  }
  return { weights, base };
}

const LEAST_WEIGHT = 0.1;
const WIDTH = 150;

function write(path: string, weights: ReadonlyMap<string, number>, base: number): void {
  const kept = [...weights].filter(([, weight]) => Math.abs(weight) >= LEAST_WEIGHT)
    .sort(([a], [b]) => a < b ? -1 : 1);
  const lines: string[] = [];
  let line = "";
  for (const [name, weight] of kept) {
    const entry = `${name}=${Math.round(weight * 100)}`;
    if (line.length + entry.length + 1 > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? entry : ` ${entry}`;
  }
  if (line !== "") lines.push(line);
  Deno.writeTextFileSync(
    path,
    `/**
 * Weights of words, classes and places in hundredths; written by \`tests/bench/likeness_train.ts\`.
 *
 * @module
 */

/** Score of a sentence that has nothing. */
export const LIKENESS_BASE = ${Math.round(base * 100) / 100};

const TEXT = \`
${lines.join("\n")}
\`;

/** What each adds to the score of a sentence. */
export const LIKENESS_WEIGHTS: ReadonlyMap<string, number> = new Map(
  TEXT.trim().split(/\\s+/).map((entry) => {
    const [name = "", weight = "0"] = entry.split("=");
    return [name, Number(weight) / 100];
  }),
);
`,
  );
  console.log(`${kept.length} weights of ${weights.size}, base ${base.toFixed(2)}`);
}

const [out = "", poisoned = "", honest = ""] = Deno.args;
const { weights, base } = train(
  read(poisoned, () => 5),
  // Rows written to tempt are few, and say more than a thousand lists of fields.
  read(honest, (path) => /rows|good/.test(path) ? 3 : 1),
);
write(out, weights, base);
