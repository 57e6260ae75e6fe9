/**
 * What waits for a person to accept or refuse it. Pure.
 *
 * @module
 */

import type { ApprovalView, ServerView } from "../lib/contracts/mod.ts";
import type { Known } from "./state.ts";

/** What one server has that waits. */
export interface Group {
  readonly server: string;
  readonly items: readonly ApprovalView[];
}

/** Tells whether somebody is to decide about it: it is neither approved nor rejected. */
export function isWaiting({ status }: ApprovalView): boolean {
  return status === "pending" || status === "changed";
}

/** Servers that are held as a whole. */
export function quarantined({ servers }: Pick<Known, "servers">): readonly ServerView[] {
  return servers.filter((server) => server.quarantined);
}

/** What waits of servers that are let in, the worst of each first. */
export function waitingGroups({ servers, held = [] }: Pick<Known, "servers" | "held">): Group[] {
  const inQuarantine = new Set(quarantined({ servers }).map(({ name }) => name));
  return group(held.filter((item) => isWaiting(item) && !inQuarantine.has(item.server_name)));
}

/** What was rejected. */
export function rejectedGroups({ held = [] }: Pick<Known, "held">): Group[] {
  return group(held.filter(({ status }) => status === "blocked"));
}

/** How much waits: definitions, servers as a whole, and calls of agents. */
export function countWaiting(known: Pick<Known, "servers" | "held" | "consents">): number {
  const definitions = waitingGroups(known).reduce((sum, { items }) => sum + items.length, 0);
  return definitions + quarantined(known).length + (known.consents?.length ?? 0);
}

function group(items: readonly ApprovalView[]): Group[] {
  return [...Map.groupBy(items, ({ server_name }) => server_name)]
    .map(([server, own]) => ({ server, items: own.toSorted((a, b) => rank(b) - rank(a)) }));
}

function rank({ scan, status }: ApprovalView): number {
  const verdict = scan === undefined ? 1 : { clean: 0, review: 2, hold: 3 }[scan.verdict];
  return verdict * 2 + (status === "changed" ? 1 : 0);
}

/** Tells whether the scan says that agents should not see it, or there was no whole scan. */
export function isDangerous({ scan }: ApprovalView): boolean {
  return scan?.verdict === "hold";
}

/** One question to REST: names of one kind, each with the hash of the form that was on the page. */
export interface Choice {
  readonly kind: ApprovalView["kind"];
  readonly tools: readonly string[];
  readonly hashes: Readonly<Record<string, string>>;
}

/** Names that one question takes at most. */
const MAX_NAMES = 1_000;

/** Turns what a person chose into questions; what has changed since it was on the page is not approved. */
export function toChoices(items: readonly ApprovalView[]): Choice[] {
  return [...Map.groupBy(items, ({ kind }) => kind)].flatMap(([kind, own]) => {
    const choices: Choice[] = [];
    for (let at = 0; at < own.length; at += MAX_NAMES) {
      const part = own.slice(at, at + MAX_NAMES);
      choices.push({
        kind,
        tools: part.map(({ name }) => name),
        hashes: Object.fromEntries(part.map(({ name, current_hash }) => [name, current_hash])),
      });
    }
    return choices;
  });
}
