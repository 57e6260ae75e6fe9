/**
 * Measures the gateway and prints tables in Markdown:
 *
 *   deno task bench [calls] [modes] [peers] [start] [commands] [rest] [restart] [profile] [runtime] [scale]
 *   [activity] [records] [policies] [fairness] [beside] [lists] [--quick]
 *
 *   deno task bench search [FOLDER] [--quick]
 *
 * Without a name calls, start and commands are measured.
 *
 * @module
 */

import { measureActivity } from "./activity.ts";
import { measureRecordedCalls } from "./activity_calls.ts";
import { HOSTILE_WAYS, measureBeside } from "./beside.ts";
import { measureFairness, measureLimitCost } from "./fairness.ts";
import { type Comparison, type Effort, type Figures, measureHotPath } from "./hot_path.ts";
import { measureLists } from "./lists.ts";
import { measureMemory } from "./memory.ts";
import { measureModes, type ModeComparison, type ModeEffort } from "./modes.ts";
import { measurePeers } from "./peers.ts";
import { measureDetection, measureInspection, measurePolicies } from "./policies.ts";
import { type Cost, profileCalls } from "./profile.ts";
import { measureList } from "./rest.ts";
import { measureRestart } from "./restart.ts";
import { reportRuntime, reportScale, type WriteTable } from "./scale_report.ts";
import { reportSearch } from "./search.ts";
import { measureCommands, measureStartUp } from "./start_up.ts";

const PARTS = [
  "calls",
  "modes",
  "peers",
  "start",
  "commands",
  "rest",
  "restart",
  "profile",
  "runtime",
  "scale",
  "activity",
  "records",
  "memory",
  "policies",
  "fairness",
  "beside",
  "lists",
];
/** These take minutes, or are of interest only to who works on them. */
const ON_WISH: readonly string[] = [
  "rest",
  "restart",
  "peers",
  "profile",
  "runtime",
  "scale",
  "activity",
  "records",
  "memory",
  "policies",
  "fairness",
  "beside",
  "lists",
];

const FULL: Effort = { rounds: 7, calls: { 1: 3_000, 32: 10_000 } };
const QUICK: Effort = { rounds: 3, calls: { 1: 1_000, 32: 3_000 } };

const ms = (value: number) => value.toFixed(value < 10 ? 3 : 0);
const us = (value: number) => `${Math.round(value * 1_000)} µs`;

function row(...cells: (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function table(head: readonly string[], rows: readonly string[]): void {
  console.log([row(...head), row(...head.map(() => "---")), ...rows, ""].join("\n"));
}

function figures({ p50, p90, p99, callsPerSecond }: Figures): string[] {
  return [ms(p50), ms(p90), ms(p99), Math.round(callsPerSecond).toLocaleString("en")];
}

async function calls(effort: Effort): Promise<void> {
  const found = await measureHotPath(effort);
  table(
    ["server", "at once", "way", "p50 ms", "p90 ms", "p99 ms", "calls/s"],
    found.flatMap(({ wire, concurrency, direct, relay, gateway }) => [
      row(wire, concurrency, "direct", ...figures(direct)),
      row(wire, concurrency, "bare relay", ...figures(relay)),
      row(wire, concurrency, "gateway", ...figures(gateway)),
    ]),
  );
  const head = ["server", "at once", "added p50", "of a relay", "share of direct calls/s", "of a relay"];
  table([...head, "CPU of the daemon per call"], found.map(difference));
}

function difference({ wire, concurrency, direct, relay, gateway, cpuUs }: Comparison): string {
  const added = (way: Figures) => us(way.p50 - direct.p50);
  const share = (way: Figures) => `${Math.round(100 * way.callsPerSecond / direct.callsPerSecond)} %`;
  const pairs = [added(gateway), added(relay), share(gateway), share(relay)];
  return row(wire, concurrency, ...pairs, `${Math.round(cpuUs)} µs`);
}

const MODES: ModeEffort = { rounds: 5, calls: { 1: 2_000, 32: 8_000, 256: 10_000 }, largeCalls: 150 };
const QUICK_MODES: ModeEffort = { rounds: 3, calls: { 1: 600, 32: 2_000, 256: 3_000 }, largeCalls: 40 };

function modes(found: readonly ModeComparison[]): void {
  const rows = found.flatMap(({ call, concurrency, ways }) => {
    const direct = Object.values(ways)[0]?.callsPerSecond ?? NaN;
    return Object.entries(ways).map(([way, found]) =>
      row(call, concurrency, way, ...figures(found), `${Math.round(100 * found.callsPerSecond / direct)} %`)
    );
  });
  table(["result", "at once", "way", "p50 ms", "p90 ms", "p99 ms", "calls/s", "of direct"], rows);
}

async function fairness(isQuick: boolean): Promise<void> {
  const costs = measureLimitCost(isQuick ? 100_000 : 1_000_000);
  table(["limits", "ns a call"], costs.map(({ what, nsPerCall }) => row(what, Math.round(nsPerCall))));
  const found = await measureFairness(isQuick ? 3_000 : 20_000);
  table(
    [
      "a call takes",
      "p99 ms, other at its share",
      "p99 ms, other at ten times that",
      "ratio",
      "calls/s of the other",
    ],
    found.map(({ service, modestP99Ms, crowdedP99Ms, ratio, otherPerSecond }) =>
      row(service, ms(modestP99Ms), ms(crowdedP99Ms), ratio.toFixed(2), Math.round(otherPerSecond))
    ),
  );
}

async function beside(isQuick: boolean): Promise<void> {
  const found = await measureBeside({
    ...(isQuick ? { rounds: 3, calls: 500 } : { rounds: 9, calls: 3_000 }),
    ways: HOSTILE_WAYS,
  });
  table(
    ["beside a server with", "p50 ms", "p50 ms, alone", "p99 ms", "p99 ms, alone", "ratio of p99"],
    found.map(({ what, quietP50Ms, hostileP50Ms, quietP99Ms, hostileP99Ms }) =>
      row(
        what,
        ...[hostileP50Ms, quietP50Ms, hostileP99Ms, quietP99Ms].map(ms),
        (hostileP99Ms / quietP99Ms).toFixed(2),
      )
    ),
  );
}

async function lists(isQuick: boolean): Promise<void> {
  const found = await measureLists(isQuick ? [1_000] : [1_000, 2_000], isQuick ? 3 : 7);
  table(
    ["tools", "what", "taken in ms", "lag of the main loop ms", "in the quietest round"],
    found.map(({ tools, what, takenMs, lagMs, leastLagMs }) =>
      row(tools.toLocaleString("en"), what, Math.round(takenMs), lagMs.toFixed(1), leastLagMs.toFixed(1))
    ),
  );
}

async function memory(calls: number): Promise<void> {
  const rows: string[] = [];
  for await (const { calls: done, residentMb } of measureMemory(calls)) {
    rows.push(row(done.toLocaleString("en"), residentMb.toFixed(0)));
  }
  table(["calls", "RSS MB"], rows);
}

async function start(isQuick: boolean): Promise<void> {
  const found = await measureStartUp(isQuick ? 1 : 5);
  table(
    ["servers", "listening ms", "all ready ms", "RSS MB"],
    found.map(({ servers, listeningMs, readyMs, residentMb }) =>
      row(servers, ms(listeningMs), ms(readyMs), residentMb.toFixed(0))
    ),
  );
}

async function commands(isQuick: boolean): Promise<void> {
  const found = await measureCommands(isQuick ? 3 : 15);
  table(
    ["program", "command", "wall ms"],
    found.map(({ program, command, wallMs }) => row(program, command, ms(wallMs))),
  );
}

async function rest(isQuick: boolean): Promise<void> {
  const effort = { servers: isQuick ? 200 : 1_000, flapping: isQuick ? 20 : 100, perSecond: 200 };
  const { quiet, flapping } = await measureList({ ...effort, seconds: isQuick ? 4 : 15 });
  table(
    [
      `GET /servers, ${effort.servers} servers`,
      "p50 ms",
      "p90 ms",
      "p99 ms",
      "max ms",
      "asked",
      "errors",
      "KB",
    ],
    Object.entries({ quiet, [`${effort.flapping} of them flap`]: flapping }).map(([name, found]) =>
      row(
        name,
        ...[found.p50, found.p90, found.p99, found.max].map((value) => value.toFixed(1)),
        found.asked,
        found.errors,
        Math.round(found.bytes / 1_000),
      )
    ),
  );
}

async function restart(isQuick: boolean): Promise<void> {
  const found = await measureRestart(isQuick ? 3 : 9);
  const rows = found.map(({ program, tools, listeningMs, searchableMs, cpuMs }) =>
    row(program, tools.toLocaleString("en"), ms(listeningMs), ms(searchableMs), ms(cpuMs))
  );
  table(["program", "tools known", "listening ms", "searchable ms", "processor ms"], rows);
}

async function profile(isQuick: boolean): Promise<void> {
  for (const wire of ["http", "stdio"] as const) {
    const { calls, busyUs, costs, places } = await profileCalls(wire, isQuick ? 5_000 : 30_000);
    console.log(`${wire}: ${calls} calls, ${Math.round(busyUs / calls)} µs each in JavaScript\n`);
    const rows = (found: readonly Cost[]) =>
      found.map(({ selfUs, where }) => row((selfUs / calls).toFixed(2), where));
    table(["own µs per call", "place"], rows(places).slice(0, 15));
    table(["own µs per call", "function"], rows(costs));
  }
}

/** Tells a person what is going on; the tables go to stdout alone. */
function note(text: string): void {
  console.error(text);
}

async function policies(isQuick: boolean): Promise<void> {
  note(
    `Calls to one server under five sets of policies, in turns: ${
      isQuick ? "some 10 s" : "a minute or more"
    } …`,
  );
  const costs = await measurePolicies(isQuick);
  table(
    ["policies", "p50 ms", "p90 ms", "p99 ms", "calls/s", "added p50"],
    costs.map(({ name, figures: found, addedUs }) =>
      row(name, ...figures(found), `${Math.round(addedUs)} µs`)
    ),
  );
  note("An inspection by itself, and the search for secrets: some seconds …");
  table(["an inspection by itself", "before the answer leaves"], [
    row(
      "nothing looked for",
      `${measureInspection({ sensitive_data: "off", output_validation: "off" }).toFixed(2)} µs`,
    ),
    row("as delivered: annotate and warn", `${measureInspection({}).toFixed(2)} µs`),
  ]);
  const sizes = await measureDetection([100, 1_024, 10_240, 65_536]);
  table(
    ["size of a result", "least time to look for secrets"],
    [...sizes].map(([size, time]) => row(size.toLocaleString("en"), `${time.toFixed(3)} ms`)),
  );
}

const isQuick = Deno.args.includes("--quick");
const write: WriteTable = (head, rows) => table(head, rows.map((cells) => row(...cells)));
if (Deno.args[0] === "search") {
  await reportSearch(write, Deno.args.slice(1).find((word) => word !== "--quick"), isQuick);
  Deno.exit();
}
const named = Deno.args.filter((word) => word !== "--quick");
const unknown = named.find((word) => !PARTS.includes(word));
if (unknown !== undefined) {
  console.error(`Cannot measure "${unknown}": there is no such part, wanted ${PARTS.join(", ")} or --quick`);
  Deno.exit(2);
}
const isWanted = (part: string) => named.length === 0 ? !ON_WISH.includes(part) : named.includes(part);
if (isWanted("calls")) await calls(isQuick ? QUICK : FULL);
if (isWanted("modes")) modes(await measureModes(isQuick ? QUICK_MODES : MODES));
if (isWanted("peers")) modes(await measurePeers(isQuick ? QUICK : FULL));
if (isWanted("start")) await start(isQuick);
if (isWanted("commands")) await commands(isQuick);
if (isWanted("rest")) await rest(isQuick);
if (isWanted("restart")) await restart(isQuick);
if (isWanted("profile")) await profile(isQuick);
if (isWanted("runtime")) await reportRuntime(write, isQuick);
if (isWanted("scale")) await reportScale(write, isQuick);
if (isWanted("memory")) await memory(isQuick ? 200_000 : 1_000_000);
if (isWanted("policies")) await policies(isQuick);
if (isWanted("fairness")) await fairness(isQuick);
if (isWanted("beside")) await beside(isQuick);
if (isWanted("lists")) await lists(isQuick);
if (isWanted("activity")) await measureActivity(write, isQuick);
if (isWanted("activity") || isWanted("records")) await measureRecordedCalls(write, isQuick);
