import { load, startBenchDaemon, startEcho } from "./programs.ts";

/** Memory of the gateway after so many calls, in megabytes. */
export interface MemoryPoint {
  readonly calls: number;
  readonly residentMb: number;
}

const CHUNK = 100_000;

/** Calls one tool over and over, and reads the memory of the gateway's process in between; Linux only. */
export async function* measureMemory(calls: number): AsyncGenerator<MemoryPoint> {
  await using echo = await startEcho();
  await using started = await startBenchDaemon({
    servers: [{ name: "http", url: echo.url, protocol: "streamable-http", quarantined: false }],
  });
  const target = {
    url: started.daemon.mcpUrl,
    tool: "call_tool_read",
    args: { name: "http:echo", args: { message: "x".repeat(1_000) } },
  };
  for (let done = CHUNK; done <= calls; done += CHUNK) {
    await load({ rounds: 1, calls: CHUNK, concurrency: 32, warmup: 0, targets: { gateway: target } });
    yield { calls: done, residentMb: await residentMb(started.daemon.pid) };
  }
}

async function residentMb(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
