import type { Occurrence } from "./lexicon.ts";

/**
 * Number of the first place in a list that begins at a token or after it; the
 * length of the list if there is none. The list is in the order of the text.
 */
export function indexFrom(places: readonly Occurrence[], token: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((places[middle]?.first ?? Infinity) < token) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first place that begins after a token, and at most `within` tokens after it. */
export function placeAfter(
  places: readonly Occurrence[],
  token: number,
  within: number,
): Occurrence | undefined {
  const place = places[indexFrom(places, token + 1)];
  return place !== undefined && place.first <= token + within ? place : undefined;
}

/** A list of places that is asked about again and again. */
export interface Places {
  /** Tells whether one that begins or ends in a stretch of tokens, both included, is what is wanted. */
  some(from: number, to: number, isWanted: (place: Occurrence) => boolean): boolean;
}

/** Prepares a list, which is in the order of the text. A question costs as much as there is in its stretch. */
export function createPlaces(places: readonly Occurrence[]): Places {
  let longest = 0;
  for (const { first, last } of places) longest = Math.max(longest, last - first);
  return {
    some(from, to, isWanted) {
      for (let at = indexFrom(places, from - longest); at < places.length; at++) {
        const place = places[at];
        if (place === undefined || place.first > to) return false;
        if (isWanted(place)) return true;
      }
      return false;
    },
  };
}
