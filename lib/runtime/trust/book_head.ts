/**
 * The first line of a book: what a start needs to know of it. Names, accepted
 * hashes and a mark for each tool stand in lists of their own, which are read
 * in a tenth of the time that the records take.
 *
 * @module
 */

import { type DefinitionKind, HASH_VERSION } from "../../security/mod.ts";
import { isMuch } from "./entries.ts";
import { rulesOfAll } from "./renewal.ts";
import type { Book, TrustEntry } from "./book_types.ts";
import type { Standing } from "./trust_types.ts";

/** What is known of the tools in a book without reading its records. */
export interface BookHead {
  /** The rules by which everything in it was scanned; absent for none, several, or a head that does not say. */
  readonly rules?: string;
  readonly started: ReadonlySet<DefinitionKind>;
  /** As the records say it of a tool in this form. */
  standingOf(tool: string, hash: string | undefined): Standing;
  /** Tells whether a whole list of these tools leaves nothing to be forgotten. */
  holdsOnly(tools: ReadonlySet<string>): boolean;
}

/** As it is written. */
interface Line {
  readonly format: number;
  /** Version of the hashes; another one has to be worked out anew. */
  readonly hashes: number;
  readonly rules?: string;
  readonly started: readonly DefinitionKind[];
  /** Entries of all kinds. */
  readonly count: number;
  readonly tools: readonly string[];
  /** By place, empty for a tool of which nothing was accepted. */
  readonly accepted: readonly string[];
  /** By place, one character that stands for the sum of its marks. */
  readonly marks: string;
}

const APPROVED = 1;
const BLOCKED = 2;
/** The form that was accepted was scanned. */
const SCANNED = 4;
/** Accepted by itself. */
const AUTO = 8;
/** Characters that stand for 0 to 15. */
const DIGITS = "0123456789abcdef";

/** Writes the first line of a book in a format. */
export function writeHead({ entries, started }: Book, format: number): string {
  const tools = [...entries.values()].filter(({ record }) => record.kind === "tool");
  const line: Line = {
    format,
    hashes: HASH_VERSION,
    rules: rulesOfAll(entries.values()),
    started: [...started],
    count: entries.size,
    tools: tools.map(({ record }) => record.name),
    accepted: tools.map(({ record }) => record.approvedHash ?? ""),
    marks: tools.map(toMark).join(""),
  };
  return JSON.stringify(line);
}

function toMark({ record: { status, blocked, approvedHash, reason }, scan }: TrustEntry): string {
  const isScanned = approvedHash !== undefined && scan?.hash === approvedHash;
  const sum = (status === "approved" ? APPROVED : 0) + (blocked ? BLOCKED : 0) +
    (isScanned ? SCANNED : 0) + (reason === "auto" ? AUTO : 0);
  return DIGITS.charAt(sum);
}

/** Reads the first line of a book in a format; `undefined` for any other, whose records have to be read. */
export function readHead(text: string, format: number): BookHead | undefined {
  const line: unknown = JSON.parse(text);
  return isLine(line, format) ? toHead(line) : undefined;
}

function toHead({ rules, started, count, tools, accepted, marks }: Line): BookHead {
  const placeOf = createPlaces(tools);
  const markAt = (place: number) => DIGITS.indexOf(marks.charAt(place));
  return {
    ...(typeof rules === "string" ? { rules } : {}),
    started: new Set(started),
    standingOf(tool, hash) {
      const place = placeOf(tool);
      if (place === undefined) return "held";
      const mark = markAt(place);
      if ((mark & BLOCKED) !== 0) return "refused";
      // An empty hash stands for none.
      const isCallable = (mark & APPROVED) !== 0 && Boolean(hash) && accepted[place] === hash;
      return !isCallable ? "held" : (mark & SCANNED) !== 0 ? "scanned" : "accepted";
    },
    holdsOnly(shown) {
      // Mostly it is the same list.
      const names = shown.values();
      return tools.every((name, place) => {
        if (names.next().value === name || shown.has(name)) return true;
        const mark = markAt(place);
        const isForgotten = accepted[place] === "" || isMuch(count) && (mark & AUTO) !== 0;
        return (mark & BLOCKED) !== 0 || !isForgotten;
      });
    },
  };
}

/** Gives places of names, which mostly are asked for in their order; only else a map is worth its while. */
function createPlaces(names: readonly string[]): (name: string) => number | undefined {
  let next = 0;
  let places: ReadonlyMap<string, number> | undefined;
  return (name) => {
    if (next === names.length) next = 0;
    if (names[next] === name) return next++;
    places ??= new Map(names.map((one, place) => [one, place]));
    const place = places.get(name);
    next = (place ?? next) + 1;
    return place;
  };
}

function isLine(value: unknown, format: number): value is Line {
  if (typeof value !== "object" || value === null) return false;
  const { format: found, hashes, tools, accepted, marks, started } = value as Partial<Line>; // checked here
  return found === format && hashes === HASH_VERSION && Array.isArray(tools) && Array.isArray(accepted) &&
    Array.isArray(started) && typeof marks === "string" && marks.length === tools.length &&
    accepted.length === tools.length;
}
