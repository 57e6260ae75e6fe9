import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { ConfigSchema } from "../../../lib/contracts/mod.ts";
import { cannotAnswer, Questions } from "../../../lib/mcp/asking.ts";
import { relayedParams } from "../../../lib/mcp/era.ts";
import { Journal, readEventId } from "../../../lib/mcp/journal.ts";
import { readMessage, RPC, RpcFault } from "../../../lib/mcp/jsonrpc.ts";
import { pageOf } from "../../../lib/mcp/pages.ts";
import { Conversation, createParking } from "../../../lib/mcp/parking.ts";
import { createSessions } from "../../../lib/mcp/sessions.ts";
import { createScopes, surfaceOf } from "../../../lib/mcp/surface.ts";
import { createThrottle, createThrottles } from "../../../lib/mcp/throttle.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const { random } = createDenoPlatform();
const FACTS = {
  protocolVersion: "2025-11-25",
  client: {},
  capabilities: { elicitation: {} },
  surface: "/mcp",
  owner: "me",
};

function reader() {
  const texts: string[] = [];
  let closed = false;
  return {
    texts,
    isClosed: () => closed,
    seqs: () => texts.map((text) => Number(/id: \w+_(\d+)/.exec(text)?.[1])),
    write: (text: string) => void texts.push(text),
    close: () => void (closed = true),
  };
}

Deno.test("a Journal gives each reader what it lacks, whatever was lost in between", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom("say", "lose", "come back"), { maxLength: 60 }), (history) => {
      const journal = new Journal("k");
      let one = reader();
      journal.attach(one);
      const got: number[] = [];
      let said = 0;
      const take = () => {
        got.push(...one.seqs());
        one.texts.length = 0;
      };
      for (const step of history) {
        if (step === "say") journal.append({ n: ++said });
        take();
        if (step === "lose") journal.detach(one);
        if (step !== "come back") continue;
        one = reader();
        journal.attach(one, got.at(-1) ?? 0);
        take();
      }
      one = reader();
      journal.attach(one, got.at(-1) ?? 0);
      take();
      deepStrictEqual(got, Array.from({ length: said }, (_, index) => index + 1));
    }),
  );
});

Deno.test("a Journal keeps a bounded number of events, and ends for its readers", () => {
  const journal = new Journal("k");
  for (let count = 0; count < 1_500; count++) journal.append({ count });
  const one = reader();
  journal.attach(one, 0);
  strictEqual(one.texts.length, 1_000);
  journal.end();
  ok(one.isClosed());
  const late = reader();
  journal.attach(late, 1_490);
  deepStrictEqual([late.texts.length, late.isClosed()], [10, true]);
  deepStrictEqual(readEventId("k_12"), { name: "k", seq: 12 });
  strictEqual(readEventId("../x_1"), undefined);
});

Deno.test("Questions get exactly one answer each, and none after the client has gone", async () => {
  const questions = new Questions();
  const sent: { id?: number; method: string }[] = [];
  const send = (message: unknown) => sent.push(message as { method: string }) > 0;
  const { signal } = new AbortController();
  const first = questions.ask(send, "elicitation/create", {}, { signal });
  const second = questions.ask(send, "elicitation/create", {}, { signal });
  questions.answer({ id: 2, result: { action: "decline" } });
  questions.answer({ id: 2, result: { action: "accept" } });
  questions.answer({ id: 99, result: {} });
  deepStrictEqual(await second, { action: "decline" });
  questions.answer({ id: 1, error: { code: -1, message: "no" } });
  await rejects(first, { code: -1, message: "no" });

  const controller = new AbortController();
  const third = questions.ask(send, "roots/list", undefined, { signal: controller.signal });
  controller.abort(new Error("given up"));
  await rejects(third, /given up/);
  strictEqual(sent.at(-1)?.method, "notifications/cancelled");
  const fourth = questions.ask(send, "roots/list", undefined, { signal });
  questions.close();
  await rejects(fourth, /has gone/);
  await rejects(questions.ask(() => false, "roots/list", undefined, { signal }), /no stream open/);
});

Deno.test("cannotAnswer() asks clients only for what they said they can do", () => {
  const cannot = (method: string, params: unknown, capabilities: Record<string, unknown>) =>
    cannotAnswer(method, params, capabilities) !== undefined;
  ok(cannot("sampling/createMessage", {}, {}));
  ok(!cannot("sampling/createMessage", {}, { sampling: {} }));
  ok(!cannot("elicitation/create", {}, { elicitation: {} }));
  ok(cannot("elicitation/create", { mode: "url" }, { elicitation: {} }));
  ok(!cannot("elicitation/create", { mode: "url" }, { elicitation: { url: {} } }));
  ok(cannot("elicitation/create", {}, { elicitation: { url: {} } }));
  const visits = (url: unknown) =>
    !cannot("elicitation/create", { mode: "url", url }, { elicitation: { url: {} } });
  for (
    const url of [
      "https://example.org/a?b=c",
      "https://xn--pypal-4ve.com/",
      "http://127.0.0.1:8080/",
      "http://[::1]/",
    ]
  ) {
    ok(visits(url), url);
  }
  for (
    const url of [
      "javascript:alert(1)",
      "data:text/html,x",
      "file:///etc/passwd",
      "http://example.org/",
      "https://bank.example@evil.example/",
      "https://p\u0430ypal.com/",
      "https://exa\u200bmple.org/",
      "https://example.org/\u202egpj.exe",
      "https://example.org/ x",
      "//example.org",
      7,
      null,
    ]
  ) {
    ok(!visits(url), String(url));
  }
  ok(!cannot("x/unknown", {}, {}));
});

Deno.test("Conversation tells a client which capability a request failed for, and no other failure so", async () => {
  const signal = new AbortController().signal;
  const open = (capabilities: Record<string, unknown>) => {
    const conversation = new Conversation();
    const peer = conversation.peer({ id: "p", client: "c", capabilities, notify: () => {} });
    return { conversation, ask: (params: unknown) => peer.request("elicitation/create", params, { signal }) };
  };
  const refusal = new RpcFault(RPC.invalidParams, "no answer, no result");
  const fails = async (asked: Promise<unknown>): Promise<never> => {
    await rejects(asked);
    throw refusal;
  };
  for (
    const [capabilities, params, required] of [
      [{}, { message: "?" }, { elicitation: {} }],
      [{ elicitation: {} }, { mode: "url", url: "https://x" }, { elicitation: { url: {} } }],
    ] as const
  ) {
    const { conversation, ask } = open(capabilities);
    conversation.start(fails(ask(params)));
    await rejects(conversation.next(), (error: RpcFault) => {
      deepStrictEqual([error.code, error.data], [-32021, { requiredCapabilities: required }]);
      return /no answer, no result/.test(error.message);
    });
  }

  const other = open({});
  other.conversation.start(Promise.reject(refusal));
  await rejects(other.conversation.next(), refusal);
  const fallsBack = open({});
  fallsBack.conversation.start(fallsBack.ask({ message: "?" }).catch(() => "without it"));
  deepStrictEqual(await fallsBack.conversation.next(), { kind: "done", result: "without it" });
});

Deno.test("Parking takes a call up once, for its owner and its request, and not for ever", async () => {
  const clock = createManualClock();
  using parking = createParking({ clock, random }, { max: 2, expireMs: 1_000 });
  const aborted: unknown[] = [];
  const call = { what: "tools/call x", owner: "me", abort: (reason: unknown) => aborted.push(reason) };
  const conversation = new Conversation();
  const peer = conversation.peer({
    id: "p",
    client: "c",
    capabilities: { elicitation: {} },
    notify: () => {},
  });
  conversation.start(
    peer.request("elicitation/create", { message: "?" }, { signal: new AbortController().signal }),
  );
  const turn = await conversation.next();
  deepStrictEqual(turn, {
    kind: "asks",
    inputRequests: { q1: { method: "elicitation/create", params: { message: "?" } } },
  });
  const state = parking.park(call, conversation);
  strictEqual(parking.resume("the server's own", call), undefined);
  throws(() => parking.resume(`${state}x`, call), /requestState/);
  throws(() => parking.resume(state, { ...call, owner: "you" }), /requestState/);
  throws(() => parking.resume(state, { ...call, what: "tools/call y" }), /requestState/);
  const resumed = parking.resume(state, call);
  resumed?.answer({ q1: { action: "accept" }, q9: {} });
  deepStrictEqual(await resumed?.next(), { kind: "done", result: { action: "accept" } });
  throws(() => parking.resume(state, call), /requestState/);

  parking.park(call, conversation);
  parking.park(call, conversation);
  throws(() => parking.park(call, conversation), /Too many/);
  clock.advance(1_000);
  deepStrictEqual([aborted.length, parking.size], [2, 0]);
});

Deno.test("pageOf() loses nothing, however the list is cut", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { maxLength: 50 }),
      fc.integer({ min: 1, max: 7 }),
      (names, size) => {
        const sorted = [...names].sort((a, b) => a < b ? -1 : 1);
        const seen: string[] = [];
        let cursor: string | undefined;
        do {
          const page = pageOf(sorted, cursor === undefined ? {} : { cursor }, (name) => name, size);
          seen.push(...page.entries);
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        deepStrictEqual(seen, sorted);
      },
    ),
  );
  for (const cursor of ["", "nonsense", 7, btoa("{}")]) {
    throws(() => pageOf([], { cursor }, String), /cursor/);
  }
});

Deno.test("surfaceOf() knows each endpoint, and says what is not there", () => {
  const config = ConfigSchema.parse({ profiles: [{ name: "dev", servers: ["a"] }], routing_mode: "direct" });
  const at = (path: string) =>
    surfaceOf(`http://localhost:1${path}`, {
      config,
      hasServer: (name) => name === "a.b",
      scope: undefined,
    });
  strictEqual(at("/mcp").mode, "direct");
  strictEqual(at("/mcp?x=1").key, "/mcp");
  strictEqual(at("/mcp/call").mode, "search");
  strictEqual(at("/mcp/code/".slice(0, -1)).mode, "code");
  deepStrictEqual(at("/mcp/p/dev"), {
    key: "/mcp/p/dev",
    mode: "search",
    profile: "dev",
    adapts: true,
  });
  deepStrictEqual(at("/mcp/s/a%2Eb"), { key: "/mcp/s/a.b", mode: "server", server: "a.b" });
  for (const path of ["/mcp/p/none", "/mcp/s/none", "/mcp/s/%zz", "/mcp/nope", "/mcp/s/"]) {
    throws(() => at(path), { status: 404 });
  }
  const scopes = createScopes();
  const scope = scopes({ surface: at("/mcp/p/dev"), profile: undefined, config, scope: undefined });
  deepStrictEqual([scope.includes("a"), scope.includes("b")], [true, false]);
  strictEqual(
    scopes({ surface: at("/mcp"), profile: "gone", config, scope: undefined }).includes("a"),
    false,
  );
});

Deno.test("sessions end with everything that is theirs, idle and surplus ones first", async () => {
  const clock = createManualClock();
  const ended: string[] = [];
  const sessions = createSessions({ clock, random, onEnd: ({ id }) => ended.push(id) }, {
    max: 3,
    idleMs: 1_000,
  });
  const [first, second, third] = [1, 2, 3].map(() => sessions.open(FACTS));
  sessions.find(first?.id ?? "");
  sessions.open(FACTS);
  deepStrictEqual(ended, [second?.id]);
  const asked = third?.peer.request("elicitation/create", {}, { signal: new AbortController().signal });
  clock.advance(1_001);
  sessions.sweep();
  strictEqual(sessions.size, 0);
  await rejects(asked ?? Promise.resolve(), /has gone/);
});

Deno.test("relayedParams() takes off what belongs to this hop, and nothing else", () => {
  const prefix = "io.modelcontextprotocol/";
  const params = {
    name: "x",
    _meta: {
      [`${prefix}protocolVersion`]: "v",
      [`${prefix}clientInfo`]: {},
      [`${prefix}clientCapabilities`]: {},
      progressToken: 1,
      traceparent: "00-1",
      [`${prefix}logLevel`]: "debug",
    },
  };
  deepStrictEqual(relayedParams(params), {
    name: "x",
    _meta: { traceparent: "00-1", [`${prefix}logLevel`]: "debug" },
  });
  deepStrictEqual(relayedParams({ a: 1, _meta: { progressToken: 1 } }), { a: 1 });
  const credentials = [
    "auth",
    "_auth_token",
    "_auth",
    "Authorization",
    "proxy-authorization",
    "cookie",
    "x-api-key",
  ];
  for (const key of [...credentials, "api_key", "apiKey", "access_token", "authToken"]) {
    const given = { a: 1, _meta: { [key]: "secret", baggage: "b" } };
    deepStrictEqual(relayedParams(given), { a: 1, _meta: { baggage: "b" } }, key);
    strictEqual(given._meta[key], "secret", "what came is left as it is");
  }
  for (const key of ["author", "example.com/auth", "token", "authors_note"]) {
    deepStrictEqual(relayedParams({ _meta: { [key]: 1 } }), { _meta: { [key]: 1 } });
  }
});

Deno.test("createThrottle() lets so many through in a second", () => {
  const clock = createManualClock();
  const may = createThrottle(clock, 20);
  strictEqual(Array.from({ length: 100 }, may).filter(Boolean).length, 20);
  clock.advance(1_000);
  ok(may());
});

Deno.test("readMessage() finds a kind for every value, and never throws", () => {
  const envelope = fc.record({
    jsonrpc: fc.constantFrom<unknown>("2.0", "1.0", 2, null),
    id: fc.oneof(fc.anything(), fc.integer(), fc.string()),
    method: fc.oneof(fc.anything(), fc.string()),
    params: fc.oneof(fc.anything(), fc.object()),
    result: fc.anything(),
    error: fc.anything(),
  }, { requiredKeys: [] });
  fc.assert(
    fc.property(fc.oneof(fc.anything(), envelope), (value) => {
      ok(["request", "notification", "response", "invalid"].includes(readMessage(value).kind));
    }),
    { numRuns: 10_000 },
  );
});

Deno.test("createThrottles() counts each key for itself and forgets all of them with their second", () => {
  const clock = createManualClock();
  const throttles = createThrottles(clock, 2);

  deepStrictEqual(["a", "a", "a", "b"].map((key) => throttles.may(key)), [true, true, false, true]);
  strictEqual(throttles.size, 2);
  clock.advance(1_000);
  strictEqual(throttles.may("c"), true);

  strictEqual(throttles.size, 1);
  strictEqual(throttles.may("a"), true);
});
