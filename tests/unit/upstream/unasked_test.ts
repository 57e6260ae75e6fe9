import { deepStrictEqual, match, rejects, strictEqual } from "node:assert/strict";
import type { Fault } from "../../support/faultd/mod.ts";
import { faultd } from "../../support/faultd/mod.ts";
import { isUnasked } from "../../../lib/upstream/unasked.ts";
import { open, server } from "./fixture.ts";

/** The ends of a message as its transport sees them. */
function ends(message: Readonly<Record<string, unknown>>): [string, string] {
  const text = JSON.stringify(message);
  return [text.slice(0, 1_024), text.slice(-1_024)];
}

const FILL = "x".repeat(5_000);
const only = (known: number) => (id: number | undefined) => id === undefined || id === known;
const none = () => false;

Deno.test("isUnasked() tells answers to nothing and long notifications by their two ends", () => {
  const rows: [Record<string, unknown>, (id: number | undefined) => boolean, boolean][] = [
    [{ jsonrpc: "2.0", id: 7, result: { text: FILL } }, only(7), false],
    [{ jsonrpc: "2.0", id: 8, result: { text: FILL } }, only(7), true],
    [{ result: { text: FILL }, id: 7, jsonrpc: "2.0" }, only(7), false],
    [{ result: { text: FILL }, jsonrpc: "2.0", id: 8 }, only(7), true],
    [{ jsonrpc: "2.0", method: "notifications/message", params: { data: FILL } }, only(7), true],
    [{ jsonrpc: "2.0", method: "sampling/createMessage", id: 1, params: { data: FILL } }, only(7), false],
    [{ jsonrpc: "2.0", method: "sampling/createMessage", params: { data: FILL }, id: "a" }, only(7), false],
    [{ jsonrpc: "2.0", method: "sampling/createMessage", id: 1, params: { data: FILL } }, none, false],
    [{ params: { data: FILL }, jsonrpc: "2.0", method: "x" }, only(7), false],
    [{ params: { data: FILL }, jsonrpc: "2.0", method: "x" }, none, true],
  ];

  for (const [message, isAwaited, wanted] of rows) {
    strictEqual(isUnasked(...ends(message), isAwaited), wanted, JSON.stringify(message).slice(0, 80));
  }
});

Deno.test("UpstreamConnection leaves long messages that nobody waits for unread, and says so", async () => {
  const long = "y".repeat(2 * 1024 * 1024);
  const noise: Fault[] = [
    { kind: "notify", message: { jsonrpc: "2.0", method: "notifications/message", params: { data: long } } },
    { kind: "notify", message: { jsonrpc: "2.0", id: 4_711, result: { data: long } }, times: 9 },
    {
      kind: "notify",
      message: { jsonrpc: "2.0", method: "notifications/message", params: { data: "short" } },
    },
  ];
  await using opened = await open(server(faultd({})));

  const answer = await opened.connection.request("tools/call", { name: "fault", arguments: { do: noise } });
  const size = await opened.connection.request("tools/call", {
    name: "fault",
    arguments: { do: [{ kind: "size", bytes: long.length }] },
  });

  match(JSON.stringify(answer), /fault:/);
  strictEqual(JSON.stringify(size).length > long.length / 2, true);
  deepStrictEqual(opened.heard.notifications.map(({ params }) => params), [{ data: "short" }]);
  deepStrictEqual(
    opened.heard.lines.filter((line) => line.includes("nobody asked for")).map((line) =>
      line.replace(/\d{4,}/, "N")
    ),
    [
      "[mcpproxy] dropped a message of N bytes that nobody asked for: 1 so far",
      "[mcpproxy] dropped a message of N bytes that nobody asked for: 10 so far",
    ],
  );
});

Deno.test("UpstreamConnection breaks off with a server that answers what nobody asked, again and again", async () => {
  const forge = (times: number): Fault => ({
    kind: "notify",
    message: { jsonrpc: "2.0", id: 999_999, result: {} },
    times,
  });
  await using opened = await open(server(faultd({})));
  const call = (...faults: Fault[]) =>
    opened.connection.request("tools/call", { name: "fault", arguments: { do: faults } });

  match(JSON.stringify(await call(forge(999))), /fault:/);
  await rejects(call(forge(1)), { code: "MCPX_UPSTREAM_PROTOCOL" });

  deepStrictEqual(opened.heard.closed.map(({ code }) => code), ["MCPX_UPSTREAM_PROTOCOL"]);
});
