import { isRawNumber } from "../../contracts/mod.ts";
import { escapePointer } from "../approval/diff.ts";

/** A stretch of a value's text that is looked through at once. */
export interface Piece {
  /** The whole text it is of. */
  readonly text: string;
  /** Where it starts and ends in that text. */
  readonly from: number;
  readonly to: number;
  /** JSON pointer of the text. */
  readonly pointer: string;
  /** The text is the key that the pointer ends with. */
  readonly inKey: boolean;
  /** Put before the text, since it can tell what the text is. */
  readonly key: string | undefined;
}

/** The pieces of a value, and whether they are all of it. */
export interface Pieces {
  readonly pieces: readonly Piece[];
  readonly complete: boolean;
}

/** No secret is shorter, in UTF-16 units. */
const SHORTEST = 6;
/** Longest text that is read together with its key. */
const MAX_NAMED = 400;
const MAX_DEPTH = 64;
/** What is looked through at once takes about 1.5 ms. */
export const WINDOW = 32 * 1024;
/** Numbers of fewer digits are no cards. */
const LEAST_CARD = 1e12;

/** Cuts a value into pieces, in its order. Pure; takes time for the number of members only. */
export function piecesOf(value: unknown, maxChars: number): Pieces {
  const pieces: Piece[] = [];
  let total = 0;
  let complete = true;
  walk(value, "", 0, undefined);
  return { pieces, complete };

  function walk(part: unknown, pointer: string, depth: number, key: string | undefined): void {
    if (typeof part === "string") return add(part, pointer, { key });
    if (typeof part === "number") return part >= LEAST_CARD ? add(String(part), pointer, {}) : undefined;
    if (typeof part !== "object" || part === null) return;
    if (isRawNumber(part)) return add(JSON.stringify(part), pointer, {});
    if (depth > MAX_DEPTH) return void (complete = false);
    const isBinary = isImage(part);
    for (const [name, member] of Object.entries(part)) {
      const at = `${pointer}/${escapePointer(name)}`;
      // A secret can be a key, or be told by its key: {"aws_secret_access_key": "…"}.
      if (!Array.isArray(part)) add(name, at, { inKey: true });
      if (isBinary && name === "data") continue;
      walk(member, at, depth + 1, Array.isArray(part) ? undefined : name);
    }
  }

  function add(text: string, pointer: string, of: { readonly inKey?: boolean; readonly key?: string }): void {
    if (text.length < SHORTEST) return;
    total += text.length;
    const room = maxChars - (total - text.length);
    if (room < text.length) complete = false;
    const end = Math.min(text.length, Math.max(0, room));
    const key = text.length < MAX_NAMED ? of.key : undefined;
    for (let from = 0; from < end; from += WINDOW) {
      pieces.push({
        text,
        from,
        to: Math.min(end, from + WINDOW),
        pointer,
        inKey: of.inKey === true,
        key,
      });
    }
  }
}

/** Bytes of pictures and sounds are no text. */
function isImage(part: object): boolean {
  return "type" in part && (part.type === "image" || part.type === "audio") && "mimeType" in part;
}
