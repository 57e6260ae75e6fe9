import { ok, strictEqual } from "node:assert/strict";
import { readBodyBytes } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const BYTES = 20_000;
/** They took 209 MB where each byte kept the room that it had come in. */
const MOST_GROWTH = 40_000_000;

Deno.test("readBodyBytes() takes no room that a body sent byte by byte does not fill", async () => {
  const before = Deno.memoryUsage().external;
  let [sent, growth] = [0, 0];
  const body = new ReadableStream({
    type: "bytes",
    pull(controller) {
      const { byobRequest } = controller;
      const view = byobRequest?.view;
      ok(byobRequest && view instanceof Uint8Array);
      if (sent === BYTES) {
        growth = Deno.memoryUsage().external - before;
        controller.close();
        byobRequest.respond(0);
        return;
      }
      view[0] = sent++ % 251;
      byobRequest.respond(1);
    },
  });

  const bytes = await readBodyBytes(new Request("http://a/", { method: "POST", body }), {
    timers: createManualClock(),
    limitMs: 0,
  });

  strictEqual(bytes.length, BYTES);
  ok(bytes.every((byte, at) => byte === at % 251));
  ok(bytes.buffer.byteLength <= 2 * BYTES);
  ok(growth < MOST_GROWTH, `${growth} bytes`);
});
