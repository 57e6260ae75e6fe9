// A fleet of MCP servers for measurements of scale: as many as wanted at /mcp/<number> over HTTP, all in
// this one process, or a single one over standard input and output. Each has its own sessions, a standing
// stream and tools that nobody else has; none does any work.
//
//   node fleet.mjs http <tools>       prints its port; ends when its standard input closes
//   node fleet.mjs stdio <tools> <number>
//
// Over HTTP `POST /control` takes {"down": <first numbers>, "delayMs": <of initialize>}: those servers drop
// every connection and forget their sessions. It answers what was seen since the last time, and how many
// servers have sessions.

import { createServer } from "node:http";
import { createInterface } from "node:readline";

const [mode, tools = "20", number = "0"] = process.argv.slice(2);

const VERBS = ["list", "create", "update", "delete", "search", "read", "send", "archive", "export", "merge"];
const THINGS = [
  "invoice",
  "ticket",
  "branch",
  "contact",
  "event",
  "file",
  "message",
  "release",
  "order",
  "page",
];

/** Makes the tools of one server. */
function toolsOf(server) {
  return Array.from({ length: Number(tools) }, (_, index) => {
    const verb = VERBS[(server + index) % VERBS.length];
    const thing = THINGS[Math.floor((server + index) / VERBS.length) % THINGS.length];
    return {
      name: `${verb}_${thing}_${server}_${index}`,
      description:
        `${verb} one ${thing} of team ${server}. Takes the id of the ${thing} and answers with its fields.`,
      inputSchema: {
        type: "object",
        properties: {
          id: { type: "string", description: `Id of the ${thing}` },
          limit: { type: "integer", description: "Most results to give" },
        },
        required: ["id"],
      },
      annotations: { readOnlyHint: index % 2 === 0 },
    };
  });
}

function answer({ id, method, params }, server) {
  switch (method) {
    case "initialize":
      return {
        id,
        result: {
          protocolVersion: params.protocolVersion === "2025-06-18" ? "2025-06-18" : "2025-11-25",
          capabilities: { tools: { listChanged: true } },
          serverInfo: { name: `fleet-${server}`, version: "1" },
        },
      };
    case "tools/list":
      return { id, result: { tools: toolsOf(server) } };
    case "tools/call":
      return { id, result: { content: [{ type: "text", text: "done" }] } };
    case "ping":
      return { id, result: {} };
    default:
      return { id, error: { code: -32601, message: "Method not found" } };
  }
}

function serveStdio() {
  createInterface({ input: process.stdin }).on("line", (line) => {
    const message = JSON.parse(line);
    if (message.id === undefined) return;
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...answer(message, Number(number)) })}\n`);
  });
}

const sessions = new Map();
const streams = new Map();
let down = 0;
let delayMs = 0;
let seen = { initialize: 0, atOnce: 0, refused: 0 };
let initialising = 0;
let lastSession = 0;

function control(body, response) {
  const order = JSON.parse(body);
  if (order.delayMs !== undefined) delayMs = order.delayMs;
  if (order.down !== undefined) {
    down = order.down;
    for (let server = 0; server < down; server++) {
      sessions.delete(server);
      for (const stream of streams.get(server) ?? []) stream.destroy();
    }
  }
  response.writeHead(200, { "content-type": "application/json" }).end(
    JSON.stringify({ ...seen, inUse: sessions.size }),
  );
  seen = { initialize: 0, atOnce: 0, refused: 0 };
}

function open(server, response) {
  const all = streams.get(server) ?? new Set();
  streams.set(server, all.add(response));
  response.on("close", () => all.delete(response));
  response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
}

function take(server, request, body, response) {
  const message = JSON.parse(body);
  const session = request.headers["mcp-session-id"];
  const headers = { "content-type": "application/json" };
  if (message.method === "initialize") {
    headers["mcp-session-id"] = `${server}-${++lastSession}`;
    sessions.set(server, (sessions.get(server) ?? new Set()).add(headers["mcp-session-id"]));
  } else if (session === undefined) {
    return response.writeHead(400).end();
  } else if (!sessions.get(server)?.has(session)) {
    return response.writeHead(404).end();
  }
  if (message.id === undefined) return response.writeHead(202).end();
  response.writeHead(200, headers).end(JSON.stringify({ jsonrpc: "2.0", ...answer(message, server) }));
}

/** Counts the attempts that wait at the same time. */
function attempt(finish) {
  seen.initialize++;
  initialising++;
  seen.atOnce = Math.max(seen.atOnce, initialising);
  setTimeout(() => {
    initialising--;
    finish();
  }, delayMs);
}

function onRequest(request, response) {
  const server = Number(/^\/mcp\/(\d+)$/.exec(request.url)?.[1] ?? -1);
  const isDown = () => server >= 0 && server < down;
  const drop = () => {
    seen.refused++;
    request.socket.destroy();
  };
  let body = "";
  request.on("data", (part) => body += part).on("end", () => {
    if (request.url === "/control") return control(body, response);
    const isAttempt = body.includes('"method":"initialize"');
    if (isAttempt) {
      return attempt(() => isDown() ? drop() : take(server, request, body, response));
    }
    if (isDown()) return drop();
    if (request.method === "DELETE") return response.writeHead(204).end();
    if (request.method === "POST") return take(server, request, body, response);
    const session = request.headers["mcp-session-id"];
    if (!sessions.get(server)?.has(session)) return response.writeHead(404).end();
    open(server, response);
  });
}

if (mode === "stdio") serveStdio();
else {
  const server = createServer({ keepAliveTimeout: 60_000 }, onRequest);
  server.listen({ host: "127.0.0.1", port: 0, backlog: 2048 }, () => console.log(server.address().port));
  process.stdin.on("end", () => process.exit(0)).resume();
}
