import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  type CachedResult,
  createResultCache,
  readCache,
  type ShapeOptions,
  shapeResult,
  TRUNCATED_KEY,
} from "../../../../lib/calls/large/mod.ts";
import type { ToolResult } from "../../../../lib/contracts/mod.ts";

const text = (value: string): ToolResult => ({ content: [{ type: "text", text: value }] });
const textsOf = ({ content }: ToolResult) => content.map((block) => String(block["text"]));

/** A cache with a clock that is set by hand. */
function scene(limits = { maxBytes: 10_000_000, ttlMs: 1_000 }) {
  const time = { now: 0 };
  let next = 0;
  const random = { bytes: (length: number) => new Uint8Array(length).fill(next++) };
  const cache = createResultCache({ clock: { now: () => time.now }, random, limits: () => limits });
  const options: ShapeOptions = {
    server: "s",
    tool: "t",
    owner: "me",
    limit: 1_000,
    cache,
    keepStructured: false,
  };
  const read = (args: Record<string, unknown>, owner = "me", limit = 1_000) =>
    JSON.parse(textsOf(readCache({ find: (key) => cache.get(key, owner), limit }, args))[0] ?? "");
  return { time, cache, options, read };
}

const keyOf = (result: ToolResult) => (result._meta?.[TRUNCATED_KEY] as { key: string }).key;
const items = (count: number) => Array.from({ length: count }, (_, id) => ({ id, name: `item ${id}` }));

Deno.test("shapeResult() passes on what is short enough", () => {
  const { options } = scene();
  const result = { ...text("x".repeat(1_000)), structuredContent: { a: 1 } };

  strictEqual(shapeResult(result, options), result);
  const long = text("x".repeat(1_001));
  strictEqual(shapeResult(long, { ...options, limit: 0 }), long);
});

Deno.test("shapeResult() shortens a list by whole elements and keeps what is around it", () => {
  const { options, read } = scene();
  const whole = JSON.stringify({ before: 1, items: items(200), total: 200 });

  const result = shapeResult(text(whole), options);

  const [json = "", note = ""] = textsOf(result);
  const { before, items: shown, total } = JSON.parse(json);
  deepStrictEqual([before, total], [1, 200]);
  ok(json.length <= 1_000 && shown.length > 20);
  deepStrictEqual(shown, items(200).slice(0, shown.length));
  const key = keyOf(result);
  strictEqual(
    note,
    `... [truncated by mcpproxy]

Response truncated (limit: 1000 chars, actual: ${whole.length} chars, records: 200)
Use read_cache tool: key="${key}", offset=${shown.length}, limit=50
Returns: {"records": [...], "meta": {...}}`,
  );
  const page = read({ key, offset: shown.length, limit: 3 });
  deepStrictEqual(page.records, items(200).slice(shown.length, shown.length + 3));
  const { meta } = page;
  deepStrictEqual(
    [
      meta.key,
      meta.total_records,
      meta.offset,
      meta.limit,
      meta.total_size,
      meta.record_path,
      meta.next_offset,
    ],
    [key, 200, shown.length, 3, whole.length, "items", shown.length + 3],
  );
});

Deno.test("readCache() gives every record once when it is paged to the end", () => {
  const { options, read } = scene();
  const key = keyOf(shapeResult(text(JSON.stringify(items(300))), options));
  const found: unknown[] = [];
  let offset: number | undefined = 0;

  while (offset !== undefined) {
    const { records, meta }: { records: unknown[]; meta: { next_offset?: number } } = read({ key, offset });
    ok(records.length > 0 && JSON.stringify(records).length < 1_000);
    found.push(...records);
    offset = meta.next_offset;
  }

  deepStrictEqual(found, items(300));
  deepStrictEqual(read({ key, offset: 300 }).records, []);
});

Deno.test("readCache() filters by path and searches", () => {
  const { options, read } = scene();
  const key = keyOf(shapeResult(text(JSON.stringify({ rows: items(200), note: "é" })), options));

  deepStrictEqual(read({ key, path: "$.rows[?@.id >= 198].name" }).records, ["item 198", "item 199"]);
  const searched = read({ key, search: "ITEM 17", limit: 2 });
  deepStrictEqual([searched.meta.total_records, searched.meta.searched_records], [11, 200]);
  deepStrictEqual(searched.meta.positions, [17, 170]);
  strictEqual(read({ key, path: "$.rows", search: "item 19" }).meta.total_records, 11);
  const cached = scene();
  const longId = `[${Array.from({ length: 200 }, () => "12345678901234567").join(",")}]`;
  const one = keyOf(shapeResult(text(longId), cached.options));
  const raw = textsOf(
    readCache({ find: (key) => cached.cache.get(key, "me"), limit: 1_000 }, { key: one, limit: 1 }),
  );
  match(raw[0] ?? "", /"records":\[12345678901234567\]/);
});

Deno.test("readCache() refuses a parameter that would narrow nothing", () => {
  throws(
    () => readCache({ find: () => undefined, limit: 0 }, { key: "k", filter: "$.items[0]" }),
    /Cannot read "filter": there is no such parameter/,
  );
});

Deno.test("shapeResult() and readCache() page plain text by lines", () => {
  const { options, read } = scene();
  const lines = Array.from({ length: 300 }, (_, line) => `line ${line} 😀`);

  const result = shapeResult(text(lines.join("\n")), options);

  const [shown = ""] = textsOf(result);
  match(shown, /line \d+ 😀\n\.\.\. \[truncated by mcpproxy\]\n\nResponse truncated/);
  const offset = Number(/offset=(\d+)/.exec(shown)?.[1]);
  ok(shown.startsWith(`${lines.slice(0, offset).join("\n")}\n`));
  deepStrictEqual(read({ key: keyOf(result), offset, limit: 2 }).records, lines.slice(offset, offset + 2));
  throws(() => read({ key: keyOf(result), path: "$" }), { message: /not JSON/ });
});

Deno.test("shapeResult() finds the list in JSON within JSON, and the long text in JSON", () => {
  const { options, read } = scene();
  const inner = keyOf(
    shapeResult(text(JSON.stringify({ text: JSON.stringify({ rows: items(99) }) })), options),
  );
  deepStrictEqual(read({ key: inner, limit: 1 }).records, [{ id: 0, name: "item 0" }]);
  strictEqual(read({ key: inner }).meta.record_path, "text.rows (parsed)");

  const page = shapeResult(text(JSON.stringify({ tags: ["a", "b"], body: "word\n".repeat(900) })), options);
  JSON.parse(textsOf(page)[0] ?? "");
  deepStrictEqual(read({ key: keyOf(page), limit: 2 }).records, ["word", "word"]);
  deepStrictEqual(read({ key: keyOf(page), path: "$.tags" }).records, ["a", "b"]);
  strictEqual(read({ key: keyOf(page), path: "$.body" }).meta.total_records, 900);
});

Deno.test("shapeResult() keeps several texts and other blocks as far as they fit", () => {
  const { options, read } = scene();
  const image = { type: "image", data: "x".repeat(5_000), mimeType: "image/png" };
  const blocks = Array.from({ length: 8 }, (_, id) => ({ type: "text", text: `${id}`.repeat(300) }));

  const result = shapeResult({ content: [image, ...blocks] }, options);

  deepStrictEqual(result.content[0], image);
  deepStrictEqual(result.content.slice(1, 4), blocks.slice(0, 3));
  strictEqual(read({ key: keyOf(result) }).meta.total_records, 8);
  strictEqual(read({ key: keyOf(result), offset: 7 }).records[0], "7".repeat(300));
});

Deno.test("shapeResult() leaves long structured content out, unless it was promised", () => {
  const { options, read } = scene();
  const structuredContent = { items: items(100) };
  const both = { ...text(JSON.stringify(structuredContent)), structuredContent };

  strictEqual(shapeResult(both, options).structuredContent, undefined);
  strictEqual(shapeResult(both, { ...options, keepStructured: true }).structuredContent, structuredContent);
  const alone = shapeResult({ ...text("100 items"), structuredContent }, options);
  deepStrictEqual([alone.structuredContent, textsOf(alone)[0]], [undefined, "100 items"]);
  strictEqual(read({ key: keyOf(alone) }).meta.total_records, 100);
});

Deno.test("shapeResult() never gives broken JSON or broken characters", () => {
  fc.assert(fc.property(
    fc.jsonValue({ maxDepth: 4, stringUnit: "grapheme" }),
    fc.integer({ min: 30, max: 400 }),
    (value, limit) => {
      const { options } = scene();
      const whole = JSON.stringify(value);
      const [shown = ""] = textsOf(shapeResult(text(whole), { ...options, limit }));
      if (/^[[{"]/.test(whole)) JSON.parse(shown);
      ok(shown.isWellFormed());
    },
  ));
});

Deno.test("readCache() cuts one record that is longer than an answer, and says so", () => {
  const { options, read } = scene();
  const key = keyOf(shapeResult(text(JSON.stringify([{ a: "x".repeat(3_000) }, { a: "y" }])), options));

  const { records, meta } = read({ key });
  ok(JSON.stringify(records).length <= 1_000);
  match(records[0].a, /^x+…$/);
  deepStrictEqual([meta.returned, meta.next_offset], [1, 1]);
  match(meta.cut_record, /narrow it/);
});

Deno.test("ResultCache gives a result to nobody but its owner", () => {
  const { cache, options, read } = scene();
  const key = keyOf(shapeResult(text("x\n".repeat(900)), options));

  throws(() => read({ key }, "somebody"), { code: "MCPX_INVALID_INPUT", message: /no result/ });
  throws(() => read({ key: "nonsense" }), { message: /no result "nonsense"/ });
  throws(() => read({}), { message: /"key" is missing/ });
  for (const offset of [-1, 1.5, "x"]) throws(() => read({ key, offset }), { message: /"offset"/ });
  strictEqual(read({ key, limit: 1 }).records.length, 1);
  deepStrictEqual([cache.stats().hits, cache.stats().misses], [4, 2]);
});

Deno.test("ResultCache lets go of what is old, and of the least recently read when full", () => {
  const entry = (size: number): CachedResult => ({
    server: "s",
    tool: "t",
    owner: "me",
    text: "x".repeat(size),
    records: { text: "", isJson: false, spans: [], path: "" },
  });
  const { cache, time } = scene({ maxBytes: 10_000, ttlMs: 1_000 });
  const [first = "", second = ""] = [cache.put(entry(1_500)), cache.put(entry(1_500))];

  ok(cache.get(first, "me"));
  const third = cache.put(entry(1_500)) ?? "";
  strictEqual(cache.get(second, "me"), undefined);
  ok(cache.get(first, "me") && cache.get(third, "me"));
  strictEqual(cache.put(entry(5_000)), undefined);
  time.now = 1_000;
  strictEqual(cache.get(first, "me"), undefined);
  const { entries, bytes, evicted, expired, refused } = cache.stats();
  deepStrictEqual([entries, bytes, evicted, expired, refused], [0, 0, 1, 2, 1]);
});

Deno.test("shapeResult() says when the whole could not be kept", () => {
  const { options } = scene({ maxBytes: 100, ttlMs: 1_000 });

  const result = shapeResult(text("x".repeat(5_000)), options);

  match(textsOf(result)[0] ?? "", /\[truncated by mcpproxy, cache not available\]$/);
});
