import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { GatewayError, type ServerConfigInput } from "../../../lib/contracts/mod.ts";
import { type Ending, entry, openScene, type Scene } from "./scene.ts";

const NAMES = ["a", "b"];

/** What can happen to servers, in any order. */
type Act =
  | { readonly kind: "configure"; readonly name: string; readonly fields: Partial<ServerConfigInput> }
  | { readonly kind: "remove"; readonly name: string }
  | { readonly kind: "restart"; readonly name: string }
  | { readonly kind: "use"; readonly name: string; readonly leavesAfterMs: number | undefined }
  | { readonly kind: "settle"; readonly ending: Ending }
  | { readonly kind: "exit" | "hang" | "news"; readonly name: string }
  /** Gets ready and is lost soon after. */
  | { readonly kind: "crash"; readonly name: string; readonly afterMs: number }
  /** Disabled, and enabled again soon after. */
  | { readonly kind: "flap"; readonly name: string; readonly afterMs: number }
  | { readonly kind: "pass"; readonly ms: number };

const name = fc.constantFrom(...NAMES);
const fields = fc.record({
  args: fc.constantFrom<string[]>([], ["one"], ["two"]),
  enabled: fc.constantFrom(true, true, true, false),
  quarantined: fc.constantFrom(false, false, false, true),
  tool_discovery_interval: fc.constantFrom("5m", "1m", "0"),
  idle_timeout: fc.constantFrom(undefined, undefined, "20s"),
});
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("configure" as const), name, fields }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("remove" as const), name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("restart" as const), name }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("use" as const),
      name,
      leavesAfterMs: fc.constantFrom(undefined, undefined, 0, 500, 40_000),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("settle" as const),
      ending: fc.constantFrom<Ending>("ready", "ready", "ready", "refused", "no such command"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom("exit", "hang", "news"), name }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("pass" as const),
      ms: fc.constantFrom(0, 1, 5, 50, 2_000, 70_000),
    }),
  },
);

/** What came of every call. */
interface Ledger {
  made: number;
  readonly outcomes: string[];
}

/** The config as the acts have made it. */
type Wanted = Map<string, ServerConfigInput>;

async function perform(scene: Scene, wanted: Wanted, ledger: Ledger, act: Act): Promise<void> {
  switch (act.kind) {
    case "configure":
      wanted.set(act.name, entry(act.name, act.fields));
      return scene.configure([...wanted.values()]);
    case "remove":
      if (wanted.delete(act.name)) scene.configure([...wanted.values()]);
      return;
    case "restart":
      if (scene.runtime.view().servers.has(act.name)) scene.runtime.restart(act.name);
      return;
    case "use":
      return use(scene, ledger, act.name, act.leavesAfterMs);
    case "settle":
      return scene.attempts.find(({ isPending }) => isPending)?.settle(act.ending);
    case "exit":
    case "hang":
      return scene.live(act.name)[0]?.[act.kind]();
    case "news":
      return scene.live(act.name)[0]?.say({ method: "notifications/tools/list_changed" });
    case "crash":
      scene.live(act.name)[0]?.settle("ready");
      if (act.afterMs >= 0) await scene.clock.advanceAsync(act.afterMs);
      return scene.live(act.name)[0]?.exit();
    case "flap": {
      const fields = wanted.get(act.name) ?? {};
      await perform(scene, wanted, ledger, {
        kind: "configure",
        name: act.name,
        fields: { ...fields, enabled: false },
      });
      if (act.afterMs >= 0) await scene.clock.advanceAsync(act.afterMs);
      return await perform(scene, wanted, ledger, {
        kind: "configure",
        name: act.name,
        fields: { ...fields, enabled: true },
      });
    }
    case "pass":
      return await scene.clock.advanceAsync(act.ms);
    default:
      return act satisfies never;
  }
}

function use(scene: Scene, ledger: Ledger, name: string, leavesAfterMs: number | undefined): void {
  const caller = new AbortController();
  if (leavesAfterMs !== undefined) scene.clock.after(leavesAfterMs, () => caller.abort(new Error("Left")));
  const patience = new AbortController();
  scene.clock.after(60_000, () => patience.abort(new Error("The server does not answer")));
  ledger.made++;
  const { signal } = caller;
  scene.runtime.use(name, { signal, waitMs: 30_000 }, async (connection) => {
    ok(scene.live(name).length === 1, "a call works with a live process");
    const tired = Promise.withResolvers<never>();
    patience.signal.addEventListener("abort", () => tired.reject(patience.signal.reason), { once: true });
    await Promise.race([connection.request("x"), tired.promise]);
  }).then(
    () => ledger.outcomes.push("done"),
    (error) => {
      const isKnown = error instanceof GatewayError || error.message === "Left" ||
        error.message === "The server does not answer";
      ledger.outcomes.push(isKnown ? "refused" : String(error));
    },
  );
}

/** From here on nothing goes wrong any more, and time passes. */
async function comeToRest(scene: Scene): Promise<void> {
  scene.always = "ready";
  for (const attempt of scene.attempts) attempt.settle("ready");
  for (let look = 0; look < 6; look++) {
    await scene.clock.advanceAsync(60_000);
    for (const [name, { state }] of scene.runtime.view().servers) {
      // Only a person cures what trying again does not.
      if (state.state === "failed") scene.runtime.restart(name);
    }
  }
}

function judge(scene: Scene, wanted: Wanted): void {
  const { servers } = scene.runtime.view();
  deepStrictEqual([...servers.keys()].sort(), [...wanted.keys()].sort());
  for (const [name, { enabled, quarantined, args = [], idle_timeout }] of wanted) {
    const record = servers.get(name);
    const live = scene.live(name);
    const isWanted = enabled !== false && quarantined !== true;
    const rest = isWanted && idle_timeout === undefined ? ["ready"] : isWanted ? ["ready", "idle"] : ["idle"];
    ok(
      rest.includes(record?.state.state ?? ""),
      `${name} is ${JSON.stringify(record?.state)}, wanted ${rest}`,
    );
    strictEqual(live.length, record?.state.state === "ready" ? 1 : 0);
    deepStrictEqual(record?.config.args, args);
    if (live[0] !== undefined) deepStrictEqual(live[0].server.args, args);
    const listed = scene.runtime.catalogue.get(name)?.tools.map(({ name }) => name);
    if (record?.state.state === "ready") deepStrictEqual(listed, [`${name}-${args.join("-")}`]);
    deepStrictEqual(scene.indexed.get(name)?.map(({ name }) => name), isWanted ? listed : undefined);
    deepStrictEqual(scene.stored.get(name)?.tools.map(({ name }) => name), listed);
  }
  for (const name of NAMES.filter((name) => !wanted.has(name))) {
    strictEqual(scene.live(name).length, 0, `${name} is gone and still lives`);
    strictEqual(scene.runtime.catalogue.get(name), undefined);
    strictEqual(scene.indexed.get(name), undefined);
    strictEqual(scene.stored.get(name), undefined);
  }
}

Deno.test("Runtime comes to what the config wants from any history, and leaves nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(act, fc.boolean()), { maxLength: 60, size: "max" }),
      fc.constantFrom(0, 3, 15_000),
      fc.constantFrom(0, 2),
      fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 5, maxLength: 5 }),
      async (acts, stopMs, indexMs, dice) => {
        let turn = 0;
        const random = () => dice[turn++ % dice.length] ?? 0;
        const scene = await openScene({ servers: [entry("a")], stopMs, indexMs, random });
        const wanted: Wanted = new Map([["a", entry("a")]]);
        const ledger: Ledger = { made: 0, outcomes: [] };
        for (const [one, settles] of acts) {
          await perform(scene, wanted, ledger, one);
          if (settles) await scene.clock.advanceAsync(0);
        }
        await comeToRest(scene);
        judge(scene, wanted);

        for (const name of NAMES) use(scene, ledger, name, undefined);
        await scene[Symbol.asyncDispose]();
        deepStrictEqual(NAMES.flatMap((name) => scene.live(name)), []);
        deepStrictEqual(scene.faults, []);
        await scene.clock.advanceAsync(120_000); // callers that leave
        strictEqual(scene.clock.pending, 0, "timers are left");
        strictEqual(ledger.outcomes.length, ledger.made, "every call has one outcome");
        deepStrictEqual(ledger.outcomes.filter((one) => one !== "done" && one !== "refused"), []);
      },
    ),
    { numRuns: 400 },
  );
});
