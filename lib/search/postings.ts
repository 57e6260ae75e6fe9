/**
 * Which documents have a term, and how much it says of them. Documents are
 * small numbers, given and reused by the owner.
 *
 * A posting is one 32-bit number: the document in the upper 20 bits, the impact
 * of the term in the lower 12. Adding or removing a document touches the lists
 * of its own terms only, and a term that no document has is forgotten.
 */

import type { PackedPostings, SavedTerms } from "./posting_types.ts";
import { type TermKey, toTermKey, Vocabulary } from "./vocabulary.ts";
import { detach } from "./words.ts";

/** Bits of a posting or of a document's entry that hold the impact. */
export const IMPACT_BITS = 12;
export const MAX_IMPACT = (1 << IMPACT_BITS) - 1;
/** As many documents and as many terms as the upper bits can name. */
export const MAX_IDS = 1 << (32 - IMPACT_BITS);

/** The terms of a document with their impact, from 0 to 1. */
export type Impacts = ReadonlyMap<string, number>;

/** Hears of terms that come and go. */
export interface TermListener {
  onTerm(id: number): void;
  onTermGone(term: string, id: number): void;
}

const NOTHING = new Uint32Array(0);
/** Numbers that say where the postings of a term are: start, count, room. */
const BLOCK = 3;

export class Postings {
  readonly #vocabulary: Vocabulary;
  /** Documents that were kept in one piece, but for those that came or went since. */
  readonly #packed: PackedPostings | undefined;
  /** Texts of terms; for one that was saved where it is, until somebody asks for it. */
  readonly #terms: (string | number)[] = [];
  /** Where texts that nobody has asked for are. */
  readonly #sources: SavedTerms[] = [];
  readonly #free: number[] = [];
  readonly #documents: (Uint32Array | undefined)[] = [];
  readonly #listener: TermListener;
  /** The postings of all terms, each in a block of its own; most terms have few, and many small arrays cost most. */
  #arena: Uint32Array;
  #blocks: Uint32Array;
  #used: number;
  /** Room of blocks that were left. */
  #left = 0;
  /** Documents that no list has yet: many are entered at once, which is far cheaper. */
  #waiting: number[] = [];
  #waitingCount = 0;

  /** @param packed Belongs to this from now on. */
  constructor(listener: TermListener, packed?: PackedPostings) {
    this.#listener = listener;
    this.#packed = packed;
    this.#vocabulary = new Vocabulary(packed?.vocabulary);
    this.#arena = packed?.arena ?? new Uint32Array(1024);
    this.#blocks = packed?.blocks ?? new Uint32Array(BLOCK * 256);
    this.#used = packed?.arena.length ?? 0;
    if (packed === undefined) return;
    this.#sources.push(packed.terms);
    this.#terms.length = packed.terms.ids.length;
    for (let id = 0; id < this.#terms.length; id++) this.#terms[id] = id;
  }

  /** Adds a document that is not there. */
  add(document: number, impacts: Impacts): void {
    const entries = new Uint32Array(impacts.size);
    let count = 0;
    for (const [term, impact] of impacts) {
      const id = this.idOf(term) ?? this.#create(term, toTermKey(term));
      if (id >= MAX_IDS) continue;
      const level = Math.max(1, Math.min(MAX_IMPACT, Math.round(impact * MAX_IMPACT)));
      entries[count++] = this.#enter(document, id, level);
    }
    this.#documents[document] = count === entries.length ? entries : entries.slice(0, count);
  }

  /**
   * Adds a document by entries as {@link Postings.entriesOf} gave them, but for
   * the numbers of the terms, which are put in.
   *
   * @param saved Belongs to the postings from now on.
   */
  addSaved(document: number, saved: Uint32Array, terms: SavedTerms): void {
    const { ids } = terms;
    let count = 0;
    for (let at = 0; at < saved.length; at++) {
      const entry = saved[at] ?? 0;
      const place = entry >>> IMPACT_BITS;
      let id = ids[place] ?? -1;
      if (id < 0) ids[place] = id = this.#idOfSaved(place, terms);
      if (id < MAX_IDS) saved[count++] = (id << IMPACT_BITS | entry & MAX_IMPACT) >>> 0;
    }
    this.#documents[document] = count === saved.length ? saved : saved.slice(0, count);
    this.#waiting.push(document);
    this.#waitingCount += count;
  }

  #idOfSaved(place: number, terms: SavedTerms): number {
    const { keys } = terms;
    const a = keys[2 * place] ?? 0;
    const b = keys[2 * place + 1] ?? 0;
    const known = this.#vocabulary.find(a, b);
    if (known >= 0) return known;
    if (this.#sources.at(-1) !== terms) this.#sources.push(terms);
    return this.#create((this.#sources.length - 1) * MAX_IDS + place, [a, b]);
  }

  remove(document: number): void {
    this.#settle();
    for (const entry of this.entriesOf(document)) {
      this.#cut(entry >>> IMPACT_BITS, (document << IMPACT_BITS | entry & MAX_IMPACT) >>> 0);
    }
    this.#documents[document] = NOTHING;
  }

  /** Number of a term, `undefined` if no document has it. */
  idOf(term: string): number | undefined {
    const [a, b] = toTermKey(term);
    const id = this.#vocabulary.find(a, b);
    return id < 0 ? undefined : id;
  }

  /** Text of a term, empty for a number that none has. */
  termOf(id: number): string {
    const term = this.#terms[id] ?? "";
    return typeof term === "string" ? term : this.#terms[id] = detach(this.glimpse(id));
  }

  /** The same for whoever forgets it at once: the text is made anew each time. */
  glimpse(id: number): string {
    const term = this.#terms[id] ?? "";
    if (typeof term === "string") return term;
    return this.#sources[Math.floor(term / MAX_IDS)]?.termAt(term % MAX_IDS) ?? "";
  }

  /** Every term that a document has. */
  *terms(): Generator<string> {
    for (let id = 0; id < this.#terms.length; id++) {
      if (this.#terms[id] !== "") yield this.termOf(id);
    }
  }

  /** All numbers of terms are below this. */
  get capacity(): number {
    return this.#terms.length;
  }

  /** How many documents have the term. */
  sizeOf(id: number): number {
    this.#settle();
    return this.#blocks[BLOCK * id + 1] ?? 0;
  }

  /** Where in {@link Postings.all} the postings of a term start; both are valid until the next change. */
  startOf(id: number): number {
    this.#settle();
    return this.#blocks[BLOCK * id] ?? 0;
  }

  get all(): Uint32Array {
    this.#settle();
    return this.#arena;
  }

  /** Terms of a document: the number of the term above, its impact below. */
  entriesOf(document: number): Uint32Array {
    const known = this.#documents[document];
    if (known !== undefined || this.#packed === undefined) return known ?? NOTHING;
    const { starts, entries } = this.#packed;
    return entries.subarray(starts[document - 1] ?? entries.length, starts[document] ?? entries.length);
  }

  /** Enters the documents that wait into the lists of their terms. */
  #settle(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    const isMany = this.#waitingCount > this.#used / 2;
    [this.#waiting, this.#waitingCount] = [[], 0];
    if (isMany) this.#layOutFor(waiting);
    for (const document of waiting) {
      for (const entry of this.entriesOf(document)) {
        this.#enter(document, entry >>> IMPACT_BITS, entry & MAX_IMPACT);
      }
    }
  }

  /** Moves all blocks, each with room for what these documents bring, so that none moves again for it. */
  #layOutFor(documents: readonly number[]): void {
    const terms = this.#terms.length;
    const rooms = new Uint32Array(terms);
    for (let id = 0; id < terms; id++) rooms[id] = this.#blocks[BLOCK * id + 1] ?? 0;
    for (const document of documents) {
      for (const entry of this.entriesOf(document)) {
        const id = entry >>> IMPACT_BITS;
        rooms[id] = (rooms[id] ?? 0) + 1;
      }
    }
    const arena = new Uint32Array(rooms.reduce((sum, room) => sum + room, 1024));
    let used = 0;
    for (let id = 0; id < terms; id++) {
      const [start = 0, size = 0] = this.#blocks.subarray(BLOCK * id, BLOCK * id + 2);
      if (size > 0) arena.set(this.#arena.subarray(start, start + size), used);
      this.#blocks.set([used, size, rooms[id] ?? 0], BLOCK * id);
      used += rooms[id] ?? 0;
    }
    [this.#arena, this.#used, this.#left] = [arena, used, 0];
  }

  /** Makes a number for a term; none below {@link MAX_IDS} is left once there are too many. */
  #create(term: string | number, [a, b]: TermKey): number {
    const id = this.#free.pop() ?? this.#terms.length;
    if (id >= MAX_IDS) return id;
    this.#vocabulary.add(a, b, id);
    this.#terms[id] = typeof term === "string" ? detach(term) : term;
    if (BLOCK * (id + 1) > this.#blocks.length) this.#blocks = grow(this.#blocks, 2 * this.#blocks.length);
    this.#listener.onTerm(id);
    return id;
  }

  /** Enters a document into the list of a term, and gives the entry for the list of the document. */
  #enter(document: number, id: number, level: number): number {
    const block = BLOCK * id;
    const size = this.#blocks[block + 1] ?? 0;
    if (size === this.#blocks[block + 2]) this.#move(block, size);
    this.#arena[(this.#blocks[block] ?? 0) + size] = (document << IMPACT_BITS | level) >>> 0;
    this.#blocks[block + 1] = size + 1;
    return (id << IMPACT_BITS | level) >>> 0;
  }

  /** Gives a list a larger block. */
  #move(block: number, size: number): void {
    const room = size < 4 ? 2 * size || 1 : Math.ceil(size * 1.5);
    if (this.#used + room > this.#arena.length) this.#makeRoom(room);
    const start = this.#blocks[block] ?? 0;
    this.#arena.copyWithin(this.#used, start, start + size);
    this.#blocks.set([this.#used, size, room], block);
    this.#used += room;
    this.#left += size;
  }

  /** Moves all blocks together once much is left, and makes the arena larger if that is not enough. */
  #makeRoom(room: number): void {
    if (this.#left < this.#used / 4) {
      this.#arena = grow(this.#arena, Math.ceil((this.#used + room) * 1.5));
      return;
    }
    const arena = new Uint32Array(Math.ceil((this.#used - this.#left + room) * 1.5));
    let used = 0;
    for (let block = 0; block < BLOCK * this.#terms.length; block += BLOCK) {
      const [start = 0, , kept = 0] = this.#blocks.subarray(block, block + BLOCK);
      arena.set(this.#arena.subarray(start, start + kept), used);
      this.#blocks[block] = used;
      used += kept;
    }
    [this.#arena, this.#used, this.#left] = [arena, used, 0];
  }

  #cut(id: number, posting: number): void {
    const block = BLOCK * id;
    const [start = 0, size = 0, room = 0] = this.#blocks.subarray(block, block + BLOCK);
    const at = this.#arena.subarray(start, start + size).indexOf(posting);
    if (at < 0) return;
    this.#arena[start + at] = this.#arena[start + size - 1] ?? 0;
    this.#blocks[block + 1] = size - 1;
    if (size > 1) return;
    this.#blocks.fill(0, block, block + BLOCK);
    this.#left += room;
    const term = this.termOf(id);
    this.#vocabulary.remove(toTermKey(term));
    this.#terms[id] = "";
    this.#free.push(id);
    this.#listener.onTermGone(term, id);
  }
}

function grow(numbers: Uint32Array, length: number): Uint32Array {
  const grown = new Uint32Array(length);
  grown.set(numbers);
  return grown;
}
