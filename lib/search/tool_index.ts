import { type ToolDefinition, type ToolRef, toToolId } from "../contracts/mod.ts";
import { atOnce } from "../platform/mod.ts";
import { createEngine } from "./engine.ts";
import { explainTool, type ToolExplanation } from "./explain.ts";
import { stepsToKeep } from "./keep.ts";
import type { ToolHit, ToolIndex, ToolSearchOptions, ToolSource } from "./index_types.ts";
import { Names } from "./names.ts";
import type { Plan } from "./plan.ts";
import type { FindOptions, Found, Material } from "./ranking.ts";
import { ReadTool, unknownTool } from "./read_tool.ts";
import { type KeptTool, Restored, type ToolToKeep } from "./restored.ts";
import { readSaved, stepsToWrite, toFingerprint } from "./saved.ts";
import { readSnapshot } from "./snapshot.ts";
import { toToolTexts } from "./tool_fields.ts";

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
  #names = new Names();
  #restored: Restored | undefined;
  #revision = 0;

  get size(): number {
    return this.#engine.ranking.size;
  }

  get revision(): number {
    return this.#revision;
  }

  get waiting(): readonly string[] {
    return this.#restored?.waiting ?? [];
  }

  restore(snapshot: Uint8Array): boolean {
    const kept = this.#revision === 0 ? readSnapshot(snapshot) : undefined;
    if (kept === undefined) return false;
    const restored = this.#restored = new Restored(kept);
    this.#engine.restore(kept, (document) => restored.refOf(document));
    this.#names = new Names(kept.names);
    this.#revision++;
    return true;
  }

  replaceServer(server: string, tools: readonly ToolDefinition[], saved?: Uint8Array): number {
    const known = this.#known(server);
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
    const kept = this.#restored?.take(server, tools);
    if (kept === "same") return 0;
    if (kept !== undefined && !this.#isForgotten(kept)) {
      this.#servers.set(server, this.#toKnown(server, kept));
    }
    const known = this.#known(server) ?? new Map<string, Known>();
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
    const tools = [...this.#known(server)?.values() ?? []].map(({ source, document }) => ({
      fingerprint: toFingerprint([source.version]),
      verb: verbOf[document] ?? 0,
      entries: postings.entriesOf(document),
    }));
    return yield* stepsToWrite(tools, (id) => postings.termOf(id));
  }

  *stepsToSnapshot(): Generator<void, Uint8Array | undefined> {
    const revision = this.#revision;
    if (this.size === 0 || this.waiting.length > 0) return undefined;
    const known = [...this.#servers].map((
      [server, tools],
    ): [string, ToolToKeep[]] => [server, [...tools.values()]]);
    const steps = stepsToKeep(this.#engine.ranking, [...this.#restored?.taken() ?? [], ...known]);
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      if (this.#revision !== revision) return undefined;
      yield;
    }
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
    const known = this.#known(ref.server)?.get(ref.tool);
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
      // Of tools that were kept it is not known whose they are before their servers have said so.
      accept: ask(accept ?? (() => true), false),
      ...(usage === undefined ? {} : { usage: ask(usage, 0) }),
      named: this.#namedBy(query),
      isBefore: (a, b) => this.#idOf(a) < this.#idOf(b),
    };
  }

  /** The tools of a server by name. */
  #known(server: string): Map<string, Known> | undefined {
    const restored = this.#restored?.release(server);
    if (restored !== undefined) this.#servers.set(server, this.#toKnown(server, restored));
    return this.#servers.get(server);
  }

  /**
   * Drops a snapshot of which the first server to speak has nothing any more: it is of another time, and to take tools
   * out of it one by one would take longer than to read all of them.
   */
  #isForgotten(kept: readonly KeptTool[]): boolean {
    const isFirst = this.#servers.size === 0 && this.#restored?.taken().length === 0;
    if (!isFirst || kept.some(({ source }) => source !== undefined)) return false;
    this.#engine.clear();
    this.#names = new Names();
    this.#restored = undefined;
    this.#revision++;
    return true;
  }

  #toKnown(server: string, kept: readonly KeptTool[]): Map<string, Known> {
    for (const { name, document, source } of kept) {
      if (source !== undefined) this.#engine.put(document, { server, tool: name });
    }
    return new Map(
      kept.map(({ name, document, source = unknownTool(name) }) => [name, { source, document }]),
    );
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
    this.#revision++;
    const document = this.#engine.add(ref, material);
    this.#names.add(ref.server, ref.tool, document);
    return document;
  }

  #remove(known: Map<string, Known>, tool: string, server: string): void {
    const document = known.get(tool)?.document;
    if (document === undefined) return;
    this.#revision++;
    // One that was kept, and is not what its server has, was never shown.
    this.#engine.put(document, { server, tool });
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
