/**
 * What the checks of a suite say about a scenario, and what is lost on a way.
 * Pure.
 *
 * @module
 */

/** One check as a suite writes it down. */
export interface Check {
  readonly id: string;
  readonly name: string;
  readonly status: "SUCCESS" | "FAILURE" | "WARNING" | "SKIPPED" | "INFO";
  readonly description?: string;
  readonly errorMessage?: string;
}

/** Checks by scenario, in the order of the run. */
export type Results = ReadonlyMap<string, readonly Check[]>;

/** A scenario at a glance. */
export interface Verdict {
  readonly passed: number;
  /** Failures and warnings. */
  readonly bad: number;
}

/** Something that holds directly and not on a way. */
export interface Loss {
  readonly scenario: string;
  /** Id of the check. */
  readonly check: string;
  /** The check speaks against the way; otherwise it is only not reached there. */
  readonly isBad: boolean;
  readonly outcome: string;
}

/** Counts the checks that say something. */
export function judge(checks: readonly Check[]): Verdict {
  return {
    passed: checks.filter(({ status }) => status === "SUCCESS").length,
    bad: checks.filter(isBad).length,
  };
}

/** Tells whether a check speaks against whoever was checked. */
export function isBad({ status }: Check): boolean {
  return status === "FAILURE" || status === "WARNING";
}

/**
 * Lists what is lost.
 *
 * A check that succeeded directly must succeed again; where it is not reached
 * it is lost as well. A check that only turns up on the way, and is bad, is a
 * loss too. Scenarios that are bad directly lose nothing.
 */
export function losses(direct: Results, through: Results): Loss[] {
  return [...direct].flatMap(([scenario, before]) => {
    if (before.some(isBad)) return [];
    const wanted = byKey(before);
    const found = byKey(through.get(scenario) ?? []);
    return [...new Set([...wanted.keys(), ...found.keys()])].flatMap((key) => {
      const check = found.get(key);
      const bad = check !== undefined && isBad(check);
      const isHeld = wanted.get(key)?.status !== "SUCCESS" || check?.status === "SUCCESS";
      if (isHeld && !bad) return [];
      return [{ scenario, check: key.split(" ")[0] ?? key, isBad: bad, outcome: toOutcome(check) }];
    });
  });
}

const SEVERITY = ["SUCCESS", "INFO", "SKIPPED", "WARNING", "FAILURE"];

/** The worst of all checks with the same id and name: some come several times. */
function byKey(checks: readonly Check[]): Map<string, Check> {
  const found = new Map<string, Check>();
  for (const check of checks) {
    const key = `${check.id} ${check.name}`;
    const before = found.get(key);
    if (before === undefined || SEVERITY.indexOf(check.status) > SEVERITY.indexOf(before.status)) {
      found.set(key, check);
    }
  }
  return found;
}

function toOutcome(check: Check | undefined): string {
  if (check === undefined) return "not reached";
  return `${check.status} ${check.errorMessage ?? check.description ?? ""}`.trim();
}
