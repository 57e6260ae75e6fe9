import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { createLineGate } from "../../../lib/upstream/line_gate.ts";
import { PipeWriter } from "../../../lib/upstream/pipe_writer.ts";
import { createManualClock } from "../../support/manual_clock.ts";

function openGate() {
  const clock = createManualClock();
  const lines: string[] = [];
  return { clock, lines, gate: createLineGate({ clock, onLine: (line) => lines.push(line) }) };
}

Deno.test("createLineGate() lets everything through that comes at a bearable pace", () => {
  const { clock, lines, gate } = openGate();

  for (let second = 0; second < 5; second++) {
    for (let at = 0; at < 1_000; at++) gate.take("x");
    clock.advance(1_000);
  }

  strictEqual(lines.length, 5_000);
  strictEqual(clock.pending, 0);
});

Deno.test("createLineGate() passes on the first and the last lines of a flood, and how many it left out", () => {
  const { clock, lines, gate } = openGate();
  clock.advance(10_000);

  for (let at = 0; at < 2_000; at++) gate.take(`${at}`);

  deepStrictEqual([lines.length, lines.at(-1)], [1_000, "999"]);
  clock.advance(1_000);
  deepStrictEqual(lines.slice(1_000), [
    "[mcpproxy] left out 980 lines that came too fast",
    ...Array.from({ length: 20 }, (_, at) => `${1_980 + at}`),
  ]);
  gate.take("after");
  strictEqual(lines.at(-1), "after");
  strictEqual(clock.pending, 0);
});

Deno.test("createLineGate() counts long lines by their length", () => {
  const { clock, lines, gate } = openGate();

  for (let at = 0; at < 20; at++) gate.take("x".repeat(300_000));

  strictEqual(lines.length, 4);
  gate.end();
  strictEqual(lines.length, 20);
  gate.end();
  strictEqual(clock.pending, 0);
});

Deno.test("PipeWriter takes what is large as long as nothing waits, and 8 MB of what waits", async () => {
  const clock = createManualClock();
  const taken: number[] = [];
  const stream = new WritableStream<Uint8Array<ArrayBuffer>>({
    write: (bytes) => {
      taken.push(bytes.length);
      return new Promise(() => {});
    },
  });
  const writer = new PipeWriter(stream, { clock, notReading: () => new RangeError("does not read") });
  const mb = (count: number) => new Uint8Array(count * 1024 * 1024);

  const first = writer.write(mb(20));
  await rejects(writer.write(mb(1)), { message: "does not read" });
  clock.advance(30_000);
  await rejects(first, { message: "does not read" });

  deepStrictEqual([taken, clock.pending], [[20 * 1024 * 1024], 0]);
});
