/**
 * What trust needs, for tests that are not about it: a scanner that finds
 * nothing, approvals that are forgotten.
 *
 * @module
 */

import { hashDefinition, type Scanner } from "../../lib/security/mod.ts";
import type { Storage } from "../../lib/storage/mod.ts";
import type { Trust } from "../../lib/runtime/mod.ts";

/** Finds nothing, at once. */
export function createCleanScanner(): Pick<Scanner, "scan" | "rules"> {
  return {
    rules: "test",
    scan: (subjects) =>
      Promise.resolve({
        rules: "test",
        verdict: "clean" as const,
        complete: true,
        definitions: subjects.map(({ kind }) => ({
          kind,
          name: "",
          verdict: "clean" as const,
          score: 0,
          complete: true,
          findings: [],
        })),
      }),
  };
}

/** Keeps books in memory; `books` is what would be on the disk. */
export function createApprovalStore(books = new Map<string, string>()): Storage["approvals"] {
  return {
    load: () =>
      [...books].map(([server, text]) => {
        const bytes = new TextEncoder().encode(text);
        return { server, start: bytes, bytes };
      }),
    save: (server, text) => Promise.resolve(void books.set(server, text)),
    remove: (server) => Promise.resolve(void books.delete(server)),
  };
}

/** Accepts everything. */
export function createBlindTrust(): Trust {
  return {
    rules: "test",
    isAccepted: () => true,
    standingOf: () => "scanned",
    hashOf: hashDefinition,
    recall: () => {},
    isSettled: () => true,
    hasStarted: () => true,
    find: () => undefined,
    entries: () => [],
    review: () => Promise.resolve(),
    approve: () => Promise.resolve([]),
    reject: () => Promise.resolve([]),
    rescan: () => Promise.resolve(),
    renew: () => Promise.resolve({ scanned: 0, worse: [] }),
    settled: () => Promise.resolve(),
    forget: () => Promise.resolve(),
    onChange: () => ({ [Symbol.dispose]: () => {} }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
