import { type Clock, sleep } from "../platform/mod.ts";

/** Counts tokens as a model would read them. */
export interface TokenCounter {
  /** Name of the encoding that is counted in. */
  readonly encoding: string;
  /** Counts a text; the first call loads the tokenizer. */
  count(text: string): Promise<number>;
}

/** Longer texts are counted in pieces, so that others get their turn between them. */
const PIECE = 10_000;
/** Texts counted without a turn for others. */
const BREATH = 100_000;

/**
 * Opens a counter. Its vocabulary takes 0.3 s and 30 MB once, so nothing may
 * ask on the way of a call or a start.
 */
export function openTokenCounter(clock: Clock): TokenCounter {
  let tokenizer: Promise<(text: string) => number> | undefined;
  let sinceBreath = 0;

  async function load(): Promise<(text: string) => number> {
    const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
    // What looks like a mark of the model is text like any other here.
    return (text) => countTokens(text, { disallowedSpecial: new Set() });
  }

  return {
    encoding: "o200k_base",
    async count(text) {
      tokenizer ??= load();
      const countPiece = await tokenizer;
      let sum = 0;
      for (let at = 0; at < text.length; at += PIECE) {
        const piece = text.slice(at, at + PIECE);
        sum += countPiece(piece);
        sinceBreath += piece.length;
        if (sinceBreath < BREATH) continue;
        sinceBreath = 0;
        await sleep(clock, 0);
      }
      return sum;
    },
  };
}
