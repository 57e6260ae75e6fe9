import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { openScanRenewal, type ScanRenewalOptions } from "../../../lib/app/scan_renewal.ts";
import type { RenewalReport } from "../../../lib/management/mod.ts";
import type { RenewedScan } from "../../../lib/runtime/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const WORSE: RenewedScan = {
  server: "s",
  kind: "tool",
  name: "add",
  hash: "v1:add" as RenewedScan["hash"],
  isAccepted: true,
  from: "clean",
  to: "hold",
  families: ["exfil"],
};

/** A renewal over a runtime that has one server, and whom it told what. */
function openScene(worse: readonly RenewedScan[], kept?: RenewalReport) {
  const clock = createManualClock();
  const told = {
    asked: 0,
    kept: undefined as unknown,
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
    storage: {
      meta: {
        get: () => Promise.resolve(kept),
        set: (_: string, value: unknown) => void (told.kept = value),
      },
    },
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

Deno.test("ScanRenewal tells and keeps what the last renewal came to, and whether one is under way", async () => {
  const { clock, told, renewal } = openScene([WORSE, { ...WORSE, name: "sub", isAccepted: false }]);
  deepStrictEqual([renewal.last], [undefined]);

  await clock.advanceAsync(60_000);
  strictEqual(renewal.isUnderWay, false);
  await renewal[Symbol.asyncDispose]();

  ok(renewal.last);
  const { startedAt, finishedAt, ...rest } = renewal.last;
  strictEqual(startedAt === finishedAt, true);
  deepStrictEqual(rest, { rules: "2", scanned: 3, worse: 2, accepted: 1, forms: ["v1:add"] });
  deepStrictEqual(told.kept, renewal.last);
});

Deno.test("ScanRenewal goes on with the report of a renewal that was cut short by a stop", async () => {
  const cut = { rules: "2", startedAt: 5, scanned: 4, worse: 1, accepted: 1, forms: ["v1:old"] };
  const { clock, renewal } = openScene([WORSE], cut);

  await clock.advanceAsync(60_000);
  await renewal[Symbol.asyncDispose]();

  ok(renewal.last);
  const { finishedAt: _, ...report } = renewal.last;
  deepStrictEqual(report, {
    rules: "2",
    startedAt: 5,
    scanned: 7,
    worse: 2,
    accepted: 2,
    forms: ["v1:old", "v1:add"],
  });
});
