import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import {
  type ApprovalInput,
  type ApprovalRecord,
  approve,
  createMemoryApprovals,
  decide,
  type Definition,
  hashDefinition,
  isCallable,
  rebaseRecord,
  reject,
  type ScanOutcome,
  type TrustMode,
} from "../../../lib/security/mod.ts";
import { TOOL } from "./approval_fixture.ts";

const KEY = { server: "files", kind: "tool", name: "read" } as const;
const CLEAN: ScanOutcome = { verdict: "clean", complete: true };

function input(more: Partial<ApprovalInput> = {}): ApprovalInput {
  return {
    key: KEY,
    definition: TOOL,
    record: undefined,
    trustMode: "manual",
    quarantined: false,
    quarantineEnabled: true,
    isBaseline: false,
    scan: undefined,
    at: 1_000,
    ...more,
  };
}

Deno.test("decide() follows its table for new definitions", () => {
  const review: ScanOutcome = { verdict: "review", complete: true };
  const cases: [Partial<ApprovalInput>, ApprovalRecord["status"], ApprovalRecord["reason"]][] = [
    [{}, "pending", "new"],
    [{ trustMode: "auto" }, "approved", "auto"],
    [{ quarantineEnabled: false }, "approved", "auto"],
    [{ trustMode: "auto", quarantined: true }, "pending", "new"],
    [{ quarantineEnabled: false, quarantined: true }, "pending", "new"],
    [{ isBaseline: true }, "approved", "auto-baseline"],
    [{ isBaseline: true, quarantined: true }, "pending", "new"],
    [{ isBaseline: true, scan: review }, "approved", "auto-baseline"],
    [{ isBaseline: true, scan: { verdict: "hold", complete: true } }, "pending", "scan-findings"],
    [{ trustMode: "scan" }, "pending", "new"],
    [{ trustMode: "scan", isBaseline: true }, "pending", "new"],
    [{ trustMode: "scan", scan: CLEAN }, "approved", "scan-approved"],
    [{ trustMode: "scan", scan: review }, "pending", "scan-findings"],
    [{ trustMode: "scan", scan: { verdict: "clean", complete: false } }, "pending", "scan-incomplete"],
    [{ trustMode: "scan", scan: CLEAN, quarantined: true }, "pending", "new"],
    [{ scan: CLEAN }, "pending", "new"],
  ];
  for (const [more, status, reason] of cases) {
    const { record, callable } = decide(input(more));
    deepStrictEqual([record.status, record.reason], [status, reason], JSON.stringify(more));
    strictEqual(callable, status === "approved");
  }
});

Deno.test("decide() holds a changed definition until it reverts or is accepted", () => {
  const accepted = decide(input({ isBaseline: true })).record;
  const other = { ...TOOL, annotations: { readOnlyHint: false } };

  const changed = decide(input({ record: accepted, definition: other, isBaseline: true, at: 2_000 }));
  deepStrictEqual([changed.record.status, changed.record.reason, changed.callable], [
    "changed",
    "definition-changed",
    false,
  ]);
  deepStrictEqual(changed.record.approvedDefinition, TOOL);
  strictEqual(changed.record.seenAt, 2_000);
  strictEqual(decide(input({ record: changed.record, definition: other })).record.status, "changed");

  const reverted = decide(input({ record: changed.record }));
  deepStrictEqual([reverted.record.status, reverted.record.reason, reverted.callable], [
    "approved",
    "reverted",
    true,
  ]);
  strictEqual(
    decide(input({ record: changed.record, definition: other, trustMode: "scan", scan: CLEAN })).callable,
    true,
  );
});

Deno.test("approve() takes only the form that was shown; reject() lasts through changes", () => {
  const { record } = decide(input());
  const by = { by: "user", at: 5, hash: record.currentHash };

  const approved = approve(record, by);
  deepStrictEqual([approved.status, approved.reason, approved.approvedAt], ["approved", "user", 5]);
  throws(() => approve(record, { ...by, hash: hashDefinition("tool", {}) }), {
    code: "MCPX_APPROVAL_CONFLICT",
  });

  const rejected = reject(approved);
  for (const definition of [TOOL, { ...TOOL, description: "New" }]) {
    for (const trustMode of ["auto", "scan", "manual"] as const) {
      const again = decide(input({ record: rejected, definition, trustMode, isBaseline: true, scan: CLEAN }));
      deepStrictEqual([again.callable, again.record.reason], [false, "rejected"]);
    }
  }
  strictEqual(approve(rejected, { ...by, hash: rejected.currentHash }).blocked, false);
});

Deno.test("isCallable() says no to whatever it does not know", () => {
  const { record } = decide(input({ isBaseline: true }));
  const hash = record.currentHash;

  strictEqual(isCallable({ hash, record, quarantined: false }), true);
  strictEqual(isCallable({ hash, record, quarantined: true }), false);
  strictEqual(isCallable({ hash: undefined, record, quarantined: false }), false);
  strictEqual(isCallable({ hash, record: undefined, quarantined: false }), false);
  strictEqual(isCallable({ hash, record: { ...record, blocked: true }, quarantined: false }), false);
  strictEqual(isCallable({ hash, record: { ...record, status: "changed" }, quarantined: false }), false);
});

Deno.test("rebaseRecord() keeps what was accepted when only the formula has changed", () => {
  const { record } = decide(input({ isBaseline: true }));
  const old = (hash: string) => hash.replace("/v1:", "/v0:");
  const older = {
    ...record,
    currentHash: old(record.currentHash),
    approvedHash: old(record.approvedHash ?? ""),
  };

  deepStrictEqual(rebaseRecord(older), record);
  strictEqual(rebaseRecord(record), record);
  strictEqual(decide(input({ record: older })).callable, true);
  strictEqual(decide(input({ record: { ...older, approvedDefinition: undefined } })).callable, false);
});

type Step =
  | { readonly do: "list" | "change"; readonly form: number }
  | { readonly do: "restart" | "approve" | "approve-stale" | "reject" | "empty" }
  | { readonly do: "trust"; readonly mode: TrustMode }
  | { readonly do: "quarantine"; readonly on: boolean };

const FORMS = [TOOL, { ...TOOL, description: "B" }, { ...TOOL, annotations: {} }, {
  ...TOOL,
  inputSchema: {},
}];

const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("list" as const, "change" as const),
      form: fc.nat(FORMS.length - 1),
    }),
  },
  fc.record({ do: fc.constantFrom("restart", "approve", "approve-stale", "reject", "empty") }),
  fc.record({ do: fc.constant("trust" as const), mode: fc.constantFrom("auto", "scan", "manual") }),
  fc.record({ do: fc.constant("quarantine" as const), on: fc.boolean() }),
);

/** What a person, or a rule that the owner has chosen, has accepted last: the model to compare with. */
interface World {
  trust: TrustMode;
  quarantined: boolean;
  live: Definition | undefined;
  accepted: string | undefined;
  blocked: boolean;
  baseline: boolean;
}

Deno.test("decide(): a definition that differs from its accepted form is never callable, in any order of events", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(STEP, { maxLength: 30 }),
      fc.infiniteStream(fc.boolean()),
      async (steps, verdicts) => {
        const approvals = createMemoryApprovals();
        const world: World = {
          trust: "manual",
          quarantined: false,
          live: undefined,
          accepted: undefined,
          blocked: false,
          baseline: false,
        };
        for (const step of steps) {
          await perform(step, { approvals, world, isClean: verdicts.next().value === true });
          const record = await approvals.get(KEY);
          const hash = world.live === undefined ? undefined : hashDefinition("tool", world.live);
          const callable = isCallable({ hash, record, quarantined: world.quarantined });
          if (callable) {
            deepStrictEqual([hash, world.blocked, world.quarantined], [
              world.accepted,
              false,
              false,
            ]);
          }
        }
      },
    ),
    { numRuns: 1_000 },
  );
});

interface Scene {
  readonly approvals: ReturnType<typeof createMemoryApprovals>;
  readonly world: World;
  readonly isClean: boolean;
}

async function perform(step: Step, { approvals, world, isClean }: Scene): Promise<void> {
  if (step.do === "trust") return void (world.trust = step.mode);
  if (step.do === "quarantine") return void (world.quarantined = step.on);
  if (step.do === "empty") return void (world.live = undefined);
  // Changed without a word, and not listed again yet.
  if (step.do === "change") return void (world.live = FORMS[step.form]);
  if (step.do === "list") {
    const definition = FORMS[step.form] ?? TOOL;
    world.live = definition;
    const scan: ScanOutcome = { verdict: isClean ? "clean" : "hold", complete: true };
    const isBaseline = !await approvals.hasBaseline("files");
    const record = await approvals.get(KEY);
    const decided = decide(
      input({ definition, record, scan, isBaseline, trustMode: world.trust, quarantined: world.quarantined }),
    );
    await approvals.put([decided.record]);
    if (!world.quarantined) await approvals.setBaseline("files");
    const mayAccept = !world.quarantined && !world.blocked &&
      (world.trust === "auto" || world.trust === "scan" && isClean ||
        world.trust === "manual" && isClean && isBaseline && world.accepted === undefined);
    if (mayAccept) world.accepted = hashDefinition("tool", definition);
    return;
  }
  const record = await approvals.get(KEY);
  if (record === undefined) return;
  // A restart reads back what was written.
  if (step.do === "restart") return await approvals.put([JSON.parse(JSON.stringify(record))]);
  if (step.do === "reject") {
    Object.assign(world, { blocked: true, accepted: undefined });
    return await approvals.put([reject(record)]);
  }
  const hash = step.do === "approve" ? record.currentHash : hashDefinition("tool", { name: "other" });
  try {
    await approvals.put([approve(record, { by: "user", at: 0, hash })]);
    Object.assign(world, { blocked: false, accepted: hash });
  } catch {
    strictEqual(step.do, "approve-stale");
  }
}

Deno.test("createMemoryApprovals() lists in order and forgets a server whole", async () => {
  const approvals = createMemoryApprovals();
  const { record } = decide(input());
  await approvals.put([{ ...record, name: "b" }, { ...record, name: "a" }, { ...record, server: "x" }]);
  await approvals.setBaseline("files");

  deepStrictEqual((await approvals.list("files")).map(({ name }) => name), ["a", "b"]);
  strictEqual((await approvals.list()).length, 3);

  await approvals.removeServer("files");
  deepStrictEqual((await approvals.list()).map(({ server }) => server), ["x"]);
  strictEqual(await approvals.hasBaseline("files"), false);
});
