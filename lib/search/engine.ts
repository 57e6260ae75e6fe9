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
import type { KeptIndex } from "./snapshot.ts";

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
  /** Takes documents 1, 2, 3 and so on as they were kept, in place of none. */
  restore(kept: KeptIndex, refOf: (document: number) => ToolRef | undefined): void;
  /** Forgets all documents. */
  clear(): void;
  /** Says whose a document is that {@link Engine.restore} knows nothing of any more. */
  put(document: number, ref: ToolRef): void;
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
  let database = openDatabase(ranking, underway, get);
  // Orama never forgets an id, so ids are numbers that are used again. It
  // numbers ids in order of appearance, which makes its number and ours the same.
  const free: number[] = [];
  /** What Orama holds or will hold; `null` for what is gone, `undefined` for what nobody has looked at. */
  const documents: (ToolDocument | null | undefined)[] = [null];
  /** What it will hold: it is told when somebody asks, as many at once cost it a fraction. */
  let waiting: ToolDocument[] = [];
  let isEmpty = true;
  let isAsked = false;
  let restored: (document: number) => ToolRef | undefined = () => undefined;

  function settle(): void {
    const isFirst = isEmpty && documents.length > 1;
    if (isFirst) fill(database, documents.length - 1, ranking);
    else for (const document of waiting) insert(database, document);
    isEmpty &&= !isFirst;
    waiting = [];
  }

  function get(document: number): ToolDocument | undefined {
    const known = documents[document];
    if (known !== undefined) return known ?? undefined;
    const ref = restored(document);
    if (ref === undefined) return undefined;
    return documents[document] = { id: String(document), server: ref.server, tool: ref.tool };
  }

  /** Before anybody has asked nothing is lost by waiting, and all at once cost least. */
  function* settleInSteps(): Generator<void, void> {
    if (!isAsked) return;
    isEmpty &&= waiting.length === 0;
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      yield void insert(database, next);
    }
  }

  return {
    ranking,
    settleInSteps,
    restore(kept, refOf) {
      ranking.restore(kept);
      documents.length = kept.postings.starts.length;
      restored = refOf;
    },
    clear() {
      ranking.clear();
      database = openDatabase(ranking, underway, get);
      documents.length = 1;
      [free.length, waiting, isEmpty, isAsked] = [0, [], true, false];
      restored = () => undefined;
    },
    put(document, { server, tool }) {
      documents[document] = { id: String(document), server, tool };
    },
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
      documents[document] = null;
      free.push(document);
    },
    get,
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

function openDatabase(ranking: Ranking, underway: Underway, get: Engine["get"]) {
  return create({
    schema: { server: "enum", [WORDS]: "string" } as const, // the schema's words are its types
    components: { index: createIndex(ranking, underway), documentsStore: createDocuments(get) },
    sort: { enabled: false },
  });
}

/** The part of what Orama saves that is put in place of what an empty one has. */
interface SavedIndex {
  readonly indexes: Readonly<Record<string, object>>;
}

/** Fills an empty database with documents 1, 2, 3 and so on, as if it had been saved with them. */
function fill(database: Database, count: number, { servers, serverOf }: Ranking): void {
  const empty = save(database);
  const index = empty.index as SavedIndex; // what components save is typed as unknown
  const byServer = Array.from({ length: servers.capacity }, (): number[] => []);
  for (let document = 1; document <= count; document++) byServer[serverOf[document] ?? 0]?.push(document);
  const node = {
    numberToDocumentId: byServer.map((documents, number) => [servers.nameOf(number), documents]),
  };
  load(database, {
    ...empty,
    internalDocumentIDStore: { internalIdToId: Array.from({ length: count }, (_, at) => String(at + 1)) },
    index: { ...index, indexes: { ...index.indexes, server: { ...index.indexes["server"], node } } },
  });
}

/** Orama's keeper of documents. */
type Documents = ReturnType<typeof components.documentsStore.createDocumentsStore>;

/** Gives Orama what is known of documents here, in place of a second copy. */
function createDocuments(get: Engine["get"]): Documents {
  const own = components.documentsStore.createDocumentsStore();
  const find = (id: string | number) => get(Number(id));
  return {
    ...own,
    get: (_, id) => find(id),
    getMultiple: (_, ids) => ids.map(find),
    store: () => true,
    remove: () => true,
  };
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
