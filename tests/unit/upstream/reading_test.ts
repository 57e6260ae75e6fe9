import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { createLineFramer } from "../../../lib/upstream/framing.ts";
import { mirror, paramHeaders, standardHeaders, toValue } from "../../../lib/upstream/param_headers.ts";
import { readSse, type StreamEvent } from "../../../lib/upstream/sse_reader.ts";

const encoder = new TextEncoder();

function streamOf(text: string, cuts: readonly number[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = encoder.encode(text);
  return new ReadableStream({
    start(controller) {
      for (let at = 0, cut = 0; at < bytes.length; cut++) {
        const size = cuts[cut % cuts.length] ?? 1;
        controller.enqueue(bytes.slice(at, at + size));
        at += size;
      }
      controller.close();
    },
  });
}

async function read(text: string, cuts: readonly number[] = [7], maxBytes = 1_000) {
  const events: StreamEvent[] = [];
  const ids: string[] = [];
  const retries: number[] = [];
  const lost: unknown[] = [];
  await readSse(streamOf(text, cuts), {
    maxBytes,
    onEvent: (event) => void events.push(event),
    onId: (id) => void ids.push(id),
    onRetry: (delayMs) => void retries.push(delayMs),
    onOversize: (id, sizeBytes) => void lost.push([id, sizeBytes]),
  });
  return { events, ids, retries, lost };
}

Deno.test("readSse() reads fields, comments and line ends as the specification says", async () => {
  const found = await read(
    ": hi\nid: 1\nretry: 50\nevent: x\ndata: a\ndata:b\r\n\r\ndata\n\nretry: soon\ndata: lost",
  );
  deepStrictEqual(found.events, [{ event: "x", data: "a\nb" }, { event: "message", data: "" }]);
  deepStrictEqual([found.ids, found.retries], [["1"], [50]]);
});

Deno.test("readSse() reads the same events however the stream is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: "grapheme", maxLength: 30 }), { maxLength: 10 }),
      fc.array(fc.integer({ min: 1, max: 13 }), { minLength: 1 }),
      async (texts, cuts) => {
        const stream = texts.map((text) => `data: ${JSON.stringify(text)}\n\n`).join("");
        const { events } = await read(stream, cuts);
        deepStrictEqual(events.map(({ data }) => JSON.parse(data)), texts);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("readSse() loses only the event that is too long", async () => {
  const long = JSON.stringify({ jsonrpc: "2.0", id: 5, result: "x".repeat(2_000) });
  const { events, lost } = await read(`data: 1\n\ndata: ${long}\n\ndata: 2\n\n`, [64]);
  deepStrictEqual(events.map(({ data }) => data), ["1", "2"]);
  strictEqual((lost[0] as [number, number])[0], 5);
  const many = Array.from({ length: 30 }, () => `data: ${"y".repeat(50)}\n`).join("");
  strictEqual((await read(`${many}\ndata: 3\n\n`)).events.at(-1)?.data, "3");
});

Deno.test("readSse() and the line framer take any bytes", async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }),
    fc.stringMatching(/^(?:data: ?|id:|event:|retry:|:|\r|\n|\{|\}|"|[a-z0-9]){0,20}$/).map((text) =>
      encoder.encode(text)
    ),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (input) => {
      let lines = 0;
      const framer = createLineFramer(16);
      for (const frame of [...framer.push(input), ...framer.end()]) {
        lines++;
        ok(frame.kind === "oversize" ? frame.sizeBytes > 16 : frame.bytes.length <= 16);
      }
      ok(lines <= input.length + 1);
      await readSse(new Response(new Uint8Array(input)).body ?? new ReadableStream(), {
        maxBytes: 16,
        onEvent: ({ data }) => ok(data.length <= 40),
        onId: () => {},
        onRetry: (delayMs) => ok(delayMs >= 0),
        onOversize: () => {},
      });
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("toValue() writes headers that say the same and can be sent", () => {
  const examples: Record<string, string> = {
    "us-west1": "us-west1",
    "Hello, 世界": "=?base64?SGVsbG8sIOS4lueVjA==?=",
    " padded ": "=?base64?IHBhZGRlZCA=?=",
    "line1\nline2": "=?base64?bGluZTEKbGluZTI=?=",
    "=?base64?literal?=": "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=",
  };
  for (const [text, value] of Object.entries(examples)) strictEqual(toValue(text), value);
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const value = toValue(text);
      ok(new Headers({ x: value }).get("x") === value);
    }),
    { numRuns: 10_000 },
  );
  deepStrictEqual(standardHeaders({ method: "tools/call", params: { name: "ü" } }), {
    "mcp-method": "tools/call",
    "mcp-name": "=?base64?w7w=?=",
  });
});

Deno.test("paramHeaders() takes only annotations that a server may make", () => {
  const schema = (properties: unknown) => ({
    inputSchema: { type: "object", properties } as Record<string, unknown>,
  });
  const nested = schema({
    region: { type: "string", "x-mcp-header": "Region" },
    deep: { type: "object", properties: { n: { type: "integer", "x-mcp-header": "Deep-N" } } },
  });
  const headers = paramHeaders(nested);
  ok(typeof headers !== "string");
  deepStrictEqual(mirror(headers, { region: "ü", deep: { n: 3 } }), {
    "mcp-param-region": "=?base64?w7w=?=",
    "mcp-param-deep-n": "3",
  });
  deepStrictEqual(mirror(headers, { region: null, deep: [] }), {});
  for (
    const wrong of [
      { a: { type: "number", "x-mcp-header": "N" } },
      { a: { type: "string", "x-mcp-header": "" } },
      { a: { type: "string", "x-mcp-header": "a\r\nb" } },
      { a: { type: "string", "x-mcp-header": "X" }, b: { type: "string", "x-mcp-header": "x" } },
      { a: { type: "array", items: { type: "string", "x-mcp-header": "X" } } },
      { a: { anyOf: [{ type: "string", "x-mcp-header": "X" }] } },
    ]
  ) strictEqual(typeof paramHeaders(schema(wrong)), "string", JSON.stringify(wrong));
});
