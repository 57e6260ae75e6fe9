/**
 * Proves that the gateway is transparent: runs the official conformance
 * suites against the fixture directly and through a gateway, and the client
 * scenarios against the gateway's upstream side.
 *
 *   deno task conformance [way …]
 *
 * Without arguments: directly, through a gateway in front of HTTP, through one
 * in front of stdio, and the client. The bridges, where the fixture speaks
 * another era than the suite, are shown and not judged: no gateway can carry
 * everything across.
 *
 * Exits with 1 if something that passes directly fails through the gateway,
 * if the fixture itself fails, or if a client scenario fails.
 *
 * @module
 */

import { runClientScenarios } from "./client_side.ts";
import { runServerScenarios } from "./run_suite.ts";
import { reasonNotReached, SERVER_RUNS } from "./suites.ts";
import { renderBad, renderTable } from "./table.ts";
import { type Loss, losses, type Results } from "./verdict.ts";
import { isFor, openWays, TRANSPARENT, type Way, WAYS } from "./ways.ts";

const wanted = Deno.args.filter((name) => name !== "client");
const unknown = wanted.find((name) => !WAYS.some((way) => way === name));
if (unknown !== undefined) {
  console.error(`Unknown way "${unknown}", wanted ${WAYS.join(", ")} or client`);
  Deno.exit(2);
}
const ways = WAYS.filter((way) =>
  way === "direct" || wanted.includes(way) || (Deno.args.length === 0 && TRANSPARENT.includes(way))
);

let problems = 0;
if (Deno.args.length === 0 || wanted.length > 0) problems += await compareWays();
if (Deno.args.length === 0 || Deno.args.includes("client")) problems += await tryClient();
console.log(problems === 0 ? "\nNothing is lost" : `\n${problems} problems`);
Deno.exit(problems === 0 ? 0 : 1);

async function compareWays(): Promise<number> {
  await using opened = await openWays(ways);
  let count = 0;
  for (const run of SERVER_RUNS) {
    const byWay = new Map<Way, Results>();
    for (const way of ways.filter((one) => isFor(run, one))) {
      byWay.set(way, await runServerScenarios(run, opened.url(way, run.era)));
    }
    console.log(`\n${renderTable(run.name, byWay)}`);
    count += report(byWay);
  }
  return count;
}

/** Prints what is bad directly or lost on the way; counts it unless the way is only a bridge. */
function report(byWay: ReadonlyMap<Way, Results>): number {
  const direct: Results = byWay.get("direct") ?? new Map();
  const bad = [...direct].flatMap(([scenario, checks]) => renderBad(scenario, checks));
  print("Fails directly", bad);
  let count = bad.length;
  for (const [way, results] of byWay) {
    const all = losses(direct, results);
    const lost = all.filter((loss) => loss.isBad || reasonNotReached(loss.check, way) === undefined);
    print(`Lost on the way "${way}"`, lost.map(renderLoss));
    const excused = all.filter((loss) => !lost.includes(loss))
      .map(({ scenario, check }) => `  ${scenario}  ${check}: ${reasonNotReached(check, way)}`);
    print(`Not reached on the way "${way}"`, excused);
    if (TRANSPARENT.includes(way)) count += lost.length;
  }
  return count;
}

function renderLoss({ scenario, check, outcome }: Loss): string {
  return `  ${scenario}  ${check}: ${outcome.slice(0, 400)}`;
}

function print(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log(`\n${title}:\n${lines.join("\n")}`);
}

async function tryClient(): Promise<number> {
  let count = 0;
  for await (const { run, results, left } of runClientScenarios()) {
    console.log(`\n${renderTable(`client, ${run.name}`, new Map([["upstream side", results]]))}`);
    const bad = [...results].flatMap(([scenario, checks]) => renderBad(scenario, checks));
    print("Fails", bad);
    print("Not run", [...left].map(([reason, names]) => `  ${reason}: ${names.join(", ")}`));
    count += bad.length;
  }
  return count;
}
