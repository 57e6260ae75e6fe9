import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { Journal, readEventId } from "../../../lib/mcp/journal.ts";

function reader() {
  const texts: string[] = [];
  let closed = false;
  return {
    texts,
    isClosed: () => closed,
    seqs: () => texts.map((text) => Number(/id: \w+_(\d+)/.exec(text)?.[1])),
    write: (text: string) => void texts.push(text),
    close: () => void (closed = true),
  };
}

Deno.test("a Journal gives each reader what it lacks, whatever was lost in between", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("say", "lose", "come back"), { maxLength: 60 }), (history) => {
      const journal = new Journal("k");
      let one = reader();
      journal.attach(one);
      const got: number[] = [];
      let said = 0;
      const take = () => {
        got.push(...one.seqs());
        one.texts.length = 0;
      };
      for (const step of history) {
        if (step === "say") journal.append({ n: ++said });
        take();
        if (step === "lose") journal.detach(one);
        if (step !== "come back") continue;
        one = reader();
        journal.attach(one, got.at(-1) ?? 0);
        take();
      }
      one = reader();
      journal.attach(one, got.at(-1) ?? 0);
      take();
      deepStrictEqual(got, Array.from({ length: said }, (_, index) => index + 1));
    }),
  );
});

Deno.test("a Journal keeps a bounded number of events, and ends for its readers", () => {
  const journal = new Journal("k");
  for (let count = 0; count < 1_500; count++) journal.append({ count });
  const one = reader();
  journal.attach(one, 0);
  strictEqual(one.texts.length, 1_000);
  journal.end();
  ok(one.isClosed());
  const late = reader();
  journal.attach(late, 1_490);
  deepStrictEqual([late.texts.length, late.isClosed()], [10, true]);
  deepStrictEqual(readEventId("k_12"), { name: "k", seq: 12 });
  strictEqual(readEventId("../x_1"), undefined);
});
