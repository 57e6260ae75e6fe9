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
  /** Hashes of those forms, the first of them. */
  readonly forms: readonly string[];
}

/** How renewals do at this moment. */
export interface ScanRenewals {
  readonly isUnderWay: boolean;
  /** `undefined` if there was never anything to renew. */
  readonly last: RenewalReport | undefined;
}
