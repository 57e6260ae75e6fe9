import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { EventFilter, GatewayEvent } from "../../../lib/contracts/mod.ts";
import { runCli } from "./fakes.ts";

const EVENTS: readonly GatewayEvent[] = [
  {
    seq: 4,
    id: "r:4",
    type: "snapshot",
    payload: { stats: { connected_servers: 1, total_servers: 2 } },
  },
  {
    seq: 5,
    id: "r:5",
    type: "servers.changed",
    at: "2026-01-02T03:04:05.678Z",
    payload: { servers: ["a\u001b[31m", "b"], reasons: { "a\u001b[31m": "ready", b: "failed" } },
  },
  {
    seq: 6,
    id: "r:6",
    type: "other",
    at: "2026-01-02T03:04:06.000Z",
    payload: { path: "/x", none: [], n: 1 },
  },
];

Deno.test("mcpproxy events lists the events that are kept", async () => {
  const answer = { events: EVENTS.slice(1), last_seq: 6, gap: true };
  const world = { answers: { "events.list": () => answer } };
  const { out, err, asked } = await runCli(
    ["events", "-t", "servers", "--type", "other", "--since", "3"],
    world,
  );

  strictEqual(
    out,
    "03:04:05      5 servers.changed    a\\u{1b}[31m: ready, b: failed\n03:04:06      6 other              path=/x n=1\n",
  );
  match(err, /no longer kept/);
  deepStrictEqual(asked, [{ verb: "events.list", input: { since: 3, limit: 100, type: "servers,other" } }]);
  deepStrictEqual(JSON.parse((await runCli(["events", "-o", "json"], world)).out), EVENTS.slice(1));
});

Deno.test("mcpproxy events --follow prints events as they come", async () => {
  const filters: EventFilter[] = [];
  const world = { events: EVENTS, onFollow: (filter: EventFilter) => void filters.push(filter) };
  const { out } = await runCli(["events", "--follow", "--type", "servers"], world);
  match(out, /^--:--:-- {6}4 snapshot {11}1 of 2 servers connected\n03:04:05/);
  deepStrictEqual(filters, [{ types: ["servers"], since: undefined }]);

  const json = await runCli(["events", "-f", "--since", "4", "-o", "json"], world);
  deepStrictEqual(json.out.trim().split("\n").map((line) => JSON.parse(line)), EVENTS);
  strictEqual(filters[1]?.since, 4);
});

Deno.test("mcpproxy events without a daemon says how to start one", async () => {
  for (const words of [["events"], ["events", "--follow"]]) {
    const { code, err } = await runCli(words, { isLocal: true });
    strictEqual(code, 1);
    match(err, /no daemon runs[^]*→ Start it: mcpproxy serve/);
  }
});

Deno.test("mcpproxy events refuses numbers that are none", async () => {
  for (const words of [["--since", "-1"], ["--since", "x"], ["--tail", "0"]]) {
    const { code, err } = await runCli(["events", ...words]);
    strictEqual(code, 2);
    match(err, /wanted a whole number/);
  }
});
