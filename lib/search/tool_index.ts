import { type ToolDefinition, toToolId } from "../contracts/mod.ts";
import { createEngine, type Scored } from "./engine.ts";
import { type ToolFields, toToolFields } from "./tool_fields.ts";
import { toQueryWords } from "./words.ts";

const QUERY_WORDS = 64;

/** How a search is to be done. */
export interface ToolSearchOptions {
  /** Most tools returned. */
  readonly limit: number;
  /**
   * Whether the caller may see a tool; asked once for every tool that suits,
   * before the list is cut to `limit`.
   */
  readonly accept?: (server: string, tool: string) => boolean;
}

/** A tool that suits a query. */
export interface ToolHit {
  readonly server: string;
  readonly tool: string;
  /** Higher is better; comparable within one search only. */
  readonly score: number;
  /** How many different words of the query the tool has. */
  readonly matches: number;
}

/** Finds tools by words. */
export interface ToolIndex {
  /** Makes these the tools of the server; what has not changed is not touched. */
  replaceServer(server: string, tools: readonly ToolDefinition[]): void;
  removeServer(server: string): void;
  /**
   * Finds the tools that have words of the query, best first, equals in order
   * of their id. A query that is the name or the id of a tool finds that first.
   * Never fails, whatever the query is.
   */
  search(query: string, options: ToolSearchOptions): Promise<ToolHit[]>;
  /** Tools in the index. */
  readonly size: number;
}

/** Opens an index without tools. */
export function openToolIndex(): ToolIndex {
  return new OpenToolIndex();
}

class OpenToolIndex implements ToolIndex {
  readonly #engine = createEngine();
  readonly #servers = new Map<string, ReadonlyMap<string, ToolDefinition>>();
  /** Ids by lower-case name and by lower-case id. */
  readonly #named = new Map<string, Set<string>>();
  readonly #tools = new Map<string, { readonly server: string; readonly tool: string }>();

  get size(): number {
    return this.#tools.size;
  }

  replaceServer(server: string, tools: readonly ToolDefinition[]): void {
    const before = this.#servers.get(server) ?? new Map<string, ToolDefinition>();
    const after = new Map(tools.map((tool) => [tool.name, tool]));
    for (const [name, tool] of before) {
      if (!isSame(tool, after.get(name))) this.#remove(server, name);
    }
    for (const [name, tool] of after) {
      if (!this.#tools.has(toToolId(server, name))) this.#add(server, tool);
    }
    if (after.size > 0) this.#servers.set(server, after);
    else this.#servers.delete(server);
  }

  removeServer(server: string): void {
    this.replaceServer(server, []);
  }

  async search(query: string, { limit, accept = () => true }: ToolSearchOptions): Promise<ToolHit[]> {
    if (!(limit >= 1)) return [];
    const words = toQueryWords(query, QUERY_WORDS);
    const found = this.#promoteNamed(await this.#engine.find(words), query);
    return found
      .flatMap((scored) => {
        const tool = this.#tools.get(scored.id);
        return tool !== undefined && accept(tool.server, tool.tool) ? [{ ...scored, ...tool }] : [];
      })
      .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map(({ id, server, tool, score }) => ({ server, tool, score, matches: this.#count(id, words) }));
  }

  #add(server: string, tool: ToolDefinition): void {
    const id = toToolId(server, tool.name);
    this.#engine.add(toToolFields(server, tool));
    this.#tools.set(id, { server, tool: tool.name });
    for (const name of [tool.name, id]) {
      const key = name.toLowerCase();
      const ids = this.#named.get(key) ?? new Set();
      this.#named.set(key, ids.add(id));
    }
  }

  #remove(server: string, tool: string): void {
    const id = toToolId(server, tool);
    this.#engine.remove(id);
    this.#tools.delete(id);
    for (const name of [tool, id]) {
      const key = name.toLowerCase();
      const ids = this.#named.get(key);
      ids?.delete(id);
      if (ids?.size === 0) this.#named.delete(key);
    }
  }

  /** Lifts tools whose name or id is the whole query above all others, also if their name has no word in it. */
  #promoteNamed(found: readonly Scored[], query: string): readonly Scored[] {
    const ids = this.#named.get(query.trim().toLowerCase());
    if (ids === undefined) return found;
    const scores = new Map(found.map(({ id, score }) => [id, score]));
    const lift = 1 + found.reduce((highest, { score }) => Math.max(highest, score), 0);
    for (const id of ids) scores.set(id, (scores.get(id) ?? 0) + lift);
    return [...scores].map(([id, score]) => ({ id, score }));
  }

  #count(id: string, words: readonly string[]): number {
    const fields = this.#engine.get(id);
    if (fields === undefined) return 0;
    const has = new Set(wordsOf(fields));
    return words.filter((word) => has.has(word)).length;
  }
}

function wordsOf({ name, title, server, args, description, argTexts }: ToolFields): string[] {
  return [name, title, server, args, description, argTexts].join(" ").split(" ");
}

function isSame(a: ToolDefinition, b: ToolDefinition | undefined): boolean {
  if (a === b || b === undefined) return a === b;
  try {
    return JSON.stringify(a) === JSON.stringify(b);
  } catch {
    // Nested too deep to be written; indexing it anew is never wrong.
    return false;
  }
}
