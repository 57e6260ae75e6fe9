import { strictEqual } from "node:assert/strict";
import { type Breaker, createBreaker } from "../../../lib/runtime/breaker.ts";

function record(breaker: Breaker, results: string, now = 0): void {
  for (const result of results) breaker.record("call", result === "+" ? "ok" : "failed", now);
}

Deno.test("Breaker opens when half of ten calls have failed, and not before", () => {
  const breaker = createBreaker();
  record(breaker, "-----++++");
  strictEqual(breaker.admit(0), "call");
  record(breaker, "+");
  strictEqual(breaker.admit(0), 30_000);
  strictEqual(breaker.admit(29_999), 30_000);
});

Deno.test("Breaker stays closed while most calls succeed or failures are old", () => {
  const healthy = createBreaker();
  record(healthy, "----++++++++++");
  strictEqual(healthy.admit(0), "call");

  const old = createBreaker();
  record(old, "-----", 0);
  record(old, "-++++", 60_000);
  strictEqual(old.admit(60_000), "call");
});

Deno.test("Breaker lets one call through after its time and decides by it", () => {
  const breaker = createBreaker();
  record(breaker, "----------");

  strictEqual(breaker.admit(30_000), "probe");
  strictEqual(breaker.admit(30_001), 30_001);
  breaker.record("probe", "failed", 31_000);
  strictEqual(breaker.admit(60_999), 61_000);
  strictEqual(breaker.admit(61_000), "probe");
  breaker.record("probe", "ok", 61_500);
  strictEqual(breaker.admit(61_501), "call");
});

Deno.test("Breaker lets another call try when the one that tried says nothing of the server", () => {
  const breaker = createBreaker();
  record(breaker, "----------");
  strictEqual(breaker.admit(30_000), "probe");

  breaker.record("probe", "unknown", 31_000);

  strictEqual(breaker.admit(31_000), "probe");
});

Deno.test("Breaker takes neither calls from before it opened nor unknown ones into account", () => {
  const breaker = createBreaker();
  record(breaker, "----------", 0);
  record(breaker, "-", 20_000);
  strictEqual(breaker.admit(20_000), 30_000);

  const other = createBreaker();
  for (let call = 0; call < 20; call++) other.record("call", "unknown", 0);
  record(other, "-".repeat(9));
  strictEqual(other.admit(0), "call");
});

Deno.test("Breaker lets a call try at once when the server has been reached anew", () => {
  const breaker = createBreaker();
  breaker.ease(0);
  record(breaker, "----------");
  breaker.ease(5_000);
  strictEqual(breaker.admit(5_000), "probe");
  strictEqual(breaker.admit(5_000), 5_000);
});

Deno.test("Breaker forgets a server that was replaced, with the call that tried it", () => {
  const breaker = createBreaker();
  record(breaker, "----------");
  breaker.reset();
  strictEqual(breaker.admit(0), "call");

  record(breaker, "----------");
  strictEqual(breaker.admit(30_000), "probe");
  breaker.reset();
  breaker.record("probe", "failed", 30_000);
  strictEqual(breaker.admit(30_000), "call");
});

Deno.test("Breaker weighs failures against the calls of the last minute only", () => {
  const breaker = createBreaker();
  for (let second = 0; second < 120; second++) record(breaker, "++++", second * 1_000);
  record(breaker, "-".repeat(200), 119_500);
  strictEqual(breaker.admit(119_500), "call");
  record(breaker, "-".repeat(40), 119_600);
  strictEqual(breaker.admit(119_600), 149_600);
});
