import type { ApprovalView, VerbOutput } from "../../lib/contracts/mod.ts";
import type { DefinitionReport, ScanReport, Verdict } from "../../lib/security/mod.ts";
import type { Define } from "../define.ts";
import { renderFields } from "../render/fields.ts";
import { renderScan, summarizeScan, toScanValue } from "../render/security.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Exit code by the worst verdict, as of `security check`. */
const EXIT: Readonly<Record<Verdict, number>> = { clean: 0, review: 20, hold: 21 };

/** Defines the verbs that scan configured servers. */
export const defineScan: Define = (command, session) => {
  command.command("scan")
    .description("Ask a server, or all, for what they offer, and scan it")
    .argument("[server]", "name of the server, held or not; all that are let in when absent")
    .option("--all", "all that are let in, as without a name")
    .action((server, { all }) => {
      if (all !== true || server === undefined) return show("security.scan", server, session);
      throw usageError(`Cannot scan "${server}" and --all: wanted one of them`, "security scan");
    });
  command.command("report")
    .description("Show what the last scans of servers have found")
    .argument("[server]", "name of the server; all when absent")
    .action((server) => show("security.report", server, session));
  command.command("overview")
    .description("Sum up approvals and scans of all servers")
    .action(() => overview(session));
};

async function show(
  verb: "security.scan" | "security.report",
  name: string | undefined,
  session: Session,
): Promise<void> {
  const management = await session.management();
  const found = await management.request(verb, { name }, { signal: session.signal });
  const report = toReport(found);
  session.exitCode = EXIT[report.verdict];
  const value = session.format === "sarif" ? await toSarifValue(report, name) : toScanValue(report);
  if (session.format !== "table" || report.verdict !== "clean") {
    await session.print(value, (look) => renderScan(report, look));
  }
  for (const { name, error } of found.failed_servers ?? []) {
    await session.note(`Server "${oneLine(name)}" could not be asked: ${oneLine(error)}`);
  }
  if (session.format === "table") await session.note(summarizeScan(report));
}

async function toSarifValue(report: ScanReport, name: string | undefined) {
  const [{ toSarif }, { VERSION }] = await Promise.all([
    import("../../lib/security/mod.ts"),
    import("../../lib/contracts/mod.ts"),
  ]);
  return toSarif(report, { artifact: name ?? "servers", version: VERSION });
}

/** Brings an answer into the form in which files are reported; spans are not kept. */
function toReport(
  { definitions, rules, verdict, complete }: VerbOutput<"security.report">,
): ScanReport {
  return { rules, verdict, complete, definitions: definitions.flatMap(toDefinitionReport) };
}

function toDefinitionReport({ scan, kind, name, server_name: server }: ApprovalView): DefinitionReport[] {
  if (scan === undefined) return [];
  const { verdict, score, complete } = scan;
  const findings = scan.findings.map((finding) => ({
    ...finding,
    span: [0, finding.text.length] as const,
  }));
  return [{ kind, name, server, verdict, score, complete, findings }];
}

async function overview(session: Session): Promise<void> {
  const management = await session.management();
  const found = await management.request("security.overview", {}, { signal: session.signal });
  const { verdicts, approvals } = found;
  await session.print(found, (look) =>
    renderFields([
      ["Servers", `${found.servers_scanned} scanned of ${found.servers.length}`],
      ["Verdicts", `${verdicts.clean} clean, ${verdicts.review} review, ${verdicts.hold} hold`],
      ["Not scanned", verdicts.not_scanned === 0 ? undefined : `${verdicts.not_scanned}`],
      ["Approved", `${approvals.approved} of ${approvals.total}`],
      ["Held", `${approvals.pending} new, ${approvals.changed} changed, ${approvals.blocked} refused`],
      ["Last scan", found.last_scan_at],
      ["Rules", found.rules],
    ], look));
}
