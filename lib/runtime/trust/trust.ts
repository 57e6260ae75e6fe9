import { type ServerConfig, toGatewayError } from "../../contracts/mod.ts";
import { inSlices, nextTurn } from "../../platform/mod.ts";
import {
  approve,
  type Definition,
  type DefinitionHash,
  type DefinitionKind,
  reject,
} from "../../security/mod.ts";
import { stepsToWrite } from "./book.ts";
import { type Book, entryKey, type ScanNote, type TrustEntry } from "./book_types.ts";
import { Books } from "./books.ts";
import { decideAll, type Decision, goneFrom, mergeChanges, standingIn } from "./entries.ts";
import { Hashes } from "./hashes.ts";
import {
  isStart,
  judgeList,
  type ListReview,
  readList,
  settleList,
  type Settlement,
  type Shown,
} from "./list_review.ts";
import type { Renewal } from "./renewal.ts";
import { ScanAgain } from "./scan_again.ts";
import { isScanned, scanForNotes, type ScanTarget } from "./scan_notes.ts";
import { termsFor, termsOf, type TrustTerms } from "./terms.ts";
import { Turns } from "./turns.ts";
import { TrustNews } from "./trust_news.ts";
import type {
  Standing,
  Trust,
  TrustChange,
  TrustChoice,
  TrustListener,
  TrustOptions,
} from "./trust_types.ts";

/** What is done with so many definitions is noticed by others. */
const LONG = 100;

/** Opens trust over what storage has kept. */
export function openTrust(options: TrustOptions): Trust {
  return new OpenTrust(options);
}

class OpenTrust implements Trust {
  readonly #options: TrustOptions;
  readonly #books: Books;
  readonly #hashes = new Hashes();
  readonly #news: TrustNews;
  /** By server. */
  readonly #turns = new Turns();
  /** Lists that are being decided about. */
  readonly #reviews = new Set<Promise<void>>();
  /** Long lists of which hashes are worked out, in the order in which they came. */
  readonly #arrivals = new Turns();
  readonly #again: ScanAgain;
  #isClosed = false;

  constructor(options: TrustOptions) {
    this.#options = options;
    this.#news = new TrustNews(options.log);
    this.#books = new Books(options.storage);
    this.#again = new ScanAgain({
      books: this.#books,
      rules: () => options.scanner.rules,
      scan: (server, kind, targets) => this.#scan(server, kind, targets),
      settle: (server, kind, notes) =>
        this.#turns.take(
          server,
          () => this.#settle({ server, kind, shown: [] }, notes, { gone: [], starts: false }),
        ),
      find: (server, kind, name) => this.find(server, kind, name),
      isClosed: () => this.#isClosed,
    });
  }

  get rules() {
    return this.#options.scanner.rules;
  }

  isAccepted(server: string, kind: DefinitionKind, name: string, definition: Definition): boolean {
    const standing = this.standingOf(server, kind, name, this.hashOf(kind, definition));
    return standing === "accepted" || standing === "scanned";
  }

  standingOf(
    server: string,
    kind: DefinitionKind,
    name: string,
    hash: DefinitionHash | undefined,
  ): Standing {
    const head = kind === "tool" ? this.#books.headOf(server) : undefined;
    if (head !== undefined) return head.standingOf(name, hash);
    return standingIn(this.find(server, kind, name), hash);
  }

  isSettled(server: string, kind: DefinitionKind, names: ReadonlySet<string>): boolean {
    const head = kind === "tool" ? this.#books.headOf(server) : undefined;
    if (head !== undefined) return head.started.has(kind) && head.holdsOnly(names);
    const { started, entries } = this.#bookOf(server);
    return started.has(kind) && goneFrom(entries, kind, names).length === 0;
  }

  hasStarted(server: string, kind: DefinitionKind): boolean {
    return (this.#books.headOf(server) ?? this.#bookOf(server)).started.has(kind);
  }

  find(server: string, kind: DefinitionKind, name: string): TrustEntry | undefined {
    return this.#bookOf(server).entries.get(entryKey(kind, name));
  }

  entries(server?: string): readonly TrustEntry[] {
    const books = server === undefined ? [...this.#books.all().values()] : [this.#bookOf(server)];
    return books.flatMap(({ entries }) => [...entries.values()]);
  }

  review(
    server: ServerConfig,
    kind: DefinitionKind,
    definitions: readonly Definition[],
    { isWhole = true }: { readonly isWhole?: boolean } = {},
  ): Promise<void> {
    const hashed = inSlices(this.#options.clock, this.#hashes.ofAll(kind, definitions));
    const work = () => this.#review(server, kind, definitions, isWhole);
    if (hashed === undefined && !this.#arrivals.has(server.name)) return work();
    // An older list must not be judged after a newer one.
    return this.#track(this.#arrivals.take(server.name, () => Promise.resolve(hashed).then(work)));
  }

  async #review(
    server: ServerConfig,
    kind: DefinitionKind,
    definitions: readonly Definition[],
    isWhole: boolean,
  ): Promise<void> {
    const review = readList(
      this.#bookOf(server.name),
      { server: server.name, kind, definitions },
      (of, definition) => this.hashOf(of, definition),
    );
    const terms = termsFor(kind, termsOf(server, this.#options.config()));
    const held = this.#judgeNow(review, terms);
    const unscanned = review.shown.filter(({ name, before, hash }) =>
      isScanned(kind)
        ? this.find(server.name, kind, name)?.scan?.hash !== hash
        : before?.record.currentHash !== hash
    );
    const starts = isStart(this.#bookOf(server.name), review, { terms, isWhole });
    const names = new Set(review.shown.map(({ name }) => name));
    const gone = isWhole ? goneFrom(this.#bookOf(server.name).entries, kind, names) : [];
    if (held.length === 0 && unscanned.length === 0 && gone.length === 0 && !starts) return;
    const settling = this.#scan(server.name, kind, unscanned).then((notes) =>
      this.#turns.take(server.name, () => this.#settle(review, notes, { gone, starts }))
    );
    const known = this.#track(settling);
    // What is accepted already need not wait until it has been scanned, too.
    if (held.length > 0) await known;
  }

  /** Remembers work on a list until it is done. */
  #track(work: Promise<void>): Promise<void> {
    const known = work.finally(() => this.#reviews.delete(known));
    this.#reviews.add(known);
    return known;
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

  rescan(servers: readonly string[]): Promise<void> {
    return this.#again.all(servers);
  }

  renew(servers: readonly string[]): Promise<Renewal> {
    return this.#again.renew(servers);
  }

  async forget(server: string): Promise<void> {
    await this.#turns.take(server, async () => {
      if (!this.#books.delete(server)) return;
      await this.#options.storage.approvals.remove(server);
    });
  }

  onChange(listener: TrustListener): Disposable {
    return this.#news.onChange(listener);
  }

  async settled(): Promise<void> {
    while (this.#reviews.size > 0) await Promise.all(this.#reviews);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.settled();
    await this.#turns.done();
  }

  #bookOf(server: string): Book {
    return this.#books.of(server);
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
    if (isChange) this.#news.tell(server, kind, []);
    return held;
  }

  async #scan(server: string, kind: DefinitionKind, targets: readonly ScanTarget[]) {
    if (!isScanned(kind)) return new Map<string, ScanNote>();
    const { scanner, now, clock } = this.#options;
    const opening = this.#books.stepsToOpen();
    if (opening !== undefined) await inSlices(clock, opening);
    // Between the stages of work on a long list others get a turn.
    if (targets.length > LONG) await nextTurn(clock);
    const notes = await scanForNotes(scanner, { server, kind, targets, books: this.#books.all(), now });
    if (targets.length > LONG) await nextTurn(clock);
    return notes;
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
    const terms = termsFor(kind, termsOf(entry, this.#options.config()));
    const { entries, changes } = settleList(book, review, { notes, gone, terms, at: this.#options.now() });
    const isStarted = starts && (review.shown.length === 0 || !terms.quarantined);
    const started = isStarted ? new Set([...book.started, kind]) : book.started;
    try {
      if (review.shown.length > LONG) await nextTurn(this.#options.clock);
      await this.#keep(server, { entries, started }, book);
    } catch (error) {
      // Nothing is accepted that would be forgotten; the next list tries again.
      this.#options.log.error("approvals not kept", { server, cause: toGatewayError(error).message });
      return;
    }
    this.#news.tell(server, kind, changes);
  }

  /** Writes first and takes over then; what other lists have changed meanwhile stays. */
  async #keep(server: string, next: Book, from: Book): Promise<void> {
    const text = await inSlices(this.#options.clock, stepsToWrite(next));
    await this.#options.storage.approvals.save(server, text);
    const entries = mergeChanges(next.entries, { from: from.entries, now: this.#bookOf(server).entries });
    this.#books.set(server, { entries, started: next.started });
  }

  async #decide(
    server: string,
    choices: readonly TrustChoice[],
    decision: Decision,
  ): Promise<readonly TrustChange[]> {
    const changes = await this.#turns.take(server, async () => {
      const book = this.#bookOf(server);
      const { entries, changes: made } = decideAll(book, server, { choices, decision });
      await this.#keep(server, { ...book, entries }, book);
      return made;
    });
    for (const kind of new Set(choices.map((choice) => choice.kind))) {
      this.#news.tell(server, kind, changes.filter(({ to }) => to.kind === kind));
    }
    return changes;
  }
}
