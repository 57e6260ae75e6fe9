import type { Caller, VerbOutput, VerbParsed } from "../contracts/mod.ts";
import type { ManagementOptions } from "./options.ts";

/** The verb that calls tools. */
export function callVerbs({ calls }: Pick<ManagementOptions, "calls">) {
  return {
    async call(
      input: VerbParsed<"calls.call">,
      { caller, requestId, signal }: {
        readonly caller: Caller;
        readonly requestId: string;
        readonly signal: AbortSignal;
      },
    ): Promise<VerbOutput<"calls.call">> {
      const context = { caller, signal, scope: caller.scope, requestId, throwsWhenBusy: true };
      const { tool_name: name, arguments: args, variant } = input;
      if (calls.isOwn(name) || !name.includes(":")) return await calls.callOwn(name, args, context);
      return await calls.callTool(name, args, context, variant);
    },
  };
}
