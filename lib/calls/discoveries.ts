/**
 * What searching saves: for each discovery the list that the agent did not
 * have to read, less all it read instead.
 *
 * @module
 */

import type { Clock } from "../platform/mod.ts";
import type { TokenCounter } from "../tokens/mod.ts";
import type { CallContext } from "./context.ts";

/** Figures over all discoveries since the start, in tokens. */
export interface DiscoveryFigures {
  /** Searches and requests for definitions. */
  readonly searches: number;
  /** Calls of a tool that a search of the same client had shown before. */
  readonly discoveries: number;
  /** Searches that no call of what they showed has followed; what they cost is in `spent`. */
  readonly open_searches: number;
  /** What the answers of searches took, on the mean. */
  readonly average_query_result_size: number;
  /** What listing all tools would have taken, once for each discovery. */
  readonly baseline: number;
  /** What was read instead: own tools, queries and answers, in every turn until the call. */
  readonly spent: number;
}

/** One search. */
export interface Search {
  /** Whose it is: searches and calls of one client belong together. */
  readonly client: string;
  readonly query: string;
  readonly answer: string;
  /** Ids of the tools in the answer. */
  readonly tools: readonly string[];
  /** Estimated tokens of the list of all tools that the client may see. */
  readonly listed: number;
}

/**
 * How a client came to call a tool: by an id that a search or somebody else
 * gave it, or by a name from the list of all tools, which it has read anyway.
 */
export type CallWay = "found" | "listed";

/** Searches and calls of one client belong together. */
export function clientOf({ caller, peer }: Pick<CallContext, "caller" | "peer">): string {
  return `${caller.label}\n${peer?.client ?? ""}`;
}

/** Keeps account of searches and the calls that follow. */
export interface Discoveries {
  searched(search: Search): void;
  /**
   * A tool was called, with success or without. If a search had shown it, that
   * search and those before it are done; a client that has the whole list has
   * saved nothing by them.
   */
  called(client: string, tool: string, way: CallWay): void;
  /**
   * Counts what has not been counted yet.
   *
   * @param ownTools Tokens of the gateway's own tools.
   * @param scale By which estimates of lists are to be multiplied to be right.
   */
  figures(ownTools: number, scale: number): Promise<DiscoveryFigures>;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** Sums from which the figures follow for any size of the own tools. */
interface Sums {
  searches: number;
  discoveries: number;
  answers: number;
  listed: number;
  /** Turns in which the own tools were read. */
  turns: number;
  /** Queries and answers, each in every turn after it. */
  reread: number;
}

interface Counted {
  readonly answer: number;
  readonly tokens: number;
}

interface Open {
  readonly searches: Pending[];
  listed: number;
}

interface Done extends Open {
  readonly way: CallWay;
}

/** A search that is counted when somebody asks, or when many wait. */
interface Pending {
  readonly query: Excerpt;
  readonly answer: Excerpt;
  readonly tools: ReadonlySet<string>;
}

/** The beginning of a text, from which the whole is told. */
interface Excerpt {
  readonly text: string;
  readonly length: number;
}

/** Discoveries, or clients with a search that nothing followed, whose texts wait to be counted. */
const MAX_WAITING = 100;
const MAX_SEARCHES = 10;
const MAX_TEXT = 20_000;

/** Creates the account. */
export function createDiscoveries(
  { clock, counter }: { readonly clock: Pick<Clock, "now">; readonly counter: Pick<TokenCounter, "count"> },
): Discoveries {
  const open = new Map<string, Open>();
  const done: Done[] = [];
  const sums = emptySums();
  let counting: Promise<void> | undefined;

  async function countPending(pending: Pending): Promise<Counted> {
    const answer = await countLong(counter, pending.answer);
    return { answer, tokens: answer + await countLong(counter, pending.query) };
  }

  async function settle(one: Open, into: Sums, isCall: boolean): Promise<void> {
    const counted: Counted[] = [];
    for (const pending of one.searches) counted.push(await countPending(pending));
    add(into, counted, isCall ? one.listed : undefined);
  }

  async function countDone(): Promise<void> {
    for (let one = done.shift(); one !== undefined; one = done.shift()) {
      await settle(one, sums, one.way === "found");
    }
  }

  function countSoon(): Promise<void> {
    return counting ??= countDone().finally(() => counting = undefined);
  }

  return {
    since: clock.now(),
    searched({ client, query, answer, tools, listed }) {
      const mine = open.get(client) ?? { searches: [], listed };
      open.delete(client);
      open.set(client, mine);
      mine.listed = listed;
      mine.searches.push({ query: excerpt(query), answer: excerpt(answer), tools: new Set(tools) });
      // Whoever searches without end does not fill the memory; what is dropped here cost tokens that are not counted.
      if (mine.searches.length > MAX_SEARCHES) mine.searches.shift();
      const [oldest] = open.keys();
      if (open.size > MAX_WAITING && oldest !== undefined) open.delete(oldest);
    },
    called(client, tool, way) {
      const mine = open.get(client);
      // What no search has shown was known before; the searches wait for a call of their own.
      if (mine === undefined || !mine.searches.some(({ tools }) => tools.has(tool))) return;
      open.delete(client);
      done.push({ ...mine, way });
      // Without a reader they are counted now and then, in the background.
      if (done.length >= MAX_WAITING) void countSoon().catch(() => done.splice(0));
    },
    async figures(ownTools, scale) {
      await countSoon();
      const all = { ...sums };
      let openSearches = 0;
      for (const one of [...open.values()]) {
        await settle(one, all, false);
        openSearches += one.searches.length;
      }
      return {
        searches: all.searches,
        discoveries: all.discoveries,
        open_searches: openSearches,
        average_query_result_size: all.searches === 0 ? 0 : Math.round(all.answers / all.searches),
        baseline: Math.round(all.listed * scale),
        spent: all.turns * ownTools + all.reread,
      };
    },
  };
}

function emptySums(): Sums {
  return { searches: 0, discoveries: 0, answers: 0, listed: 0, turns: 0, reread: 0 };
}

/**
 * Adds the searches up to one call, or those that none has followed.
 *
 * Each search takes a turn in which the own tools are read, the call one more;
 * what a turn has brought is read again in all that follow.
 */
function add(sums: Sums, counted: readonly Counted[], listed: number | undefined): void {
  const turns = counted.length + (listed === undefined ? 0 : 1);
  sums.searches += counted.length;
  sums.turns += turns;
  for (const [index, { answer, tokens }] of counted.entries()) {
    sums.answers += answer;
    sums.reread += tokens * Math.max(1, turns - 1 - index);
  }
  if (listed === undefined) return;
  sums.discoveries++;
  sums.listed += listed;
}

function excerpt(text: string): Excerpt {
  return { text: text.slice(0, MAX_TEXT), length: text.length };
}

async function countLong(counter: Pick<TokenCounter, "count">, { text, length }: Excerpt): Promise<number> {
  const count = await counter.count(text);
  return length === text.length ? count : Math.round(count * length / text.length);
}
