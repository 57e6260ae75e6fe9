import type { RenewalReport, WorseForm } from "../management/mod.ts";
import type { RenewedScan } from "../runtime/mod.ts";
import type { Storage } from "../storage/mod.ts";

/** Name of the value in which the last report is kept. */
const KEY = "scan_renewal";
/** Forms that are remembered; a value of the database has its bounds. */
const MAX_FORMS = 200;

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

/** What became of one server. Times are epoch ms. */
export interface RenewalPart {
  readonly rules: string;
  readonly startedAt: number;
  /** When it was scanned. */
  readonly at: number;
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
  const ready = meta.get<RenewalReport>(KEY).then((kept) => {
    if (isReport(kept)) last ??= kept;
  }, () => {});
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
      await meta.set(KEY, last);
      isChanged = false;
    },
  };
}

/** Tells a report from what another version has kept. */
function isReport(kept: RenewalReport | undefined): boolean {
  return Array.isArray(kept?.forms) && kept.forms.every((form) => typeof form?.hash === "string");
}

/**
 * Goes on with a renewal that was cut short, or begins a new report; what was
 * found worse before stays in it, since nobody need have decided about it. Pure.
 */
export function addPart(
  last: RenewalReport | undefined,
  { rules, startedAt, at, scanned, worse }: RenewalPart,
): RenewalReport {
  const from = last?.rules === rules && last.finishedAt === undefined
    ? last
    : { rules, startedAt, scanned: 0, worse: 0, accepted: 0 };
  const accepted = worse.filter(({ isAccepted }) => isAccepted)
    .map(({ server, hash, from }): WorseForm => ({ server, hash, from, at }));
  const isOther = (one: WorseForm) =>
    !accepted.some(({ hash, from }) => hash === one.hash && from === one.from);
  return {
    ...from,
    scanned: from.scanned + scanned,
    worse: from.worse + worse.length,
    accepted: from.accepted + accepted.length,
    forms: [...(last?.forms ?? []).filter(isOther), ...accepted].slice(-MAX_FORMS),
  };
}
