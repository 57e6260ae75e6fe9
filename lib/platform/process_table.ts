/**
 * Reads what the system tells of its processes: the table under `/proc` on
 * Linux, the output of `ps` elsewhere.
 *
 * @module
 */

/** One process as the system shows it. */
export interface ProcessRow {
  readonly pid: number;
  /** Whether it runs; a dead one stays in the table until its parent takes notice. */
  readonly lives: boolean;
  readonly parent: number;
  readonly group: number;
  /** Time on a processor, that of its ended children included. */
  readonly cpuMs: number;
  /** Ticks from the start of the system to the start of the process; with `ps` unknown. */
  readonly startTicks: string | undefined;
}

/** Linux counts processor time for programs in hundredths of a second on every architecture. */
const MS_PER_TICK = 10;

/**
 * Reads `/proc/PID/stat`.
 *
 * @returns `undefined` if the text is not complete.
 */
export function parseStat(text: string): ProcessRow | undefined {
  const pid = Number.parseInt(text, 10);
  // The name before the last bracket may hold anything.
  const fields = text.slice(text.lastIndexOf(")") + 2).trim().split(" ");
  const [state = "", parent, group] = fields;
  const startTicks = fields[19];
  if (startTicks === undefined || Number.isNaN(pid)) return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return {
    pid,
    lives: !"ZXx".includes(state),
    parent: Number(parent),
    group: Number(group),
    cpuMs: ticks * MS_PER_TICK,
    startTicks,
  };
}

/** Reads the line `VmRSS` of `/proc/PID/status`; a process without memory of its own has none. */
export function parseRssBytes(text: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) * 1024;
}

/** A row of `ps` and the memory that it tells along with it. */
export type PsRow = ProcessRow & { readonly rssBytes: number };

/** Columns that {@link parsePs} reads. */
export const PS_COLUMNS = "pid=,ppid=,pgid=,rss=,time=,stat=";

/** Reads the output of `ps -A -o` with {@link PS_COLUMNS}; a line that is anything else is left out. */
export function parsePs(text: string): PsRow[] {
  return text.split("\n").flatMap((line) => {
    const [pid, parent, group, rss, time, state] = line.trim().split(/\s+/);
    if (state === undefined || time === undefined) return [];
    return [{
      pid: Number(pid),
      lives: !state.startsWith("Z"),
      parent: Number(parent),
      group: Number(group),
      cpuMs: toMs(time),
      startTicks: undefined,
      rssBytes: Number(rss) * 1024,
    }];
  });
}

/** Reads `[DAYS-]HOURS:MINUTES:SECONDS`, or `MINUTES:SECONDS.HUNDREDTHS`. */
function toMs(time: string): number {
  const [clock = "", days = "0"] = time.split("-").reverse();
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

/**
 * Finds a process, its group and whatever descends from any of them.
 *
 * @returns Those that live.
 */
export function kinOf<Row extends ProcessRow>(leader: number, rows: readonly Row[]): Row[] {
  const kin = new Set(rows.filter(({ pid, group }) => pid === leader || group === leader));
  const ids = new Set([...kin].map(({ pid }) => pid));
  for (let before = -1; before !== kin.size;) {
    before = kin.size;
    for (const row of rows) {
      if (!ids.has(row.parent) || kin.has(row)) continue;
      kin.add(row);
      ids.add(row.pid);
    }
  }
  return [...kin].filter(({ lives }) => lives);
}
