import { deepStrictEqual } from "node:assert/strict";
import type { Caller, CallerScope } from "../../../lib/contracts/mod.ts";
import { reachOf } from "../../../lib/management/activity.ts";

const SERVERS = ["one", "two"];
const scope = { token: "ci" } as CallerScope; // the only field that counts here

Deno.test("reachOf() shows an admin everything", () => {
  const caller: Caller = { role: "admin", label: "socket", surface: "cli" };
  deepStrictEqual(reachOf(caller, SERVERS), { own: {}, scope: {} });
});

Deno.test("reachOf() shows an agent token what it did itself, at servers that it reaches", () => {
  const caller: Caller = { role: "agent", label: "token:ci", surface: "http", scope };
  deepStrictEqual(reachOf(caller, SERVERS), { own: { agent: "ci" }, scope: { servers: SERVERS } });
});

Deno.test("reachOf() shows an agent without a token nothing", () => {
  const caller: Caller = { role: "agent", label: "loopback", surface: "mcp" };
  deepStrictEqual(reachOf(caller, SERVERS), { own: {}, scope: { servers: [] } });
});
