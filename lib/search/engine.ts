/**
 * Orama with our ranking inside: it keeps the tools, filters by server and
 * answers searches; our index component stands where its own word index and
 * its BM25 would. Why, and at what cost: docs/decisions/0009.
 *
 * @module
 */

import { components, create, insert, load, remove, save, search } from "@orama/orama";
import type { ToolRef } from "../contracts/mod.ts";
import type { Plan } from "./plan.ts";
import { MAX_IDS } from "./postings.ts";
import { type FindOptions, type Found, type Material, Ranking } from "./ranking.ts";

/** What is to be found: documents by a plan. */
export interface Wish {
  readonly plan: Plan;
  readonly options: FindOptions;
  /** Only tools of these servers; all when absent. */
  readonly servers?: readonly string[];
}

/** A tool as it is kept. */
export interface ToolDocument extends ToolRef {
  /** Its number, as Orama wants it. */
  readonly id: string;
}

/** Keeps tools by number, from 1 on; numbers are reused. */
export interface Engine {
  readonly ranking: Ranking;
  add(ref: ToolRef, material: Material): number;
  remove(document: number): void;
  /** Enters what has been added where searches look for it, which the next search would have to do at once otherwise. */
  settleInSteps(): Generator<void, void>;
  get(document: number): ToolDocument | undefined;
  find(wish: Wish): readonly Found[];
}

/** The component that Orama makes when it is given none. */
type DefaultIndex = ReturnType<typeof components.index.createIndex>;

/** What Orama has no parameter for; set for the time of one call, which is not interrupted. */
interface Underway {
  wish?: Wish;
  found?: readonly Found[];
}

/** The property that stands for all words of a tool. */
const WORDS = "tool";

/** Makes an engine without tools. */
export function createEngine(): Engine {
  const ranking = new Ranking();
  const underway: Underway = {};
  const database = openDatabase(ranking, underway);
  // Orama never forgets an id, so ids are numbers that are used again. It
  // numbers ids in order of appearance, which makes its number and ours the same.
  const free: number[] = [];
  /** What Orama holds or will hold, without the way through its maps. */
  const documents: (ToolDocument | undefined)[] = [undefined];
  /** What it will hold: it is told when somebody asks, as many at once cost it a fraction. */
  let waiting: ToolDocument[] = [];
  let isAsked = false;

  function settle(): void {
    if (waiting.length === 0) return;
    const isFirst = waiting.length === documents.length - 1;
    if (isFirst) fill(database, waiting);
    else for (const document of waiting) insert(database, document);
    waiting = [];
  }

  /** Before anybody has asked nothing is lost by waiting, and all at once cost least. */
  function* settleInSteps(): Generator<void, void> {
    if (!isAsked) return;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      yield void insert(database, next);
    }
  }

  return {
    ranking,
    settleInSteps,
    add({ server, tool }, material) {
      const document = free.pop() ?? documents.length;
      if (document >= MAX_IDS) throw new RangeError(`Cannot index tool "${tool}": the index is full`);
      const kept = { id: String(document), server, tool };
      ranking.add(document, material);
      documents[document] = kept;
      waiting.push(kept);
      return document;
    },
    remove(document) {
      settle();
      if (!remove(database, String(document))) return;
      ranking.remove(document);
      documents[document] = undefined;
      free.push(document);
    },
    get: (document) => documents[document],
    find(wish) {
      isAsked = true;
      settle();
      underway.wish = wish;
      const found = search(database, {
        term: WORDS,
        limit: wish.options.limit,
        ...(wish.servers === undefined ? {} : { where: { server: { in: [...wish.servers] } } }),
      });
      // It is a promise only where hooks or components are asynchronous, and none is.
      if (found instanceof Promise) return [];
      return found.hits.flatMap(({ id }, at) => underway.found?.[at] ?? [{ document: Number(id), score: 0 }]);
    },
  };
}

type Database = ReturnType<typeof openDatabase>;

function openDatabase(ranking: Ranking, underway: Underway) {
  return create({
    schema: { server: "enum", [WORDS]: "string" } as const, // the schema's words are its types
    components: { index: createIndex(ranking, underway) },
    sort: { enabled: false },
  });
}

/** The part of what Orama saves that is put in place of what an empty one has. */
interface SavedIndex {
  readonly indexes: Readonly<Record<string, object>>;
}

/** Fills an empty database with documents 1, 2, 3 and so on, as if it had been saved with them. */
function fill(database: Database, documents: readonly ToolDocument[]): void {
  const empty = save(database);
  const index = empty.index as SavedIndex; // what components save is typed as unknown
  const byServer = new Map<string, number[]>();
  documents.forEach(({ server }, at) => {
    const numbers = byServer.get(server) ?? [];
    if (numbers.push(at + 1) === 1) byServer.set(server, numbers);
  });
  const server = { ...index.indexes["server"], node: { numberToDocumentId: [...byServer] } };
  load(database, {
    ...empty,
    internalDocumentIDStore: { internalIdToId: documents.map(({ id }) => id) },
    docs: {
      docs: Object.fromEntries(documents.map((document) => [document.id, document])),
      count: documents.length,
    },
    index: { ...index, indexes: { ...index.indexes, server } },
  });
}

/** Orama's index for everything but the words, and ours for those. */
function createIndex(ranking: Ranking, underway: Underway): DefaultIndex {
  const own = components.index.createIndex();
  return {
    ...own,
    insert: (...args) => args[2] === WORDS ? undefined : own.insert(...args),
    remove: (...args) => args[2] === WORDS ? true : own.remove(...args),
    search(...[, , , , , , , , , , allowed]) {
      const { wish } = underway;
      if (wish === undefined) return [];
      const { accept } = wish.options;
      const options = allowed === undefined
        ? wish.options
        : { ...wish.options, accept: (document: number) => allowed.has(document) && accept(document) };
      const found = ranking.find(wish.plan, options);
      underway.found = found;
      // Orama sorts once more, with an order of its own among equals; places keep ours.
      return found.map(({ document }, at) => [document, found.length - at]);
    },
  };
}
