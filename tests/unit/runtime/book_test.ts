import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { ConfigSchema } from "../../../lib/contracts/mod.ts";
import { openTrust } from "../../../lib/runtime/trust/trust.ts";
import { createApprovalStore, createCleanScanner } from "../../support/trust.ts";
import { hashDefinition } from "../../../lib/security/mod.ts";
import { readBook, readBookHead, writeBook } from "../../../lib/runtime/trust/book.ts";
import { type Book, LOST_BOOK, type TrustEntry } from "../../../lib/runtime/trust/book_types.ts";

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
  const [head = "", records = ""] = writeBook(book).split("\n");

  const read = readBook("s", toBytes(`${head}\n${records}\nno JSON`));

  strictEqual(read.entries.get("tool same")?.record.currentHash, hash(1));
  strictEqual(read.entries.get("tool changed")?.scan?.hash, hash(1));
});

const HASHES = [hash(1), hash(2), hash(3)];
const anyHash = fc.constantFrom(...HASHES);
const anyEntry = fc.record({
  kind: fc.constantFrom("tool" as const, "tool" as const, "prompt" as const),
  name: fc.constantFrom("a", "b", "c", "d"),
  status: fc.constantFrom("approved" as const, "pending" as const, "changed" as const),
  reason: fc.constantFrom("user" as const, "auto" as const, "new" as const),
  blocked: fc.boolean(),
  approvedHash: fc.option(anyHash, { nil: undefined }),
  currentHash: anyHash,
  scanned: fc.option(anyHash, { nil: undefined }),
});

const anyOrder = fc.array(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 12 });

Deno.test("the head of a book says of every form what its records say", () => {
  const kinds = fc.uniqueArray(fc.constantFrom("tool" as const, "prompt" as const));
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 6 }), kinds, anyOrder, (given, started, order) => {
      const made = given.map(({ scanned, ...fields }): [string, TrustEntry] => {
        const definitions = { currentDefinition: definition(1), approvedDefinition: definition(1) };
        const record = { ...base, ...fields, ...definitions };
        const entry = scanned === undefined ? { record } : { record, scan: { ...note(1), hash: scanned } };
        return [`${fields.kind} ${fields.name}`, entry];
      });
      const text = writeBook({ entries: new Map(made), started: new Set(started) });
      const [closed, opened] = [openOver(text), openOver(text)];
      opened.entries();

      for (const name of [...order, "a", "b", "c", "d", "e"]) {
        for (const form of [...HASHES, "", undefined]) {
          strictEqual(closed.standingOf("s", "tool", name, form), opened.standingOf("s", "tool", name, form));
        }
      }
      for (const names of [[], ["a"], ["a", "b"], ["a", "b", "c", "d"]].map((list) => new Set(list))) {
        strictEqual(closed.isSettled("s", "tool", names), opened.isSettled("s", "tool", names));
      }
      strictEqual(closed.hasStarted("s", "tool"), started.includes("tool"));
      deepStrictEqual(plainEntries(closed), plainEntries(opened));
    }),
    { numRuns: 1_000 },
  );
});

Deno.test("a head of other hashes, or none that makes sense, leaves it to the records", () => {
  const [head = "", ...rest] = writeBook(book).split("\n");
  for (
    const other of [head.replace('"hashes":1', '"hashes":2'), head.replace(/"marks":"[^"]*"/, '"marks":""')]
  ) {
    notStrictEqual(other, head);
    strictEqual(readBookHead(toBytes([other, ...rest].join("\n"))), undefined);
    strictEqual(openOver([other, ...rest].join("\n")).standingOf("s", "tool", "same", hash(1)), "scanned");
  }
});

function openOver(text: string) {
  return openTrust({
    storage: { approvals: createApprovalStore(new Map([["s", text]])), replacedAt: undefined },
    scanner: createCleanScanner(),
    config: () => ConfigSchema.parse({}),
    log: { warn: () => {}, error: () => {} },
    now: () => 1,
  });
}

const plainEntries = (trust: ReturnType<typeof openOver>) => JSON.parse(JSON.stringify(trust.entries("s")));

Deno.test("readBook() takes the formats before, and nothing from any other", () => {
  const [same] = entries;
  const { server: _, currentDefinition: __, ...row } = { ...same?.record };
  const old = { format: 1, started: ["tool"], entries: [{ ...row, scan: note(1) }] };

  deepStrictEqual(
    plain(readBook("s", toBytes(JSON.stringify(old)))),
    plain({ ...book, entries: new Map([...book.entries].slice(0, 1)) }),
  );
  const headless = writeBook(book).split("\n").slice(1).join("\n");
  strictEqual(readBookHead(toBytes(headless)), undefined);
  deepStrictEqual(plain(readBook("s", toBytes(headless))), plain(book));
  for (
    const text of ["", "{", "{}\n{}", JSON.stringify({ ...old, format: 3 }), `${JSON.stringify(old)}\n[]`]
  ) {
    strictEqual(readBook("s", toBytes(text)), LOST_BOOK, text.slice(0, 40));
  }
  strictEqual(readBook("s", undefined), LOST_BOOK);
});
