import {
  type Caller,
  type Config,
  type Management,
  type RequestSource,
  toGatewayError,
  type ToolDefinition,
  type ToolResult,
} from "../../contracts/mod.ts";
import { type Scope, toErrorResult, toJsonResult } from "../../calls/mod.ts";
import { LIST_REGISTRIES, QUARANTINE_SECURITY, SEARCH_SERVERS, UPSTREAM_SERVERS } from "./definitions.ts";
import { quarantineSecurity } from "./quarantine_security.ts";
import { listRegistries, searchServers } from "./search_servers.ts";
import { type AgentCall, upstreamServers } from "./upstream_servers.ts";

/** Tools by which agents meet the management of the gateway. */
export interface AgentTools {
  /** The tools as a caller sees them. */
  list(caller: Caller): readonly ToolDefinition[];
  has(name: string): boolean;
  /** @returns Always a result; a refusal or failure has `isError: true`. */
  call(
    name: string,
    args: Readonly<Record<string, unknown>>,
    context: {
      readonly caller: Caller;
      readonly signal: AbortSignal;
      readonly requestId: string;
      readonly from?: RequestSource;
      /** What the profile in force leaves of the servers; all when absent. */
      readonly scope?: Scope;
    },
  ): Promise<ToolResult>;
}

const TOOLS: Readonly<Record<string, (call: AgentCall) => Promise<unknown>>> = {
  [UPSTREAM_SERVERS.name]: upstreamServers,
  [QUARANTINE_SECURITY.name]: quarantineSecurity,
  [LIST_REGISTRIES.name]: listRegistries,
  [SEARCH_SERVERS.name]: searchServers,
};
const ALL = [UPSTREAM_SERVERS, QUARANTINE_SECURITY, LIST_REGISTRIES, SEARCH_SERVERS];

/** Creates the tools; `disable_management` takes them away. */
export function createAgentTools(
  { management, config }: { readonly management: Management; readonly config: () => Config },
): AgentTools {
  const isOff = () => config().disable_management;
  return {
    // Whoever has a token cannot add servers, so where to find them is only a burden.
    list: ({ scope }) => isOff() ? [] : scope === undefined ? ALL : [UPSTREAM_SERVERS, QUARANTINE_SECURITY],
    has: (name) => !isOff() && Object.hasOwn(TOOLS, name),
    async call(name, args, { caller, signal, requestId, from: source, scope }) {
      // What the tool has done is on record as a part of its call.
      const from = { ...source, parentId: requestId };
      try {
        const result = await TOOLS[name]?.({ management, config, args, caller, signal, from, scope });
        return toJsonResult(result);
      } catch (thrown) {
        if (signal.aborted) throw thrown;
        return toErrorResult(toGatewayError(thrown), { requestId });
      }
    },
  };
}
