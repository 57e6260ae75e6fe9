/**
 * Runs the measurements of scale and of the runtime and writes their tables.
 *
 * @module
 */

import { median } from "./programs.ts";
import { type EditLatency, measureEdits, measureOperations } from "./runtime.ts";
import { measureEventClients, measureFleet, measureOutage, possibleClients } from "./scale.ts";

/** Writes a table in Markdown. */
export type WriteTable = (
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
) => void;

const whole = (value: number) => Math.round(value).toLocaleString("en");

/** Measures daemons over fleets, an outage, and clients of the event stream. */
export async function reportScale(write: WriteTable, isQuick: boolean): Promise<void> {
  const sizes = [
    { http: 50, stdio: 0, toolsEach: 20 },
    { http: 190, stdio: 10, toolsEach: 20 },
    ...(isQuick ? [] : [{ http: 950, stdio: 50, toolsEach: 20 }]),
  ];
  const rows: string[][] = [];
  for (const size of sizes) {
    const { http, stdio, toolsEach, first, again } = await measureFleet(size);
    for (const [start, found] of [["first", first], ["with known tools", again]] as const) {
      const { listeningMs, searchableMs, readyMs, residentMb } = found;
      rows.push([
        `${http} HTTP + ${stdio} stdio`,
        whole((http + stdio) * toolsEach),
        start,
        ...[listeningMs, searchableMs, readyMs, residentMb].map(whole),
      ]);
    }
  }
  write(["servers", "tools", "start", "listening ms", "searchable ms", "all ready ms", "RSS MB"], rows);
  const outage = { servers: isQuick ? 60 : 550, down: isQuick ? 50 : 500 };
  const outages = [];
  for (const downMs of isQuick ? [3_000] : [10_000, 40_000]) {
    outages.push(await measureOutage({ ...outage, downMs }));
  }
  write(
    ["servers down", "for s", "attempts meanwhile", "most at once", "all back after s", "most at once then"],
    outages.map(({ servers, downMs, attempts, atOnce, backMs, atOnceBack }) => [
      servers,
      downMs / 1_000,
      attempts,
      atOnce,
      (backMs / 1_000).toFixed(1),
      atOnceBack,
    ]),
  );
  const clients = await measureEventClients(await possibleClients(isQuick ? 500 : 10_000), 5);
  const { asked, open, residentMb, residentMbBefore, lastMs } = clients;
  write(["event clients", "open", "RSS MB before", "RSS MB", "KB each", "event to all ms"], [[
    whole(asked),
    whole(open),
    whole(residentMbBefore),
    whole(residentMb),
    whole(1_000 * (residentMb - residentMbBefore) / open),
    whole(median(lastMs)),
  ]]);
}

/** Measures view, actors and events in this process, and how long an edit of the config takes. */
export async function reportRuntime(write: WriteTable, isQuick: boolean): Promise<void> {
  const operations = measureOperations();
  const ns = (value: number) => value < 100 ? value.toFixed(2) : whole(value);
  write(["operation", "ns", "bytes"], operations.map(({ name, ns: time, bytes }) => [name, ns(time), bytes]));
  const edits: EditLatency[] = [];
  for (const servers of [3, 200]) edits.push(await measureEdits(servers, isQuick ? 3 : 15));
  write(
    ["servers", "saved to connecting, p50 ms", "max ms"],
    edits.map(({ servers, ms }) => [servers, whole(median(ms)), whole(ms.at(-1) ?? NaN)]),
  );
}
