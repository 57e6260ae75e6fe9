import { toFingerprint } from "./saved.ts";
import { Vocabulary } from "./vocabulary.ts";
import { toNameKey } from "./words.ts";

type Key = readonly [number, number];

/** Longer names are only found by their beginning. */
const MAX_NAME = 1_000;

/**
 * Documents by their name and by their id, in whatever way these are written:
 * "create issue" finds `create_issue`.
 */
export class Names {
  /** One document for each key, and the others that share it, which are few. */
  readonly #first = new Vocabulary();
  readonly #others = new Map<number, Set<number>>();

  add(server: string, tool: string, document: number): void {
    for (const key of keysOf(server, tool)) {
      const first = this.#first.find(...key);
      if (first < 0) this.#first.add(...key, document);
      else this.#share(key, document);
    }
  }

  remove(server: string, tool: string, document: number): void {
    for (const key of keysOf(server, tool)) {
      const shared = this.#others.get(toNumber(key));
      shared?.delete(document);
      if (this.#first.find(...key) === document) this.#replace(key, shared);
      if (shared?.size === 0) this.#others.delete(toNumber(key));
    }
  }

  /** The documents that a query names. */
  find(query: string): ReadonlySet<number> {
    const key = toKey(toNameKey(query) || query.trim());
    const first = this.#first.find(...key);
    return first < 0 ? new Set() : new Set([first, ...this.#others.get(toNumber(key)) ?? []]);
  }

  #share(key: Key, document: number): void {
    const shared = this.#others.get(toNumber(key)) ?? new Set();
    this.#others.set(toNumber(key), shared.add(document));
  }

  #replace(key: Key, shared: Set<number> | undefined): void {
    this.#first.remove(key);
    const [next] = shared ?? [];
    if (next === undefined) return;
    this.#first.add(...key, next);
    shared?.delete(next);
  }
}

/** The server that was asked about last: its tools come one after the other. */
let last = { server: "", key: "" };

function keyOfServer(server: string): string {
  if (last.server !== server) last = { server, key: toNameKey(server) };
  return last.key;
}

/** Keys of a name and of an id; one that has no letters and digits is only found as it is. */
function keysOf(server: string, tool: string): readonly Key[] {
  const [ofServer, ofTool] = [keyOfServer(server), toNameKey(tool)];
  const name = toKey(ofTool || tool.trim());
  const id = toKey(ofServer + ofTool || `${server}:${tool}`.trim());
  return name[0] === id[0] && name[1] === id[1] ? [name] : [name, id];
}

function toKey(text: string): Key {
  return toFingerprint([text.slice(0, MAX_NAME)]);
}

function toNumber([a, b]: Key): number {
  return (a & 0x1fffff) * 2 ** 32 + b;
}
