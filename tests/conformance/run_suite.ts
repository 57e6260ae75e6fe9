/**
 * Runs the suites from npm, as programs of their own, and reads what they
 * write down.
 *
 * @module
 */

import { join } from "node:path";
import { PACKAGE, type SuiteRun } from "./suites.ts";
import type { Check, Results } from "./verdict.ts";

/** Longest run of a suite; a guard against a hang. */
const GUARD_MS = 240_000;
const TIMESTAMP = /-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}Z$/;
const text = new TextDecoder();

/** What a suite's command printed. */
interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Lists the scenarios of a run that has no extra choice made by the suite itself. */
export async function listScenarios(side: "server" | "client", run: SuiteRun): Promise<string[]> {
  const revision = run.args.indexOf("--spec-version");
  const choice = revision < 0 ? [] : run.args.slice(revision, revision + 2);
  const { stdout } = await start(run.version, ["list", `--${side}`, ...choice]);
  const lines = [...stdout.matchAll(/^ {2}- (\S+)(?: \[(.*)\])?$/gm)];
  if (lines.length === 0) throw new Error(`Cannot list the scenarios of "${run.name}": ${stdout}`);
  return lines
    .filter(([, , window]) => run.onlyExtensions !== true || window === "extension")
    .map(([, name = ""]) => name);
}

/**
 * Runs the server scenarios of a run against an endpoint.
 *
 * @throws {Error} The suite did not come to its end, or left a scenario out.
 */
export async function runServerScenarios(run: SuiteRun, url: string): Promise<Results> {
  await using folder = await openFolder();
  const output = await start(run.version, ["server", "--url", url, ...run.args, "-o", folder.path]);
  const begun = [...output.stdout.matchAll(/^=== Running scenario: (\S+) ===$/gm)].map(([, name = ""]) =>
    name
  );
  if (begun.length === 0 || !output.stdout.includes("=== SUMMARY ===")) {
    throw new Error(`Cannot run "${run.name}" to its end: ${output.stdout.slice(-2_000)}${output.stderr}`);
  }
  const found = await readResults(folder.path, "server-");
  const wanted = run.onlyExtensions === true ? await listScenarios("server", run) : begun;
  const missing = wanted.filter((name) => !begun.includes(name));
  if (missing.length > 0) throw new Error(`Cannot run ${missing.join(", ")}: "${run.name}" leaves it out`);
  return new Map(wanted.map((name) => [name, found.get(name) ?? [crashed(name)]]));
}

/** Runs one client scenario against the client that a command line starts. */
export async function runClientScenario(run: SuiteRun, scenario: string, command: string): Promise<Check[]> {
  await using folder = await openFolder();
  const revision = run.onlyExtensions === true ? [] : run.args;
  const args = ["client", "--command", command, "--scenario", scenario, ...revision, "-o", folder.path];
  const { stdout, stderr } = await start(run.version, args);
  const checks = (await readResults(folder.path, "")).get(scenario) ?? [crashed(scenario)];
  const ended = /CLIENT (?:TIMED OUT|EXITED WITH ERROR)[^\n]*/.exec(stdout + stderr)?.[0];
  if (ended === undefined) return checks;
  const said = /Stderr:\n([\s\S]*?)(?:\n\n|$)/.exec(stderr)?.[1] ?? "";
  return [...checks, { id: "client", name: "Client", status: "FAILURE", errorMessage: `${ended} ${said}` }];
}

function crashed(name: string): Check {
  return {
    id: name,
    name,
    status: "FAILURE",
    errorMessage: "The suite wrote nothing down for this scenario",
  };
}

async function openFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await Deno.makeTempDir({ prefix: "mp-conformance-" });
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }) };
}

async function readResults(folder: string, prefix: string): Promise<Map<string, Check[]>> {
  const found = new Map<string, Check[]>();
  for await (const { name } of Deno.readDir(folder)) {
    const checks = await Deno.readTextFile(join(folder, name, "checks.json")).catch(() => undefined);
    if (checks === undefined) continue;
    // The shape is the suite's own; fields are only compared and printed.
    found.set(name.slice(prefix.length).replace(TIMESTAMP, ""), JSON.parse(checks) as Check[]);
  }
  return found;
}

/** The suites exit with 1 for any failed check, so that the exit code tells nothing. */
async function start(version: string, args: readonly string[]): Promise<Output> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-config", "--no-lock", "-A", `npm:${PACKAGE}@${version}`, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const guard = setTimeout(() => child.kill("SIGKILL"), GUARD_MS);
  try {
    const { stdout, stderr } = await child.output();
    return { stdout: text.decode(stdout), stderr: text.decode(stderr) };
  } finally {
    clearTimeout(guard);
  }
}
