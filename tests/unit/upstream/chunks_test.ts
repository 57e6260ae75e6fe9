import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { openChunks } from "../../../lib/upstream/chunks.ts";

Deno.test("openChunks() reads parts of any size into memory of its own", async () => {
  const sizes = [1, 8_192, 8_193, 200_000, 3, 65_536, 70_000, 5];
  const stream = new ReadableStream({
    type: "bytes",
    pull(controller: ReadableByteStreamController) {
      const size = sizes.shift();
      if (size !== undefined) return controller.enqueue(new Uint8Array(size).fill(size % 251));
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
  const wanted: number[] = sizes.flatMap((size) => Array.from({ length: size }, () => size % 251));
  const found: number[] = [];
  const memories = new Set<number>();
  const { next } = openChunks(stream);

  for (let part = await next(); part !== undefined; part = await next()) {
    found.push(...part);
    memories.add(part.buffer.byteLength);
  }

  strictEqual(found.join() === wanted.join(), true);
  deepStrictEqual([...memories], [8_192, 65_536]);
});

Deno.test("openChunks() takes a stream that breaks for one that ends, and one that is left for good", async () => {
  const broken = openChunks(
    new ReadableStream({ type: "bytes", pull: (controller) => controller.error(new Error("gone")) }),
  );
  strictEqual(await broken.next(), undefined);

  const left = Promise.withResolvers<void>();
  const open = openChunks(new ReadableStream({ type: "bytes", cancel: () => left.resolve() }));
  const waiting = open.next();
  open.cancel();
  await left.promise;
  strictEqual(await waiting, undefined);
});
