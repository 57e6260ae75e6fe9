/** Identifies a term, and says how long it is: two numbers of 32 bits. */
export type TermKey = readonly [number, number];

/** Longest term that a key can tell the length of. */
export const MAX_TERM = 0xff;
const LENGTH_BITS = 8;

/** Makes the key of a term of at most {@link MAX_TERM} characters. */
export function toTermKey(term: string): TermKey {
  let [a, b] = [0x811c9dc5, 0x9e3779b9];
  for (let at = 0; at < term.length; at++) {
    const code = term.charCodeAt(at);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code ^ a >>> 13, 0x85ebca6b);
  }
  return [a >>> 0, (b << LENGTH_BITS | term.length) >>> 0];
}

/** Length of the term that a key stands for. */
export function lengthOf(second: number): number {
  return second & MAX_TERM;
}

/** Mark of a slot whose term is gone; what comes after it is found nevertheless. */
const GONE = 0xffffffff;
/** Numbers in a slot: two of the key, then that of the term plus one; the fourth makes places multiples of four. */
const SLOT = 4;
const MARK = 2;

/** A vocabulary as it is kept. */
export interface VocabularyTable {
  readonly slots: Uint32Array;
  readonly size: number;
}

/**
 * Numbers of terms by their keys: no text is needed to find one, of which a
 * restart would have to make hundreds of thousands. Two terms would have to
 * share 48 bits and their length to be taken for one.
 */
export class Vocabulary {
  /** A mark of 0 is that of a free slot. */
  #slots: Uint32Array;
  /** Slots that are not free, and those of them whose term is there. */
  #used: number;
  #size: number;

  /** @param table What {@link Vocabulary.table} gave, which belongs to this from now on. */
  constructor(table?: VocabularyTable) {
    this.#slots = table?.slots ?? new Uint32Array(SLOT * 4096);
    this.#used = this.#size = table?.size ?? 0;
  }

  /** Everything, where nothing was ever removed. */
  get table(): VocabularyTable {
    return { slots: this.#slots, size: this.#size };
  }

  /** The number of a term, -1 if it is not known. */
  find(a: number, b: number): number {
    const mark = this.#slots[this.#place(a, b) + MARK] ?? 0;
    return mark === GONE ? -1 : mark - 1;
  }

  /** Adds a term that is not known. */
  add(a: number, b: number, id: number): void {
    // Half of the slots stay free, so that a key is found near where it belongs.
    if (2 * SLOT * (this.#used + 1) > this.#slots.length) this.#renew();
    this.#put(a, b, id + 1);
  }

  remove([a, b]: TermKey): void {
    const place = this.#place(a, b);
    if (this.find(a, b) < 0) return;
    this.#slots[place + MARK] = GONE;
    this.#size--;
  }

  #put(a: number, b: number, mark: number): void {
    const place = this.#place(a, b);
    if (this.#slots[place + MARK] === 0) this.#used++;
    this.#slots[place] = a;
    this.#slots[place + 1] = b;
    this.#slots[place + MARK] = mark;
    this.#size++;
  }

  /** Where a key is, or would be. */
  #place(a: number, b: number): number {
    const slots = this.#slots;
    const mask = slots.length / SLOT - 1;
    for (let at = (a ^ b >>> LENGTH_BITS) & mask;; at = at + 1 & mask) {
      const place = SLOT * at;
      if (slots[place + MARK] === 0 || (slots[place] === a && slots[place + 1] === b)) return place;
    }
  }

  /** Leaves behind what is gone, with room for as many again. */
  #renew(): void {
    const before = this.#slots;
    const isFull = 4 * SLOT * this.#size > before.length;
    const slots = new Uint32Array(isFull ? 2 * before.length : before.length);
    const mask = slots.length / SLOT - 1;
    // All keys differ, and none is gone: the first free slot is right. A third of a restart was spent here.
    for (let place = 0; place < before.length; place += SLOT) {
      const mark = before[place + MARK] ?? 0;
      if (mark === 0 || mark === GONE) continue;
      const [a, b] = [before[place] ?? 0, before[place + 1] ?? 0];
      let at = (a ^ b >>> LENGTH_BITS) & mask;
      while (slots[SLOT * at + MARK] !== 0) at = at + 1 & mask;
      slots[SLOT * at] = a;
      slots[SLOT * at + 1] = b;
      slots[SLOT * at + MARK] = mark;
    }
    this.#slots = slots;
    this.#used = this.#size;
  }
}
