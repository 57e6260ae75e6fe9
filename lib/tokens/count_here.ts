/** Longer texts are counted in pieces: the time for one that has no spaces grows with its square. */
const PIECE = 10_000;

/** Counts the tokens of a text. */
export type CountText = (text: string) => number;

/** Name of the encoding that is counted in. */
export const ENCODING = "o200k_base";

/** Loads the tokenizer: half a second in which nothing else is done on this thread, and 30 MB. */
export async function loadTokenizer(): Promise<CountText> {
  const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
  return (text) => {
    let sum = 0;
    for (let at = 0; at < text.length; at += PIECE) {
      // What looks like a mark of the model is text like any other here.
      sum += countTokens(text.slice(at, at + PIECE), { disallowedSpecial: new Set() });
    }
    return sum;
  };
}
