import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { openScanRenewal, type ScanRenewalOptions } from "../../../lib/app/scan_renewal.ts";
import type { RenewedScan } from "../../../lib/runtime/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const WORSE: RenewedScan = {
  server: "s",
  kind: "tool",
  name: "add",
  isAccepted: true,
  from: "clean",
  to: "hold",
  families: ["exfil"],
};

/** A renewal over a runtime that has one server, and whom it told what. */
function openScene(worse: readonly RenewedScan[]) {
  const clock = createManualClock();
  const told = {
    asked: 0,
    records: new Array<unknown>(),
    events: new Array<string>(),
    notices: new Array<string>(),
  };
  // Only what a renewal asks of each.
  const options = {
    runtime: {
      view: () => ({ servers: new Map([["s", {}]]) }),
      trust: {
        rules: "2",
        entries: () => [],
        renew: () => {
          told.asked++;
          return Promise.resolve({ scanned: 3, worse });
        },
      },
    },
    clock,
    activity: { record: (entry: unknown) => void told.records.push(entry) },
    bus: { publish: (type: string) => void told.events.push(type) },
    log: { info: () => {}, error: () => {} },
    onNotice: (text: string) => void told.notices.push(text),
  } as unknown as ScanRenewalOptions;
  return { clock, told, renewal: openScanRenewal(options) };
}

Deno.test("openScanRenewal() begins a while after the start, and tells the person of what is worse", async () => {
  const { clock, told, renewal } = openScene([WORSE, {
    ...WORSE,
    name: "sub",
    isAccepted: false,
    to: "review",
  }]);
  strictEqual(told.asked, 0);

  await clock.advanceAsync(60_000);
  await renewal[Symbol.asyncDispose]();

  strictEqual(told.asked, 1);
  deepStrictEqual(told.events, ["security.scan_settled"]);
  deepStrictEqual(
    told.records.map((entry) => (entry as { metadata: Record<string, unknown> }).metadata.new_verdict),
    ["hold", "review"],
  );
  strictEqual(told.notices.length, 1);
  match(
    told.notices[0] ?? "",
    /rules 2 find more .* in 1 accepted of server "s", 1 of which .* stay accepted.*report s$/,
  );
});

Deno.test("openScanRenewal() begins anew for other rules, and not after it was closed", async () => {
  const { clock, told, renewal } = openScene([]);
  renewal.start();
  renewal.start();
  await clock.advanceAsync(0);
  await renewal[Symbol.asyncDispose]();
  const { asked } = told;
  renewal.start();

  strictEqual(asked, 1);
  strictEqual(told.asked, 1);
  deepStrictEqual(told.notices, []);
});
