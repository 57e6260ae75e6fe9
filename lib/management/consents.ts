import { type ConsentView, GatewayError, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import { recordChange } from "../activity/mod.ts";
import type { Consent, Flows } from "../calls/mod.ts";
import type { ManagementOptions } from "./options.ts";
import type { VerbContext } from "./verb_context.ts";

/** Verbs about what agents may write after what they have read. */
export function consentVerbs({ flows, facts, activity }: ManagementOptions) {
  function open(): Flows {
    if (facts.running && flows !== undefined) return flows;
    throw new GatewayError(
      "MCPX_DAEMON_NOT_RUNNING",
      "Cannot ask about consents: no daemon is running, and it alone has agents",
    );
  }

  return {
    list({ status }: VerbParsed<"consents.list">): VerbOutput<"consents.list"> {
      const consents = open().list().filter((one) => status === undefined || one.status === status);
      return { consents: consents.map(toView), total: consents.length };
    },
    allow: ({ id, for: reach }: VerbParsed<"consents.allow">, context: VerbContext) =>
      tell(open().decide(id, reach), context),
    deny: ({ id }: VerbParsed<"consents.deny">, context: VerbContext) =>
      tell(open().decide(id, "denied"), context),
  };

  function tell(consent: Consent, { caller, requestId, from }: VerbContext): ConsentView {
    const { id, status, server, tool, sources, who } = consent;
    recordChange(activity, {
      type: "policy_decision",
      action: status === "denied" ? "deny" : "allow",
      server,
      tool,
      details: { consent_id: id, consent: status, sources, agent: who.caller, agent_name: who.clientName },
    }, { ...from, caller, requestId });
    return toView(consent);
  }
}

/** Writes a consent as people see it. Pure. */
export function toView(consent: Consent): ConsentView {
  const { id, status, server, tool, args, sources, who, requestedAt, decidedAt } = consent;
  return {
    id,
    status,
    server_name: server,
    tool_name: tool,
    arguments: args,
    sources: [...sources],
    caller: who.caller,
    ...(who.clientName === undefined ? {} : { client_name: who.clientName }),
    ...(who.session === undefined ? {} : { session_id: who.session }),
    requested_at: new Date(requestedAt).toISOString(),
    ...(decidedAt === undefined ? {} : { decided_at: new Date(decidedAt).toISOString() }),
  };
}
