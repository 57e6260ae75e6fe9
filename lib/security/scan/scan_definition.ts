import { nameOfDefinition } from "../approval/definition.ts";
import { type Field, fieldsOf, MAX_FIELD } from "./fields.ts";
import { type DefinitionReport, type Finding, type ScanReport, verdictOf, worstOf } from "./finding.ts";
import { contextOf } from "./context.ts";
import { findAsks, type KnownAsks } from "./parameter_asks.ts";
import type { RuleSet } from "./rule_set.ts";
import type { FieldResult } from "./scan_field.ts";
import type { ScanSubject } from "./scan_subject.ts";
import { KnownTexts } from "./known_texts.ts";
import { findInSchema } from "./schema_shape.ts";
import { createPeers, type Peers, type PeerTool } from "./shadowing.ts";

/** How a scan is bounded and what it compares with. */
export interface ScanOptions {
  /** Tools that the subjects are used together with, of their own and of other servers; they are not scanned. */
  readonly peers?: readonly PeerTool[];
  /** Asked between fields; `true` ends the scan, and what is left counts as not scanned. */
  readonly isOver?: () => boolean;
}

/** Most findings kept of one definition. */
const MAX_FINDINGS = 50;

/**
 * Scans definitions, each text of each on its own, and compares tools across
 * servers.
 *
 * Deterministic and offline: same subjects and rules, same report. What could
 * not be read whole makes the report incomplete, and is never `clean`.
 */
export function scanAll(
  subjects: readonly ScanSubject[],
  rules: RuleSet,
  { peers = [], isOver = () => false }: ScanOptions = {},
): ScanReport {
  const own = subjects.flatMap(toPeer);
  const neighbourhood = createPeers([...own, ...peers]);
  const names = Map.groupBy([...own, ...peers], ({ server }) => server);
  const context: Context = {
    rules,
    peers: neighbourhood,
    isOver,
    known: new KnownTexts(rules),
    asks: new Map(),
    names: new Map(
      [...names].map(([server, tools]) => [server, tools.map(({ name }) => name.toLowerCase())]),
    ),
  };
  const definitions = subjects.map((subject) => scanOne(subject, context));
  return {
    rules: rules.version,
    verdict: worstOf(definitions.map(({ verdict }) => verdict)),
    complete: definitions.every(({ complete }) => complete),
    definitions,
  };
}

/** A tool as the comparison across servers wants it; nothing for other kinds. */
export function toPeer({ kind, server = "", definition }: ScanSubject): PeerTool[] {
  const name = nameOfDefinition(kind, definition);
  if (kind !== "tool" || name === undefined) return [];
  const { description } = definition;
  return [{ server, name, description: typeof description === "string" ? description : "" }];
}

interface Context {
  readonly rules: RuleSet;
  readonly peers: Peers;
  readonly isOver: () => boolean;
  /** Results of texts seen before: the schemas of a server repeat themselves. */
  readonly known: KnownTexts;
  /** What the texts of parameters ask for. */
  readonly asks: KnownAsks;
  /** Names of the tools of each server, in lower case. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

function scanOne(subject: ScanSubject, context: Context): DefinitionReport {
  const { rules, peers, isOver } = context;
  const { kind, server, definition } = subject;
  const { fields, complete: isWhole } = fieldsOf(definition);
  const found: Finding[] = [];
  let complete = isWhole;
  const scores = new Map<string, number>();
  const add = (pointer: string, score: number) => scores.set(pointer, (scores.get(pointer) ?? 0) + score);
  const surroundings = contextOf(subject, context.names.get(server ?? "") ?? []);
  for (const field of fields) {
    if (isOver()) {
      complete = false;
      break;
    }
    if (field.text.length > MAX_FIELD) complete = false;
    const { score, findings } = scanWhole(surroundings.of(field), context.known);
    if (score > 0) add(field.pointer, score);
    if (findings.length > 0) found.push(...findings);
  }
  const structural = [
    ...findAsks(definition, context.asks),
    ...findInSchema(definition.inputSchema, "/inputSchema"),
    ...findInSchema(definition.outputSchema, "/outputSchema"),
    ...toPeer(subject).flatMap((tool) => peers.about(tool)),
  ];
  for (const { pointer, weight } of structural) add(pointer, weight);
  const findings = [...found, ...structural].filter(({ rule }) => !rules.disabled.has(rule));
  const score = bestScore(scores, { disabled: rules.disabled, all: [...found, ...structural] });
  const verdict = worstOf([verdictOf(score), complete ? "clean" : "review"]);
  return {
    kind,
    name: nameOfDefinition(kind, definition) ?? "",
    ...(server === undefined ? {} : { server }),
    verdict,
    score,
    complete,
    // A word here and there that comes to nothing would only make people doubt a clean tool.
    findings: verdict === "clean" ? [] : worstFirst(findings, scores).slice(0, MAX_FINDINGS),
  };
}

interface Disabling {
  readonly all: readonly Finding[];
  readonly disabled: ReadonlySet<string>;
}

/** Score of the worst field; what a switched-off rule has given to it is taken away again. */
function bestScore(scores: ReadonlyMap<string, number>, { all, disabled }: Disabling): number {
  let best = 0;
  for (const [pointer, score] of scores) {
    const off = disabled.size === 0
      ? 0
      : all.filter((finding) => finding.pointer === pointer && disabled.has(finding.rule))
        .reduce((total, { weight }) => total + weight, 0);
    best = Math.max(best, score - off);
  }
  return Math.round(best * 100) / 100;
}

/** Findings of the worst field first; within a field, the heaviest. */
function worstFirst(findings: readonly Finding[], scores: ReadonlyMap<string, number>): Finding[] {
  return findings.toSorted((a, b) =>
    (scores.get(b.pointer) ?? 0) - (scores.get(a.pointer) ?? 0) || b.weight - a.weight
  );
}

/** A text that is too long is read at both ends, where a reader would be caught. */
function scanWhole(field: Field, known: KnownTexts): FieldResult {
  const { text } = field;
  if (text.length <= MAX_FIELD) return known.scan(field);
  const half = MAX_FIELD / 2;
  const parts = [text.slice(0, half), text.slice(-half)].map((part) => known.scan({ ...field, text: part }));
  return {
    score: Math.max(...parts.map(({ score }) => score)),
    findings: parts.flatMap(({ findings }) => findings),
  };
}
