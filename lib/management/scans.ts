import type { Check, Status } from "../contracts/mod.ts";
import type { TrustEntry } from "../runtime/mod.ts";
import { worstOf } from "../security/mod.ts";
import type { ManagementOptions } from "./options.ts";
import type { RenewalReport, WorseForm } from "./renewals.ts";
import { toIso } from "./server_views.ts";

/** Writes how the scans of known definitions stand; nothing where none are renewed. */
export function toScans(options: ManagementOptions): Status["scans"] {
  const { runtime, renewals } = options;
  if (renewals === undefined) return undefined;
  const { isUnderWay, last } = renewals;
  const { rules } = runtime.trust;
  return {
    rules,
    renewing: isUnderWay,
    ...(last === undefined ? {} : { renewed: toRenewed(options, last) }),
  };
}

function toRenewed(options: ManagementOptions, report: RenewalReport) {
  const { rules, startedAt, finishedAt, scanned, worse, accepted } = report;
  return {
    rules,
    started_at: toIso(startedAt),
    ...(finishedAt === undefined ? {} : { finished_at: toIso(finishedAt) }),
    scanned,
    worse,
    worse_accepted: accepted,
    undecided: findUndecided(options, report).length,
  };
}

/** Looks whether other rules have found something in what is accepted, and a person has not looked at it since. */
export function checkScans(options: ManagementOptions): Check {
  const { runtime: { trust }, renewals } = options;
  if (renewals === undefined) {
    return { id: "scans", level: "skipped", summary: "no daemon runs that would scan again" };
  }
  const { isUnderWay, last } = renewals;
  if (isUnderWay) {
    return {
      id: "scans",
      level: "ok",
      summary: `what is known is being scanned again by rules ${trust.rules}`,
    };
  }
  const open = last === undefined ? [] : findUndecided(options, last);
  if (last === undefined || open.length === 0) {
    return { id: "scans", level: "ok", summary: toWords(trust.rules, last) };
  }
  const which = open.slice(0, MAX_NAMED).join(", ");
  return {
    id: "scans",
    level: "warning",
    summary:
      `scan rules ${trust.rules} find more than others before in ${open.length} that agents may still use: ${which}` +
      (open.length > MAX_NAMED ? ", …" : ""),
    remedy: "Look at them with: mcpproxy security report; then accept a tool again with " +
      "mcpproxy tools approve SERVER:TOOL, or refuse it with mcpproxy tools reject SERVER:TOOL",
  };
}

const MAX_NAMED = 5;

/**
 * Those of which the accepted form is still one that was found worse, is so by
 * the rules in force too, and was not accepted again since.
 */
function findUndecided({ runtime }: ManagementOptions, { forms }: RenewalReport) {
  const { servers } = runtime.view();
  const found = Map.groupBy(forms, ({ server }) => server);
  // What is known of a server is read when it is asked for, so only those are.
  return [...found].filter(([server]) => servers.has(server)).flatMap(([server, worse]) =>
    runtime.trust.entries(server).filter((entry) => worse.some((form) => isUndecided(entry, form)))
      .map(({ record: { name } }) => `${server}:${name}`)
  );
}

function isUndecided({ record, scan }: TrustEntry, { hash, from, at }: WorseForm): boolean {
  const { status, approvedHash, approvedAt = 0 } = record;
  if (status !== "approved" || approvedHash !== hash || approvedAt >= at) return false;
  return scan?.hash !== hash || worstOf([scan.verdict, from]) !== from;
}

function toWords(rules: string, last: RenewalReport | undefined): string {
  const all = `what is known is scanned by rules ${rules}`;
  return last?.rules === rules ? `${all}, ${last.scanned} of it again on ${toIso(last.startedAt)}` : all;
}
