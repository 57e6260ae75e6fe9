import { estimateTokens, type TokenCounter } from "../tokens/mod.ts";

/** As many entries as there was room for. */
export interface Fitted<Entry> {
  readonly shown: readonly Entry[];
  /** Present when a budget was given. */
  readonly budget?: {
    readonly max_tokens: number;
    /** Of the whole answer. */
    readonly tokens: number;
    /** Entries that were left out for lack of room. */
    readonly left_out: number;
  };
}

/** Room for the budget itself in the answer. */
const BUDGET_TOKENS = 30;

/**
 * Takes entries from the front as long as the answer fits the budget.
 *
 * @param around The answer without any entry.
 */
export async function fitTokens<Entry>(
  entries: readonly Entry[],
  { most, around, counter }: {
    readonly most: number | undefined;
    readonly around: () => unknown;
    readonly counter: Pick<TokenCounter, "count"> | undefined;
  },
): Promise<Fitted<Entry>> {
  if (most === undefined) return { shown: entries };
  const count = counting(counter);
  let tokens = BUDGET_TOKENS + await count(JSON.stringify(around()));
  let shown = 0;
  for (const entry of entries) {
    const cost = await count(`${JSON.stringify(entry)},`);
    if (tokens + cost > most) break;
    tokens += cost;
    shown++;
  }
  const budget = { max_tokens: most, tokens, left_out: entries.length - shown };
  return { shown: entries.slice(0, shown), budget };
}

/** A tokenizer that cannot be loaded must not keep anybody from searching. */
function counting(counter: Pick<TokenCounter, "count"> | undefined): (text: string) => Promise<number> {
  return async (text) => {
    try {
      return await counter?.count(text) ?? estimateTokens(text);
    } catch {
      return estimateTokens(text);
    }
  };
}
