import type { DefinitionKind } from "../../security/mod.ts";
import type { ScanNote, TrustEntry } from "./book_types.ts";
import type { Books } from "./books.ts";
import { compareScans, type Renewal, type RenewedScan, scannedByOthers } from "./renewal.ts";
import { type ScanTarget, toTarget } from "./scan_notes.ts";

/** What it takes to scan again what is known. */
export interface ScanAgainOptions {
  readonly books: Books;
  /** Version of the rules in force. */
  readonly rules: () => string;
  readonly scan: (
    server: string,
    kind: DefinitionKind,
    targets: readonly ScanTarget[],
  ) => Promise<ReadonlyMap<string, ScanNote>>;
  /** Judges with the new notes at hand, and keeps them. */
  readonly settle: (
    server: string,
    kind: DefinitionKind,
    notes: ReadonlyMap<string, ScanNote>,
  ) => Promise<void>;
  readonly find: (server: string, kind: DefinitionKind, name: string) => TrustEntry | undefined;
  readonly isClosed: () => boolean;
}

/** Definitions that are scanned at a time; what is new need not wait for the rest. */
const AT_ONCE = 200;

/** Scans again what was scanned before: all of it, or what other rules have scanned. */
export class ScanAgain {
  readonly #options: ScanAgainOptions;

  constructor(options: ScanAgainOptions) {
    this.#options = options;
  }

  async all(servers: readonly string[]): Promise<void> {
    for (const server of servers) {
      await this.#scan(server, [...this.#options.books.of(server).entries.values()], () => true);
    }
  }

  async renew(servers: readonly string[]): Promise<Renewal> {
    const { books, find, isClosed } = this.#options;
    const worse: RenewedScan[] = [];
    let scanned = 0;
    for (const server of servers) {
      const rules = this.#options.rules();
      if (isClosed() || books.headOf(server)?.rules === rules) continue;
      const old = scannedByOthers(books.of(server).entries.values(), rules);
      // What cannot be read whole now keeps what is known, and is tried again later.
      await this.#scan(server, old, ({ complete }) => complete);
      scanned += old.length;
      worse.push(...compareScans(old, ({ record: { kind, name } }) => find(server, kind, name)));
    }
    return { scanned, worse };
  }

  async #scan(
    server: string,
    entries: readonly TrustEntry[],
    isKept: (note: ScanNote) => boolean,
  ): Promise<void> {
    const { scan, settle, isClosed } = this.#options;
    for (const [kind, own] of Map.groupBy(entries, ({ record }) => record.kind)) {
      const notes = new Map<string, ScanNote>();
      for (let at = 0; at < own.length && !isClosed(); at += AT_ONCE) {
        for (const [name, note] of await scan(server, kind, own.slice(at, at + AT_ONCE).map(toTarget))) {
          if (isKept(note)) notes.set(name, note);
        }
      }
      await settle(server, kind, notes);
    }
  }
}
