import { join } from "node:path";
import { CallTrack } from "../../lib/calls/track.ts";
import type { CallContext } from "../../lib/calls/mod.ts";
import { openActivity } from "../../lib/activity/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { createRedactor } from "../../lib/secrets/mod.ts";
import { startDaemon } from "../support/daemon.ts";
import { openWorkspace } from "../support/workspace.ts";
import { echoServers, figuresFrom, throughGateway } from "./hot_path.ts";
import { load, startEcho } from "./programs.ts";
import type { WriteTable } from "./scale_report.ts";

/** What a call costs with and without a record of it. */
export async function measureRecordedCalls(table: WriteTable, isQuick: boolean): Promise<void> {
  await using echo = await startEcho();
  await using on = await startRecorded(echo.url, true);
  await using off = await startRecorded(echo.url, false);
  const targets = {
    "with records": throughGateway(on.mcpUrl, "http"),
    "without": throughGateway(off.mcpUrl, "http"),
  };
  const rows: (string | number)[][] = [];
  for (
    const [concurrency, calls] of isQuick
      ? [[1, 1_000], [32, 3_000]] as const
      : [[1, 3_000], [32, 10_000]] as const
  ) {
    const rounds = await load({ rounds: isQuick ? 3 : 9, calls, concurrency, warmup: 1_000, targets });
    const figures = figuresFrom(rounds, targets);
    for (const [name, { p50, p99, callsPerSecond }] of Object.entries(figures)) {
      rows.push([
        concurrency,
        name,
        p50.toFixed(3),
        p99.toFixed(3),
        Math.round(callsPerSecond).toLocaleString("en"),
      ]);
    }
    const [recorded, bare] = [figures["with records"], figures.without];
    if (recorded === undefined || bare === undefined) continue;
    const ratio = (a: number, b: number) => `${(a / b).toFixed(3)} ×`;
    rows.push([concurrency, "ratio", ratio(recorded.p50, bare.p50), ratio(recorded.p99, bare.p99), ""]);
  }
  table(["at once", "calls over HTTP", "p50 ms", "p99 ms", "calls/s"], rows);
  table(["on the way of a call", ""], [["track and hand over, mean", await measureTrack()]]);
}

/** A daemon; without records if its file cannot be one. */
async function startRecorded(echoUrl: string, isRecorded: boolean) {
  const stack = new AsyncDisposableStack();
  const workspace = stack.use(
    await openWorkspace({
      require_mcp_auth: false,
      logging: { level: "warn" },
      mcpServers: echoServers(echoUrl).filter(({ name }) => name === "http"),
    }),
  );
  if (!isRecorded) {
    await Deno.mkdir(workspace.dataDir, { recursive: true, mode: 0o700 });
    await Deno.mkdir(join(workspace.dataDir, "activity.kv"));
  }
  const daemon = stack.use(await startDaemon(workspace));
  await daemon.seen(/^\[1\/1\] /m);
  return { mcpUrl: daemon.mcpUrl, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

/** Microseconds of the code that runs between a call and its answer. */
async function measureTrack(): Promise<string> {
  const directory = await Deno.makeTempDir();
  const platform = createDenoPlatform();
  const limits = {
    retentionDays: 90,
    maxRecords: 100_000,
    maxSizeMb: 256,
    maxPayloadBytes: 65_536,
    cleanupMinutes: 60,
  };
  const context: CallContext = {
    caller: { role: "agent", label: "loopback", surface: "mcp" },
    requestId: "r",
    signal: new AbortController().signal,
    from: { session: "s-1", clientName: "bench", clientVersion: "1" },
  };
  const subject = {
    type: "tool_call",
    server_name: "a",
    tool_name: "b",
    arguments: { message: "hello" },
  } as const;
  const result = { content: [{ type: "text", text: "hello" }] };
  let tookMs = 0;
  const rounds = 400;
  const each = 50;
  {
    await using activity = openActivity({
      platform,
      path: join(directory, "activity.kv"),
      redact: createRedactor().redact,
      limits: () => limits,
      onNotice: (text) => console.error(text),
    });
    await activity.query({}, { limit: 1 });
    for (let round = 0; round < rounds; round++) {
      const from = performance.now();
      for (let at = 0; at < each; at++) {
        const track = new CallTrack({ platform, activity }, subject, context);
        track.allowed();
        track.sent();
        track.end(result);
      }
      if (round >= rounds / 4) tookMs += performance.now() - from;
      await activity.flush();
    }
  }
  await Deno.remove(directory, { recursive: true });
  return `${(tookMs * 1_000 / (rounds * 0.75 * each)).toFixed(2)} µs`;
}
