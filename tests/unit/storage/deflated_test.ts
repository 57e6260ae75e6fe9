import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { atOnce } from "../../../lib/platform/mod.ts";
import { inflate, stepsToDeflate } from "../../../lib/storage/deflated.ts";
import { noise } from "../../support/noise.ts";
import { openFixture, tool } from "./fixture.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test("inflate() gives back what was deflated, which is shorter where it repeats itself", () => {
  for (const length of [0, 1, 65_535, 65_536, 65_537, 300_000]) {
    const bytes = bytesOf("tool of the same kind ".repeat(20_000).slice(0, length));
    const deflated = atOnce(stepsToDeflate(bytes));
    deepStrictEqual(inflate(deflated), bytes);
    ok(length < 1000 || deflated.length < length / 20, `${length}: ${deflated.length}`);
  }
  const bytes = bytesOf(noise(200_000));
  deepStrictEqual(inflate(atOnce(stepsToDeflate(bytes))), bytes);
});

Deno.test("inflate() bears any bytes", () => {
  const deflated = atOnce(stepsToDeflate(bytesOf(noise(2_000))));
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void inflate(bytes)));
  fc.assert(
    fc.property(fc.nat(deflated.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const damaged = deflated.slice();
      damaged[at] = (damaged[at] ?? 0) ^ bits;
      ok((inflate(damaged)?.length ?? 0) <= 65_536);
    }),
  );
});

Deno.test("approvals keep a long book with its first line as it is, and give both", async () => {
  await using fixture = await openFixture();
  const head = JSON.stringify({ format: 3, names: noise(30_000) });
  const books = {
    long: `${head}\n${"é record\n".repeat(50_000)}end`,
    short: `${head}\nend`,
    line: noise(100_000),
  };
  {
    await using storage = await fixture.open();
    for (const [server, text] of Object.entries(books)) await storage.approvals.save(server, text);
  }

  await using storage = await fixture.open();
  const found = storage.approvals.load();

  const texts = found.map(({ server, bytes }) => [server, new TextDecoder().decode(bytes)]);
  deepStrictEqual(Object.fromEntries(texts), books);
  const long = found.find(({ server }) => server === "long");
  deepStrictEqual(long?.start, bytesOf(`${head}\n`));
});

Deno.test("catalogue keeps a long list in far fewer bytes, with its notes as they are", async () => {
  await using fixture = await openFixture();
  const tools = Array.from({ length: 1_000 }, (_, at) => ({
    ...tool(`tool_${at}`),
    description: `Does what tools of this kind do, number ${at}. `.repeat(5),
  }));
  const entry = { server: "s", fingerprint: "f", tools, listedAt: 1, notes: bytesOf(noise(1_000)) };
  const few = { ...entry, server: "few", tools: [tool("a", 90_000)] };
  {
    await using storage = await fixture.open();
    storage.catalogue.save(entry);
    storage.catalogue.save(few);
  }
  const kv = await Deno.openKv(fixture.path);
  const { value } = await kv.get<{ sizeBytes: number }>(["catalogue", "s"]);
  kv.close();

  ok((value?.sizeBytes ?? NaN) < JSON.stringify(tools).length / 5);
  await using storage = await fixture.open();
  deepStrictEqual(await storage.catalogue.load(), new Map([["few", few], ["s", entry]]));
});
