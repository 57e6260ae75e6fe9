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
function openScene(worse: readonly RenewedScan[], kept?: unknown, servers = ["s"]) {
  const clock = createManualClock();
  const told = {
    asked: 0,
    kept: new Array<unknown>(),
    records: new Array<unknown>(),
    events: new Array<string>(),
    notices: new Array<string>(),
  };
  // Only what a renewal asks of each.
  const options = {
    runtime: {
      view: () => ({ servers: new Map(servers.map((name) => [name, {}])) }),
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
        set: (_: string, value: unknown) => void told.kept.push(value),
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
  const forms = [{ server: "s", hash: "v1:add", from: "clean", at: startedAt }];
  deepStrictEqual(rest, { rules: "2", scanned: 3, worse: 2, accepted: 1, forms });
  deepStrictEqual(told.kept.at(-1), renewal.last);
});

const OLD = { server: "s", hash: "v1:old", from: "clean", at: 5 } as const;

Deno.test("ScanRenewal goes on with the report of a renewal that was cut short by a stop", async () => {
  const cut = { rules: "2", startedAt: 5, scanned: 4, worse: 1, accepted: 1, forms: [OLD] };
  const { clock, renewal } = openScene([WORSE], cut);

  await clock.advanceAsync(60_000);
  await renewal[Symbol.asyncDispose]();

  ok(renewal.last);
  const { finishedAt, forms, ...report } = renewal.last;
  deepStrictEqual(report, { rules: "2", startedAt: 5, scanned: 7, worse: 2, accepted: 2 });
  deepStrictEqual(forms, [OLD, { server: "s", hash: "v1:add", from: "clean", at: finishedAt }]);
});

Deno.test("ScanRenewal forgets nothing that was found worse when still other rules find no more", async () => {
  const before = {
    rules: "1",
    startedAt: 5,
    finishedAt: 6,
    scanned: 4,
    worse: 1,
    accepted: 1,
    forms: [OLD],
  };
  const { clock, renewal } = openScene([], before);

  await clock.advanceAsync(60_000);
  await renewal[Symbol.asyncDispose]();

  const { rules, worse, forms } = renewal.last ?? {};
  deepStrictEqual([rules, worse, forms], ["2", 0, [OLD]]);
});

Deno.test("ScanRenewal keeps what it has found before it goes on with the next server", async () => {
  const { clock, told, renewal } = openScene([WORSE], undefined, ["s", "t"]);

  await clock.advanceAsync(60_000);
  await renewal[Symbol.asyncDispose]();

  deepStrictEqual(told.kept.map((report) => (report as RenewalReport).scanned), [3, 6, 6]);
});

Deno.test("ScanRenewal takes nothing for a report that has another shape", async () => {
  for (const odd of [{ rules: "2", startedAt: 5, forms: ["v1:old"] }, { rules: "2" }, "2", null]) {
    const { renewal } = openScene([], odd);
    await renewal[Symbol.asyncDispose]();
    strictEqual(renewal.last, undefined);
  }
});
