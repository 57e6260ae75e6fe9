import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { createManualClock } from "../../support/manual_clock.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { type CountingWorker, estimateTokens, openTokenCounter } from "../../../lib/tokens/mod.ts";

Deno.test("TokenCounter counts as the model's encoding does", async () => {
  using counter = openTokenCounter(createDenoPlatform().clock);

  strictEqual(await counter.count(""), 0);
  strictEqual(await counter.count("hello world"), 2);
  strictEqual(await counter.count("tiktoken is great!"), 6);
  ok(await counter.count("<|endoftext|>") > 1, "a mark of the model is text");
  const long = "A sentence that is said again and again. ".repeat(10_000);
  const count = await counter.count(long);
  ok(count > 89_000 && count < 91_000, `${count}`);
});

Deno.test("estimateTokens() is near the count for definitions of tools", async () => {
  using counter = openTokenCounter(createDenoPlatform().clock);
  const tools = JSON.parse(
    await Deno.readTextFile(new URL("../search/sample_tools.json", import.meta.url)),
  ) as unknown[]; // as the file is
  const text = tools.map((tool) => JSON.stringify(tool)).join("\n");

  const ratio = estimateTokens(text) / await counter.count(text);
  ok(ratio > 0.8 && ratio < 1.25, `${ratio}`);
  strictEqual(estimateTokens("工具".repeat(50)), 80);
});

Deno.test("TokenCounter loads nothing on the main loop, which goes on while the worker counts", async () => {
  const asked: string[][] = [];
  const worker: CountingWorker = {
    onmessage: null,
    onerror: null,
    postMessage({ id, texts }) {
      asked.push([...texts]);
      const counts = texts.map(({ length }) => length);
      queueMicrotask(() => worker.onmessage?.(new MessageEvent("message", { data: { id, counts } })));
    },
    terminate: () => void asked.push(["terminated"]),
  };
  const clock = createManualClock();
  const counter = openTokenCounter(clock, { startWorker: () => worker });

  deepStrictEqual(await Promise.all([counter.count("abc"), counter.countAll(["", "ab"])]), [3, [0, 2]]);
  deepStrictEqual(await counter.countAll(["", ""]), [0, 0]);
  deepStrictEqual(asked, [["abc"], ["", "ab"]]);
  clock.advance(60_000);
  deepStrictEqual(asked.at(-1), ["terminated"]);
  strictEqual(await counter.count("abcd"), 4);
  counter[Symbol.dispose]();
  deepStrictEqual(asked.slice(3), [["abcd"], ["terminated"]]);
  await rejects(counter.count("a"), /closed/);
});

Deno.test("TokenCounter counts by itself where there is no worker, or where it fails", async () => {
  const { clock } = createDenoPlatform();
  const failing: CountingWorker = {
    onmessage: null,
    onerror: null,
    postMessage: () => queueMicrotask(() => failing.onerror?.(new ErrorEvent("error", { cancelable: true }))),
    terminate: () => {},
  };
  const none = () => {
    throw new Error("There are no workers");
  };
  for (const startWorker of [none, () => failing]) {
    using counter = openTokenCounter(clock, { startWorker });
    deepStrictEqual(await counter.countAll(["hello world", "", "tiktoken is great!"]), [2, 0, 6]);
  }
});
