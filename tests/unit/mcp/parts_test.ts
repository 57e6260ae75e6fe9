import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { ConfigSchema } from "../../../lib/contracts/mod.ts";
import { relayedParams } from "../../../lib/mcp/era.ts";
import { readMessage } from "../../../lib/mcp/jsonrpc.ts";
import { pageOf } from "../../../lib/mcp/pages.ts";
import { createSessions } from "../../../lib/mcp/sessions.ts";
import { createScopes, surfaceOf } from "../../../lib/mcp/surface.ts";
import { createThrottle, createThrottles } from "../../../lib/mcp/throttle.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { random } from "./parts_fixture.ts";

const FACTS = {
  protocolVersion: "2025-11-25",
  client: {},
  capabilities: { elicitation: {} },
  surface: "/mcp",
  owner: "me",
};

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
