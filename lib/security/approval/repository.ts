import { type ApprovalKey, approvalKeyOf, type ApprovalRecord } from "./record.ts";

/** Where approvals are kept. A promise that has settled means the change is durable. */
export interface Approvals {
  get(key: ApprovalKey): Promise<ApprovalRecord | undefined>;
  /** Records of one server, or of all, ordered by server, kind and name. */
  list(server?: string): Promise<readonly ApprovalRecord[]>;
  /** Writes all of the records or none. */
  put(records: readonly ApprovalRecord[]): Promise<void>;
  /**
   * Tells whether something of a server was ever accepted. It stays so when the
   * server shows nothing for a while, or it could start over as if it were new.
   */
  hasBaseline(server: string): Promise<boolean>;
  setBaseline(server: string): Promise<void>;
  /** Forgets a server that was removed from the config, its baseline too. */
  removeServer(server: string): Promise<void>;
}

/** Keeps approvals in memory, for tests and for gateways that keep nothing. */
export function createMemoryApprovals(): Approvals {
  const records = new Map<string, ApprovalRecord>();
  const baselines = new Set<string>();
  return {
    get: (key) => Promise.resolve(records.get(approvalKeyOf(key))),
    list(server) {
      const found = [...records].filter(([, record]) => server === undefined || record.server === server);
      found.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
      return Promise.resolve(found.map(([, record]) => record));
    },
    put(changed) {
      for (const record of changed) records.set(approvalKeyOf(record), record);
      return Promise.resolve();
    },
    hasBaseline: (server) => Promise.resolve(baselines.has(server)),
    setBaseline(server) {
      baselines.add(server);
      return Promise.resolve();
    },
    removeServer(server) {
      for (const [key, record] of records) if (record.server === server) records.delete(key);
      baselines.delete(server);
      return Promise.resolve();
    },
  };
}
