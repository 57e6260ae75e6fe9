import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { toToolTexts } from "../../../lib/search/tool_fields.ts";

Deno.test("toToolTexts() takes every text of a tool, its first sentence apart", () => {
  deepStrictEqual(
    toToolTexts("docs", {
      name: "find_page",
      title: "Find a page",
      description: "Finds a page of report.pdf by its text. Slow for long ones.\n\nReturns a number",
      inputSchema: {
        type: "object",
        description: "All of it",
        properties: {
          text: { type: "string", description: "What to look for" },
          options: { type: "object", properties: { mode: { enum: ["fast", "exact", 3] } } },
          pages: { type: "array", items: { description: "One page" } },
        },
      },
    }),
    {
      server: "docs",
      name: "find_page",
      title: "Find a page",
      brief: "Finds a page of report.pdf by its text",
      rest: ". Slow for long ones.\n\nReturns a number",
      args: "text options mode pages",
      argTexts: "What to look for fast exact One page",
    },
  );
});

Deno.test("toToolTexts() takes the title from the annotations if there is no other", () => {
  const tool = { name: "x", annotations: { title: "From hints" }, inputSchema: {} };
  strictEqual(toToolTexts("s", tool).title, "From hints");
  strictEqual(toToolTexts("s", { ...tool, title: "Own" }).title, "Own");
});

Deno.test("toToolTexts() is bounded and takes what is no text for none", () => {
  let deep: Record<string, unknown> = {};
  for (let depth = 0; depth < 20_000; depth++) deep = { properties: { inner: deep } };
  const odd = { name: "odd", title: 7, description: null, inputSchema: null, annotations: [] } as unknown;
  const huge = {
    name: "n".repeat(100_000),
    description: "word ".repeat(200_000),
    inputSchema: {
      properties: Object.fromEntries(
        Array.from({ length: 5_000 }, (_, at) => [`p${at}`, { description: "x".repeat(5_000), enum: ["y"] }]),
      ),
    },
  };

  // A server may send what its type forbids.
  deepStrictEqual(Object.values(toToolTexts("s", odd as ToolDefinition)).join(""), "sodd");
  ok(Object.values(toToolTexts("s", huge)).join("").length < 40_000);
  ok(toToolTexts("s", { name: "deep", inputSchema: deep }).args.length < 5_000);
});
