import { deepStrictEqual, ok } from "node:assert/strict";
import { runClientScenarios } from "./client_side.ts";
import { runServerScenarios } from "./run_suite.ts";
import { CLIENT_RUNS, reasonNotReached, SERVER_RUNS, type SuiteRun, VERSIONS } from "./suites.ts";
import { renderBad } from "./table.ts";
import { losses, type Results } from "./verdict.ts";
import { openWays, TRANSPARENT } from "./ways.ts";

/** What goes quickly of each era; all of it is `deno task conformance`. The suites come from npm. */
const SERVER = [named(SERVER_RUNS, VERSIONS.release), named(SERVER_RUNS, `${VERSIONS.next} at 2026-07-28`)];
const CLIENT = [named(CLIENT_RUNS, `${VERSIONS.next} at 2026-07-28`)];

function named(runs: readonly SuiteRun[], name: string): SuiteRun {
  const found = runs.find((run) => run.name === name);
  ok(found, `no run "${name}"`);
  return found;
}

function bad(results: Results): string[] {
  return [...results].flatMap(([scenario, checks]) => renderBad(scenario, checks));
}

Deno.test("the suites find nothing wrong with the fixture, and lose nothing on the way through a gateway", async (t) => {
  await using ways = await openWays(["direct", ...TRANSPARENT]);
  for (const run of SERVER) {
    let direct: Results = new Map();
    await t.step(`${run.name}, directly`, async () => {
      direct = await runServerScenarios(run, ways.url("direct", run.era));
      deepStrictEqual(bad(direct), []);
    });
    for (const way of TRANSPARENT) {
      await t.step(`${run.name}, through a gateway over ${way}`, async () => {
        const through = await runServerScenarios(run, ways.url(way, run.era));
        const lost = losses(direct, through)
          .filter(({ isBad, check }) => isBad || reasonNotReached(check, way) === undefined);
        deepStrictEqual(lost, []);
      });
    }
  }
});

Deno.test("the client scenarios of the modern revision find nothing wrong with the upstream side", async (t) => {
  for await (const { run, results } of runClientScenarios(CLIENT)) {
    ok(results.size > 0, `no scenario in "${run.name}"`);
    await t.step(run.name, () => deepStrictEqual(bad(results), []));
  }
});
