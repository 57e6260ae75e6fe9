/**
 * The client scenarios of the suites against the gateway's upstream side.
 *
 * @module
 */

import { listScenarios, runClientScenario } from "./run_suite.ts";
import { CLIENT_RUNS, reasonNotToRun, type SuiteRun } from "./suites.ts";
import type { Check, Results } from "./verdict.ts";

/** What came of a run. */
export interface ClientResults {
  readonly run: SuiteRun;
  readonly results: Results;
  /** Scenarios that were not run, by the reason. */
  readonly left: ReadonlyMap<string, readonly string[]>;
}

const ROOT = new URL("../../", import.meta.url).pathname;

/** Command line of the client; the suites put the URL behind it. */
const COMMAND = [
  Deno.execPath(),
  "run",
  "--quiet",
  "-A",
  `--config=${ROOT}deno.json`,
  `${ROOT}tests/conformance/client.ts`,
].join(" ");

/** Runs every scenario that there is no reason to leave out. */
export async function* runClientScenarios(runs = CLIENT_RUNS): AsyncGenerator<ClientResults> {
  for (const run of runs) {
    const results = new Map<string, Check[]>();
    const left = new Map<string, string[]>();
    for (const scenario of await listScenarios("client", run)) {
      const reason = reasonNotToRun(scenario);
      if (reason === undefined) results.set(scenario, await runClientScenario(run, scenario, COMMAND));
      else left.set(reason, [...left.get(reason) ?? [], scenario]);
    }
    yield { run, results, left };
  }
}
