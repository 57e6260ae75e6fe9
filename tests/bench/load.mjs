/**
 * The load client. Run by Node with one argument, a plan as JSON; measures every
 * target of the plan in turn, round by round, in this one process, so that what
 * the machine does meanwhile falls on all of them alike.
 *
 *   { rounds, calls, concurrency, warmup, targets: { NAME: target } }
 *   target: { url, tool, args, era? } or { command: [...], tool, args }
 *
 * Prints one JSON line for each target of each round: target, round, p50, p90,
 * p99 (ms), callsPerSecond, errors, firstError.
 *
 * @module
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { Agent, request } from "node:http";
import process from "node:process";

const PROTOCOL = "2025-06-18";
const MODERN = "2026-07-28";
const INITIALIZE = {
  protocolVersion: PROTOCOL,
  capabilities: {},
  clientInfo: { name: "bench", version: "1.0.0" },
};

const ENVELOPE = {
  "io.modelcontextprotocol/protocolVersion": MODERN,
  "io.modelcontextprotocol/clientInfo": INITIALIZE.clientInfo,
  "io.modelcontextprotocol/clientCapabilities": {},
};

const plan = JSON.parse(process.argv[2]);

/** Opens as many sessions as there are workers; each is a function that makes one call. */
function open(target) {
  return target.url === undefined ? openStdio(target) : openHttp(target);
}

async function openHttp({ url, era, tool }) {
  const agent = new Agent({ keepAlive: true, maxSockets: plan.concurrency, scheduling: "fifo" });
  const { hostname, port, pathname } = new URL(url);

  function exchange(method, message, session, more = {}) {
    const { promise, resolve, reject } = defer();
    const body = message === undefined ? "" : JSON.stringify(message);
    const headers = {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      accept: "application/json, text/event-stream",
      ...(session === undefined ? {} : { "mcp-session-id": session, "mcp-protocol-version": PROTOCOL }),
      ...more,
    };
    const sent = request({ hostname, port, path: pathname, method, agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => text += part).on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    sent.on("error", reject).end(body);
    return promise;
  }

  async function openSession() {
    const opened = await exchange("POST", toRequest(0, "initialize", INITIALIZE));
    const session = opened.headers["mcp-session-id"];
    await exchange("POST", { jsonrpc: "2.0", method: "notifications/initialized" }, session);
    let id = 0;
    return {
      async call(params) {
        const { status, text } = await exchange("POST", toRequest(++id, "tools/call", params), session);
        return read(status, text);
      },
      close: () => exchange("DELETE", undefined, session),
    };
  }

  /** The modern era has no session: each request says what a session would know. */
  function openCaller() {
    const headers = { "mcp-protocol-version": MODERN, "mcp-method": "tools/call", "mcp-name": tool };
    let id = 0;
    return {
      async call(params) {
        const message = toRequest(++id, "tools/call", { ...params, _meta: ENVELOPE });
        const { status, text } = await exchange("POST", message, undefined, headers);
        return read(status, text);
      },
      close: () => {},
    };
  }

  const openOne = era === "modern" ? openCaller : openSession;
  const sessions = await Promise.all(Array.from({ length: plan.concurrency }, openOne));
  return {
    callers: sessions.map(({ call }) => call),
    async close() {
      await Promise.all(sessions.map((session) => session.close()));
      agent.destroy();
    },
  };
}

/** The answer, plain or as the one event of a stream. */
function read(status, text) {
  if (status !== 200) throw new Error(`status ${status}: ${text.slice(0, 200)}`);
  if (text.startsWith("{")) return JSON.parse(text);
  const line = text.split("\n").findLast((found) => found.startsWith("data: {"));
  return JSON.parse(line.slice("data: ".length));
}

/** One process and one session, shared by the workers as a client would share it. */
async function openStdio({ command: [program, ...args] }) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const waiting = new Map();
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      const message = JSON.parse(line);
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }
  });
  let id = 0;
  const ask = (method, params) => {
    const { promise, resolve } = defer();
    waiting.set(++id, resolve);
    child.stdin.write(`${JSON.stringify(toRequest(id, method, params))}\n`);
    return promise;
  };
  await ask("initialize", INITIALIZE);
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  const call = (params) => ask("tools/call", params);
  return {
    callers: Array.from({ length: plan.concurrency }, () => call),
    async close() {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}

function toRequest(id, method, params) {
  return { jsonrpc: "2.0", id, method, params };
}

/** Node 20 has no Promise.withResolvers(). */
function defer() {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
}

/** Makes calls from all workers at once until the count is reached. */
async function drive(callers, target, calls) {
  const params = { name: target.tool, arguments: target.args };
  const times = [];
  let begun = 0;
  let errors = 0;
  let firstError;
  async function work(call) {
    while (begun++ < calls) {
      const startedAt = performance.now();
      const answer = await call(params).catch((error) => ({ error: { message: String(error) } }));
      times.push(performance.now() - startedAt);
      if (answer.error === undefined && answer.result.isError !== true) continue;
      errors++;
      firstError ??= JSON.stringify(answer).slice(0, 300);
    }
  }
  const startedAt = performance.now();
  await Promise.all(callers.map(work));
  const tookMs = performance.now() - startedAt;
  times.sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  const callsPerSecond = times.length / (tookMs / 1000);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), callsPerSecond, errors, firstError };
}

const names = Object.keys(plan.targets);
const opened = new Map();
for (const name of names) {
  const target = plan.targets[name];
  opened.set(name, await open(target));
  await drive(opened.get(name).callers, target, plan.warmup);
}
/** Says how far it is, on one line, to a person who waits; an empty text takes the line away. */
function tell(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

for (let round = 0; round < plan.rounds; round++) {
  // Every other round runs backwards: a machine that slows down favours nobody.
  for (const name of round % 2 === 0 ? names : names.toReversed()) {
    const figures = await drive(opened.get(name).callers, plan.targets[name], plan.calls);
    console.log(JSON.stringify({ target: name, round, ...figures }));
    tell(`round ${round + 1} of ${plan.rounds}: ${name}`);
  }
}
tell("");
for (const { close } of opened.values()) await close();
