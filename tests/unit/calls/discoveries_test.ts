import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { createDiscoveries } from "../../../lib/calls/discoveries.ts";
import { fitTokens } from "../../../lib/calls/fit_tokens.ts";

/** Counts characters. */
const COUNTER = { encoding: "characters", count: (text: string) => Promise.resolve(text.length) };
const CLOCK = { now: () => 1 };

Deno.test("Discoveries counts a call with all that was read before it, in every turn", async () => {
  const discoveries = createDiscoveries({ clock: CLOCK, counter: COUNTER });
  const search = (client: string, answer: string) =>
    discoveries.searched({ client, query: "q".repeat(10), answer, tools: ["s:a"], listed: 1_000 });

  search("one", "a".repeat(90));
  discoveries.called("one", "s:a", "found");
  discoveries.called("one", "s:a", "found");
  discoveries.called("nobody", "s:a", "found");
  // Two turns with the own tools (100 each), and in the second what the first brought.
  deepStrictEqual(await discoveries.figures(100, 2), {
    searches: 1,
    discoveries: 1,
    open_searches: 0,
    average_query_result_size: 90,
    baseline: 2_000,
    spent: 2 * 100 + 100,
  });

  search("two", "a".repeat(90));
  search("two", "a".repeat(190));
  discoveries.called("two", "s:a", "found");
  // Three turns; what the first brought is read twice.
  const { spent } = await discoveries.figures(100, 1);
  strictEqual(spent, 300 + (3 * 100 + 2 * 100 + 200));
});

Deno.test("Discoveries counts a search that no call follows as spent", async () => {
  const discoveries = createDiscoveries({ clock: CLOCK, counter: COUNTER });
  discoveries.searched({ client: "one", query: "", answer: "a".repeat(50), tools: ["s:a"], listed: 1_000 });

  for (let time = 0; time < 2; time++) {
    const { open_searches, baseline, spent } = await discoveries.figures(100, 1);
    deepStrictEqual([open_searches, baseline, spent], [1, 0, 150]);
  }
  discoveries.called("one", "s:a", "found");
  const { open_searches, discoveries: count, spent } = await discoveries.figures(100, 1);
  deepStrictEqual([open_searches, count, spent], [0, 1, 250]);
});

Deno.test("Discoveries counts no call of what no search has shown, and no saving where all was listed", async () => {
  const discoveries = createDiscoveries({ clock: CLOCK, counter: COUNTER });
  const search = () =>
    discoveries.searched({ client: "one", query: "", answer: "a".repeat(50), tools: ["s:a"], listed: 1_000 });
  const figures = async () => {
    const { searches, discoveries: count, open_searches, baseline, spent } = await discoveries.figures(
      100,
      1,
    );
    return { searches, count, open_searches, baseline, spent };
  };

  search();
  discoveries.called("one", "s:known", "found");
  discoveries.called("one", "s:known", "listed");
  deepStrictEqual(await figures(), { searches: 1, count: 0, open_searches: 1, baseline: 0, spent: 150 });
  discoveries.called("one", "s:a", "listed");
  deepStrictEqual(await figures(), { searches: 1, count: 0, open_searches: 0, baseline: 0, spent: 150 });
  search();
  discoveries.called("one", "s:a", "found");
  deepStrictEqual(await figures(), {
    searches: 2,
    count: 1,
    open_searches: 0,
    baseline: 1_000,
    spent: 150 + 250,
  });
});

Deno.test("Discoveries keeps little, whoever searches without end", async () => {
  const discoveries = createDiscoveries({ clock: CLOCK, counter: COUNTER });
  for (let at = 0; at < 1_000; at++) {
    discoveries.searched({ client: `${at}`, query: "", answer: "x".repeat(100_000), tools: [], listed: 1 });
    discoveries.searched({ client: "same", query: "", answer: "x".repeat(100_000), tools: [], listed: 1 });
  }

  const { open_searches, average_query_result_size } = await discoveries.figures(0, 1);
  deepStrictEqual([open_searches, average_query_result_size], [109, 100_000]);
});

Deno.test("fitTokens() takes as many entries as fit, in order", async () => {
  const entries = ["a".repeat(50), "b".repeat(100), "c"];
  const fit = (most: number | undefined, counter: typeof COUNTER | undefined = COUNTER) =>
    fitTokens(entries, { most, around: () => ({}), counter });

  deepStrictEqual(await fit(undefined), { shown: entries });
  deepStrictEqual(await fit(100), {
    shown: entries.slice(0, 1),
    budget: { max_tokens: 100, tokens: 85, left_out: 2 },
  });
  deepStrictEqual((await fit(1_000)).shown, entries);
  deepStrictEqual((await fit(1)).shown, []);
  const broken = { encoding: "none", count: () => Promise.reject(new Error("not there")) };
  strictEqual((await fit(1_000, broken)).shown.length, 3);
});
