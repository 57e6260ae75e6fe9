import { strictEqual } from "node:assert/strict";
import { createBreaker } from "../../../lib/runtime/breaker.ts";

function record(breaker: ReturnType<typeof createBreaker>, results: string, now = 0): void {
  for (const result of results) breaker.record(result === "+", now);
}

Deno.test("Breaker opens when half of ten calls have failed, and not before", () => {
  const breaker = createBreaker();
  record(breaker, "-----++++");
  strictEqual(breaker.refusal(0), undefined);
  record(breaker, "+");
  strictEqual(breaker.refusal(0), 30_000);
  strictEqual(breaker.refusal(29_999), 30_000);
});

Deno.test("Breaker stays closed while most calls succeed or failures are old", () => {
  const healthy = createBreaker();
  record(healthy, "----++++++++++");
  strictEqual(healthy.refusal(0), undefined);

  const old = createBreaker();
  record(old, "-----", 0);
  record(old, "-++++", 60_000);
  strictEqual(old.refusal(60_000), undefined);
});

Deno.test("Breaker lets one call through after its time and decides by it", () => {
  const breaker = createBreaker();
  record(breaker, "----------");

  strictEqual(breaker.refusal(30_000), undefined);
  strictEqual(breaker.refusal(30_001), 30_001);
  breaker.record(false, 31_000);
  strictEqual(breaker.refusal(60_999), 61_000);
  strictEqual(breaker.refusal(61_000), undefined);
  breaker.record(true, 61_500);
  strictEqual(breaker.refusal(61_501), undefined);
});

Deno.test("Breaker forgets a server that was replaced", () => {
  const breaker = createBreaker();
  record(breaker, "----------");
  breaker.reset();
  strictEqual(breaker.refusal(0), undefined);
});

Deno.test("Breaker weighs failures against the calls of the last minute only", () => {
  const breaker = createBreaker();
  for (let second = 0; second < 120; second++) record(breaker, "++++", second * 1_000);
  record(breaker, "-".repeat(200), 119_500);
  strictEqual(breaker.refusal(119_500), undefined);
  record(breaker, "-".repeat(40), 119_600);
  strictEqual(breaker.refusal(119_600), 149_600);
});
