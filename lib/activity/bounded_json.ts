import { isRawNumber } from "../contracts/mod.ts";
import { byteLength, cutText } from "./text.ts";

/** Ends a text that was cut. */
const CUT = "… (cut)";
/** Shorter pieces of a text say nothing. */
const MIN_PIECE = 24;
/** Deeper values are left out; whatever nests like this is not for reading. */
const MAX_DEPTH = 64;
/**
 * A secret may lie across the place of a cut, and half of one has no shape to
 * be known by: so much more is looked at, and then thrown away. Keys of 8,192
 * bits fit into it.
 */
const MARGIN = 8_192;

/** A value as JSON of bounded size. */
export interface BoundedJson {
  readonly text: string;
  /** Whether a part of the value is missing. */
  readonly isCut: boolean;
}

/**
 * Writes a value as JSON of at most `maxBytes`. What does not fit is left out,
 * so that the rest stays valid JSON: a text is cut between two characters and
 * says so, a list or an object has fewer entries. Takes time for what is
 * written, not for what is there; never throws.
 *
 * @param redact Removes secrets from the text that is cut, before it is.
 */
export function toBoundedJson(
  value: unknown,
  { maxBytes, redact }: { readonly maxBytes: number; readonly redact: (text: string) => string },
): BoundedJson {
  const writer = new BoundedWriter(maxBytes, redact);
  try {
    if (writer.write(value, 0)) return { text: writer.text, isCut: writer.isCut };
  } catch {
    // A getter or a `toJSON` of the value has thrown.
  }
  return { text: "null", isCut: true };
}

class BoundedWriter {
  readonly #parts: string[] = [];
  readonly #redact: (text: string) => string;
  #left: number;
  isCut = false;

  constructor(maxBytes: number, redact: (text: string) => string) {
    this.#left = maxBytes;
    this.#redact = redact;
  }

  get text(): string {
    return this.#parts.join("");
  }

  /** @returns `false` if there is no room for any of it; nothing is written then. */
  write(value: unknown, depth: number): boolean {
    if (typeof value === "string") return this.#writeText(value);
    if (typeof value !== "object" || value === null) return this.#put(toAtom(value));
    const isNumber: boolean = isRawNumber(value);
    if (isNumber) return this.#put(toAtom(value));
    if (depth >= MAX_DEPTH) return this.#refuse();
    if ("toJSON" in value && typeof value.toJSON === "function") return this.write(value.toJSON(), depth + 1);
    return Array.isArray(value) ? this.#writeList(value, depth) : this.#writeFields(value, depth);
  }

  #writeList(list: readonly unknown[], depth: number): boolean {
    return this.#between("[]", () => {
      for (let at = 0; at < list.length && !this.isCut; at++) {
        this.#attempt(() => (at === 0 || this.#put(",")) && this.write(list[at], depth + 1));
      }
    });
  }

  #writeFields(fields: object, depth: number): boolean {
    return this.#between("{}", () => {
      let isFirst = true;
      for (const [key, value] of Object.entries(fields)) {
        if (this.isCut) return;
        if (value === undefined || typeof value === "function" || typeof value === "symbol") continue;
        const lead = `${isFirst ? "" : ","}${JSON.stringify(key)}:`;
        isFirst = false;
        this.#attempt(() => this.#put(lead) && this.write(value, depth + 1));
      }
    });
  }

  /** The closing bracket is paid for with the opening one. */
  #between(brackets: "[]" | "{}", write: () => void): boolean {
    if (this.#left < brackets.length) return this.#refuse();
    this.#left -= brackets.length;
    this.#parts.push(brackets.charAt(0));
    write();
    this.#parts.push(brackets.charAt(1));
    return true;
  }

  /** Takes back what was written of an entry that has no room. */
  #attempt(write: () => boolean): void {
    const { length } = this.#parts;
    const left = this.#left;
    if (write()) return;
    this.#parts.length = length;
    this.#left = left;
    this.isCut = true;
  }

  #writeText(text: string): boolean {
    // Quoting takes at least one byte for each character: no need to quote what is far too long.
    if (text.length + 2 <= this.#left && this.#fits(JSON.stringify(text))) return true;
    if (this.#left < MIN_PIECE) return this.#refuse();
    this.isCut = true;
    return this.#put(this.#toPiece(text));
  }

  #toPiece(text: string): string {
    const looked = text.slice(0, this.#left + MARGIN);
    const clean = this.#redact(looked);
    let piece = looked.length < text.length ? clean.slice(0, -MARGIN) : clean;
    for (let maxBytes = this.#left;; maxBytes = Math.floor(maxBytes * 0.8)) {
      piece = cutText(piece, maxBytes).toWellFormed();
      const quoted = JSON.stringify(piece + CUT);
      if (byteLength(quoted) <= this.#left || maxBytes === 0) return quoted;
    }
  }

  #put(text: string): boolean {
    return this.#fits(text) || this.#refuse();
  }

  #fits(text: string): boolean {
    const bytes = byteLength(text);
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    this.#parts.push(text);
    return true;
  }

  #refuse(): false {
    this.isCut = true;
    return false;
  }
}

/** JSON of what has no parts; what JSON cannot say becomes `null`. */
function toAtom(value: unknown): string {
  if (typeof value === "bigint") return String(value);
  return JSON.stringify(value) ?? "null";
}
