import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { TaggedBodies } from "../../../lib/http/tagged.ts";

const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

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
  deepStrictEqual(decode(first.bytes), JSON.parse(JSON.stringify({ success: true, data: output })));
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
    deepStrictEqual(decode(other.bytes), JSON.parse(JSON.stringify({ success: true, data: changed })));
  }
});

Deno.test("TaggedBodies does not write an object twice", () => {
  const bodies = new TaggedBodies();
  let written = 0;
  const item = { toJSON: () => ++written };
  for (let turn = 0; turn < 3; turn++) bodies.write("v", { items: [item], turn });
  strictEqual(written, 1);
});
