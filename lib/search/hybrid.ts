/**
 * Search by words, with vectors of an embedding endpoint added where the
 * config asks for that. Whatever goes wrong with them, words answer alone.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { type ServerTool, toToolId } from "../contracts/mod.ts";
import type { Clock } from "../platform/mod.ts";
import type { Embedder } from "./embedder.ts";
import type { ToolHit, ToolIndex, ToolSearchOptions } from "./index_types.ts";
import { toToolTexts } from "./tool_fields.ts";

/** Finds tools, at once or after a while. */
export interface ToolFinder {
  search(query: string, options: ToolSearchOptions): ToolHit[] | Promise<ToolHit[]>;
}

/** What the finder works with. */
export interface HybridOptions {
  readonly index: Pick<ToolIndex, "search">;
  readonly embedder: Embedder;
  readonly clock: Pick<Clock, "now">;
  /** Part of the vectors in the score, from 0 (they are not asked for) to 0.3. */
  readonly weight: () => number;
  /** Identifies the vectors in force; with another they are made anew. */
  readonly model: () => string;
  /** Tools that may be found; nothing of others is sent anywhere. */
  readonly tools: () => Iterable<ServerTool>;
  readonly onFailure: (cause: unknown) => void;
  /**
   * Told when there are vectors for all tools there were, with the share of
   * tools that they find by their names and whether that is enough to use them.
   */
  readonly onLearned: (found: { readonly share: number; readonly isTrusted: boolean }) => void;
}

/** More would let vectors overrule words, which lowers quality where they are weak. */
const MAX_WEIGHT = 0.3;
const BATCH = 64;
const MAX_KEPT = 50_000;
const MAX_TEXT = 2_000;
const MAX_QUERIES = 500;
/** After a failure the endpoint is left alone. */
const PAUSE_MS = 30_000;
/** Places that belong to what words have found, if they have found as much. */
const KEPT_PLACES = 5;
/** Tools that are looked for by their names, to see what the vectors are worth. */
const PROBES = 64;
/** A tool must be among the first this many. */
const PROBE_DEPTH = 3;
/** Vectors that find fewer tools by their own names know less than the words do, and would lower quality. */
const TRUSTED_SHARE = 0.75;
/** Tools that words have found and that the vectors may order. */
const POOL = 50;

/** Creates a finder that adds vectors to words. */
export function createHybrid(options: HybridOptions): ToolFinder {
  return new Hybrid(options);
}

class Hybrid implements ToolFinder {
  readonly #options: HybridOptions;
  /** Vectors by the hash of their text and model. */
  readonly #known = new Map<string, Float32Array>();
  readonly #queries = new Map<string, Float32Array>();
  /** Definitions stay the same object as long as they stay as they are. */
  readonly #keys = new WeakMap<ServerTool["definition"], { readonly model: string; readonly key: string }>();
  #learning = false;
  #isTrusted = false;
  #quietUntil = 0;

  constructor(options: HybridOptions) {
    this.#options = options;
  }

  search(query: string, options: ToolSearchOptions): ToolHit[] | Promise<ToolHit[]> {
    const { index, weight } = this.#options;
    const part = Math.min(MAX_WEIGHT, weight());
    if (!(part > 0) || query.trim() === "") return index.search(query, options);
    return this.#searchBoth(query, options, part);
  }

  async #searchBoth(query: string, options: ToolSearchOptions, part: number): Promise<ToolHit[]> {
    const { index } = this.#options;
    const accepted = new Map<string, boolean>();
    const accept = (server: string, tool: string) => {
      const id = toToolId(server, tool);
      const known = accepted.get(id) ?? options.accept?.(server, tool) ?? true;
      accepted.set(id, known);
      return known;
    };
    const byWords = index.search(query, { ...options, accept, limit: Math.max(POOL, options.limit) });
    const vectors = this.#vectorsOfTools();
    const wanted = vectors === undefined ? undefined : await this.#vectorOfQuery(query);
    if (vectors === undefined || wanted === undefined) return byWords.slice(0, options.limit);
    const likeness = vectors.filter(({ tool }) => accept(tool.server, tool.definition.name))
      .map(({ tool, vector }) => ({
        server: tool.server,
        tool: tool.definition.name,
        like: dot(vector, wanted),
      }));
    return fuse(byWords, likeness, part).slice(0, options.limit);
  }

  /** `undefined` as long as some are missing: a tool must not fall behind because its vector is not there yet. */
  #vectorsOfTools(): ToolVector[] | undefined {
    const tools = [...this.#options.tools()];
    const missing = tools.filter((tool) => !this.#known.has(this.#keyOfTool(tool)));
    if (missing.length === 0) return this.#isTrusted ? this.#vectorsOf(tools) : undefined;
    if (missing.length + this.#known.size > MAX_KEPT) this.#known.clear();
    void this.#learn(missing);
    return undefined;
  }

  async #learn(missing: readonly ServerTool[]): Promise<void> {
    if (this.#learning || this.#isQuiet() || missing.length > MAX_KEPT) return;
    this.#learning = true;
    try {
      for (let at = 0; at < missing.length; at += BATCH) {
        const batch = missing.slice(at, at + BATCH);
        const vectors = await this.#options.embedder.embed(batch.map(toText));
        for (const [place, tool] of batch.entries()) {
          const vector = vectors[place];
          if (vector !== undefined) this.#known.set(this.#keyOfTool(tool), vector);
        }
      }
      await this.#probe();
    } catch (cause) {
      this.#fail(cause);
    } finally {
      this.#learning = false;
    }
  }

  /** Looks for some tools by their names, and believes the vectors only if they find them. */
  async #probe(): Promise<void> {
    const all = this.#vectorsOf([...this.#options.tools()]);
    const step = Math.max(1, Math.floor(all.length / PROBES));
    const probes = all.filter((_, index) => index % step === 0).slice(0, PROBES);
    const asked = await this.#options.embedder.embed(probes.map(({ tool }) => toWords(tool.definition.name)));
    const found = probes.filter(({ tool, vector }, at) => {
      const wanted = asked[at];
      if (wanted === undefined) return false;
      const own = dot(vector, wanted);
      // Tools of one name are as good as each other.
      const better = all.filter((other) =>
        other.tool.definition.name !== tool.definition.name && dot(other.vector, wanted) > own
      );
      return better.length < PROBE_DEPTH;
    });
    const share = probes.length === 0 ? 0 : found.length / probes.length;
    this.#isTrusted = share >= TRUSTED_SHARE;
    this.#options.onLearned({ share, isTrusted: this.#isTrusted });
  }

  #vectorsOf(tools: readonly ServerTool[]): ToolVector[] {
    return tools.flatMap((tool) => {
      const vector = this.#known.get(this.#keyOfTool(tool));
      return vector === undefined ? [] : [{ tool, vector }];
    });
  }

  async #vectorOfQuery(query: string): Promise<Float32Array | undefined> {
    const key = this.#keyOf(query.slice(0, MAX_TEXT));
    const known = this.#queries.get(key);
    if (known !== undefined || this.#isQuiet()) return known;
    try {
      const [vector] = await this.#options.embedder.embed([query.slice(0, MAX_TEXT)]);
      if (vector === undefined) return undefined;
      if (this.#queries.size >= MAX_QUERIES) this.#queries.clear();
      this.#queries.set(key, vector);
      return vector;
    } catch (cause) {
      this.#fail(cause);
      return undefined;
    }
  }

  #isQuiet(): boolean {
    return this.#options.clock.now() < this.#quietUntil;
  }

  #fail(cause: unknown): void {
    this.#quietUntil = this.#options.clock.now() + PAUSE_MS;
    this.#options.onFailure(cause);
  }

  #keyOfTool(tool: ServerTool): string {
    const model = this.#options.model();
    const kept = this.#keys.get(tool.definition);
    if (kept?.model === model) return kept.key;
    const key = this.#keyOf(toText(tool));
    this.#keys.set(tool.definition, { model, key });
    return key;
  }

  #keyOf(text: string): string {
    return createHash("sha256").update(JSON.stringify([this.#options.model(), text])).digest("base64");
  }
}

interface ToolVector {
  readonly tool: ServerTool;
  readonly vector: Float32Array;
}

type Likeness = { readonly server: string; readonly tool: string; readonly like: number };

/**
 * Adds what words and vectors say, each as a part of its best, for the places
 * after the first. Those stay with the words: even weak vectors, tried on the
 * development sets, pushed one right tool in thirty out of them.
 */
function fuse(byWords: readonly ToolHit[], likeness: readonly Likeness[], part: number): ToolHit[] {
  const best = byWords[0]?.score ?? 0;
  const mean = likeness.reduce((sum, { like }) => sum + like, 0) / Math.max(1, likeness.length);
  const most = likeness.reduce((max, { like }) => Math.max(max, like), mean);
  const hits = new Map(byWords.map((hit) => [toToolId(hit.server, hit.tool), hit]));
  const fused = likeness.map(({ server, tool, like }) => {
    const hit = hits.get(toToolId(server, tool));
    const words = best === 0 ? 0 : (hit?.score ?? 0) / best;
    const vectors = most === mean ? 0 : Math.max(0, (like - mean) / (most - mean));
    return { server, tool, score: (1 - part) * words + part * vectors, matches: hit?.matches ?? 0 };
  });
  const first = byWords.slice(0, KEPT_PLACES);
  const taken = new Set(first.map((hit) => toToolId(hit.server, hit.tool)));
  const rest = fused.filter((hit) => !taken.has(toToolId(hit.server, hit.tool))).sort((a, b) =>
    b.score - a.score || (toToolId(a.server, a.tool) < toToolId(b.server, b.tool) ? -1 : 1)
  );
  // Scores fall from place to place; what is kept in front is not below what follows.
  const least = rest[0]?.score ?? 0;
  return [
    ...first.map((hit) => ({ ...hit, score: Math.max(least, best === 0 ? 0 : hit.score / best) })),
    ...rest,
  ];
}

function dot(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0;
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

function toWords(name: string): string {
  return name.slice(0, 200).replace(/([a-z])([A-Z])/g, "$1 $2").replace(/[_.-]+/g, " ");
}

/** What is said of a tool: name, description and the names of its arguments. */
function toText({ server, definition }: ServerTool): string {
  const { name, title, brief, rest, args } = toToolTexts(server, definition);
  return `${server} ${name} ${title}\n${brief}${rest}\n${args}`.slice(0, MAX_TEXT);
}
