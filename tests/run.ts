/**
 * Runs the test suites and closes with one line, `N passed, N failed`.
 *
 *   deno task test [suite …] [-- deno test flags]
 *
 * @module
 */

const SUITES = ["architecture", "unit", "contract", "e2e", "conformance", "chaos"];

const split = Deno.args.indexOf("--");
const wanted = split < 0 ? Deno.args : Deno.args.slice(0, split);
const flags = split < 0 ? [] : Deno.args.slice(split + 1);
const unknown = wanted.filter((suite) => !SUITES.includes(suite));
if (unknown.length > 0) {
  console.error(`Unknown suite "${unknown[0]}", wanted one of ${SUITES.join(", ")}`);
  Deno.exit(2);
}

const root = new URL("..", import.meta.url);
const report = await Deno.makeTempFile({ suffix: ".xml" });
try {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "test",
      "-A",
      "--quiet",
      "--reporter=dot",
      `--junit-path=${report}`,
      ...flags,
      ...(wanted.length > 0 ? wanted : SUITES).map((suite) => `tests/${suite}/`),
    ],
    cwd: root,
    stdin: "null",
  }).spawn().status;
  const totals = /<testsuites [^>]*tests="(\d+)" failures="(\d+)" errors="(\d+)"/.exec(
    await Deno.readTextFile(report),
  );
  const [tests = 0, failures = 0, errors = 0] = totals?.slice(1).map(Number) ?? [];
  // A file that does not even load has no test case to count.
  const failed = Math.max(failures + errors, code === 0 ? 0 : 1);
  console.log(`\n${Math.max(0, tests - failures - errors)} passed, ${failed} failed`);
  Deno.exit(code === 0 && tests > 0 ? 0 : 1);
} finally {
  await Deno.remove(report);
}
