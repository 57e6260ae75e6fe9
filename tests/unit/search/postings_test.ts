import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { IMPACT_BITS, MAX_IMPACT, Postings } from "../../../lib/search/postings.ts";
import { toTermKey, Vocabulary } from "../../../lib/search/vocabulary.ts";

interface Model {
  readonly postings: Postings;
  readonly terms: Set<string>;
}

function open(): Model {
  const terms = new Set<string>();
  const postings: Postings = new Postings({
    onTerm: (id) => terms.add(postings.termOf(id)),
    onTermGone: (term) => terms.delete(term),
  });
  return { postings, terms };
}

/** Documents with their impact, by term. */
function read({ postings, terms }: Model): Record<string, [number, number][]> {
  return Object.fromEntries(
    [...terms].sort().map((term) => {
      const id = postings.idOf(term) ?? -1;
      const start = postings.startOf(id);
      const list = [...postings.all.subarray(start, start + postings.sizeOf(id))];
      const pairs = list.map((one): [number, number] => [one >>> IMPACT_BITS, one & MAX_IMPACT]);
      return [term, pairs.sort(([a], [b]) => a - b)];
    }),
  );
}

Deno.test("Postings after any changes are those of the documents that are left", () => {
  const term = fc.constantFrom("a", "b", "=a", "constructor", "__proto__", "的");
  const terms = fc.uniqueArray(term, { maxLength: 6 });
  const change = fc.record({ document: fc.integer({ min: 1, max: 40 }), terms });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
      const grown = open();
      const left = new Map<number, readonly string[]>();
      for (const { document, terms } of changes) {
        if (left.delete(document)) grown.postings.remove(document);
        else {
          left.set(document, terms);
          grown.postings.add(document, new Map(terms.map((one, at) => [one, (at + 1) / 10])));
        }
      }
      const fresh = open();
      for (const [document, terms] of left) {
        fresh.postings.add(document, new Map(terms.map((one, at) => [one, (at + 1) / 10])));
      }

      deepStrictEqual(read(grown), read(fresh));
      deepStrictEqual([...grown.terms].sort(), [...new Set([...left.values()].flat())].sort());
    }),
    { numRuns: 100 },
  );
});

Deno.test("Postings reuse the room and the numbers of what is gone", () => {
  const model = open();
  for (let round = 0; round < 200; round++) {
    for (let document = 1; document <= 20; document++) {
      model.postings.add(
        document,
        new Map([["every", 0.5], [`only${round}`, 0.5], [`own${round}.${document}`, 1]]),
      );
    }
    for (let document = 1; document <= 20; document++) model.postings.remove(document);
  }

  strictEqual(model.terms.size, 0);
  ok(model.postings.capacity <= 30, `${model.postings.capacity} terms`);
  ok(model.postings.all.length <= 4_000, `${model.postings.all.length} postings`);
});

Deno.test("Postings keep impacts to a four-thousandth and never lose a term", () => {
  const { postings } = open();
  postings.add(7, new Map([["a", 0.25], ["b", 0.00001], ["c", 0.9999999]]));

  const impacts = [...postings.entriesOf(7)].map((entry) => (entry & MAX_IMPACT) / MAX_IMPACT);
  ok(Math.abs((impacts[0] ?? 0) - 0.25) < 1 / 4_000);
  ok((impacts[1] ?? 0) > 0 && (impacts[2] ?? 0) <= 1);
  postings.remove(8);
});

const savedTerms = (terms: readonly string[]) => ({
  keys: Uint32Array.from(terms.flatMap(toTermKey)),
  termAt: (place: number) => terms[place] ?? "",
  ids: new Int32Array(terms.length).fill(-1),
});

Deno.test("Postings enters saved documents when they are first asked for, many at once, and loses none", () => {
  const create = () => new Postings({ onTerm: () => {}, onTermGone: () => {} });
  const terms = ["read", "file", "note", "mail"];
  const savedOf = (document: number) =>
    Uint32Array.from(
      terms.keys().filter((place) => document % (place + 2) === 0),
      (place) => (place << 12) | 7,
    );
  const listOf = (postings: Postings, term: string) => {
    const id = postings.idOf(term) ?? -1;
    const start = postings.startOf(id);
    return [...postings.all.subarray(start, start + postings.sizeOf(id))].map((one) => one >>> 12).sort();
  };
  const postings = create();
  postings.add(1, new Map([["read", 0.5], ["mail", 0.5]]));
  for (let document = 2; document < 200; document++) {
    postings.addSaved(document, savedOf(document), savedTerms(terms));
    // Asked in between, they come one by one; else all together.
    if (document < 10) postings.sizeOf(0);
  }
  postings.remove(60);
  postings.addSaved(60, savedOf(60), savedTerms(terms));
  postings.add(200, new Map([["file", 0.5]]));

  for (const [place, term] of terms.entries()) {
    const wanted = Array.from({ length: 198 }, (_, at) => at + 2).filter((document) =>
      document % (place + 2) === 0
    );
    const own = term === "read" || term === "mail" ? [1] : term === "file" ? [200] : [];
    deepStrictEqual(listOf(postings, term), [...wanted, ...own].sort(), term);
  }
});

Deno.test("Vocabulary finds thousands of terms by their keys, and none that it was not given", () => {
  const vocabulary = new Vocabulary();
  const terms = Array.from({ length: 10_000 }, (_, at) => at % 2 === 0 ? `term${at}` : `=t${at}`);
  terms.forEach((term, id) => vocabulary.add(...toTermKey(term), id));

  deepStrictEqual(terms.map((term) => vocabulary.find(...toTermKey(term))), [...terms.keys()]);
  deepStrictEqual(["term1", "", "=term0", "的"].map((term) => vocabulary.find(...toTermKey(term))), [
    -1,
    -1,
    -1,
    -1,
  ]);
});

Deno.test("Vocabulary finds what is there, however much has gone", () => {
  const vocabulary = new Vocabulary();
  const key = (id: number) => toTermKey(`term${id}`);
  for (let id = 0; id < 50_000; id++) {
    vocabulary.add(...key(id), id);
    if (id >= 100) vocabulary.remove(key(id - 100));
  }

  deepStrictEqual([49_900, 49_999].map((id) => vocabulary.find(...key(id))), [49_900, 49_999]);
  deepStrictEqual([0, 49_899].map((id) => vocabulary.find(...key(id))), [-1, -1]);
  vocabulary.remove(key(0));
  vocabulary.add(...key(0), 7);
  strictEqual(vocabulary.find(...key(0)), 7);
});
