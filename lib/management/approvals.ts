import {
  type ApprovalView,
  didYouMean,
  GatewayError,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import { recordChange } from "../activity/mod.ts";
import type { TrustChange, TrustChoice, TrustEntry } from "../runtime/mod.ts";
import { diffDefinitions } from "../security/mod.ts";
import { compareApprovals, statusOf, toApprovalStats, toApprovalView } from "./approval_views.ts";
import { toTrustRecord } from "./decisions.ts";
import { createLookedAt } from "./looked_at.ts";
import type { ManagementOptions } from "./options.ts";
import { packageWarnings } from "./packages.ts";
import type { VerbContext } from "./verb_context.ts";
import { refuseWhenReadOnly } from "./read_only.ts";

/** Verbs about what a person has accepted. */
export function approvalVerbs(options: ManagementOptions) {
  const { runtime, config, activity } = options;
  const lookedAt = createLookedAt(options.platform.clock);

  /** Definition by definition, each with who it was. */
  function record(server: string, changes: readonly TrustChange[], context: VerbContext): void {
    const { caller, requestId, from } = context;
    for (const change of changes) {
      recordChange(activity, toTrustRecord(server, change), { ...from, caller, requestId });
    }
  }

  /** Everything known of servers that are configured; a scope has left out the others. */
  function entries(server?: string): readonly TrustEntry[] {
    if (server !== undefined) runtime.server(server);
    const { servers } = runtime.view();
    return runtime.trust.entries(server).filter(({ record }) => servers.has(record.server));
  }

  function chosen(
    { name, tools, kind }: Pick<VerbParsed<"approvals.approve">, "name" | "tools" | "kind">,
    isAll: boolean,
  ): TrustChoice[] {
    runtime.server(name);
    if ((tools === undefined) !== isAll) {
      throw new GatewayError(
        "MCPX_INVALID_INPUT",
        `Cannot decide about tools of server "${name}": wanted either names or all of them`,
        { remedy: 'Send "tools": ["NAME"], or "approve_all" or "block_all": true' },
      );
    }
    if (tools !== undefined) return [...new Set(tools)].map((one) => ({ kind: kind ?? "tool", name: one }));
    return entries(name).filter(({ record }) =>
      record.status !== "approved" && !record.blocked && (kind === undefined || record.kind === kind)
    ).map(({ record }) => ({ kind: record.kind, name: record.name, hash: record.currentHash }));
  }

  return {
    list({ name, kind, status }: VerbParsed<"approvals.list">): VerbOutput<"approvals.list"> {
      const all = entries(name).map(toApprovalView)
        .filter((view) => kind === undefined || view.kind === kind)
        .sort(compareApprovals);
      const isWanted = (view: ApprovalView) =>
        status === undefined || view.status === status || (status === "held" && view.status !== "approved");
      return { approvals: all.filter(isWanted), stats: toApprovalStats(all) };
    },

    diff({ name, tool, kind }: VerbParsed<"approvals.diff">): VerbOutput<"approvals.diff"> {
      runtime.server(name);
      const entry = runtime.trust.find(name, kind, tool);
      if (entry === undefined) {
        const names = entries(name).filter(({ record }) => record.kind === kind).map(({ record }) =>
          record.name
        );
        throw new GatewayError(
          "MCPX_TOOL_NOT_FOUND",
          `Cannot compare ${kind} "${name}:${tool.slice(0, 300)}": the server has not shown it${
            didYouMean(tool, names)
          }`,
          { remedy: `See what there is: mcpproxy upstream inspect ${name}` },
        );
      }
      const { approvedDefinition = {}, currentDefinition } = entry.record;
      const changes = diffDefinitions(approvedDefinition, currentDefinition).map((change) => ({ ...change }));
      lookedAt.shown({ server: name, kind, name: tool }, entry.record.currentHash);
      return { approval: toApprovalView(entry), changes };
    },

    async approve(
      { approve_all: isAll = false, hashes, force = false, ...input }: VerbParsed<"approvals.approve">,
      context: VerbContext,
    ): Promise<VerbOutput<"approvals.approve">> {
      refuseWhenReadOnly(config.snapshot().config, `approve tools of server "${input.name}"`);
      const { name } = input;
      const found = chosen(input, isAll);
      const isHeld = ({ kind, name: one }: TrustChoice) =>
        isAll && !force && runtime.trust.find(name, kind, one)?.scan?.verdict === "hold";
      const wanted = found.filter((one) => !isHeld(one))
        .map((one) =>
          hashes === undefined ? lookedAt.bind(name, one) : { ...one, hash: hashOf(hashes, input.name, one) }
        );
      const { label } = context.caller;
      const changes = wanted.length === 0 ? [] : await runtime.trust.approve(name, wanted, label);
      record(name, changes, context);
      const left = found.filter(isHeld).map((one) => one.name);
      return {
        server_name: name,
        approved: changes.length,
        tools: changes.map(({ to }) => to.name),
        left,
        message: `Approved ${changes.length} of server "${name}"` +
          (left.length === 0 ? "" : `; ${left.length} that the scan says to hold are left`),
      };
    },

    async reject(
      { block_all: isAll = false, ...input }: VerbParsed<"approvals.reject">,
      context: VerbContext,
    ): Promise<VerbOutput<"approvals.reject">> {
      refuseWhenReadOnly(config.snapshot().config, `reject tools of server "${input.name}"`);
      const wanted = chosen(input, isAll);
      const changes = wanted.length === 0 ? [] : await runtime.trust.reject(input.name, wanted);
      record(input.name, changes, context);
      return {
        server_name: input.name,
        blocked: changes.length,
        tools: changes.map(({ to }) => to.name),
        message: `Rejected ${changes.length} of server "${input.name}"`,
      };
    },

    async inspect(
      { name }: VerbParsed<"servers.inspect">,
      signal: AbortSignal,
    ): Promise<VerbOutput<"servers.inspect">> {
      await runtime.inspect(name, signal);
      const approvals = entries(name).map(toApprovalView).sort(compareApprovals);
      const { quarantined, config: entry } = runtime.server(name);
      const warnings = packageWarnings(entry);
      return {
        server_name: name,
        quarantined,
        approvals,
        stats: toApprovalStats(approvals),
        ...(warnings.length === 0 ? {} : { warnings }),
      };
    },
  };
}

/** Whoever says which forms were looked at says it of each: what is left out was not looked at. */
function hashOf(
  hashes: Readonly<Record<string, string>>,
  server: string,
  { kind, name }: TrustChoice,
): string | undefined {
  if (Object.hasOwn(hashes, name)) return hashes[name];
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot approve ${kind} "${server}:${name.slice(0, 300)}": "hashes" has others, and none for it`,
    { remedy: 'Send the "current_hash" of each name, or leave "hashes" out' },
  );
}

/** Counts what is held of the tools of servers that are let in. */
export function countHeldTools({ runtime }: Pick<ManagementOptions, "runtime">): number {
  const { servers } = runtime.view();
  return runtime.trust.entries().filter((entry) => {
    const { kind, server } = entry.record;
    const record = servers.get(server);
    return kind === "tool" && record?.config.enabled === true && !record.quarantined &&
      (statusOf(entry) === "pending" || statusOf(entry) === "changed");
  }).length;
}
