/**
 * Tools as a restart finds them in the index, before and after their servers
 * say which they have. Nobody finds the tools of a server that has not.
 *
 * @module
 */

import type { ToolRef } from "../contracts/mod.ts";
import { toFingerprint } from "./saved.ts";
import type { KeptIndex, KeptServer } from "./snapshot.ts";
import type { ToolSource } from "./index_types.ts";

/** A tool that the index has, with what the server says of it if it is in the same form. */
export interface KeptTool {
  readonly name: string;
  readonly document: number;
  readonly source: ToolSource | undefined;
}

/** A tool to be kept. */
export interface ToolToKeep {
  readonly source: ToolSource;
  readonly document: number;
}

interface Place {
  readonly server: KeptServer;
  /** What the server has; only where that is just what was kept. */
  tools: readonly ToolSource[] | undefined;
}

function toolsAt({ server: { first }, tools = [] }: Place): ToolToKeep[] {
  return tools.map((source, at) => ({ source, document: first + at }));
}

/** Tells forms of tools apart. */
export function formOf({ name, version }: Pick<ToolSource, "name" | "version">) {
  return toFingerprint([name, version]);
}

export class Restored {
  readonly #fingerprints: Uint32Array;
  /** In the order of documents. */
  readonly #places: readonly Place[];
  readonly #waiting: Map<string, Place>;
  readonly #taken = new Map<string, Place>();

  constructor({ servers, fingerprints }: Pick<KeptIndex, "servers" | "fingerprints">) {
    this.#fingerprints = fingerprints;
    this.#places = servers.map((server) => ({ server, tools: undefined }));
    this.#waiting = new Map(this.#places.map((place) => [place.server.name, place]));
  }

  /** Servers of which nobody has said what they have. */
  get waiting(): readonly string[] {
    return [...this.#waiting.keys()];
  }

  /**
   * Takes what a server has.
   *
   * @returns The tools in the index, unless they are just those; of them nobody hears before
   * {@link Restored.release}. `undefined` if there are none, or were taken before.
   */
  take(server: string, tools: readonly ToolSource[]): "same" | readonly KeptTool[] | undefined {
    const place = this.#waiting.get(server);
    if (place === undefined) return undefined;
    this.#waiting.delete(server);
    if (!this.#isSame(place, tools)) return this.#compare(place, tools);
    place.tools = tools;
    this.#taken.set(server, place);
    return "same";
  }

  /** Servers whose tools were taken as they are. */
  taken(): readonly (readonly [server: string, tools: readonly ToolToKeep[]])[] {
    return [...this.#taken].map(([server, place]) => [server, toolsAt(place)]);
  }

  /** Lets go of a server whose tools were taken as they are, and gives these. */
  release(server: string): readonly KeptTool[] | undefined {
    const place = this.#taken.get(server);
    if (place === undefined) return undefined;
    this.#taken.delete(server);
    const tools = toolsAt(place);
    place.tools = undefined;
    return tools.map(({ source, document }) => ({ name: source.name, document, source }));
  }

  /** Whose tool a document is, if its server has it. */
  refOf(document: number): ToolRef | undefined {
    const place = this.#placeOf(document);
    const tool = place?.tools?.[document - place.server.first];
    return place && tool && { server: place.server.name, tool: tool.name };
  }

  #isSame({ server: { first, count } }: Place, tools: readonly ToolSource[]): boolean {
    return tools.length === count && tools.every((tool, at) => this.#isForm(first + at, formOf(tool)));
  }

  #isForm(document: number, [a, b]: readonly [number, number]): boolean {
    const at = 2 * (document - 1);
    return this.#fingerprints[at] === a && this.#fingerprints[at + 1] === b;
  }

  #compare({ server: { first, tools } }: Place, has: readonly ToolSource[]): readonly KeptTool[] {
    const sources = new Map(has.map((source) => [source.name, source]));
    return tools().map((name, at) => {
      const document = first + at;
      const source = sources.get(name);
      const isKept = source !== undefined && this.#isForm(document, formOf(source));
      return { name, document, source: isKept ? source : undefined };
    });
  }

  #placeOf(document: number): Place | undefined {
    let [low, high] = [0, this.#places.length];
    while (low < high) {
      const middle = low + high >> 1;
      const { first, count } = this.#places[middle]?.server ?? { first: 0, count: 0 };
      if (first + count <= document) low = middle + 1;
      else high = middle;
    }
    return this.#places[low];
  }
}
