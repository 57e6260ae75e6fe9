import type { Verdict } from "../../lib/security/mod.ts";
import type { Define } from "../define.ts";
import { defineDecide } from "./security_decide.ts";
import { defineScan } from "./security_scan.ts";
import { renderScan, summarizeScan, toScanValue } from "../render/security.ts";
import type { Session } from "../session.ts";
import { readDump, readInput } from "../tool_dump.ts";

/** Exit code by the worst verdict; none of them is that of an error. */
const EXIT: Readonly<Record<Verdict, number>> = { clean: 0, review: 20, hold: 21 };

const HELP = `
FILE is the answer of tools/list as JSON, or a list of tools with an optional
"server" each; - reads standard input. No daemon is needed. Tools are compared
across servers too, up to 256 of them. -o json prints every finding with its
evidence, -o sarif what code scanning services read.

Exit code by the worst verdict:
  0   clean   nothing found
  20  review  a person should look
  21  hold    keep it from agents
Others are errors: 1 for a file that cannot be read, 4 for a bad rule bundle.
`;

/** Defines `mcpproxy security …`. */
export const define: Define = (command, session) => {
  defineScan(command, session);
  defineDecide(command, session);
  command.command("check")
    .description("Scan a list of tools in a file")
    .argument("<file>", "tool list as JSON, - for standard input")
    .option("--rules <bundle>", "JSON file with further rules")
    .addHelpText("after", HELP)
    .action((file, options) => check(file, options.rules, session));
};

async function check(file: string, bundle: string | undefined, session: Session): Promise<void> {
  const [{ createRuleSet, loadBundle, scanAll }, { toSarif }] = await Promise.all([
    import("../../lib/security/engine.ts"),
    import("../../lib/security/mod.ts"),
  ]);
  const rules = bundle === undefined ? createRuleSet() : await loadBundle(await readInput(bundle, session));
  const report = scanAll(readDump(await readInput(file, session), file), rules);
  session.exitCode = EXIT[report.verdict];
  const { VERSION } = await import("../../lib/contracts/quick.ts");
  const value = session.format === "sarif"
    ? toSarif(report, { artifact: file, version: VERSION })
    : toScanValue(report);
  if (session.format !== "table" || report.verdict !== "clean") {
    await session.print(value, (look) => renderScan(report, look));
  }
  if (session.format === "table") await session.note(summarizeScan(report));
}
