import type { ApprovalRecord, DefinitionKind, PeerTool, Scanner } from "../../security/mod.ts";
import { briefFindings } from "./book.ts";
import type { Book, ScanNote, TrustEntry } from "./book_types.ts";
import type { Shown } from "./list_review.ts";

/** Servers beyond which tools are not compared with each other. */
const MAX_COMPARED = 256;

/** What of a definition is scanned. */
export type ScanTarget = Pick<Shown, "name" | "definition" | "hash">;

/** Which definitions are scanned, beside which others. */
export interface ScanJob {
  readonly server: string;
  readonly kind: DefinitionKind;
  readonly targets: readonly ScanTarget[];
  readonly books: ReadonlyMap<string, Book>;
  /** Epoch ms. */
  readonly now: () => number;
}

/** Scans definitions of one kind, and says by name what each came to. */
export async function scanForNotes(
  scanner: Pick<Scanner, "scan">,
  { server, kind, targets, books, now }: ScanJob,
): Promise<ReadonlyMap<string, ScanNote>> {
  if (targets.length === 0) return new Map();
  const subjects = targets.map(({ definition }) => ({ kind, server, definition }));
  const peers = kind === "tool" ? peersOf(server, books) : [];
  const { definitions, rules } = await scanner.scan(subjects, peers);
  const at = now();
  return new Map(targets.flatMap(({ name, hash }, index): [string, ScanNote][] => {
    const report = definitions[index];
    if (report === undefined) return [];
    const { verdict, complete, score, findings } = report;
    return [[name, { hash, verdict, complete, score, findings: briefFindings(findings), rules, at }]];
  }));
}

/**
 * All tools that the server has shown, of which its tools may speak, and the accepted ones of all others; a tool may
 * be an impostor of one of them.
 */
function peersOf(server: string, books: ReadonlyMap<string, Book>): PeerTool[] {
  const own = [...books.get(server)?.entries.values() ?? []].flatMap(({ record }) =>
    record.kind === "tool" ? [{ server, name: record.name, description: "" }] : []
  );
  if (books.size > MAX_COMPARED) return own;
  const others = [...books].flatMap(([name, { entries }]) =>
    name === server ? [] : [...entries.values()].flatMap(({ record }) => toPeer(record))
  );
  return [...own, ...others];
}

function toPeer({ kind, server, name, approvedDefinition }: ApprovalRecord): PeerTool[] {
  if (kind !== "tool" || approvedDefinition === undefined) return [];
  const { description } = approvedDefinition;
  return [{ server, name, description: typeof description === "string" ? description : "" }];
}

/** Takes what is known of a definition for another scan. */
export function toTarget({ record }: TrustEntry): ScanTarget {
  return { name: record.name, definition: record.currentDefinition, hash: record.currentHash };
}

/** A package has no text that a model would read. */
export function isScanned(kind: DefinitionKind): boolean {
  return kind !== "package";
}
