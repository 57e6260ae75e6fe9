import { deepStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { idOfCut } from "../../../lib/upstream/cut_message.ts";
import { createLineFramer, type Frame, toText } from "../../../lib/upstream/framing.ts";

const encoder = new TextEncoder();

function frame(text: string, cuts: readonly number[], maxBytes: number): Frame[] {
  const bytes = encoder.encode(text);
  const framer = createLineFramer(maxBytes);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const buffer = new Uint8Array(bytes.length);
  const frames: Frame[] = [];
  let start = 0;
  for (const end of ends) {
    // One buffer for all chunks, as a reader may do.
    buffer.fill(0).set(bytes.subarray(start, end));
    frames.push(...framer.push(buffer.subarray(0, end - start)));
    start = end;
  }
  return [...frames, ...framer.end()];
}

const textOf = (one: Frame) => (one.kind === "line" ? toText(one.bytes) : `too long: ${one.sizeBytes}`);

Deno.test("createLineFramer() gives the same lines however the bytes are cut", () => {
  const line = fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, ""));
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat()), fc.constantFrom("\n", "\r\n"), (lines, cuts, end) => {
      const frames = frame(lines.map((one) => one + end).join(""), cuts, 1_000);

      deepStrictEqual(frames.map(textOf), lines);
    }),
  );
});

Deno.test("createLineFramer() drops only the lines that are too long, however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 30 })), fc.array(fc.nat()), (lengths, cuts) => {
      const frames = frame(lengths.map((length) => "x".repeat(length) + "\n").join(""), cuts, 10);

      deepStrictEqual(
        frames.map(textOf),
        lengths.map((length) => (length > 10 ? `too long: ${length}` : "x".repeat(length))),
      );
    }),
  );
});

Deno.test("createLineFramer() keeps both ends of a line that is too long", () => {
  const line = `start${"-".repeat(5_000)}end`;

  for (const cuts of [[], [1], [3_000], [5_006, 5_007], [100, 200, 4_999]]) {
    const [one] = frame(line, cuts, 2_000);

    strictEqual(one?.kind, "oversize");
    strictEqual(one.sizeBytes, 5_008);
    strictEqual(one.head, line.slice(0, 1_024));
    strictEqual(one.tail, line.slice(-1_024));
  }
});

Deno.test("createLineFramer() gives the last line without its newline, and empty lines", () => {
  deepStrictEqual(frame("a\n\nb", [], 10).map(textOf), ["a", "", "b"]);
  deepStrictEqual(frame("", [], 10), []);
});

Deno.test("createLineFramer() takes a large line in small chunks without going over it again", () => {
  const framer = createLineFramer(64 * 1024 * 1024);
  const chunk = new Uint8Array(4_096).fill(0x78);

  for (let at = 0; at < 4_096; at++) framer.push(chunk);
  const [one] = framer.push(encoder.encode("\n"));

  strictEqual(one?.kind === "line" && one.bytes.length, 16 * 1024 * 1024);
});

Deno.test("idOfCut() finds the id of a response at either end", () => {
  strictEqual(idOfCut('{"jsonrpc":"2.0","id":7,"result":{"content":[{"te', ""), 7);
  strictEqual(idOfCut('{ "id" : 7 , "result":', ""), 7);
  strictEqual(idOfCut('{"result":{"id":3,"list":["', 'xx"]},"id":12,"jsonrpc":"2.0"}'), 12);
  strictEqual(idOfCut('{"result":{"text":"', '"}, "id": 12}'), 12);
  strictEqual(idOfCut('{"result":{"a":[{}]},"id":5,"error":', ""), 5);
});

Deno.test("idOfCut() takes no id that belongs to something else", () => {
  for (
    const [head, tail] of [
      ['{"result":{"id":3,"list":["', 'xx"]}}'],
      ['{"result":{"list":["', 'xx","id":3}]}}'],
      [String.raw`{"result":{"text":"\"}},\"id\":3,\"x\":{{`, '"}}'],
      ['{"id":9,"method":"sampling/createMessage","params":{"', '"}}'],
      ['{"method":"notifications/message","params":{"id":3,', '"}}'],
      ['{"jsonrpc":"2.0","id":12', "34}"],
      ['{"jsonrpc":"2.0","id":null,"result":"', '"}'],
      ["[[[", "]]]"],
      ["", ""],
    ] as const
  ) strictEqual(idOfCut(head, tail), undefined, head);
});

Deno.test("idOfCut() never takes an id from inside a result", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat({ max: 200 }), fc.boolean(), (inner, cut, isText) => {
      const result = isText ? { text: inner } : { value: JSON.parse(inner) };
      const message = JSON.stringify({ jsonrpc: "2.0", result, id: 77 });
      const id = idOfCut(message.slice(0, cut), message.slice(-100));

      strictEqual(id, 77);
    }),
  );
});
