import type { Config, ServerConfig } from "../../contracts/mod.ts";
import { GatewayError, toGatewayError } from "../../contracts/mod.ts";
import type { Logger } from "../../observability/mod.ts";
import {
  type ApprovalRecord,
  approve,
  type Definition,
  type DefinitionHash,
  type DefinitionKind,
  hashDefinition,
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
import { judge, judgeNow, type ListReview, readList, type Shown, withObjects } from "./list_review.ts";
import { scanForNotes, type ScanTarget, toTarget } from "./scan_notes.ts";
import { termsOf, type TrustTerms } from "./terms.ts";
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

/** Entries of one server; honest ones have some hundred. */
const MUCH = 5_000;
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
  readonly #hashes = new WeakMap<Definition, DefinitionHash | "none">();
  readonly #listeners = new Set<TrustListener>();
  /** Changes of one server happen one after the other. */
  readonly #work = new Map<string, Promise<unknown>>();
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
      this.#inTurn(server.name, () => this.#settle(review, notes, { gone, starts }))
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
        await this.#inTurn(server, () => this.#settle({ server, kind, shown: [] }, notes, NOTHING_ELSE));
      }
    }
  }

  async forget(server: string): Promise<void> {
    await this.#inTurn(server, async () => {
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
    await Promise.allSettled(this.#work.values());
  }

  #bookOf(server: string): Book {
    return this.#books.get(server) ?? this.#unknown;
  }

  hashOf(kind: DefinitionKind, definition: Definition): DefinitionHash | undefined {
    const known = this.#hashes.get(definition);
    if (known !== undefined) return known === "none" ? undefined : known;
    const hash = tryToHash(kind, definition);
    this.#hashes.set(definition, hash ?? "none");
    return hash;
  }

  recall(definition: Definition, hash: DefinitionHash): void {
    this.#hashes.set(definition, hash);
  }

  /** In force at once: whatever differs from what was accepted is held before this returns. */
  #judgeNow(review: ListReview, terms: TrustTerms): Shown[] {
    const { server, kind } = review;
    const book = this.#bookOf(server);
    const entries = new Map(book.entries);
    const held: Shown[] = [];
    let isChange = false;
    for (const shown of review.shown) {
      const { before, hash } = shown;
      const scan = before?.scan?.hash === hash ? before.scan : undefined;
      const judged = judgeNow(review, shown, { terms, entry: before, scan, at: this.#options.now() });
      const record = withObjects(judged, shown);
      if (!isCallable({ hash, record, quarantined: false })) held.push(shown);
      if (record === before?.record) continue;
      entries.set(entryKey(kind, shown.name), scan === undefined ? { record } : { record, scan });
      isChange ||= record.status !== before?.record.status ||
        record.approvedHash !== before.record.approvedHash ||
        record.currentHash !== before.record.currentHash;
    }
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
    const entries = new Map(book.entries);
    for (const key of gone) entries.delete(key);
    for (const [name, scan] of notes) {
      const known = entries.get(entryKey(kind, name));
      // A newer form has come meanwhile, with a review of its own.
      if (known?.record.currentHash === scan.hash) entries.set(entryKey(kind, name), { ...known, scan });
    }
    const changes: TrustChange[] = [];
    const terms = termsOf(entry, this.#options.config());
    for (const shown of review.shown) {
      const key = entryKey(kind, shown.name);
      const known = entries.get(key);
      if (known?.record.currentHash !== shown.hash) continue;
      const record = judge(review, shown, { terms, entry: known, scan: known.scan, at: this.#options.now() });
      if (record !== known.record) entries.set(key, { ...known, record });
      if (isOther(shown.before?.record, record)) changes.push({ from: shown.before?.record, to: record });
    }
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
    const changes = await this.#inTurn(server, async () => {
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

  #inTurn<T>(server: string, work: () => Promise<T>): Promise<T> {
    const mine = (this.#work.get(server) ?? Promise.resolve()).then(work, work);
    const settled = mine.catch(() => {}).finally(() => {
      if (this.#work.get(server) === settled) this.#work.delete(server);
    });
    this.#work.set(server, settled);
    return mine;
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

/** A newer form has come while a decision was written; the decision stands, for the form it was made about. */
function merge(newer: TrustEntry, decided: TrustEntry | undefined): TrustEntry {
  if (decided === undefined) return newer;
  const { approvedHash, approvedDefinition, approvedAt, approvedBy, blocked } = decided.record;
  const isSame = approvedHash === newer.record.currentHash;
  const status = isSame ? "approved" : approvedHash === undefined ? "pending" : "changed";
  const reason = isSame ? decided.record.reason : newer.record.reason;
  const consent = { approvedHash, approvedDefinition, approvedAt, approvedBy, blocked };
  return { ...newer, record: { ...newer.record, ...consent, status, reason } };
}

/**
 * Entries that no person has accepted or refused, and that the server shows
 * no more. What is accepted by itself is forgotten only where there is much
 * of it: a server must not fill the disk with names that change.
 */
function goneFrom(entries: Book["entries"], kind: DefinitionKind, shown: ReadonlySet<string>): string[] {
  const isMuch = entries.size > MUCH;
  return [...entries].flatMap(([key, { record }]) => {
    if (record.kind !== kind || shown.has(record.name) || record.blocked) return [];
    return record.approvedHash === undefined || isMuch && record.reason === "auto" ? [key] : [];
  });
}

/** What cannot be hashed cannot be accepted. */
function tryToHash(kind: DefinitionKind, definition: Definition): DefinitionHash | undefined {
  try {
    return hashDefinition(kind, definition);
  } catch {
    return undefined;
  }
}

function isOther(from: ApprovalRecord | undefined, to: ApprovalRecord): boolean {
  return from?.status !== to.status || from.currentHash !== to.currentHash ||
    from.approvedHash !== to.approvedHash;
}

function notFound(server: string, { kind, name }: TrustChoice): GatewayError {
  const what = kind.replace("_", " ");
  return new GatewayError(
    kind === "tool" ? "MCPX_TOOL_NOT_FOUND" : "MCPX_INVALID_INPUT",
    `Cannot find ${what} "${server}:${name.slice(0, 300)}": the server has not shown it`,
    { remedy: `See what there is: mcpproxy upstream inspect ${server}`, details: { server, name } },
  );
}
