import type { RenewalReport } from "../management/mod.ts";
import type { RenewedScan } from "../runtime/mod.ts";
import type { Storage } from "../storage/mod.ts";

/** Name of the value in which the last report is kept. */
const KEY = "scan_renewal";
/** Forms that are remembered; a value of the database has its bounds. */
const MAX_FORMS = 300;

/** The report of the last renewal that had anything to scan, kept over a restart. */
export interface RenewalReports {
  /** `undefined` if there was none. */
  readonly last: RenewalReport | undefined;
  /** Resolves when what an earlier gateway has kept is there. */
  readonly ready: Promise<void>;
  /** Adds what a part of a renewal came to. */
  add(part: RenewalPart): void;
  /** Notes that nothing is left to scan. */
  finish(at: number): void;
  /** Resolves when the report is on the disk. */
  save(): Promise<void>;
}

/** What became of one server. */
export interface RenewalPart {
  readonly rules: string;
  /** Epoch ms. */
  readonly startedAt: number;
  readonly scanned: number;
  readonly worse: readonly RenewedScan[];
}

/** Opens the report. */
export function openRenewalReports({ meta }: Pick<Storage, "meta">): RenewalReports {
  let last: RenewalReport | undefined;
  let isChanged = false;
  const set = (report: RenewalReport) => {
    last = report;
    isChanged = true;
  };
  // What cannot be read is only missed in a status.
  const ready = meta.get<RenewalReport>(KEY).then((kept) => void (last ??= kept), () => {});
  return {
    ready,
    get last() {
      return last;
    },
    add: (part) => set(addPart(last, part)),
    finish: (at) => {
      if (last !== undefined && last.finishedAt === undefined) set({ ...last, finishedAt: at });
    },
    async save() {
      if (!isChanged) return;
      isChanged = false;
      await meta.set(KEY, last);
    },
  };
}

/** Goes on with a renewal that was cut short, or begins a new report. Pure. */
export function addPart(
  last: RenewalReport | undefined,
  { rules, startedAt, scanned, worse }: RenewalPart,
): RenewalReport {
  const from = last?.rules === rules && last.finishedAt === undefined
    ? last
    : { rules, startedAt, scanned: 0, worse: 0, accepted: 0, forms: [] };
  const accepted = worse.filter(({ isAccepted }) => isAccepted);
  return {
    ...from,
    scanned: from.scanned + scanned,
    worse: from.worse + worse.length,
    accepted: from.accepted + accepted.length,
    forms: [...from.forms, ...accepted.map(({ hash }) => hash)].slice(0, MAX_FORMS),
  };
}
