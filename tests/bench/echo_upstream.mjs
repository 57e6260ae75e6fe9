/**
 * The lightest MCP server there can be, so that its own cost hides nothing of
 * the gateway's. Run by Node: `echo_upstream.mjs stdio`, or `echo_upstream.mjs
 * http`, which prints its port; a third word `modern` has it speak the modern
 * era. Tools: `echo`, and `blob` for a text of any size.
 *
 * @module
 */

import { createServer } from "node:http";
import process from "node:process";

const TOOL = {
  name: "echo",
  description: "Gives the message back",
  inputSchema: { type: "object", properties: { message: { type: "string" } }, required: ["message"] },
  annotations: { readOnlyHint: true, openWorldHint: false },
};

const BLOB = {
  name: "blob",
  description: "Gives a text of a size",
  inputSchema: { type: "object", properties: { bytes: { type: "number" } }, required: ["bytes"] },
  annotations: { readOnlyHint: true, openWorldHint: false },
};

/** Made once: what is measured is the way it travels. */
const blobs = new Map();

function blob(bytes) {
  if (!blobs.has(bytes)) {
    blobs.set(bytes, "a line of text, nothing more\n".repeat(bytes / 29 + 1).slice(0, bytes));
  }
  return blobs.get(bytes);
}

const isModern = process.argv[3] === "modern";
const TYPE = isModern ? { resultType: "complete" } : {};

const METHODS = {
  ...(isModern
    ? {
      "server/discover": () => ({
        ...TYPE,
        supportedVersions: ["2026-07-28"],
        capabilities: { tools: {} },
        _meta: { "io.modelcontextprotocol/serverInfo": { name: "bench-echo", version: "1.0.0" } },
      }),
    }
    : {}),
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "bench-echo", version: "1.0.0" },
  }),
  ping: () => ({}),
  "tools/list": () => ({ ...TYPE, tools: [TOOL, BLOB] }),
  "tools/call": ({ name, arguments: args = {} }) => ({
    ...TYPE,
    content: [{ type: "text", text: name === "blob" ? blob(args.bytes) : String(args.message) }],
  }),
};

/** The answer as text; `undefined` for what is no request. */
function reply({ id, method, params }) {
  if (id === undefined || method === undefined) return undefined;
  const carryOut = METHODS[method];
  const outcome = carryOut === undefined
    ? { error: { code: -32601, message: `Method not found: ${method}` } }
    : { result: carryOut(params ?? {}) };
  return JSON.stringify({ jsonrpc: "2.0", id, ...outcome });
}

function serveStdio() {
  let rest = "";
  process.stdin.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    const answers = lines.filter((line) => line !== "").map((line) => reply(JSON.parse(line)));
    for (const answer of answers) if (answer !== undefined) process.stdout.write(`${answer}\n`);
  }).on("end", () => process.exit(0));
}

function serveHttp() {
  let sessions = 0;
  const server = createServer((request, response) => {
    // No standing stream, and nothing to tidy up after a session.
    if (request.method !== "POST") return response.writeHead(request.method === "GET" ? 405 : 204).end();
    const parts = [];
    request.on("data", (part) => parts.push(part)).on("end", () => {
      const message = JSON.parse(Buffer.concat(parts).toString());
      const body = reply(message);
      if (body === undefined) return response.writeHead(202).end();
      const session = message.method === "initialize" && !isModern
        ? { "mcp-session-id": `bench-${++sessions}` }
        : {};
      const length = Buffer.byteLength(body);
      response.writeHead(200, { "content-type": "application/json", "content-length": length, ...session });
      response.end(body);
    });
  });
  server.keepAliveTimeout = 120_000;
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
  // Whoever started it holds its standard input; that end is its own.
  process.stdin.resume().on("end", () => process.exit(0));
}

if (process.argv[2] === "stdio") serveStdio();
else serveHttp();
