import type { Storage, StoredBook } from "../../storage/mod.ts";
import { readBook, readBookHead } from "./book.ts";
import { type Book, EMPTY_BOOK, LOST_BOOK } from "./book_types.ts";
import type { BookHead } from "./book_head.ts";

/** The books of all servers. Of one that storage has kept only the head is read until somebody wants more. */
export class Books {
  readonly #open = new Map<string, Book>();
  readonly #closed = new Map<string, { readonly head: BookHead; readonly stored: StoredBook }>();
  /** The book of a server of which nothing is found. */
  readonly #unknown: Book;

  constructor({ approvals, replacedAt }: Pick<Storage, "approvals" | "replacedAt">) {
    this.#unknown = replacedAt === undefined ? EMPTY_BOOK : LOST_BOOK;
    for (const stored of approvals.load()) {
      const head = readBookHead(stored.start);
      if (head === undefined) this.#open.set(stored.server, readBook(stored.server, stored.bytes));
      else this.#closed.set(stored.server, { head, stored });
    }
  }

  /** The book of a server; what is not known of it is not accepted. */
  of(server: string): Book {
    return this.#find(server) ?? this.#unknown;
  }

  /** What the head of a book says that nobody has opened; nothing has changed in it since it was written. */
  headOf(server: string): BookHead | undefined {
    return this.#closed.get(server)?.head;
  }

  set(server: string, book: Book): void {
    this.#closed.delete(server);
    this.#open.set(server, book);
  }

  /** Tells whether there was one. */
  delete(server: string): boolean {
    return this.#closed.delete(server) || this.#open.delete(server);
  }

  /** All books; those that nobody has opened are opened for it. */
  all(): ReadonlyMap<string, Book> {
    for (const server of [...this.#closed.keys()]) this.#find(server);
    return this.#open;
  }

  /** Opens them all, one at each step; `undefined` if they are. */
  stepsToOpen(): Iterator<void, void> | undefined {
    return this.#closed.size === 0 ? undefined : this.#openEach();
  }

  *#openEach(): Generator<void, void> {
    for (const server of [...this.#closed.keys()]) yield void this.#find(server);
  }

  #find(server: string): Book | undefined {
    const closed = this.#closed.get(server);
    if (closed !== undefined) this.set(server, readBook(server, closed.stored.bytes));
    return this.#open.get(server);
  }
}
