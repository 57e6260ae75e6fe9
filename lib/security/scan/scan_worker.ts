/**
 * The worker in which the daemon scans: nothing that a server says can keep
 * the main loop busy.
 *
 * @module
 */

import { loadBundle } from "./bundle.ts";
import { createRuleSet, type RuleSet } from "./rule_set.ts";
import { scanAll } from "./scan_definition.ts";
import type { ScanSubject } from "./scan_subject.ts";
import type { DefinitionReport, ScanReport } from "./finding.ts";
import type { PeerTool } from "./shadowing.ts";

/** A piece of what is to be scanned; a long list comes in several. */
export interface ScanPiece {
  readonly kind: "piece";
  readonly id: number;
  readonly subjects: readonly ScanSubject[];
  readonly peers: readonly PeerTool[];
}

/** What the worker is told: pieces, and when they are all there. */
export type ScanRequest = ScanPiece | {
  readonly kind: "scan";
  readonly id: number;
  /** The bundle in force, checked before; absent for the own rules. */
  readonly bundle?: string;
};

/** Its answer; `ready` comes once, unasked. */
export type ScanReply =
  | { readonly kind: "ready" }
  | { readonly kind: "some"; readonly id: number; readonly definitions: readonly DefinitionReport[] }
  /** After all pieces; its own list of definitions is empty. */
  | { readonly kind: "done"; readonly id: number; readonly report: ScanReport }
  | { readonly kind: "failed"; readonly id: number };

/** What a worker's global scope has, of which the library types of the main program know nothing. */
interface WorkerScope {
  onmessage: ((event: MessageEvent<ScanRequest>) => void) | null;
  postMessage(reply: ScanReply): void;
}

// This file runs only as a worker, whose global object has both members.
const scope = globalThis as unknown as WorkerScope;
let loaded: { readonly bundle: string | undefined; readonly rules: RuleSet } | undefined;

async function rulesOf(bundle: string | undefined): Promise<RuleSet> {
  if (loaded === undefined || loaded.bundle !== bundle) {
    loaded = { bundle, rules: bundle === undefined ? createRuleSet() : await loadBundle(bundle) };
  }
  return loaded.rules;
}

/** Reports in one message; taking in more at a time would hold up the main loop. */
const SLICE = 100;
let subjects: ScanSubject[] = [];
let peers: PeerTool[] = [];

async function answer(id: number, bundle: string | undefined): Promise<void> {
  const [listed, others] = [subjects, peers];
  [subjects, peers] = [[], []];
  try {
    const { definitions, ...report } = scanAll(listed, await rulesOf(bundle), { peers: others });
    for (let at = 0; at < definitions.length; at += SLICE) {
      scope.postMessage({ kind: "some", id, definitions: definitions.slice(at, at + SLICE) });
    }
    scope.postMessage({ kind: "done", id, report: { ...report, definitions: [] } });
  } catch {
    // A definition that the rules cannot stomach is reported as not scanned, never as clean.
    scope.postMessage({ kind: "failed", id });
  }
}

scope.onmessage = ({ data }) => {
  if (data.kind === "scan") return void answer(data.id, data.bundle);
  for (const subject of data.subjects) subjects.push(subject);
  for (const peer of data.peers) peers.push(peer);
};
scope.postMessage({ kind: "ready" });
