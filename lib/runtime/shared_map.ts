/** Values in one chunk; a change copies one chunk and the list of chunks. */
const CHUNK = 32;

type Chunk<T> = readonly (T | undefined)[];

/**
 * A map that never changes: a changed one is a new map that shares
 * all but a few dozen places with the old one, however many there are. No value is `undefined`.
 *
 * Places are given out in order. Maps that come from one another share names
 * and places, which only ever grow; a map sees those below its own `#used`.
 * A removed value leaves its place empty. Only the return of a removed name,
 * and many empty places, cost a copy of everything.
 */
export class SharedMap<T> implements ReadonlyMap<string, T> {
  readonly size: number;
  readonly #names: string[];
  readonly #places: Map<string, number>;
  readonly #chunks: readonly Chunk<T>[];
  readonly #used: number;

  private constructor(parts: {
    readonly names: string[];
    readonly places: Map<string, number>;
    readonly chunks: readonly Chunk<T>[];
    readonly used: number;
    readonly size: number;
  }) {
    this.#names = parts.names;
    this.#places = parts.places;
    this.#chunks = parts.chunks;
    this.#used = parts.used;
    this.size = parts.size;
    Object.freeze(this);
  }

  /** Makes a map of entries with distinct names. */
  static of<T>(entries: Iterable<readonly [string, T]> = []): SharedMap<T> {
    const names: string[] = [];
    const chunks: T[][] = [];
    for (const [name, value] of entries) {
      if (names.length % CHUNK === 0) chunks.push([]);
      names.push(name);
      chunks.at(-1)?.push(value);
    }
    const places = new Map(names.map((name, place) => [name, place]));
    return new SharedMap({ names, places, chunks, used: names.length, size: names.length });
  }

  get(name: string): T | undefined {
    const place = this.#places.get(name);
    return place === undefined || place >= this.#used ? undefined : this.#at(place);
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** This map with a value more, or with another one. A new name stands last. */
  with(name: string, value: T): SharedMap<T> {
    const place = this.#places.get(name);
    if (place === undefined && this.#used === this.#names.length) return this.#add(name, value);
    if (place !== undefined && place < this.#used && this.#at(place) !== undefined) {
      return this.#put(place, value, this.size);
    }
    return SharedMap.of([...this, [name, value]]);
  }

  /** This map without a value; itself if there is none of that name. */
  without(name: string): SharedMap<T> {
    const place = this.#places.get(name);
    if (place === undefined || !this.has(name)) return this;
    const rest = this.#put(place, undefined, this.size - 1);
    return this.#used > 2 * rest.size + CHUNK ? SharedMap.of(rest) : rest;
  }

  forEach(call: (value: T, name: string, map: ReadonlyMap<string, T>) => void): void {
    // Whole lists are read often: without a pair for each value this takes a fifth of the time.
    for (let place = 0; place < this.#used; place++) {
      const value = this.#at(place);
      const name = this.#names[place];
      if (value !== undefined && name !== undefined) call(value, name, this);
    }
  }

  *entries(): Generator<[string, T], undefined> {
    for (let place = 0; place < this.#used; place++) {
      const value = this.#at(place);
      const name = this.#names[place];
      if (value !== undefined && name !== undefined) yield [name, value];
    }
  }

  *keys(): Generator<string, undefined> {
    for (const [name] of this.entries()) yield name;
  }

  *values(): Generator<T, undefined> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): Generator<[string, T], undefined> {
    return this.entries();
  }

  #at(place: number): T | undefined {
    return this.#chunks[Math.floor(place / CHUNK)]?.[place % CHUNK];
  }

  #add(name: string, value: T): SharedMap<T> {
    const place = this.#used;
    this.#names.push(name);
    this.#places.set(name, place);
    const last = place % CHUNK === 0 ? [] : this.#chunks.at(-1) ?? [];
    const full = this.#chunks.slice(0, Math.floor(place / CHUNK));
    const chunks = [...full, [...last, value]];
    return new SharedMap({ ...this.#parts(), chunks, used: place + 1, size: this.size + 1 });
  }

  #put(place: number, value: T | undefined, size: number): SharedMap<T> {
    const index = Math.floor(place / CHUNK);
    const chunks = this.#chunks.with(index, (this.#chunks[index] ?? []).with(place % CHUNK, value));
    return new SharedMap({ ...this.#parts(), chunks, size });
  }

  #parts() {
    return { names: this.#names, places: this.#places, used: this.#used };
  }
}
