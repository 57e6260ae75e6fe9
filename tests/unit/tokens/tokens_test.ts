import { ok, strictEqual } from "node:assert/strict";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { estimateTokens, openTokenCounter } from "../../../lib/tokens/mod.ts";

Deno.test("TokenCounter counts as the model's encoding does", async () => {
  const counter = openTokenCounter(createDenoPlatform().clock);

  strictEqual(await counter.count(""), 0);
  strictEqual(await counter.count("hello world"), 2);
  strictEqual(await counter.count("tiktoken is great!"), 6);
  ok(await counter.count("<|endoftext|>") > 1, "a mark of the model is text");
  const long = "A sentence that is said again and again. ".repeat(10_000);
  const count = await counter.count(long);
  ok(count > 89_000 && count < 91_000, `${count}`);
});

Deno.test("estimateTokens() is near the count for definitions of tools", async () => {
  const counter = openTokenCounter(createDenoPlatform().clock);
  const tools = JSON.parse(
    await Deno.readTextFile(new URL("../search/sample_tools.json", import.meta.url)),
  ) as unknown[]; // as the file is
  const text = tools.map((tool) => JSON.stringify(tool)).join("\n");

  const ratio = estimateTokens(text) / await counter.count(text);
  ok(ratio > 0.8 && ratio < 1.25, `${ratio}`);
  strictEqual(estimateTokens("工具".repeat(50)), 80);
});
