import type { Verdict } from "../security/mod.ts";

/** What became of known definitions when other rules came into force. Times are epoch ms. */
export interface RenewalReport {
  /** Version of the rules that were used. */
  readonly rules: string;
  readonly startedAt: number;
  /** Absent as long as it goes on. */
  readonly finishedAt?: number;
  /** Definitions that were scanned again. */
  readonly scanned: number;
  /** Of which these rules find more than those before. */
  readonly worse: number;
  /** Of which a person or a rule had accepted. */
  readonly accepted: number;
  /** What was accepted and found worse, in this renewal and in those before; the latest of it. */
  readonly forms: readonly WorseForm[];
}

/** A form that was accepted when other rules found more in it. */
export interface WorseForm {
  readonly server: string;
  readonly hash: string;
  /** What was found of it before. */
  readonly from: Verdict;
  /** When it was found, in epoch ms. */
  readonly at: number;
}

/** How renewals do at this moment. */
export interface ScanRenewals {
  readonly isUnderWay: boolean;
  /** `undefined` if there was never anything to renew. */
  readonly last: RenewalReport | undefined;
}
