import type { ToolDefinition } from "../contracts/mod.ts";
import type { ToolSource } from "../search/mod.ts";
import type { Standing } from "./trust/trust_types.ts";

/**
 * The last known tools of one server, as far as they are accepted: nothing else
 * may reach an agent. `tools` stays the same object while a list is like the
 * one before. Lists that storage has kept are parsed when somebody asks for
 * `tools`, `all` or `byName`; the names are known before.
 */
export interface ListedTools {
  readonly tools: readonly ToolDefinition[];
  /** Everything the server has listed, for those who decide about it. */
  readonly all: readonly ToolDefinition[];
  /** How many of all wait until a person accepts them. */
  readonly held: number;
  readonly byName: ReadonlyMap<string, ToolDefinition>;
  /** Of `tools`; another object for other tools. */
  readonly names: ReadonlySet<string>;
  readonly listedAt: number;
  /** Of the entry the list was made with. */
  readonly fingerprint: string;
}

/** What a server has listed, whoever may see it. */
export interface Listing {
  readonly names: readonly string[];
  /** By place; `undefined` for a tool that has none, and so cannot be accepted. */
  readonly hashes: readonly (string | undefined)[];
  readonly all: readonly ToolDefinition[];
}

/** The part of a listing that is accepted. */
export class AcceptedTools {
  readonly listing: Listing;
  readonly names: ReadonlySet<string>;
  /** Where in the listing they are, in order. */
  readonly #places: readonly number[];
  #tools: readonly ToolDefinition[] | undefined;
  #byName: ReadonlyMap<string, ToolDefinition> | undefined;

  /** Whether all of the listing is accepted and was scanned when this was made. */
  readonly isScanned: boolean;
  /** How many wait until a person accepts them. */
  readonly held: number;

  constructor(listing: Listing, standingOf: (name: string, hash: string | undefined) => Standing) {
    this.listing = listing;
    const { names, hashes } = listing;
    const places: number[] = [];
    let [scanned, held] = [0, 0];
    for (const [place, name] of names.entries()) {
      const standing = standingOf(name, hashes[place]);
      if (standing === "accepted" || standing === "scanned") places.push(place);
      if (standing === "scanned") scanned++;
      if (standing === "held") held++;
    }
    this.held = held;
    this.#places = places;
    this.isScanned = scanned === names.length;
    this.names = new Set(places.map((place) => names[place] ?? ""));
  }

  get tools(): readonly ToolDefinition[] {
    const { all, names } = this.listing;
    if (this.#places.length === names.length) return all;
    return this.#tools ??= this.#places.flatMap((place) => all[place] ?? []);
  }

  get byName(): ReadonlyMap<string, ToolDefinition> {
    return this.#byName ??= new Map(this.tools.map((tool) => [tool.name, tool]));
  }

  isLike({ listing, names }: AcceptedTools): boolean {
    return listing === this.listing && names.size === this.names.size &&
      names.isSubsetOf(this.names);
  }

  /** The tools as the index takes them, which reads only what it does not know. */
  sources(): ToolSource[] {
    const { listing } = this;
    return this.#places.map((place) => new Source(listing, place));
  }

  /** Shows the tools as others see them. */
  toListed(head: Pick<ListedTools, "listedAt" | "fingerprint">): ListedTools {
    const tools = () => this.tools;
    const byName = () => this.byName;
    const { listing, names, held } = this;
    return {
      get tools() {
        return tools();
      },
      get all() {
        return listing.all;
      },
      get byName() {
        return byName();
      },
      held,
      names,
      listedAt: head.listedAt,
      fingerprint: head.fingerprint,
    };
  }
}

class Source implements ToolSource {
  readonly #listing: Listing;
  readonly #place: number;

  constructor(listing: Listing, place: number) {
    this.#listing = listing;
    this.#place = place;
  }

  get name(): string {
    return this.#listing.names[this.#place] ?? "";
  }

  get version(): string {
    return this.#listing.hashes[this.#place] ?? "";
  }

  get definition(): ToolDefinition {
    const definition = this.#listing.all[this.#place];
    if (definition === undefined) {
      throw new RangeError(`Cannot read tool "${this.name}": it is not in its list`);
    }
    return definition;
  }
}
