/**
 * A hostile MCP server for measurements. Its one argument is a file for the port of its control: `GET
 * /do?what=WHAT&into=daemon` starts a behaviour, `&into=nothing` does the same work and writes it nowhere, so that
 * a measurement can tell what the daemon makes of it from what the machine does; `GET /stop` ends it.
 *
 * @module
 */

import { createWriteStream, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import process from "node:process";
import { createInterface } from "node:readline";

const nowhere = createWriteStream("/dev/null");
const TOOLS = Array.from({ length: 2_000 }, (_, index) => ({
  name: `tool_${index}`,
  description: `Does the thing number ${index}. ${
    "It takes what you give it and gives it back. ".repeat(10)
  }`,
  inputSchema: { type: "object", properties: { a: { type: "string", description: "What to give." } } },
}));
const OPENED = {
  protocolVersion: "2025-06-18",
  capabilities: { tools: { listChanged: true }, logging: {} },
  serverInfo: { name: "hostile", version: "1.0.0" },
};

const line = (message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`;
const NEWS = line({
  method: "notifications/message",
  params: { level: "info", data: "all is well ".repeat(10) },
});
const PROGRESS = line({ method: "notifications/progress", params: { progressToken: "p", progress: 1 } });
const CHANGED = line({ method: "notifications/tools/list_changed" });
const LONG = `${"x".repeat(50 * 1024 * 1024)}\n`;
const BIG = line({
  method: "notifications/message",
  params: { level: "info", data: TOOLS.concat(TOOLS, TOOLS) },
});
let forged = 0;

/** What is written, how often, and to which stream. */
const BEHAVIOURS = {
  "floods of notifications": { everyMs: 10, write: () => (NEWS + PROGRESS).repeat(50) },
  "lines of 50 MB": { everyMs: 1_000, write: () => LONG },
  "messages of 4 MB": { everyMs: 500, write: () => BIG },
  "storms of changed lists, 2,000 tools": { everyMs: 10, write: () => CHANGED.repeat(20) },
  "another list each time": { everyMs: 500, write: () => (turn++, CHANGED) },
  "standard error": {
    everyMs: 10,
    write: () => "something is wrong, look at this line\n".repeat(500),
    isError: true,
  },
  "forged answers": {
    everyMs: 10,
    write: () =>
      Array.from({ length: 50 }, () => line({ id: 1 + ++forged % 2, result: { forged: true } })).join(""),
  },
};

let timer;
let turn = 0;

function start(what, isReal) {
  clearInterval(timer);
  const behaviour = BEHAVIOURS[what];
  if (behaviour === undefined) return;
  const { everyMs, write, isError } = behaviour;
  const stream = isReal ? isError ? process.stderr : process.stdout : nowhere;
  timer = setInterval(() => {
    // What the other end does not take is not made again.
    const text = write();
    if (stream.writableLength < 64 * 1024 * 1024) stream.write(text);
  }, everyMs);
}

createServer(({ url }, response) => {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  if (pathname === "/do") start(searchParams.get("what"), searchParams.get("into") === "daemon");
  else clearInterval(timer);
  response.end();
}).listen(0, "127.0.0.1", function () {
  writeFileSync(process.argv[2], String(this.address().port));
});

createInterface({ input: process.stdin }).on("line", (text) => {
  const { id, method } = JSON.parse(text);
  if (id === undefined) return;
  const tools = turn === 0 ? TOOLS : TOOLS.map((tool) => ({ ...tool, title: `${turn}` }));
  const result = method === "initialize" ? OPENED : method === "tools/list" ? { tools } : {};
  process.stdout.write(line({ id, result }));
}).on("close", () => process.exit(0));
