// A stdio server whose one tool never answers; it tells on stderr what it is asked and what is taken back.
// With --stay it goes on when its input has ended.
import { createInterface } from "node:readline";
import process from "node:process";

const TOOLS = [{ name: "wait", description: "Waits for ever", inputSchema: { type: "object" } }];
const RESULTS = {
  "initialize": {
    protocolVersion: "2025-11-25",
    capabilities: { tools: {} },
    serverInfo: { name: "slow", version: "1" },
  },
  "tools/list": { tools: TOOLS },
  "ping": {},
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const { id, method, params } = JSON.parse(line);
  const result = RESULTS[method];
  if (result !== undefined) {
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, result })}\n`);
  } else {
    process.stderr.write(`${method} ${id ?? params?.requestId ?? ""}\n`);
  }
});

if (process.argv.includes("--stay")) setInterval(() => {}, 1_000);
