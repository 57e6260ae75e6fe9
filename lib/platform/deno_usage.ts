import type { ProcessUsage } from "./processes.ts";
import { kinOf, parsePs, parseRssBytes, parseStat, PS_COLUMNS, type PsRow } from "./process_table.ts";

/** Measures processes without holding up anything else; see `Processes.usage()`. */
export async function readUsage(leaders: readonly number[]): Promise<ReadonlyMap<number, ProcessUsage>> {
  if (Deno.build.os === "windows" || leaders.length === 0) return new Map();
  return Deno.build.os === "linux" ? await readFromTable(leaders) : await readFromPs(leaders);
}

async function readFromTable(leaders: readonly number[]): Promise<ReadonlyMap<number, ProcessUsage>> {
  const rows: PsRow[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    const text = /^\d+$/.test(name) ? await tryRead(`/proc/${name}/stat`) : undefined;
    const row = text === undefined ? undefined : parseStat(text);
    if (row !== undefined) rows.push({ ...row, rssBytes: 0 });
  }
  const measured = leaders.map(async (leader) => {
    const kin = kinOf(leader, rows).map(async (row) => {
      return { ...row, rssBytes: parseRssBytes(await tryRead(`/proc/${row.pid}/status`) ?? "") };
    });
    return [leader, sum(await Promise.all(kin))] as const;
  });
  return withoutNone(await Promise.all(measured));
}

async function readFromPs(leaders: readonly number[]): Promise<ReadonlyMap<number, ProcessUsage>> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", PS_COLUMNS], stderr: "null" })
    .output();
  const rows = parsePs(new TextDecoder().decode(stdout));
  return withoutNone(leaders.map((leader) => [leader, sum(kinOf(leader, rows))] as const));
}

function sum(rows: readonly PsRow[]): ProcessUsage {
  return {
    cpuMs: rows.reduce((total, { cpuMs }) => total + cpuMs, 0),
    rssBytes: rows.reduce((total, { rssBytes }) => total + rssBytes, 0),
    processes: rows.length,
  };
}

function withoutNone(
  measured: readonly (readonly [number, ProcessUsage])[],
): ReadonlyMap<number, ProcessUsage> {
  return new Map(measured.filter(([, { processes }]) => processes > 0));
}

async function tryRead(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined; // it has ended meanwhile
  }
}
