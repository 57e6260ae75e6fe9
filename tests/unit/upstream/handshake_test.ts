import { deepStrictEqual, rejects } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { shakeHands } from "../../../lib/upstream/handshake.ts";
import { Rpc } from "../../../lib/upstream/rpc.ts";
import type { Transport, WireMessage } from "../../../lib/upstream/transport.ts";
import { createManualClock } from "../../support/manual_clock.ts";

type Outcome =
  | { readonly result: unknown }
  | { readonly error: { readonly code: number; readonly message: string; readonly data?: unknown } };

const DISCOVERED = { result: { supportedVersions: ["2026-07-28"], capabilities: {} } };
const INITIALIZED = { result: { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: {} } };
const refusal = (supported?: readonly string[]): Outcome => ({
  error: { code: -32022, message: "Unsupported protocol version", data: { supported } },
});

/** Shakes hands over HTTP with a server that gives these answers, in this order. */
async function shake(...outcomes: Outcome[]) {
  const methods: unknown[] = [];
  const rpc = new Rpc({
    clock: createManualClock(),
    name: "fake",
    onNotification: () => {},
    toFailure: () => new GatewayError("MCPX_UPSTREAM_CLOSED", "Cannot go on: closed"),
  });
  const transport: Transport = {
    wire: "streamable-http",
    pid: undefined,
    send({ id, method }: WireMessage) {
      methods.push(method);
      if (id !== undefined) rpc.receive({ jsonrpc: "2.0", id, ...outcomes.shift() });
      return Promise.resolve();
    },
    setProtocolVersion: () => {},
    close: () => Promise.resolve(),
  };
  rpc.attach(transport);
  const options = {
    name: "fake",
    clientInfo: { name: "tests", version: "0" },
    clientCapabilities: {},
    timeoutMs: 1_000,
    signal: new AbortController().signal,
  };
  const { era } = await shakeHands(rpc, transport, options);
  return { era, methods };
}

Deno.test("shakeHands() asks again when a revision is refused and named as supported in one answer", async () => {
  deepStrictEqual(await shake(refusal(["2026-07-28"]), DISCOVERED), {
    era: "modern",
    methods: ["server/discover", "server/discover"],
  });
});

Deno.test("shakeHands() asks again only once", async () => {
  await rejects(shake(refusal(["2026-07-28"]), refusal(["2026-07-28"]), refusal()), /Unsupported/);
});

Deno.test("shakeHands() takes the older handshake where the modern revision is refused", async () => {
  const older = { era: "legacy", methods: ["server/discover", "initialize", "notifications/initialized"] };

  deepStrictEqual(await shake(refusal(["2025-11-25"]), INITIALIZED), older);
  deepStrictEqual(await shake(refusal(), INITIALIZED), older);
});
