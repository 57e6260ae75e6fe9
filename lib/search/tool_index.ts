import { type ToolDefinition, type ToolRef, toToolId } from "../contracts/mod.ts";
import { createEngine } from "./engine.ts";
import { explainTool, type ToolExplanation } from "./explain.ts";
import type { Plan } from "./plan.ts";
import type { FindOptions, Found, Material } from "./ranking.ts";
import { type Fingerprint, readSaved, toFingerprint, writeSaved } from "./saved.ts";
import { FIELDS, type ToolTexts, toToolTexts } from "./tool_fields.ts";
import { toNameKey } from "./words.ts";

/** How a search is to be done. */
export interface ToolSearchOptions {
  /** Most tools returned. */
  readonly limit: number;
  /**
   * Whether the caller may see a tool; asked once for every tool that suits,
   * before any is ranked. What is refused does not influence the rest.
   */
  readonly accept?: (server: string, tool: string) => boolean;
  /** Only tools of these servers; all when absent. */
  readonly servers?: readonly string[];
  /** How often a tool was called, which lifts it a little; does not count when absent. */
  readonly usage?: (server: string, tool: string) => number;
}

/** A tool that suits a query. */
export interface ToolHit {
  readonly server: string;
  readonly tool: string;
  /** Higher is better; comparable within one search only. */
  readonly score: number;
  /** How many different words of the query the tool answers. */
  readonly matches: number;
}

/** Finds tools by words. */
export interface ToolIndex {
  /**
   * Makes these the tools of the server; what has not changed is not touched.
   *
   * @param saved What {@link ToolIndex.saveServer} gave for the server; where
   * it fits the tools, they need not be read anew. Anything else does no harm.
   * @returns How many tools were read anew.
   */
  replaceServer(server: string, tools: readonly ToolDefinition[], saved?: Uint8Array): number;
  removeServer(server: string): void;
  /** The part of the index that belongs to a server, to be kept with its tools; empty if it has none. */
  saveServer(server: string): Uint8Array;
  /**
   * Finds the tools that suit a query, best first, equals in order of their
   * id. A query that is the name or the id of a tool finds that first, in
   * whatever way it is written. Never fails and never takes long, whatever the
   * query is.
   */
  search(query: string, options: ToolSearchOptions): ToolHit[];
  /** Says what stands behind the place of a tool, `undefined` if it is not in the index. */
  explain(
    query: string,
    tool: ToolRef,
    options?: Omit<ToolSearchOptions, "limit">,
  ): ToolExplanation | undefined;
  /** Tools in the index. */
  readonly size: number;
}

interface Known {
  readonly definition: ToolDefinition;
  readonly document: number;
}

/** Opens an index without tools. */
export function openToolIndex(): ToolIndex {
  return new OpenToolIndex();
}

class OpenToolIndex implements ToolIndex {
  readonly #engine = createEngine();
  readonly #servers = new Map<string, Map<string, Known>>();
  /** Documents by what their name and their id come down to; mostly there is one. */
  readonly #named = new Map<number, number | Set<number>>();

  get size(): number {
    return this.#engine.ranking.size;
  }

  replaceServer(server: string, tools: readonly ToolDefinition[], saved?: Uint8Array): number {
    const known = this.#servers.get(server) ?? new Map<string, Known>();
    const after = new Map(tools.map((tool) => [tool.name, tool]));
    for (const [name, { definition }] of known) {
      if (!isSame(definition, after.get(name))) this.#remove(known, name, server);
    }
    const materialOf = this.#materialFrom(saved);
    let readAnew = 0;
    for (const [name, definition] of after) {
      if (known.has(name)) continue;
      const material = materialOf(server, definition);
      if (material.words.kind === "cut") readAnew++;
      known.set(name, { definition, document: this.#add({ server, tool: name }, material) });
    }
    if (known.size > 0) this.#servers.set(server, known);
    else this.#servers.delete(server);
    return readAnew;
  }

  removeServer(server: string): void {
    this.replaceServer(server, []);
  }

  saveServer(server: string): Uint8Array {
    const { postings } = this.#engine.ranking;
    const tools = [...this.#servers.get(server)?.values() ?? []].map(({ definition, document }) => ({
      fingerprint: fingerprintOf(toToolTexts(server, definition)),
      entries: postings.entriesOf(document),
    }));
    return writeSaved(tools, (id) => postings.termOf(id));
  }

  search(query: string, options: ToolSearchOptions): ToolHit[] {
    if (!(options.limit >= 1)) return [];
    const { plan, found } = this.#find(query, options);
    return found.flatMap(({ document, score }) => {
      const ref = this.#engine.get(document);
      if (ref === undefined) return [];
      const matches = this.#engine.ranking.countMatches(document, plan);
      return [{ server: ref.server, tool: ref.tool, score, matches }];
    });
  }

  explain(
    query: string,
    ref: ToolRef,
    options: Omit<ToolSearchOptions, "limit"> = {},
  ): ToolExplanation | undefined {
    const known = this.#servers.get(ref.server)?.get(ref.tool);
    if (known === undefined) return undefined;
    const { plan, found } = this.#find(query, { ...options, limit: this.size });
    const rank = found.findIndex(({ document }) => document === known.document);
    return explainTool({
      ranking: this.#engine.ranking,
      plan,
      document: known.document,
      texts: toToolTexts(ref.server, known.definition),
      accept: this.#toFindOptions({ ...options, limit: 1 }, query).accept,
      isNamed: this.#namedBy(query).has(known.document),
      place: rank < 0 ? undefined : { rank: rank + 1, score: found[rank]?.score ?? 0 },
    });
  }

  #find(
    query: string,
    options: ToolSearchOptions,
  ): { readonly plan: Plan; readonly found: readonly Found[] } {
    const plan = this.#engine.ranking.plan(query);
    const { servers } = options;
    return {
      plan,
      found: this.#engine.find({ plan, servers, options: this.#toFindOptions(options, query) }),
    };
  }

  #toFindOptions({ limit, accept, usage }: ToolSearchOptions, query: string): FindOptions {
    const ask =
      <Answer>(ask: (server: string, tool: string) => Answer, other: Answer) => (document: number) => {
        const ref = this.#engine.get(document);
        return ref === undefined ? other : ask(ref.server, ref.tool);
      };
    return {
      limit: Math.floor(Math.min(limit, this.size)),
      accept: accept === undefined ? () => true : ask(accept, false),
      ...(usage === undefined ? {} : { usage: ask(usage, 0) }),
      named: this.#namedBy(query),
      isBefore: (a, b) => this.#idOf(a) < this.#idOf(b),
    };
  }

  #materialFrom(saved: Uint8Array | undefined): (server: string, definition: ToolDefinition) => Material {
    const kept = saved === undefined ? undefined : readSaved(saved);
    return (server, definition) => {
      const texts = toToolTexts(server, definition);
      const entries = kept?.entriesOf(fingerprintOf(texts));
      if (kept === undefined || entries === undefined) return this.#engine.ranking.toMaterial(texts);
      return { server: texts.server, name: texts.name, words: { kind: "saved", entries, terms: kept.terms } };
    };
  }

  #add(ref: ToolRef, material: Material): number {
    const document = this.#engine.add(ref, material);
    for (const key of namesOf(ref)) {
      const others = this.#named.get(key);
      if (typeof others === "object") others.add(document);
      else this.#named.set(key, others === undefined ? document : new Set([others, document]));
    }
    return document;
  }

  #remove(known: Map<string, Known>, tool: string, server: string): void {
    const document = known.get(tool)?.document;
    if (document === undefined) return;
    this.#engine.remove(document);
    known.delete(tool);
    for (const key of namesOf({ server, tool })) {
      const others = this.#named.get(key);
      if (typeof others === "object") others.delete(document);
      if (others === document || (typeof others === "object" && others.size === 0)) this.#named.delete(key);
    }
  }

  #idOf(document: number): string {
    const ref = this.#engine.get(document);
    return ref === undefined ? "" : toToolId(ref.server, ref.tool);
  }

  #namedBy(query: string): ReadonlySet<number> {
    const found = this.#named.get(keyOf(query));
    return typeof found === "object" ? found : new Set(found === undefined ? [] : [found]);
  }
}

/** What a name and an id come down to, so that "create issue" finds `create_issue`. */
function namesOf({ server, tool }: ToolRef): Set<number> {
  return new Set([keyOf(tool), keyOf(toToolId(server, tool))]);
}

/** A number stands for a name; it takes less room. */
function keyOf(text: string): number {
  // A name without letters and digits is only found as it is.
  const [a, b] = toFingerprint([toNameKey(text) || text.trim().slice(0, 100)]);
  return (a & 0x1fffff) * 2 ** 32 + b;
}

function fingerprintOf(texts: ToolTexts): Fingerprint {
  return toFingerprint(FIELDS.map((field) => texts[field]));
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
