import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type AccessEntry, BufferedAccessLog, toLoggedPath } from "../../../lib/observability/access_log.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const ENTRY: AccessEntry = {
  at: 0,
  method: "GET",
  url: "http://127.0.0.1/mcp",
  peer: "127.0.0.1",
  userAgent: null,
  status: 200,
  tookMs: 1,
  requestId: "r",
};

Deno.test("toLoggedPath() leaves out the origin, and whatever lets somebody in", () => {
  strictEqual(toLoggedPath("http://127.0.0.1:8080/api/v1/tools?limit=3"), "/api/v1/tools?limit=3");
  strictEqual(toLoggedPath("http://h/ui/?apikey=abc&x=1&token=def"), "/ui/?apikey=***&x=1&token=***");
});

const toLine = ({ at }: AccessEntry) => String(at);

function into(lines: number[]) {
  return (written: readonly string[]) => void lines.push(...written.map(Number));
}

Deno.test("BufferedAccessLog writes a moment later, and the rest at the end", () => {
  const clock = createManualClock();
  const lines: number[] = [];
  const log = new BufferedAccessLog({ clock, toLine, append: into(lines), onLoss: () => {} });
  log.write({ ...ENTRY, at: 1 });
  deepStrictEqual(lines, []);
  clock.advance(100);
  log.write({ ...ENTRY, at: 2 });
  log[Symbol.dispose]();
  deepStrictEqual([lines, clock.pending], [[1, 2], 0]);
});

Deno.test("BufferedAccessLog writes a few at a time, in order, until none is left", () => {
  const clock = createManualClock();
  const sizes: number[] = [];
  const lines: number[] = [];
  const log = new BufferedAccessLog({
    clock,
    toLine,
    append: (written) => {
      sizes.push(written.length);
      into(lines)(written);
    },
    onLoss: () => {},
  });
  for (let at = 0; at < 40; at++) log.write({ ...ENTRY, at });
  clock.advance(100);
  deepStrictEqual(sizes, [16]);
  clock.advance(1);
  clock.advance(1);
  deepStrictEqual([sizes, lines], [[16, 16, 8], Array.from({ length: 40 }, (_, at) => at)]);
  strictEqual(clock.pending, 0);
});

Deno.test("BufferedAccessLog counts what is too much", () => {
  const clock = createManualClock();
  let lost = 0;
  const log = new BufferedAccessLog({ clock, toLine, append: () => {}, onLoss: (count) => lost += count });
  for (let at = 0; at < 10_003; at++) log.write(ENTRY);
  clock.advance(100);
  strictEqual(lost, 3);
});

Deno.test("BufferedAccessLog makes lines in pauses and writes them together, in order", () => {
  const clock = createManualClock();
  const made: number[] = [];
  const written: string[][] = [];
  const log = new BufferedAccessLog({
    clock,
    toLine: ({ at }) => {
      made.push(at);
      return String(at);
    },
    append: (lines) => void written.push([...lines]),
    onLoss: () => {},
  });
  for (let at = 0; at < 3; at++) log.write({ ...ENTRY, at });
  clock.pause();
  clock.pause();
  deepStrictEqual([made, written], [[0, 1], []]);
  clock.advance(100);
  deepStrictEqual([made, written], [[0, 1, 2], [["0", "1", "2"]]]);
  log[Symbol.dispose]();
  clock.pause();
  deepStrictEqual([made.length, written.length, clock.pending], [3, 1, 0]);
});
