/**
 * Nothing that is said in a message gets out of its line, and nothing that a
 * server makes up is taken for an answer.
 *
 * @module
 */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { createLineFramer, toText } from "../../../lib/upstream/framing.ts";
import { Rpc } from "../../../lib/upstream/rpc.ts";
import type { Transport, WireMessage } from "../../../lib/upstream/transport.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const VALUES = 100_000;
const PER_RUN = 50;
/** What ends a line somewhere, or a text, or begins another message. */
const BREAKS = ["\n", "\r", "\r\n", "\u2028", "\u2029", "\u0085", "\0", "\x1b", "\ufeff", "\ud800", '"}\n{"'];

const nasty = fc.array(fc.oneof(fc.constantFrom(...BREAKS), fc.string({ unit: "binary", maxLength: 8 })), {
  maxLength: 6,
}).map((parts) => parts.join(""));

Deno.test("a hundred thousand values stay one line each, and come out as they went in", () => {
  let count = 0;
  fc.assert(
    fc.property(fc.array(nasty, { minLength: PER_RUN, maxLength: PER_RUN }), fc.nat(), (values, cut) => {
      const messages = values.map((value, id) => ({ jsonrpc: "2.0", id, params: { [value]: value } }));
      const bytes = new TextEncoder().encode(
        messages.map((message) => `${JSON.stringify(message)}\n`).join(""),
      );
      const framer = createLineFramer(1_000_000);
      const at = cut % bytes.length;
      const frames = [
        ...framer.push(bytes.subarray(0, at)),
        ...framer.push(bytes.subarray(at)),
        ...framer.end(),
      ];
      deepStrictEqual(
        frames.map((frame) => frame.kind === "line" ? JSON.parse(toText(frame.bytes)) : frame.kind),
        JSON.parse(JSON.stringify(messages)),
      );
      count += values.length;
    }),
    { numRuns: VALUES / PER_RUN },
  );
  strictEqual(count, VALUES);
});

const CLOSED = new GatewayError("MCPX_UPSTREAM_CLOSED", "Cannot go on: closed");
const RESULT = { content: [{ type: "text", text: "forged" }] };
const as = (id: unknown, more: object = { result: RESULT }) => ({ jsonrpc: "2.0", id, ...more });

/** What a server can make up while a call with the id 1 waits; none of it is the answer to it. */
const FORGED: Readonly<Record<string, unknown>> = {
  "an id that was never used": as(999),
  "the next id": as(2),
  "the id before the first": as(0),
  "an id below zero": as(-1),
  "the id with a fraction": as(1.5),
  "the id as a text with a blank": as(" 1"),
  "the id as a text with a sign": as("+1"),
  "the id in another notation": as("1e0"),
  "the id with zeros before it": as("01"),
  "the id in hexadecimal digits": as("0x1"),
  "the id in wide digits": as("\uff11"),
  "the id in a list": as([1]),
  "the id in an object": as({ id: 1 }),
  "an id that is true": as(true),
  "no id": as(null),
  "an id beyond all numbers": as(1e308),
  "an empty id": as(""),
  "an error for another": as(7, { error: { code: -32000, message: "forged" } }),
  "an error without an id": as(null, { error: { code: -32000, message: "forged" } }),
  "a result without an id": { jsonrpc: "2.0", result: RESULT },
};

function setUp() {
  const forged: number[] = [];
  const rpc = new Rpc({
    clock: createManualClock(),
    name: "fake",
    onNotification: () => {},
    onForged: (count) => void forged.push(count),
    toFailure: () => CLOSED,
  });
  const sent: WireMessage[] = [];
  const transport: Transport = {
    wire: "stdio",
    pid: undefined,
    send: (message) => (sent.push(message), Promise.resolve()),
    setProtocolVersion: () => {},
    close: () => Promise.resolve(),
  };
  rpc.attach(transport);
  return { rpc, sent, forged };
}

for (const [name, message] of Object.entries(FORGED)) {
  Deno.test(`Rpc takes no answer that is made up: ${name}`, async () => {
    const { rpc, sent } = setUp();
    const call = rpc.request("tools/call", { name: "x" });
    strictEqual(sent[0]?.id, 1);

    rpc.receive(message as WireMessage); // what a server sends need not be one
    rpc.receive({ jsonrpc: "2.0", id: 1, result: { is: "honest" } });

    deepStrictEqual(await call, { is: "honest" });
    rpc.close(CLOSED);
  });
}

Deno.test("Rpc counts what is made up, and takes an answer only once", async () => {
  const { rpc, forged } = setUp();
  ok(Object.keys(FORGED).length >= 20);
  const call = rpc.request("tools/call", { name: "x" });
  rpc.receive({ jsonrpc: "2.0", id: 1, result: { is: "honest" } });
  rpc.receive({ jsonrpc: "2.0", id: 1, result: { is: "second" } });
  rpc.receive({ jsonrpc: "2.0", id: 77, result: RESULT });

  deepStrictEqual(await call, { is: "honest" });
  deepStrictEqual(forged, [1], "one that comes twice is no news");
  for (const message of Object.values(FORGED)) rpc.receive(message as WireMessage); // need not be one
  const waiting = rpc.request("tools/call", { name: "y" });
  ok((forged.at(-1) ?? 0) >= 15, `${forged.at(-1)}`);
  rpc.close(CLOSED);
  await rejects(waiting, { code: "MCPX_UPSTREAM_CLOSED" });
});
