import type { Token } from "./tokens.ts";

/** Longest stretch that counts as one sentence, in tokens. */
const STRETCH = 40;

/** Cuts a text into sentences, and long ones further: the number of each token's stretch, from 0. */
export function numbersOf(tokens: readonly Token[]): number[] {
  let number = -1;
  let start = 0;
  let sentence = -1;
  return tokens.map((token, index) => {
    if (token.sentence !== sentence || index - start >= STRETCH) {
      number++;
      start = index;
      sentence = token.sentence;
    }
    return number;
  });
}
