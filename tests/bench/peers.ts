import { figuresFrom } from "./hot_path.ts";
import type { ModeComparison } from "./modes.ts";
import { ECHO_STDIO, load, startBenchDaemon, startEcho, type Target } from "./programs.ts";

/** The gateway that the hot path is held against; it is fetched from npm when this is measured. */
const PEER = "mcp-proxy@6.7.19";
const ECHO = { message: "x".repeat(1_000) };

/** How much is measured. */
export interface PeerEffort {
  readonly rounds: number;
  /** Calls of each round, by concurrency. */
  readonly calls: Readonly<Record<number, number>>;
}

/** Measures this gateway, in both eras, against the server itself and against another gateway, in one run. */
export async function measurePeers({ rounds, calls }: PeerEffort): Promise<ModeComparison[]> {
  await using legacy = await startEcho();
  await using modern = await startEcho("modern");
  const [command, ...args] = ECHO_STDIO;
  await using started = await startBenchDaemon({
    servers: [
      { name: "http", url: legacy.url, protocol: "streamable-http", quarantined: false },
      { name: "modern", url: modern.url, protocol: "streamable-http", quarantined: false },
      { name: "stdio", command, args, quarantined: false },
    ],
  });
  await using peer = await startPeer();
  const at = (path: string) => new URL(path, started.daemon.mcpUrl).href;
  const targets: Record<string, Target> = {
    "direct, HTTP": { url: legacy.url, tool: "echo", args: ECHO },
    "gateway, HTTP": { url: at("/mcp/s/http"), tool: "echo", args: ECHO },
    "direct, HTTP, modern": { url: modern.url, tool: "echo", args: ECHO, era: "modern" },
    "gateway, HTTP, modern": { url: at("/mcp/s/modern"), tool: "echo", args: ECHO, era: "modern" },
    "gateway, stdio": { url: at("/mcp/s/stdio"), tool: "echo", args: ECHO },
    [`${PEER}, stdio`]: { url: peer.url, tool: "echo", args: ECHO },
  };
  const found: ModeComparison[] = [];
  for (const [text, count] of Object.entries(calls)) {
    const plan = { rounds, calls: count, concurrency: Number(text), warmup: Math.min(count, 500), targets };
    found.push({ call: "1 KB", concurrency: plan.concurrency, ways: figuresFrom(await load(plan), targets) });
  }
  return found;
}

/** Installs the other gateway in a folder of its own and starts it in front of the echo server. */
async function startPeer(): Promise<{ readonly url: string } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "mcpproxy-peer-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const install = ["install", "--silent", "--no-audit", "--no-fund", "--prefix", folder, PEER];
  const { success } = await new Deno.Command("npm", { args: install, stderr: "null" }).output();
  if (!success) throw new Error(`Cannot install ${PEER}`);
  const port = freePort();
  const program = `${folder}/node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs`;
  const options = ["--host", "127.0.0.1", "--port", String(port), "--server", "stream"];
  const child = new Deno.Command("node", {
    args: [program, ...options, "--", ...ECHO_STDIO],
    stdout: "null",
    stderr: "null",
  }).spawn();
  stack.defer(async () => {
    child.kill();
    await child.status;
  });
  await untilListening(port);
  const owned = stack.move();
  return { url: `http://127.0.0.1:${port}/mcp`, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The program takes no port 0. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

async function untilListening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    try {
      return (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error(`${PEER} does not listen`);
}
