import type { Caller, VerbOutput, VerbParsed } from "../contracts/mod.ts";
import type { ManagementOptions } from "./options.ts";

/** The verb that calls tools. */
export function callVerbs({ calls, platform }: ManagementOptions) {
  return {
    async call(
      input: VerbParsed<"calls.call">,
      { caller, signal }: { readonly caller: Caller; readonly signal: AbortSignal },
    ): Promise<VerbOutput<"calls.call">> {
      const { random } = platform;
      const context = { caller, signal, scope: caller.scope, requestId: random.uuid(), throwsWhenBusy: true };
      const { tool_name: name, arguments: args, variant } = input;
      if (calls.isOwn(name) || !name.includes(":")) return await calls.callOwn(name, args, context);
      return await calls.callTool(name, args, context, variant);
    },
  };
}
