import { type Config, type ServerConfig, toGatewayError } from "../../contracts/mod.ts";
import type { Logger } from "../../observability/mod.ts";
import {
  type ApprovalRecord,
  approve,
  type Definition,
  type DefinitionHash,
  type DefinitionKind,
  isCallable,
  reject,
  type Scanner,
} from "../../security/mod.ts";
import type { Storage } from "../../storage/mod.ts";
import {
  type Book,
  EMPTY_BOOK,
  entryKey,
  LOST_BOOK,
  readBook,
  type ScanNote,
  type TrustEntry,
  writeBook,
} from "./book.ts";
import { goneFrom, merge, notFound } from "./entries.ts";
import { Hashes } from "./hashes.ts";
import { judgeList, type ListReview, readList, settleList, type Shown } from "./list_review.ts";
import { scanForNotes, type ScanTarget, toTarget } from "./scan_notes.ts";
import { termsOf, type TrustTerms } from "./terms.ts";
import { Turns } from "./turns.ts";
import type { Standing, Trust, TrustChange, TrustChoice, TrustListener } from "./trust_types.ts";

/** What trust is built on. */
export interface TrustOptions {
  readonly storage: Pick<Storage, "approvals" | "replacedAt">;
  readonly scanner: Pick<Scanner, "scan" | "rules">;
  readonly config: () => Config;
  readonly log: Pick<Logger, "warn" | "error">;
  readonly now: () => number;
}

/** What else follows from a list. */
interface Settlement {
  /** Keys of what is forgotten. */
  readonly gone: readonly string[];
  readonly starts: boolean;
}

const NOTHING_ELSE: Settlement = { gone: [], starts: false };

/** Opens trust over what storage has kept. */
export function openTrust(options: TrustOptions): Trust {
  return new OpenTrust(options);
}

class OpenTrust implements Trust {
  readonly #options: TrustOptions;
  readonly #books = new Map<string, Book>();
  /** The book of a server of which nothing is found. */
  readonly #unknown: Book;
  readonly #hashes = new Hashes();
  readonly #listeners = new Set<TrustListener>();
  /** By server. */
  readonly #turns = new Turns();
  /** Lists that are being decided about. */
  readonly #reviews = new Set<Promise<void>>();

  constructor(options: TrustOptions) {
    this.#options = options;
    this.#unknown = options.storage.replacedAt === undefined ? EMPTY_BOOK : LOST_BOOK;
    for (const { server, bytes } of options.storage.approvals.load()) {
      this.#books.set(server, readBook(server, bytes));
    }
  }

  get rules(): string {
    return this.#options.scanner.rules;
  }

  isAccepted(server: string, kind: DefinitionKind, name: string, definition: Definition): boolean {
    const record = this.find(server, kind, name)?.record;
    if (record === undefined) return false;
    return isCallable({ hash: this.hashOf(kind, definition), record, quarantined: false });
  }

  standingOf(
    server: string,
    kind: DefinitionKind,
    name: string,
    hash: DefinitionHash | undefined,
  ): Standing {
    const known = this.find(server, kind, name);
    if (!isCallable({ hash, record: known?.record, quarantined: false })) {
      return known?.record.blocked === true ? "refused" : "held";
    }
    return known?.scan?.hash === hash ? "scanned" : "accepted";
  }

  isSettled(server: string, kind: DefinitionKind, names: ReadonlySet<string>): boolean {
    const { started, entries } = this.#bookOf(server);
    return started.has(kind) && goneFrom(entries, kind, names).length === 0;
  }

  hasStarted(server: string, kind: DefinitionKind): boolean {
    return this.#bookOf(server).started.has(kind);
  }

  find(server: string, kind: DefinitionKind, name: string): TrustEntry | undefined {
    return this.#books.get(server)?.entries.get(entryKey(kind, name));
  }

  entries(server?: string): readonly TrustEntry[] {
    const books = server === undefined ? [...this.#books.values()] : [this.#bookOf(server)];
    return books.flatMap(({ entries }) => [...entries.values()]);
  }

  async review(
    server: ServerConfig,
    kind: DefinitionKind,
    definitions: readonly Definition[],
    { isWhole = true }: { readonly isWhole?: boolean } = {},
  ): Promise<void> {
    const review = readList(
      this.#bookOf(server.name),
      { server: server.name, kind, definitions },
      (of, definition) => this.hashOf(of, definition),
    );
    const terms = termsOf(server, this.#options.config());
    const held = this.#judgeNow(review, terms);
    const unscanned = review.shown.filter(({ name, hash }) =>
      this.find(server.name, kind, name)?.scan?.hash !== hash
    );
    const starts = this.#starts(review, terms, isWhole);
    const names = new Set(review.shown.map(({ name }) => name));
    const gone = isWhole ? goneFrom(this.#bookOf(server.name).entries, kind, names) : [];
    if (held.length === 0 && unscanned.length === 0 && gone.length === 0 && !starts) return;
    const settling = this.#scan(server.name, kind, unscanned).then((notes) =>
      this.#turns.take(server.name, () => this.#settle(review, notes, { gone, starts }))
    );
    const known = settling.finally(() => this.#reviews.delete(known));
    this.#reviews.add(known);
    // What is accepted already need not wait until it has been scanned, too.
    if (held.length > 0) await known;
  }

  async approve(
    server: string,
    choices: readonly TrustChoice[],
    by: string,
  ): Promise<readonly TrustChange[]> {
    const at = this.#options.now();
    return await this.#decide(
      server,
      choices,
      (record, choice) => approve(record, { by, at, hash: choice.hash ?? record.currentHash }),
    );
  }

  async reject(server: string, choices: readonly TrustChoice[]): Promise<readonly TrustChange[]> {
    return await this.#decide(server, choices, (record) => reject(record));
  }

  async rescan(servers: readonly string[]): Promise<void> {
    for (const server of servers) {
      const entries = [...this.#bookOf(server).entries.values()];
      for (const kind of new Set(entries.map(({ record }) => record.kind))) {
        const targets = entries.filter(({ record }) => record.kind === kind).map(toTarget);
        const notes = await this.#scan(server, kind, targets);
        await this.#turns.take(server, () => this.#settle({ server, kind, shown: [] }, notes, NOTHING_ELSE));
      }
    }
  }

  async forget(server: string): Promise<void> {
    await this.#turns.take(server, async () => {
      if (!this.#books.delete(server)) return;
      await this.#options.storage.approvals.remove(server);
    });
  }

  onChange(listener: TrustListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async settled(): Promise<void> {
    while (this.#reviews.size > 0) await Promise.all(this.#reviews);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.settled();
    await this.#turns.done();
  }

  #bookOf(server: string): Book {
    return this.#books.get(server) ?? this.#unknown;
  }

  hashOf(kind: DefinitionKind, definition: Definition): DefinitionHash | undefined {
    return this.#hashes.of(kind, definition);
  }

  recall(definition: Definition, hash: DefinitionHash): void {
    this.#hashes.recall(definition, hash);
  }

  /** In force at once: whatever differs from what was accepted is held before this returns. */
  #judgeNow(review: ListReview, terms: TrustTerms): readonly Shown[] {
    const { server, kind } = review;
    const book = this.#bookOf(server);
    const { entries, held, isChange } = judgeList(book, review, { terms, at: this.#options.now() });
    this.#books.set(server, { ...book, entries });
    if (isChange) this.#tell(server, kind, []);
    return held;
  }

  /**
   * Tells whether what comes after this list is new. An empty list counts, also
   * one that a person has looked at: nobody lets in with it what comes later.
   */
  #starts({ server, kind, shown }: ListReview, { quarantined }: TrustTerms, isWhole: boolean): boolean {
    if (this.#bookOf(server).started.has(kind)) return false;
    return shown.length === 0 ? isWhole : !quarantined;
  }

  #scan(server: string, kind: DefinitionKind, targets: readonly ScanTarget[]) {
    const { scanner, now } = this.#options;
    return scanForNotes(scanner, { server, kind, targets, books: this.#books, now });
  }

  /** Judges what was held with its scan at hand; what comes to be accepted is so once it is on the disk. */
  async #settle(
    review: ListReview,
    notes: ReadonlyMap<string, ScanNote>,
    { gone, starts }: Settlement,
  ): Promise<void> {
    const { server, kind } = review;
    const entry = this.#options.config().mcpServers.find(({ name }) => name === server);
    // It was removed meanwhile; another one that gets its name starts anew.
    if (entry === undefined) return;
    const book = this.#bookOf(server);
    const terms = termsOf(entry, this.#options.config());
    const { entries, changes } = settleList(book, review, { notes, gone, terms, at: this.#options.now() });
    const isStarted = starts && (review.shown.length === 0 || !terms.quarantined);
    const started = isStarted ? new Set([...book.started, kind]) : book.started;
    try {
      await this.#keep(server, { entries, started }, book);
    } catch (error) {
      // Nothing is accepted that would be forgotten; the next list tries again.
      this.#options.log.error("approvals not kept", { server, cause: toGatewayError(error).message });
      return;
    }
    this.#tell(server, kind, changes);
  }

  /** Writes first and takes over then; what other lists have changed meanwhile stays. */
  async #keep(server: string, next: Book, from: Book): Promise<void> {
    await this.#options.storage.approvals.save(server, writeBook(next));
    const now = this.#bookOf(server).entries;
    const entries = new Map(next.entries);
    for (const [key, entry] of now) {
      if (from.entries.get(key) !== entry) entries.set(key, merge(entry, next.entries.get(key)));
    }
    this.#books.set(server, { entries, started: next.started });
  }

  async #decide(
    server: string,
    choices: readonly TrustChoice[],
    decision: (record: ApprovalRecord, choice: TrustChoice) => ApprovalRecord,
  ): Promise<readonly TrustChange[]> {
    const changes = await this.#turns.take(server, async () => {
      const book = this.#bookOf(server);
      const entries = new Map(book.entries);
      const made = choices.map((choice): TrustChange => {
        const key = entryKey(choice.kind, choice.name);
        const known = entries.get(key);
        if (known === undefined) throw notFound(server, choice);
        const record = decision(known.record, choice);
        entries.set(key, { ...known, record });
        return { from: known.record, to: record };
      });
      await this.#keep(server, { ...book, entries }, book);
      return made;
    });
    for (const kind of new Set(choices.map((choice) => choice.kind))) {
      this.#tell(server, kind, changes.filter(({ to }) => to.kind === kind));
    }
    return changes;
  }

  #tell(server: string, kind: DefinitionKind, changes: readonly TrustChange[]): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(server, kind, changes);
      } catch (cause) {
        this.#options.log.error("listener failed", { cause });
      }
    }
  }
}
