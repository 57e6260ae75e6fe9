import { strictEqual, throws } from "node:assert/strict";
import type { Caller, CallerScope } from "../../../lib/contracts/mod.ts";
import { EventSeats, MAX_STREAMS, MAX_STREAMS_OF_TOKEN } from "../../../lib/http/event_seats.ts";

const ADMIN: Caller = { role: "admin", label: "admin key", surface: "http" };
const scope = { token: "bot" } as unknown as CallerScope; // that there is one is all that counts
const BOT: Caller = { role: "agent", label: "token:bot", surface: "http", scope };

Deno.test("EventSeats.take() bounds the streams of a token and of all, and each seat is given back once", () => {
  const seats = new EventSeats();
  const own = Array.from({ length: MAX_STREAMS_OF_TOKEN }, () => seats.take(BOT));
  throws(() => seats.take(BOT), { code: "MCPX_RATE_LIMITED" });
  own[0]?.();
  own[0]?.();
  const again = seats.take(BOT);
  throws(() => seats.take(BOT), { code: "MCPX_RATE_LIMITED" });

  const others = Array.from({ length: MAX_STREAMS - MAX_STREAMS_OF_TOKEN }, () => seats.take(ADMIN));
  throws(() => seats.take(ADMIN), { code: "MCPX_RATE_LIMITED" });
  for (const leave of [again, ...own, ...others]) leave();

  strictEqual(seats.taken, 0);
});
