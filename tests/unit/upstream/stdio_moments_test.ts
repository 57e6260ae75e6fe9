import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type Clock } from "../../../lib/platform/mod.ts";
import { openStdio, ProcessEnded } from "../../../lib/upstream/stdio.ts";
import { createFakeChild, type FakeChild } from "./fake_child.ts";
import { createWatchedClock, open, server } from "./fixture.ts";

const SERVER = server({ command: "fake" });
const RESULT = { protocolVersion: "2025-11-25", capabilities: {}, serverInfo: {} };

function openTransport(child: FakeChild, clock: Clock) {
  const closed: unknown[] = [];
  const transport = openStdio({
    platform: { ...child.platform, clock },
    server: SERVER,
    environment: {},
    cwd: undefined,
    maxMessageBytes: 1_000,
    grace: { stdin: 10_000, term: 9_000 },
    onMessage: () => {},
    onOversize: () => {},
    onStderr: () => {},
    onClosed: (cause) => closed.push(cause),
  });
  return { transport, closed };
}

Deno.test("openUpstream() takes no connection whose process ended during the handshake", async () => {
  const child = createFakeChild(async (line) => {
    const { id, method } = JSON.parse(line);
    if (method === "initialize") return child.print({ jsonrpc: "2.0", id, result: RESULT });
    child.exit(0);
    // The write finishes only when everybody has heard of the end.
    await new Promise((resolve) => setTimeout(resolve, 0));
  });
  const closed: unknown[] = [];
  const clock = createWatchedClock();

  await rejects(
    open(SERVER, { platform: child.platform, clock, onClosed: (failure) => closed.push(failure) }),
    {
      code: "MCPX_STDIO_EXIT_BEFORE_INITIALIZE",
    },
  );

  deepStrictEqual([closed, clock.pending], [[], 0]);
});

Deno.test("StdioTransport.send() tells the end of the process rather than the broken pipe", async () => {
  const child = createFakeChild(() => {
    throw new Deno.errors.BrokenPipe("Broken pipe");
  });
  const clock = createWatchedClock();
  const { transport, closed } = openTransport(child, clock);
  const waits = clock.nextTimer(1_000);

  const sending = transport.send({ jsonrpc: "2.0", method: "x" });
  await waits;
  child.exit(5);

  await rejects(sending, (error) => error instanceof ProcessEnded && error.status.code === 5);
  strictEqual(closed.length, 1);
  strictEqual(clock.pending, 0);
});

Deno.test("StdioTransport.send() gives up when the server does not read", async () => {
  const child = createFakeChild(() => new Promise(() => {}));
  const clock = createWatchedClock();
  const { transport } = openTransport(child, clock);
  const waits = clock.nextTimer(30_000);

  const sending = transport.send({ jsonrpc: "2.0", method: "x" });
  await waits;
  clock.advance(30_000);

  await rejects(sending, { code: "MCPX_UPSTREAM_CLOSED" });
  const text = "x".repeat(5 * 1024 * 1024);
  const first = transport.send({ text }).catch(() => {});
  await rejects(transport.send({ text }), { code: "MCPX_UPSTREAM_CLOSED" });
  clock.advance(30_000);
  await first;
  child.exit(0);
  await transport.close();
  strictEqual(clock.pending, 0);
});

Deno.test("StdioTransport.close() lets a server that worked take its time, and no other", async () => {
  for (const [agreed, graceMs] of [[true, 10_000], [false, 1_000]] as const) {
    const child = createFakeChild();
    const clock = createWatchedClock();
    const { transport, closed } = openTransport(child, clock);
    if (agreed) transport.setProtocolVersion("2025-11-25");

    const closing = transport.close();
    await clock.advanceAsync(graceMs - 1);
    deepStrictEqual(child.signals, []);
    await clock.advanceAsync(1);
    deepStrictEqual(child.signals, ["SIGTERM"]);
    await clock.advanceAsync(9_000);
    deepStrictEqual(child.signals, ["SIGTERM", "SIGKILL"]);
    child.exit(0);
    await clock.advanceAsync(25);
    await closing;

    deepStrictEqual([closed, clock.pending], [[], 0]);
  }
});

Deno.test("StdioTransport.close() ends though the system does not let go of the process", async () => {
  const child = createFakeChild();
  const clock = createWatchedClock();
  const { transport } = openTransport(child, clock);

  const closing = transport.close();
  await clock.advanceAsync(1_000 + 9_000 + 2_000 + 1_000);
  await closing;

  deepStrictEqual(child.signals, ["SIGTERM", "SIGKILL", "SIGKILL"]);
  strictEqual(clock.pending, 0);
});

Deno.test("StdioTransport lets go of pipes that somebody else holds open", async () => {
  const child = createFakeChild();
  const clock = createWatchedClock();
  const { transport } = openTransport(child, clock);

  const closing = transport.close();
  child.exit(0, { keepPipes: true });
  await clock.advanceAsync(1_000);
  await closing;

  deepStrictEqual(child.cancelled, ["stdout", "stderr"]);
});

Deno.test("StdioTransport.close() does not wait for a server that asks what nobody can answer any more", async () => {
  const child = createFakeChild();
  const clock = createWatchedClock();
  const { transport } = openTransport(child, clock);
  transport.setProtocolVersion("2025-11-25");

  const closing = transport.close();
  const signalled = clock.nextTimer(25);
  child.print({ jsonrpc: "2.0", id: 1, method: "roots/list" });
  await signalled;
  deepStrictEqual(child.signals, ["SIGTERM"]);
  child.exit(0);
  clock.advance(25);
  await closing;

  strictEqual(clock.pending, 0);
});
