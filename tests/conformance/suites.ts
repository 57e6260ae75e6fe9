/**
 * Which conformance suites are run, how, and what of them is not for us. The
 * one place to change when a new version appears.
 *
 * @module
 */

/** Name of the suites on npm. */
export const PACKAGE = "@modelcontextprotocol/conformance";

/** The release, and the line that knows the modern revision. */
export const VERSIONS = { release: "0.1.16", next: "0.2.0-alpha.12" } as const;

/** How the scenarios of a run speak. */
export type Era = "legacy" | "modern";

/** A group of scenarios of one version of the suite. */
export interface SuiteRun {
  readonly name: string;
  readonly version: string;
  readonly era: Era;
  /** Further arguments of the suite's command. */
  readonly args: readonly string[];
  /** Keeps only scenarios of extensions, which no other choice gives alone. */
  readonly onlyExtensions?: boolean;
}

const { release, next } = VERSIONS;

/** The runs against a server. */
export const SERVER_RUNS: readonly SuiteRun[] = [
  { name: `${release}`, version: release, era: "legacy", args: ["--suite", "all"] },
  ...["2025-06-18", "2025-11-25"].map((revision): SuiteRun => ({
    name: `${next} at ${revision}`,
    version: next,
    era: "legacy",
    args: ["--suite", "all", "--spec-version", revision],
  })),
  {
    name: `${next} at 2026-07-28`,
    version: next,
    era: "modern",
    args: ["--suite", "all", "--spec-version", "2026-07-28"],
  },
  {
    name: `${next} extensions`,
    version: next,
    era: "modern",
    args: ["--suite", "pending"],
    onlyExtensions: true,
  },
];

/** The runs against a client. */
export const CLIENT_RUNS: readonly SuiteRun[] = [
  { name: `${release}`, version: release, era: "legacy", args: [] },
  {
    name: `${next} at 2025-11-25`,
    version: next,
    era: "legacy",
    args: ["--spec-version", "2025-11-25"],
  },
  {
    name: `${next} at 2026-07-28`,
    version: next,
    era: "modern",
    args: ["--spec-version", "2026-07-28"],
  },
  { name: `${next} extensions`, version: next, era: "modern", args: [], onlyExtensions: true },
];

/** Client scenarios that are left out, and why. */
export const NOT_RUN: readonly { readonly scenarios: RegExp; readonly reason: string }[] = [
  { scenarios: /^auth\//, reason: "signing in at servers is not built yet" },
  {
    scenarios: /^sep-2640-client-verify-/,
    reason: "the gateway passes skills on and loads none; checking them is the host's part",
  },
];

/** Why a client scenario is not run; `undefined` if it is. */
export function reasonNotToRun(scenario: string): string | undefined {
  return NOT_RUN.find(({ scenarios }) => scenarios.test(scenario))?.reason;
}

/** Checks that a way need not reach, and why. Only what is not reached counts, never what is bad. */
export const NOT_REACHED: readonly {
  readonly way: string;
  readonly check: string;
  readonly reason: string;
}[] = [{
  way: "stdio",
  check: "server-sse-disconnect-resume",
  reason: "over stdio there is no stream that the server could end in the middle",
}];

/** Why a check need not be reached on a way; `undefined` if it must. */
export function reasonNotReached(check: string, way: string): string | undefined {
  return NOT_REACHED.find((one) => one.check === check && one.way === way)?.reason;
}
