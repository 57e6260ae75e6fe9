import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { createDenoPlatform } from "../../../../lib/platform/mod.ts";
import { createSignIn } from "../../../../lib/security/mod.ts";
import { createManualClock } from "../../../support/manual_clock.ts";

function open() {
  const clock = createManualClock();
  return { clock, signIn: createSignIn({ clock, random: createDenoPlatform().random }) };
}

Deno.test("createSignIn() makes codes that are good once and for a minute", () => {
  const { clock, signIn } = open();
  const [first, second] = [signIn.issue(), signIn.issue()];
  match(first.code, /^[0-9a-f]{64}$/);
  strictEqual(first.expiresAt, clock.now() + 60_000);

  const session = signIn.redeem(first.code) ?? "";
  strictEqual(signIn.isSession(session), true);
  strictEqual(signIn.redeem(first.code), undefined);
  strictEqual(signIn.redeem("x"), undefined);
  strictEqual(signIn.isSession(first.code), false);
  clock.advance(60_000);
  strictEqual(signIn.redeem(second.code), undefined);
});

Deno.test("createSignIn() ends sessions when asked and after half a day", () => {
  const { clock, signIn } = open();
  const [one, other] = [0, 1].map(() => signIn.redeem(signIn.issue().code) ?? "");
  signIn.end(one ?? "");
  deepStrictEqual([signIn.isSession(one ?? ""), signIn.isSession(other ?? "")], [false, true]);
  clock.advance(12 * 3_600_000);
  strictEqual(signIn.isSession(other ?? ""), false);
});

Deno.test("createSignIn() keeps few codes and sessions", () => {
  const { signIn } = open();
  const codes = Array.from({ length: 21 }, () => signIn.issue().code);
  strictEqual(signIn.redeem(codes[0] ?? ""), undefined);
  const sessions = Array.from({ length: 101 }, () => signIn.redeem(signIn.issue().code) ?? "");
  deepStrictEqual([signIn.isSession(sessions[0] ?? ""), signIn.isSession(sessions[1] ?? "")], [false, true]);
});
