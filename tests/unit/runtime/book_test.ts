import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { hashDefinition } from "../../../lib/security/mod.ts";
import {
  type Book,
  LOST_BOOK,
  readBook,
  type TrustEntry,
  writeBook,
} from "../../../lib/runtime/trust/book.ts";

const definition = (form: number) => ({ name: "a", description: `line\n${form}`, size: 1e300 });
const hash = (form: number) => hashDefinition("tool", definition(form));
const note = (of: number) =>
  ({ hash: hash(of), verdict: "clean", complete: true, score: 0, findings: [], rules: "r", at: 3 }) as const;
const base = { server: "s", kind: "tool", blocked: false, seenAt: 1 } as const;

const entries: readonly TrustEntry[] = [
  {
    record: {
      ...base,
      name: "same",
      status: "approved",
      reason: "user",
      approvedHash: hash(1),
      approvedDefinition: definition(1),
      approvedAt: 2,
      approvedBy: "user",
      currentHash: hash(1),
      currentDefinition: definition(1),
    },
    scan: note(1),
  },
  {
    record: {
      ...base,
      name: "changed",
      status: "changed",
      reason: "definition-changed",
      approvedHash: hash(1),
      approvedDefinition: definition(1),
      approvedAt: 2,
      approvedBy: "user",
      currentHash: hash(2),
      currentDefinition: definition(2),
    },
    scan: note(1),
  },
  {
    record: {
      ...base,
      name: "new",
      status: "pending",
      reason: "new",
      currentHash: hash(3),
      currentDefinition: definition(3),
    },
  },
];
const book: Book = {
  entries: new Map(entries.map((entry) => [`tool ${entry.record.name}`, entry])),
  started: new Set(["tool"]),
};
const toBytes = (text: string) => new TextEncoder().encode(text);
/** Plain objects, without definitions that are absent. */
const plain = ({ entries, started }: Book) => JSON.parse(JSON.stringify([[...entries], [...started]]));

Deno.test("readBook() gives what writeBook() was given", () => {
  deepStrictEqual(plain(readBook("s", toBytes(writeBook(book)))), plain(book));
  deepStrictEqual(
    plain(readBook("s", toBytes(writeBook(readBook("s", toBytes(writeBook(book))))))),
    plain(book),
  );
});

Deno.test("readBook() parses no definition before somebody asks for it", () => {
  const [first = ""] = writeBook(book).split("\n");

  const read = readBook("s", toBytes(`${first}\nno JSON`));

  strictEqual(read.entries.get("tool same")?.record.currentHash, hash(1));
  strictEqual(read.entries.get("tool changed")?.scan?.hash, hash(1));
});

Deno.test("readBook() takes the format before, and nothing from any other", () => {
  const [same] = entries;
  const { server: _, currentDefinition: __, ...row } = { ...same?.record };
  const old = { format: 1, started: ["tool"], entries: [{ ...row, scan: note(1) }] };

  deepStrictEqual(
    plain(readBook("s", toBytes(JSON.stringify(old)))),
    plain({ ...book, entries: new Map([...book.entries].slice(0, 1)) }),
  );
  for (
    const text of ["", "{", "{}\n{}", JSON.stringify({ ...old, format: 3 }), `${JSON.stringify(old)}\n[]`]
  ) {
    strictEqual(readBook("s", toBytes(text)), LOST_BOOK, text.slice(0, 40));
  }
  strictEqual(readBook("s", undefined), LOST_BOOK);
});
