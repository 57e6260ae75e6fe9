/**
 * The worker in which the daemon scans: nothing that a server says can keep
 * the main loop busy.
 *
 * @module
 */

import { loadBundle } from "./bundle.ts";
import { createRuleSet, type RuleSet } from "./rule_set.ts";
import { scanAll, type ScanSubject } from "./scan_definition.ts";
import type { ScanReport } from "./finding.ts";
import type { PeerTool } from "./shadowing.ts";

/** A request to the worker. */
export interface ScanRequest {
  readonly id: number;
  readonly subjects: readonly ScanSubject[];
  readonly peers: readonly PeerTool[];
  /** The bundle in force, checked before; absent for the own rules. */
  readonly bundle?: string;
}

/** Its answer; `ready` comes once, unasked. */
export type ScanReply =
  | { readonly kind: "ready" }
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

async function answer({ id, subjects, peers, bundle }: ScanRequest): Promise<ScanReply> {
  try {
    return { kind: "done", id, report: scanAll(subjects, await rulesOf(bundle), { peers }) };
  } catch {
    // A definition that the rules cannot stomach is reported as not scanned, never as clean.
    return { kind: "failed", id };
  }
}

scope.onmessage = ({ data }) => void answer(data).then((reply) => scope.postMessage(reply));
scope.postMessage({ kind: "ready" });
