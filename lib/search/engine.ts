/**
 * The search engine behind the index. It gets words, not texts: cutting them
 * is done before, in one way for tools and for queries.
 *
 * @module
 */

import { create, getByID, insert, remove, search } from "@orama/orama";
import type { ToolFields } from "./tool_fields.ts";

/**
 * Ends every word within the engine. The engine looks words up by their
 * beginning, so "list" would find "listen"; with an end they are found whole.
 */
const END = "$";
/** Chosen on the development sets in November 2026; a word counts much the same in a long text as in a short one. */
const BOOST = { name: 3, title: 2, server: 1.5, args: 1.2, description: 1, argTexts: 0.3 };
const RELEVANCE = { k: 0.5, b: 0.4, d: 0.5 };

/** A tool and how well it suits. */
export interface Scored {
  readonly id: string;
  readonly score: number;
}

/** Keeps tools and scores them against words. */
export interface Engine {
  add(fields: ToolFields): void;
  remove(id: string): void;
  get(id: string): ToolFields | undefined;
  /** Every tool that has one of the words, in no order. */
  find(words: readonly string[]): Promise<Scored[]>;
}

/** Makes an engine without tools. */
export function createEngine(): Engine {
  const database = create({
    schema: {
      name: "string",
      title: "string",
      server: "string",
      args: "string",
      description: "string",
      argTexts: "string",
    },
    components: {
      tokenizer: { language: "english", normalizationCache: new Map(), tokenize: toTokens },
    },
    sort: { enabled: false },
  });
  let size = 0;
  return {
    add(fields) {
      insert(database, { ...fields });
      size++;
    },
    remove(id) {
      if (remove(database, id)) size--;
    },
    // What was put in comes out, so the shape is known.
    get: (id) => getByID(database, id) as ToolFields | undefined,
    async find(words) {
      if (words.length === 0) return [];
      const { hits } = await search(database, {
        term: words.join(" "),
        // Any word will do; without this a tool would need all of them.
        threshold: 1,
        limit: size,
        boost: BOOST,
        relevance: RELEVANCE,
      });
      return hits.map(({ id, score }) => ({ id, score }));
    },
  };
}

function toTokens(words: string): string[] {
  return words.split(" ").filter((word) => word !== "").map((word) => word + END);
}
