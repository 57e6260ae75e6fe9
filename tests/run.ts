/**
 * Runs the test suites, a process for each group of files, and closes with one
 * line, `N passed, N failed`. A group that hangs is stopped and named.
 *
 *   deno task test [suite or path …] [--jobs N] [-- deno test flags]
 *
 * @module
 */

const SUITES = ["e2e", "chaos", "conformance", "contract", "unit", "architecture"];
/** Suites whose files are quick and many: one process for each folder in them. */
const BY_FOLDER = ["unit", "architecture"];
/** Milliseconds after which a group is taken to hang; the slowest needs half a minute on a quiet machine. */
const DEADLINE = 600_000;

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** Names of tests that say that they cannot run here. */
  readonly ignored: readonly string[];
}

const root = new URL("../", import.meta.url);
const split = Deno.args.indexOf("--");
const flags = split < 0 ? [] : Deno.args.slice(split + 1);
const { paths, jobs } = readArguments(split < 0 ? Deno.args : Deno.args.slice(0, split));
const groups = paths.flatMap((path) => [...groupsOf(path)]);
if (groups.length === 0) stop(`No tests in ${paths.join(", ")}`);

const total = { passed: 0, failed: 0, ignored: new Array<string>() };
const reports = await Deno.makeTempDir();
try {
  await Promise.all(Array.from({ length: jobs }, runWaiting));
} finally {
  await Deno.remove(reports, { recursive: true });
}
if (total.ignored.length > 0) console.log(`\n*** Not run:\n    ${total.ignored.join("\n    ")}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
Deno.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

/** Takes group after group off the list until none is left. */
async function runWaiting(): Promise<void> {
  for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
    const { passed, failed, ignored } = await run(group);
    total.passed += passed;
    total.failed += failed;
    total.ignored.push(...ignored);
  }
}

async function run(group: string): Promise<Outcome> {
  const started = performance.now();
  const report = `${reports}/${group.replaceAll("/", "_")}.xml`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "--quiet", "--no-check", `--junit-path=${report}`, ...flags, group],
    cwd: root,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: true, // a process group of its own, so that all of it can be stopped
  }).spawn();
  const printed: string[] = [];
  const reading = Promise.all([collect(child.stdout, printed), collect(child.stderr, printed)]);
  let hung = false;
  const watchdog = setTimeout(() => {
    hung = true;
    Deno.kill(-child.pid, "SIGKILL");
  }, DEADLINE);
  const { code } = await child.status;
  clearTimeout(watchdog);
  // A process left by a killed test may hold the pipes open: what it prints is not waited for.
  await (hung ? undefined : reading);

  const outcome = outcomeOf(code, await Deno.readTextFile(report).catch(() => ""));
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const word = outcome.failed === 0 ? "ok  " : "FAIL";
  const notRun = outcome.ignored.length === 0 ? "" : `${outcome.ignored.length} not run, `;
  console.log(`${word} ${group} (${outcome.passed} passed, ${outcome.failed} failed, ${notRun}${seconds} s)`);
  if (outcome.failed > 0) console.log(printed.join(""));
  if (hung) console.log(`${group} was stopped after ${DEADLINE / 1000} s; the last test named above hung`);
  return outcome;
}

/** Counts from the report; a group that failed without a failed test still counts as one. */
function outcomeOf(code: number, report: string): Outcome {
  const totals = /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(report);
  const [tests = 0, failures = 0, errors = 0] = totals?.slice(1).map(Number) ?? [];
  const ignored = [...report.matchAll(/<testcase name="([^"]*)"[^>]*>\s*<skipped/g)].map(([, name = ""]) =>
    name
  );
  const failed = Math.max(failures + errors, code === 0 && tests > 0 ? 0 : 1);
  return { passed: Math.max(0, tests - failures - errors - ignored.length), failed, ignored };
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>, into: string[]): Promise<void> {
  for await (const text of stream.pipeThrough(new TextDecoderStream())) into.push(text);
}

/** The groups below a folder of tests, as paths from the top of the project. */
function* groupsOf(path: string): Generator<string> {
  if (path.endsWith("_test.ts")) return yield path;
  const entries = [...Deno.readDirSync(new URL(path, root))].sort((a, b) => a.name < b.name ? -1 : 1);
  const files = entries.filter((entry) => entry.isFile && entry.name.endsWith("_test.ts"));
  const folders = entries.filter((entry) => entry.isDirectory).map((entry) => `${path}/${entry.name}`);
  const suite = path.split("/")[1] ?? "";
  if (path.split("/").length === 3 || (BY_FOLDER.includes(suite) && folders.length === 0)) return yield path;
  for (const folder of folders) yield* groupsOf(folder);
  for (const file of files) yield `${path}/${file.name}`;
}

function readArguments(args: readonly string[]): { paths: string[]; jobs: number } {
  const at = args.indexOf("--jobs");
  const jobs = at < 0 ? 2 : Number(args[at + 1]);
  if (!(Number.isInteger(jobs) && jobs > 0)) {
    stop(`--jobs is "${args[at + 1] ?? ""}", wanted a number from 1`);
  }
  const named = at < 0 ? args : args.toSpliced(at, 2);
  const paths = (named.length > 0 ? named : SUITES).map((name) =>
    name.replace(/^(tests\/)?(.+?)\/?$/, "tests/$2")
  );
  const unknown = paths.find((path) => !SUITES.includes(path.split("/")[1] ?? "") || !exists(path));
  if (unknown !== undefined) {
    stop(`Unknown tests "${unknown}", wanted a path below tests/ or one of ${SUITES.join(", ")}`);
  }
  return { paths, jobs };
}

function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, root));
    return true;
  } catch {
    return false;
  }
}

function stop(message: string): never {
  console.error(message);
  Deno.exit(2);
}
