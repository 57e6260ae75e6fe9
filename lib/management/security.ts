import {
  type ApprovalView,
  GatewayError,
  toGatewayError,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import { isExposed } from "../calls/mod.ts";
import { worstOf } from "../security/mod.ts";
import { compareApprovals, toApprovalStats, toApprovalView } from "./approval_views.ts";
import type { ManagementOptions } from "./options.ts";
import { acceptPackages } from "./packages.ts";
import type { VerbContext } from "./verb_context.ts";
import { toIso } from "./server_views.ts";
import { refuseWhenReadOnly } from "./read_only.ts";
import { toScanSettled } from "./scan_settled.ts";

type Report = VerbOutput<"security.report">;
type ServerScan = Report["servers"][number];

/** Verbs about scans. */
export function securityVerbs(options: ManagementOptions) {
  const { runtime, config, platform, bus } = options;

  function viewsOf(server: string | undefined): ApprovalView[] {
    if (server !== undefined) runtime.server(server);
    const { servers } = runtime.view();
    return runtime.trust.entries(server).filter(({ record }) =>
      servers.has(record.server) && record.kind !== "package"
    )
      .map(toApprovalView).sort(compareApprovals);
  }

  function report(server: string | undefined): Report {
    const definitions = viewsOf(server);
    const scans = definitions.flatMap(({ scan }) => scan === undefined ? [] : [scan]);
    return {
      rules: runtime.trust.rules,
      verdict: worstOf(scans.map(({ verdict }) => verdict)),
      complete: scans.length === definitions.length && scans.every(({ complete }) => complete),
      servers: toServerScans(definitions),
      definitions: definitions.filter(({ scan }) => scan !== undefined),
    };
  }

  async function write(name: string, patch: Readonly<Record<string, unknown>>): Promise<void> {
    const stamped = { ...patch, updated: toIso(platform.clock.now()) };
    await config.change("management", [{ kind: "server.update", name, patch: stamped }]);
  }

  return {
    async approve(
      { name, force }: VerbParsed<"security.approve">,
      context: VerbContext,
    ): Promise<VerbOutput<"security.approve">> {
      refuseWhenReadOnly(config.snapshot().config, `approve server "${name}"`);
      const { verdict, definitions } = report(name);
      if (definitions.length === 0 && !force) throw notScanned(name);
      if (verdict === "hold" && !force) throw saidToHold(name);
      await write(name, { quarantined: false });
      await acceptPackages(options, name, context);
      return { server: name, action: "approve", success: true, message: `Server "${name}" is let in` };
    },

    async reject({ name }: VerbParsed<"security.reject">): Promise<VerbOutput<"security.reject">> {
      refuseWhenReadOnly(config.snapshot().config, `reject server "${name}"`);
      runtime.server(name);
      await write(name, { quarantined: true, enabled: false });
      const message = `Server "${name}" is held in quarantine, and off`;
      return { server: name, action: "reject", success: true, message };
    },

    async scan(
      { name }: VerbParsed<"security.scan">,
      signal: AbortSignal,
    ): Promise<VerbOutput<"security.scan">> {
      const names = name === undefined
        ? [...runtime.view().servers].filter(([, record]) => isExposed(record)).map(([one]) => one)
        : [runtime.server(name).config.name];
      const asked = await Promise.allSettled(names.map((one) => runtime.inspect(one, signal)));
      signal.throwIfAborted();
      const failed = asked.flatMap((one, index) =>
        one.status === "fulfilled"
          ? []
          : [{ name: names[index] ?? "", error: toGatewayError(one.reason).message }]
      );
      const [first] = asked;
      if (name === undefined || first?.status === "fulfilled") await runtime.trust.rescan(names);
      // Also of a server that shows what it has always shown: whoever watches learns that the scan has ended.
      for (const one of names) {
        const error = failed.find((other) => other.name === one)?.error;
        bus.publish("security.scan_settled", toScanSettled(one, runtime.trust.entries(one), error));
      }
      if (name !== undefined && first?.status === "rejected") throw first.reason;
      const found = report(name);
      return failed.length === 0 ? found : { ...found, complete: false, failed_servers: failed };
    },

    report: ({ name }: VerbParsed<"security.report">) => report(name),

    overview(): VerbOutput<"security.overview"> {
      const views = viewsOf(undefined);
      const servers = toServerScans(views);
      const count = (verdict: string) => views.filter(({ scan }) => scan?.verdict === verdict).length;
      return {
        rules: runtime.trust.rules,
        servers,
        servers_scanned: servers.filter(({ verdict }) => verdict !== "not_scanned").length,
        verdicts: {
          clean: count("clean"),
          review: count("review"),
          hold: count("hold"),
          not_scanned: views.filter(({ scan }) => scan === undefined).length,
        },
        approvals: toApprovalStats(views),
        findings_by_family: countFamilies(views),
        last_scan_at: lastOf(views),
      };
    },
  };
}

/** Nothing found is no finding. */
function notScanned(name: string): GatewayError {
  return new GatewayError(
    "MCPX_APPROVAL_CONFLICT",
    `Cannot approve server "${name}": it has not been scanned`,
    { remedy: `Scan it first: mcpproxy security scan ${name}; let it in all the same with --force` },
  );
}

function saidToHold(name: string): GatewayError {
  return new GatewayError(
    "MCPX_APPROVAL_CONFLICT",
    `Cannot approve server "${name}": its scan says to hold something of it`,
    { remedy: `See it with: mcpproxy security report ${name}; let it in all the same with --force` },
  );
}

function toServerScans(views: readonly ApprovalView[]): ServerScan[] {
  const byServer = Map.groupBy(views, ({ server_name }) => server_name);
  return [...byServer].map(([server_name, own]) => {
    const verdicts = own.flatMap(({ scan }) => scan === undefined ? [] : [scan.verdict]);
    return {
      server_name,
      verdict: verdicts.length === 0 ? "not_scanned" : worstOf(verdicts),
      definitions: own.length,
      not_scanned: own.length - verdicts.length,
      last_scan_at: lastOf(own),
    };
  });
}

function lastOf(views: readonly ApprovalView[]): string | undefined {
  return views.flatMap(({ scan }) => scan?.scanned_at ?? []).sort().at(-1);
}

function countFamilies(views: readonly ApprovalView[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { scan } of views) {
    for (const { family } of scan?.findings ?? []) counts[family] = (counts[family] ?? 0) + 1;
  }
  return counts;
}
