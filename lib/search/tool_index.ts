import { type ToolDefinition, type ToolRef, toToolId } from "../contracts/mod.ts";
import { atOnce } from "../platform/mod.ts";
import { createEngine } from "./engine.ts";
import { explainTool, type ToolExplanation } from "./explain.ts";
import { Names } from "./names.ts";
import type { Plan } from "./plan.ts";
import type { FindOptions, Found, Material } from "./ranking.ts";
import { readSaved, stepsToWrite, toFingerprint } from "./saved.ts";
import { FIELDS, toToolTexts } from "./tool_fields.ts";

/** A tool of which not everything may have been read yet. */
export interface ToolSource {
  readonly name: string;
  /** The same for the same definition, and for no other of this tool. */
  readonly version: string;
  /** Asked for when it has to be read. */
  readonly definition: ToolDefinition;
}

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
  /** Does the same with tools that tell their versions; those that are known or saved are not read. */
  takeServer(server: string, tools: readonly ToolSource[], saved?: Uint8Array): number;
  /**
   * Does it with a tool at each step, for whoever does not do all of it at once. What is searched meanwhile holds each
   * tool as it was or as it will be. Tools of one server are taken by one at a time.
   */
  stepsToTake(server: string, tools: readonly ToolSource[], saved?: Uint8Array): Generator<void, number>;
  removeServer(server: string): void;
  /** The part of the index that belongs to a server, to be kept with its tools; empty if it has none. */
  saveServer(server: string): Uint8Array;
  /** Gives the same with a tool at each step. */
  stepsToSave(server: string): Generator<void, Uint8Array>;
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
  readonly source: ToolSource;
  readonly document: number;
}

/** Opens an index without tools. */
export function openToolIndex(): ToolIndex {
  return new OpenToolIndex();
}

class OpenToolIndex implements ToolIndex {
  readonly #engine = createEngine();
  readonly #servers = new Map<string, Map<string, Known>>();
  readonly #names = new Names();

  get size(): number {
    return this.#engine.ranking.size;
  }

  replaceServer(server: string, tools: readonly ToolDefinition[], saved?: Uint8Array): number {
    const known = this.#servers.get(server);
    const sources = tools.map((tool) => {
      const before = known?.get(tool.name)?.source;
      return before instanceof ReadTool && before.definition === tool ? before : new ReadTool(server, tool);
    });
    return this.takeServer(server, sources, saved);
  }

  takeServer(server: string, tools: readonly ToolSource[], saved?: Uint8Array): number {
    return atOnce(this.stepsToTake(server, tools, saved));
  }

  *stepsToTake(server: string, tools: readonly ToolSource[], saved?: Uint8Array): Generator<void, number> {
    const known = this.#servers.get(server) ?? new Map<string, Known>();
    this.#servers.set(server, known);
    const after = new Map(tools.map((tool) => [tool.name, tool]));
    for (const name of known.keys()) {
      if (!after.has(name)) yield this.#remove(known, name, server);
    }
    const materialOf = this.#materialFrom(saved);
    let readAnew = 0;
    for (const [name, source] of after) {
      const before = known.get(name);
      if (before !== undefined && isSame(before.source, source)) {
        // The newer one, so that the list of the other can be forgotten.
        known.set(name, { ...before, source });
        continue;
      }
      const material = materialOf(server, source);
      if (material.words.kind === "cut") readAnew++;
      this.#remove(known, name, server);
      known.set(name, { source, document: this.#add({ server, tool: name }, material) });
      yield;
    }
    if (known.size === 0) this.#servers.delete(server);
    yield* this.#engine.settleInSteps();
    return readAnew;
  }

  removeServer(server: string): void {
    this.takeServer(server, []);
  }

  saveServer(server: string): Uint8Array {
    return atOnce(this.stepsToSave(server));
  }

  *stepsToSave(server: string): Generator<void, Uint8Array> {
    const { postings, verbOf } = this.#engine.ranking;
    const tools = [...this.#servers.get(server)?.values() ?? []].map(({ source, document }) => ({
      fingerprint: toFingerprint([source.version]),
      verb: verbOf[document] ?? 0,
      entries: postings.entriesOf(document),
    }));
    return yield* stepsToWrite(tools, (id) => postings.termOf(id));
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
    const { ranking } = this.#engine;
    const plan = ranking.plan(query);
    const { servers, accept = () => true } = options;
    const findOptions = this.#toFindOptions({
      limit: 1,
      accept: (server, tool) => (servers?.includes(server) ?? true) && accept(server, tool),
    }, query);
    return explainTool({
      ranking,
      plan,
      document: known.document,
      texts: toToolTexts(ref.server, known.source.definition),
      accept: findOptions.accept,
      isNamed: findOptions.named.has(known.document),
      place: ranking.placeOf(known.document, plan, findOptions),
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

  #materialFrom(saved: Uint8Array | undefined): (server: string, source: ToolSource) => Material {
    const kept = saved === undefined ? undefined : readSaved(saved);
    return (server, source) => {
      const tool = kept?.take(toFingerprint([source.version]));
      if (kept === undefined || tool === undefined) {
        return this.#engine.ranking.toMaterial(toToolTexts(server, source.definition));
      }
      return { server, name: source.name, words: { kind: "saved", tool, terms: kept.terms } };
    };
  }

  #add(ref: ToolRef, material: Material): number {
    const document = this.#engine.add(ref, material);
    this.#names.add(ref.server, ref.tool, document);
    return document;
  }

  #remove(known: Map<string, Known>, tool: string, server: string): void {
    const document = known.get(tool)?.document;
    if (document === undefined) return;
    this.#engine.remove(document);
    known.delete(tool);
    this.#names.remove(server, tool, document);
  }

  #idOf(document: number): string {
    const ref = this.#engine.get(document);
    return ref === undefined ? "" : toToolId(ref.server, ref.tool);
  }

  #namedBy(query: string): ReadonlySet<number> {
    // Nothing names nothing, whatever a server calls its tool.
    return query.trim() === "" ? new Set() : this.#names.find(query);
  }
}

function isSame(a: ToolSource, b: ToolSource): boolean {
  return a === b || a.version === b.version;
}

/** A tool whose version is what is indexed of it. */
class ReadTool implements ToolSource {
  readonly definition: ToolDefinition;
  readonly #server: string;
  #version: string | undefined;

  constructor(server: string, definition: ToolDefinition) {
    this.#server = server;
    this.definition = definition;
  }

  get name(): string {
    return this.definition.name;
  }

  get version(): string {
    if (this.#version !== undefined) return this.#version;
    const texts = toToolTexts(this.#server, this.definition);
    return this.#version = toFingerprint(FIELDS.map((field) => texts[field])).join();
  }
}
