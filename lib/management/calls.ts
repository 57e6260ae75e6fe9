import type { VerbOutput, VerbParsed } from "../contracts/mod.ts";
import type { AgentTools } from "./agent_tools/agent_tools.ts";
import type { ManagementOptions } from "./options.ts";
import type { VerbContext } from "./verb_context.ts";

/** The verb that calls tools; those by which agents meet the management are among them. */
export function callVerbs({ calls }: Pick<ManagementOptions, "calls">, agentTools: () => AgentTools) {
  return {
    async call(
      input: VerbParsed<"calls.call">,
      { caller, requestId, signal, from }: VerbContext,
    ): Promise<VerbOutput<"calls.call">> {
      const context = { caller, signal, scope: caller.scope, requestId, from, throwsWhenBusy: true };
      const { tool_name: name, arguments: args, variant, intent } = input;
      if (agentTools().has(name)) {
        const subject = { type: "internal_tool_call", tool_name: name, arguments: args } as const;
        const told = { caller, signal, requestId, from };
        return await calls.watch(subject, context, () => agentTools().call(name, args, told));
      }
      if (calls.isOwn(name) || !name.includes(":")) return await calls.callOwn(name, args, context);
      const told = { sensitivity: intent?.data_sensitivity, reason: intent?.reason };
      return await calls.callTool(name, args, context, { variant, ...(intent && { intent: told }) });
    },
  };
}
