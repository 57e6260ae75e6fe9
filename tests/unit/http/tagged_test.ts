import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { TaggedBodies } from "../../../lib/http/tagged.ts";

Deno.test("TaggedBodies writes what JSON.stringify() would, and gives like content a like tag", () => {
  const bodies = new TaggedBodies();
  const output = {
    servers: [{ name: "a", n: 1 }, { name: '\u00fc"' }],
    stats: { total: 2 },
    words: ["x", 1],
    none: [],
    next_cursor: undefined,
  };
  const first = bodies.write("v", output);
  deepStrictEqual(JSON.parse(first.text), JSON.parse(JSON.stringify({ success: true, data: output })));
  const again = bodies.write("v", structuredClone(output));
  strictEqual(again, first, "the same content is not written again");
  for (
    const changed of [
      { ...output, stats: { total: 3 } },
      { ...output, servers: [...output.servers].reverse() },
      { ...output, servers: output.servers.slice(1) },
      { ...output, other: [] },
    ]
  ) {
    const other = bodies.write("v", changed);
    notStrictEqual(other.tag, first.tag);
    deepStrictEqual(JSON.parse(other.text), JSON.parse(JSON.stringify({ success: true, data: changed })));
  }
});

Deno.test("TaggedBodies does not write an object twice", () => {
  const bodies = new TaggedBodies();
  let written = 0;
  const item = { toJSON: () => ++written };
  for (let turn = 0; turn < 3; turn++) bodies.write("v", { items: [item], turn });
  strictEqual(written, 1);
});

Deno.test("TaggedBodies finds every place where a long list has changed", () => {
  const bodies = new TaggedBodies();
  let items = Array.from({ length: 70 }, (_, n) => ({ n, turn: 0 }));
  const tags = new Set<string>();
  const write = (next: typeof items) => {
    items = next;
    const { tag, text } = bodies.write("v", { items });
    deepStrictEqual(JSON.parse(text), { success: true, data: { items } });
    return tag;
  };
  tags.add(write(items));
  for (const place of [0, 31, 32, 63, 64, 69]) tags.add(write(items.with(place, { n: place, turn: 1 })));
  tags.add(write(items.slice(0, 64)));
  tags.add(write(items.slice(0, 63)));
  tags.add(write(items.toReversed()));
  tags.add(write([]));
  strictEqual(tags.size, 11);
});
