import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import { type Caller, GatewayError } from "../../../lib/contracts/mod.ts";
import { createCallers } from "../../../lib/http/callers.ts";
import { createWrongKeys } from "../../../lib/http/wrong_keys.ts";
import type { Logger } from "../../../lib/observability/mod.ts";
import type { Peer } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const KEY = "a".repeat(64);
const BOT: Caller = { role: "agent", label: "token:bot", surface: "http" };

function tcp(hostname = "127.0.0.1"): Peer {
  return { kind: "tcp", hostname, port: 5 };
}

function open() {
  const clock = createManualClock();
  const warned: unknown[] = [];
  const log = {
    warn: (text: string, fields: unknown) => void warned.push([text, fields]),
  } as unknown as Logger; // only this is called
  const callers = createCallers({
    clock,
    apiKey: () => KEY,
    identify: (token) => token === "mcp_agt_1" ? BOT : undefined,
    isSession: (session) => session === "s1",
    log,
  });
  const by = (headers: Record<string, string>, peer = tcp()) => callers.byKey(peer, new Headers(headers));
  const fails = (headers: Record<string, string>, peer = tcp()) => {
    try {
      by(headers, peer);
      return undefined;
    } catch (error) {
      return error instanceof GatewayError ? error : undefined;
    }
  };
  return { callers, by, fails, clock, warned };
}

Deno.test("createCallers() knows the admin key and tokens by header only", () => {
  const { by, fails, callers } = open();
  strictEqual(by({ "x-api-key": KEY })?.role, "admin");
  strictEqual(by({ authorization: `Bearer ${KEY}` })?.role, "admin");
  strictEqual(by({ authorization: "bearer mcp_agt_1" }), BOT);
  strictEqual(by({ "x-api-key": "mcp_agt_1" }), BOT);
  strictEqual(by({}), undefined);
  strictEqual(by({ cookie: "mcpproxy_session=s1" }), undefined);
  strictEqual(by({ authorization: `Basic ${KEY}` }), undefined);
  strictEqual(by({}, { kind: "socket" })?.role, "admin");
  strictEqual(by({ "x-api-key": "any" }, { kind: "socket" })?.role, "admin");
  strictEqual(by({ "x-api-key": "mcp_agt_1" }, { kind: "socket" }), BOT);
  strictEqual(fails({ "x-api-key": "mcp_agt_2" }, { kind: "socket" })?.code, "MCPX_UNAUTHORIZED");
  for (const key of ["b".repeat(64), KEY.slice(1), `${KEY}a`, "", "mcp_agt_2"]) {
    strictEqual(fails({ "x-api-key": key })?.code, "MCPX_UNAUTHORIZED", key);
  }
  strictEqual(callers.byKey(tcp(), new Headers({ "x-api-key": "mcp_agt_1" }))?.role, "agent");
});

Deno.test("createCallers() never takes an empty admin key for one", () => {
  const callers = createCallers({
    clock: createManualClock(),
    apiKey: () => "",
    identify: () => undefined,
    isSession: () => false,
    log: {} as Logger, // nothing is logged
  });
  throws(() => callers.byKey(tcp(), new Headers({ "x-api-key": "" })), { code: "MCPX_UNAUTHORIZED" });
});

Deno.test("createCallers() knows browsers by their cookie, unless another site sends it", () => {
  const { callers } = open();
  const by = (headers: Record<string, string>) => callers.byCookie(new Headers(headers));
  deepStrictEqual(by({ cookie: "a=b; mcpproxy_session=s1" }), {
    role: "admin",
    label: "web page",
    surface: "ui",
  });
  strictEqual(by({ cookie: "mcpproxy_session=s2" }), undefined);
  strictEqual(by({ cookie: "xmcpproxy_session=s1" }), undefined);
  strictEqual(by({}), undefined);
  for (const site of ["same-origin", "none"]) {
    strictEqual(by({ cookie: "mcpproxy_session=s1", "sec-fetch-site": site })?.role, "admin");
  }
  for (const site of ["cross-site", "same-site"]) {
    throws(() => by({ cookie: "mcpproxy_session=s1", "sec-fetch-site": site }), {
      code: "MCPX_HOST_FORBIDDEN",
    });
  }
});

Deno.test("createCallers() asks who sends many wrong keys to wait, and always takes the right one", () => {
  const { fails, by, clock, warned } = open();
  const wrong = { "x-api-key": "wrong" };
  const codes = Array.from({ length: 10 }, () => fails(wrong)?.code);
  deepStrictEqual(new Set(codes), new Set(["MCPX_UNAUTHORIZED"]));

  const waits = Array.from({ length: 11 }, () => fails(wrong)?.details.retry_after_ms);
  deepStrictEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1_000));
  deepStrictEqual(warned, [["many wrong keys", { from: "127.0.0.1" }]]);
  strictEqual(by({ "x-api-key": KEY })?.role, "admin");
  strictEqual(by({ "x-api-key": "mcp_agt_1" }), BOT);
  strictEqual(fails(wrong, tcp("10.0.0.1"))?.code, "MCPX_UNAUTHORIZED", "another address");
  match(fails(wrong)?.remedy ?? "", /right key/);

  clock.advance(360_000);
  strictEqual(fails(wrong)?.code, "MCPX_UNAUTHORIZED", "after it was quiet");
});

Deno.test("createWrongKeys() counts a network of IPv6 as one, and forgets the oldest of many addresses", () => {
  const wrongKeys = createWrongKeys(createManualClock());
  const count = (hostname: string) => wrongKeys.count(tcp(hostname)) !== undefined;
  for (let index = 0; index < 10; index++) count(`2001:db8:1:2::${index}`);
  strictEqual(count("2001:db8:1:2:ffff::1"), true);
  strictEqual(count("2001:db8:1:3::1"), false);
  for (let index = 0; index < 1_000; index++) count(`10.0.${index >> 8}.${index & 255}`);
  strictEqual(count("2001:db8:1:2::1"), false);
});
