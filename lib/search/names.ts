import { toFingerprint } from "./saved.ts";
import { Vocabulary, type VocabularyTable } from "./vocabulary.ts";
import { toNameKey } from "./words.ts";

type Key = readonly [number, number];

/** Longer names are only found by their beginning. */
const MAX_NAME = 1_000;

/** Names as they are kept. */
export interface NamesTable extends VocabularyTable {
  /** Of each further document of a key: the two numbers of the key, and the document. */
  readonly shared: Uint32Array;
}

/**
 * Documents by their name and by their id, in whatever way these are written:
 * "create issue" finds `create_issue`.
 */
export class Names {
  /** One document for each key, and the others that share it, which are few. */
  readonly #first: Vocabulary;
  readonly #others = new Map<number, Set<number>>();

  /** @param table What {@link Names.table} gave, which belongs to this from now on. */
  constructor(table?: NamesTable) {
    this.#first = new Vocabulary(table);
    const shared = table?.shared ?? [];
    for (let at = 0; at < shared.length; at += 3) {
      this.#share([shared[at] ?? 0, shared[at + 1] ?? 0], shared[at + 2] ?? 0);
    }
  }

  /** Everything, where nothing was ever removed. */
  get table(): NamesTable {
    const shared = [...this.#others].flatMap(([key, documents]) =>
      [...documents].flatMap((document) => [Math.floor(key / 2 ** 32), key % 2 ** 32, document])
    );
    return { ...this.#first.table, shared: Uint32Array.from(shared) };
  }

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

/** Letters and digits of a name, in lower case, where all of it is ASCII; the last one only. */
const plain = new Uint8Array(MAX_NAME);

/** Puts the letters and digits of a name after others into {@link plain}; -1 if it is not as simple as that. */
function toPlain(text: string, from: number): number {
  if (text.length > MAX_NAME) return -1;
  let at = from;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f || at === MAX_NAME) return -1;
    if (code >= 0x41 && code <= 0x5a) plain[at++] = code + 0x20;
    else if (code >= 0x61 && code <= 0x7a || code >= 0x30 && code <= 0x39) plain[at++] = code;
  }
  return at;
}

/** As {@link toFingerprint} of a part of {@link plain}. */
function plainKey(from: number, to: number): Key {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  a = Math.imul(a ^ to - from, 0x01000193);
  for (let at = from; at < to; at += 2) {
    a = Math.imul(a ^ (plain[at] ?? 0), 0x01000193) ^ b >>> 15;
    b = Math.imul(b ^ (at + 1 < to ? plain[at + 1] ?? 0 : 0), 0x85ebca6b);
  }
  return [a >>> 0, b >>> 0];
}

/** Keys of a name and of an id; one that has no letters and digits is only found as it is. */
function keysOf(server: string, tool: string): readonly Key[] {
  // Most are of this kind, and a restart asks for those of every tool.
  const middle = toPlain(server, 0);
  const end = middle < 0 ? -1 : toPlain(tool, middle);
  if (middle === 0 || end <= middle) return writtenKeysOf(server, tool);
  return [plainKey(middle, end), plainKey(0, end)];
}

function writtenKeysOf(server: string, tool: string): readonly Key[] {
  const [ofServer, ofTool] = [toNameKey(server), toNameKey(tool)];
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
