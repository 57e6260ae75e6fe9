import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { call, openFixture } from "./fixture.ts";

const WRITER = new URL("./crash_writer.ts", import.meta.url).pathname;
const ROUNDS = 4;

Deno.test("a killed gateway loses no record that was flushed, and its file stays sound", async () => {
  await using fixture = await openFixture();
  let last = -1;
  for (let round = 0; round < ROUNDS; round++) {
    const acknowledged = await runUntilKilled(fixture.path, last + 1, 3 + round * 5);
    await using activity = fixture.open();

    const { activities, total } = await activity.query({}, { limit: 1 });

    last = Number(activities[0]?.tool_name);
    ok(last >= acknowledged, `${last} is before ${acknowledged}, which was flushed`);
    strictEqual(total, last + 1, "no record before the last one is missing");
    const { total: { calls } } = await activity.usage({ by: "server", from: 0, to: 4e12 });
    strictEqual(calls, last + 1, "each call is counted once");
  }
  deepStrictEqual(fixture.notices, []);

  await using activity = fixture.open();
  activity.record(call("after"));
  const { activities } = await activity.query({}, { limit: 2 });
  deepStrictEqual(activities.map(({ tool_name }) => tool_name), ["after", String(last)]);
});

/** Lets a program record until it has flushed some times, kills it, and tells what it flushed last. */
async function runUntilKilled(path: string, first: number, flushes: number): Promise<number> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", WRITER, path, String(first)],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  let text = "";
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  while (text.split("\n").length <= flushes) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  child.kill("SIGKILL");
  for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value;
  await child.status;
  const lines = text.split("\n").slice(0, -1);
  ok(lines.length >= flushes, "the program ended before it was killed");
  return Number(lines.at(-1));
}
