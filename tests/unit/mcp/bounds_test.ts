/**
 * What clients and servers can make the face keep is bounded.
 *
 * @module
 */

import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import type { Caller, PeerMessage } from "../../../lib/contracts/mod.ts";
import { openStream } from "../../../lib/mcp/answer.ts";
import { readJsonBody } from "../../../lib/mcp/body.ts";
import { openBroadcast } from "../../../lib/mcp/broadcast.ts";
import { briefClient, readCapabilities } from "../../../lib/mcp/client_words.ts";
import { requireFew } from "../../../lib/mcp/http_parts.ts";
import { Journal } from "../../../lib/mcp/journal.ts";
import { ownTasksOf, requireOwnTask } from "../../../lib/mcp/own_tasks.ts";
import { Conversation, createParking } from "../../../lib/mcp/parking.ts";
import { createSessions, type Session } from "../../../lib/mcp/sessions.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const { random } = createDenoPlatform();
const MB = 1024 * 1024;
const LIMITS = { timers: createManualClock(), limitMs: 0 };

function facts(owner: string) {
  return { protocolVersion: "2025-11-25", client: {}, capabilities: {}, surface: "/mcp", owner };
}

/** What a session keeps for whoever reads its standing stream first. */
function said(session: Session): string[] {
  const texts: string[] = [];
  session.standing.attach({ write: (text) => void texts.push(text), close: () => {} }, 0);
  return texts;
}

Deno.test("briefClient() keeps little of what a client says of itself", () => {
  const long = "x".repeat(5_000);
  deepStrictEqual(briefClient({ name: long, version: "1", title: 7, icons: [long], more: { long } }), {
    name: "x".repeat(200),
    version: "1",
  });
  deepStrictEqual(briefClient(["a"]), {});
});

Deno.test("readCapabilities() refuses what a session would keep by the megabyte", () => {
  deepStrictEqual(readCapabilities({ roots: {} }), { roots: {} });
  deepStrictEqual(readCapabilities("none"), {});
  throws(() => readCapabilities({ experimental: { a: "x".repeat(70_000) } }), /capabilities are over/);
});

Deno.test("readJsonBody() makes no room for what a client only says that it will send", async () => {
  const body = JSON.stringify({ a: "x".repeat(100_000) });
  const declared = (length: number, init: RequestInit = {}) => {
    const headers = { "content-length": String(length) };
    return new Request("http://localhost/mcp", { method: "POST", body, headers, ...init });
  };
  const long = declared(body.length);
  long.text = () => Promise.reject(new Error("all at once"));
  deepStrictEqual(await readJsonBody(long, LIMITS), JSON.parse(body));
  const short = declared(2, { body: "{}" });
  deepStrictEqual(await readJsonBody(short, LIMITS), {});
  await rejects(readJsonBody(declared(9_000_000), LIMITS), { status: 413 });
});

Deno.test("readJsonBody() takes a client that leaves for just that", async () => {
  const body = new ReadableStream({ start: (controller) => controller.error(new TypeError("gone")) });
  const request = new Request("http://localhost/mcp", { method: "POST", body });
  await rejects(readJsonBody(request, LIMITS), { status: 400, message: "Parse error: the body broke off" });
});

Deno.test("readJsonBody() does not wait for a body any longer than it may take", async () => {
  const timers = createManualClock();
  for (const length of ["", "100"]) {
    const headers: HeadersInit = length === "" ? {} : { "content-length": length };
    let isLeft = false;
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"a":')),
      cancel: () => void (isLeft = true),
    });
    const request = new Request("http://localhost/mcp", { method: "POST", body, headers });
    const reading = rejects(readJsonBody(request, { timers, limitMs: 5_000 }), {
      status: 408,
      message: "Request body did not arrive within 5 s",
    });
    timers.advance(5_000);
    await reading;
    strictEqual(isLeft, length === "");
  }
});

Deno.test("requireFew() refuses batches of thousands", () => {
  requireFew(Array(100).fill({}));
  throws(() => requireFew(Array(101).fill({})), /may have 100 messages, this one has 101/);
});

Deno.test("openStream() leaves a client that reads nothing, and one that reads late has everything", async () => {
  const clock = createManualClock();
  let gone = 0;
  const unread = openStream(clock, { onGone: () => gone++ });
  for (let count = 0; count < 20; count++) unread.write("x".repeat(MB));
  strictEqual(gone, 1);
  await unread.response.text().then(() => ok(false), (error) => strictEqual(error.name, "AbortError"));
  unread.write("more");
  unread.close();

  const late = openStream(clock, { onGone: () => gone++ });
  late.write("y".repeat(3 * MB));
  late.write("z");
  late.close();
  strictEqual((await late.response.text()).length, 3 * MB + 1);
  strictEqual(gone, 1);
});

Deno.test("Session.tidy() keeps a journal that has ended for one round, and the others", () => {
  const sessions = createSessions({ clock: createManualClock(), random });
  const session = sessions.open(facts("me"));
  const ended = session.openJournal();
  const open = session.openJournal();
  ended?.end();
  sessions.sweep();
  strictEqual(session.journal("1"), ended);
  sessions.sweep();
  strictEqual(session.journal("1"), undefined);
  strictEqual(session.journal("2"), open);
  strictEqual(session.journal("0"), session.standing);
  sessions.closeAll();
});

Deno.test("createSessions() lets nobody push out the sessions of others", () => {
  const sessions = createSessions({ clock: createManualClock(), random }, {
    max: 10,
    maxOfOwner: 3,
    idleMs: 1_000,
  });
  const mine = sessions.open(facts("me"));
  const theirs = Array.from({ length: 50 }, () => sessions.open(facts("greedy")));

  strictEqual(sessions.size, 4);
  strictEqual(sessions.find(mine.id), mine);
  deepStrictEqual(theirs.map(({ id }) => sessions.find(id) !== undefined).filter(Boolean).length, 3);
  ok(sessions.find(theirs[49]?.id ?? "") !== undefined);
  sessions.closeAll();
  strictEqual(sessions.size, 0);
});

Deno.test("createParking() leaves room for others", () => {
  using parking = createParking({ clock: createManualClock(), random }, {
    max: 10,
    maxOfOwner: 2,
    expireMs: 1_000,
  });
  const call = (owner: string) => ({ what: "x", owner, abort: () => {} });
  parking.park(call("greedy"), new Conversation());
  parking.park(call("greedy"), new Conversation());
  throws(() => parking.park(call("greedy"), new Conversation()), /Too many/);
  ok(parking.park(call("me"), new Conversation()));
});

Deno.test("Journal keeps no more characters than it is told to", () => {
  const journal = new Journal("k", 10_000);
  for (let count = 0; count < 100; count++) journal.append("x".repeat(900));
  const texts: string[] = [];
  journal.attach({ write: (text) => void texts.push(text), close: () => {} }, 0);
  ok(texts.length > 5 && texts.join("").length <= 10_000);
});

function openScene(owners: readonly string[], tasks: Readonly<Record<string, string>> = {}) {
  const clock = createManualClock();
  const sessions = createSessions({ clock, random });
  const opened = owners.map((owner) => sessions.open(facts(owner)));
  let hear: (server: string, message: PeerMessage) => void = () => {};
  const broadcast = openBroadcast({
    clock,
    sessions,
    relay: {
      onMessage: (listener) => {
        hear = listener;
        return { [Symbol.dispose]() {} };
      },
      serverOfTask: (taskId, owner) => tasks[taskId] === owner ? "s" : undefined,
    },
    news: { subscribe: () => ({ [Symbol.dispose]() {} }), [Symbol.dispose]() {} },
    surfaceOf: () => undefined,
    exposureOf: () => "search",
    reaches: () => true,
  });
  return {
    clock,
    sessions,
    opened,
    broadcast,
    hear: (message: PeerMessage, server = "s") => hear(server, message),
  };
}

Deno.test("openBroadcast() passes on no more than clients can use, for each server by itself", () => {
  const { clock, opened, hear, broadcast } = openScene(["me"]);
  using _open = broadcast;
  const log = (text: string) => ({ method: "notifications/message", params: { level: "info", data: text } });
  for (let count = 0; count < 500; count++) hear(log("flood"));
  hear(log("other"), "t");
  deepStrictEqual(opened.map((session) => said(session).length), [51]);
  clock.advance(1_000);
  hear(log("x".repeat(100_000)));
  hear(log("fits"));
  deepStrictEqual(opened.map((session) => said(session).length), [52]);
});

Deno.test("openBroadcast() tells of a task only whoever started it", () => {
  const { clock, opened, hear, broadcast } = openScene(["me", "other"], { t1: "me" });
  using _open = broadcast;
  hear({ method: "notifications/tasks/status", params: { taskId: "t1", status: "working" } });
  hear({ method: "notifications/tasks/status", params: { taskId: "t2", status: "working" } });
  hear({ method: "notifications/tasks/status", params: {} });
  clock.advance(0);
  deepStrictEqual(opened.map((session) => said(session).length), [1, 0]);
});

Deno.test("requireOwnTask() and ownTasksOf() hide the tasks of others from the holder of a token", () => {
  const relay = {
    serverOfTask: (id: string, owner: string) => id === "mine" && owner === "me" ? "s" : undefined,
  };
  const me = { role: "agent", label: "me", surface: "mcp", scope: {} } as Caller; // its being there is all that counts
  const list = { tasks: [{ taskId: "mine" }, { taskId: "theirs" }, null], nextCursor: "c" };
  const ask = (method: string, caller = me, server = "s") => ({ relay, caller, server, method });

  deepStrictEqual(ownTasksOf(ask("tasks/list"), list), { tasks: [{ taskId: "mine" }], nextCursor: "c" });
  deepStrictEqual(ownTasksOf(ask("tasks/list", me, "t"), list), { tasks: [], nextCursor: "c" });
  strictEqual(ownTasksOf(ask("tasks/list", { ...me, scope: undefined }), list), list);
  strictEqual(ownTasksOf(ask("vendor/list"), list), list);
  for (const method of ["tasks/get", "tasks/result", "tasks/cancel", "tasks/update"]) {
    requireOwnTask(ask(method), "mine");
    throws(() => requireOwnTask(ask(method), "theirs"), /no such task/);
    throws(() => requireOwnTask(ask(method), undefined), /no such task/);
    requireOwnTask(ask(method, { ...me, scope: undefined }), "theirs");
  }
  requireOwnTask(ask("vendor/thing"), undefined);
});
