/**
 * Results as text. Pure.
 *
 * @module
 */

import { type Check, isBad, judge, type Results } from "./verdict.ts";

/** Results by way. */
export type ByWay = ReadonlyMap<string, Results>;

/** One line for each scenario, one column for each way. */
export function renderTable(title: string, byWay: ByWay): string {
  const ways = [...byWay.keys()];
  const scenarios = [...new Set([...byWay.values()].flatMap((results) => [...results.keys()]))];
  const rows = scenarios.map((scenario) => [
    scenario,
    ...ways.map((way) => renderCell(byWay.get(way)?.get(scenario))),
  ]);
  const all = [[title, ...ways], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = all.map((row) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ").trimEnd()
  );
  return [lines[0], "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2)), ...lines.slice(1)].join(
    "\n",
  );
}

/** How many checks passed; of how many where some did not. */
export function renderCell(checks: readonly Check[] | undefined): string {
  if (checks === undefined) return "-";
  const { passed, bad } = judge(checks);
  if (bad > 0) return `FAIL ${passed}/${passed + bad}`;
  return passed > 0 ? `ok ${passed}` : "ok -";
}

/** The checks of a scenario that are bad, one on a line. */
export function renderBad(scenario: string, checks: readonly Check[]): string[] {
  return checks.filter(isBad).map(({ id, status, errorMessage, description }) =>
    `  ${scenario}  ${id}  ${status}: ${(errorMessage ?? description ?? "").slice(0, 400)}`
  );
}
