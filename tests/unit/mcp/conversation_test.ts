import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { cannotAnswer, Questions } from "../../../lib/mcp/asking.ts";
import { RPC, RpcFault } from "../../../lib/mcp/jsonrpc.ts";
import { Conversation, createParking } from "../../../lib/mcp/parking.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { random } from "./parts_fixture.ts";

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
