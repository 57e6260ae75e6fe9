/**
 * Clients that hold connections and say next to nothing on them.
 *
 * @module
 */

import { match, ok, strictEqual } from "node:assert/strict";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openWorkspace, reference } from "../support/workspace.ts";

const SOCKETS = 2_000;
const CALLS = 40;
/** They took 60 MB (Nov 2026); where each begun body had room for 64 KB that never came, it was 190. */
const MAX_GROWTH_KB = 100 * 1024;

/** Ways to begin a request and not to end it. */
function beginnings({ apiKey }: Daemon): string[] {
  const head = (path: string, length: string) =>
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-api-key: ${apiKey}\r\n` +
    `content-type: application/json\r\naccept: application/json, text/event-stream\r\n${length}\r\n\r\n`;
  return [
    "",
    "POST /mcp HTTP/1.1\r\nhost: 127.0",
    `${head("/mcp", "content-length: 100")}{"jsonrpc"`,
    `${head("/mcp", "content-length: 1000000")}{"jsonrpc"`,
    `${head("/mcp", "transfer-encoding: chunked")}3\r\n{"j\r\n`,
    `${head("/api/v1/tools/call", "content-length: 1000000")}{"tool`,
    `${head("/ui/sign-in", "content-length: 100")}{"co`,
  ];
}

async function held(port: number, text: string): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  if (text !== "") await connection.write(new TextEncoder().encode(text));
  return connection;
}

/** Reads until these words have come, or nothing more does. */
async function readUntil(connection: Deno.TcpConn, words: RegExp): Promise<string> {
  const bytes = new Uint8Array(4096);
  let text = "";
  for (let read: number | null = 0; read !== null && !words.test(text);) {
    read = await connection.read(bytes).catch(() => null);
    text += new TextDecoder().decode(bytes.subarray(0, read ?? 0));
  }
  return text;
}

async function sockets({ pid }: Daemon): Promise<number> {
  let count = 0;
  for await (const { name } of Deno.readDir(`/proc/${pid}/fd`)) {
    const target = await Deno.readLink(`/proc/${pid}/fd/${name}`).catch(() => "");
    if (target.startsWith("socket:")) count++;
  }
  return count;
}

async function memoryKb({ pid }: Daemon): Promise<number> {
  return Number(/VmRSS:\s+(\d+)/.exec(await Deno.readTextFile(`/proc/${pid}/status`))?.[1]);
}

Deno.test({
  name: "clients that send next to nothing hold nobody up, are told after a while, and leave nothing behind",
  ignore: Deno.build.os !== "linux", // it counts what a process has open
  fn: async (t) => {
    await using workspace = await openWorkspace();
    await workspace.write({
      listen: "127.0.0.1:0",
      http_read_timeout: "2s",
      mcpServers: [reference("memory")],
    });
    await using daemon = await startDaemon(workspace);
    await daemon.seen(/✓ memory/);
    const port = Number(new URL(daemon.url).port);
    const mcp = await mustOpenMcp(daemon.mcpUrl, daemon.apiKey);
    const call = async () => {
      const { result } = await mcp.ask("tools/call", {
        name: "call_tool_read",
        arguments: { name: "memory:read_graph", args: {} },
      });
      strictEqual(result?.isError ?? false, false, JSON.stringify(result));
    };
    await call();
    const before = { sockets: await sockets(daemon), memory: await memoryKb(daemon) };
    const texts = beginnings(daemon);
    const slow: Deno.TcpConn[] = [];

    try {
      await t.step("others are answered meanwhile", async () => {
        for (let at = 0; at < SOCKETS; at++) {
          slow.push(await held(port, texts[at % texts.length] ?? ""));
          if (at % Math.ceil(SOCKETS / CALLS) === 0) await call();
        }
        await call();
        // Those that have not come to a body have no time to be late with.
        ok(await sockets(daemon) >= before.sockets + Math.floor(SOCKETS * 2 / texts.length));
      });

      await t.step("who sends a body too slowly is told so", async () => {
        for (const [at, connection] of slow.slice(0, texts.length).entries()) {
          if (at < 2) continue;
          const told = await readUntil(connection, /did not arrive within 2 s/);
          match(told, /^HTTP\/1\.1 408 [\s\S]*did not arrive within 2 s/, texts[at]);
        }
        ok(await memoryKb(daemon) - before.memory < MAX_GROWTH_KB);
      });
    } finally {
      for (const connection of slow) connection.close();
    }

    await t.step("nothing of them is left", async () => {
      let left = Infinity;
      for (let look = 0; look < 500 && left > before.sockets; look++) left = await sockets(daemon);
      ok(left <= before.sockets, `${left} sockets, ${before.sockets} before`);
      await call();
    });
  },
});
