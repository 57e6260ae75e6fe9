import {
  type Caller,
  type CallVariant,
  type Config,
  GatewayError,
  type ToolDefinition,
  type ToolRef,
  toToolId,
} from "../contracts/mod.ts";
import { isQuarantined, type Runtime, type ServerRecord } from "../runtime/mod.ts";
import { holdError, holdOf } from "./hold.ts";
import { intentConflict, variantFor } from "./intent.ts";
import { isAllowed, toolNotFound } from "./inventory.ts";
import { liveEntry } from "./live_entry.ts";

/** A call as the policies see it. */
export interface PendingCall extends ToolRef {
  readonly caller: Caller;
  /** What the caller declared; `undefined` takes whatever suits the tool. */
  readonly variant: CallVariant | undefined;
  readonly config: Config;
  readonly runtime: Runtime;
  readonly record: ServerRecord;
}

/** Throws to deny; a policy that fails by accident denies too. */
export type Policy = (call: PendingCall) => void;

/** Fixed order, cheapest first. The tool's own definition is looked at only once its server is let through. */
export const POLICIES: readonly Policy[] = [
  callerMay,
  serverEnabled,
  serverNotQuarantined,
  toolAllowed,
  toolAccepted,
  intentMatches,
];

/** What lies outside of a caller's scope was not found before; here only the way of calling is left to judge. */
function callerMay({ caller, variant }: PendingCall): void {
  if (caller.scope === undefined || variant === undefined) return;
  if (caller.scope.permissions.includes(variant)) return;
  throw new GatewayError(
    "MCPX_FORBIDDEN",
    `Cannot call as call_tool_${variant}: token "${caller.scope.token}" lacks the permission "${variant}"`,
    {
      remedy: `Ask the owner of the gateway for a token with --permissions ${
        [...caller.scope.permissions, variant].join(",")
      }`,
      details: { permission: variant },
    },
  );
}

function serverEnabled({ server, record, config }: PendingCall): void {
  if (record.config.enabled && liveEntry(config, server)?.enabled !== false) return;
  throw new GatewayError("MCPX_SERVER_DISABLED", `Cannot call server "${server}": it is disabled`, {
    remedy: `mcpproxy upstream enable ${server}`,
    details: { server },
  });
}

function serverNotQuarantined({ server, record, config }: PendingCall): void {
  const entry = liveEntry(config, server);
  if (!record.quarantined && (entry === undefined || !isQuarantined(entry, config))) return;
  throw new GatewayError("MCPX_SERVER_QUARANTINED", `Cannot call server "${server}": it is in quarantine`, {
    remedy: `A person reviews it, then types: mcpproxy upstream approve ${server}`,
    details: { server },
  });
}

function toolAllowed({ server, tool, record, runtime, config }: PendingCall): void {
  const entry = liveEntry(config, server) ?? record.config;
  if (isAllowed(record.config, tool) && isAllowed(entry, tool)) return;
  const listed = runtime.catalogue.get(server);
  if (listed !== undefined && !listed.byName.has(tool)) throw toolNotFound(runtime, { server, tool });
  throw new GatewayError(
    "MCPX_TOOL_DENIED",
    `Cannot call tool "${toToolId(server, tool)}": the config of its server does not allow it`,
    { details: { server, tool } },
  );
}

/** What differs from what a person has accepted is held, whatever the caller may do. */
function toolAccepted({ server, tool, runtime }: PendingCall): void {
  const status = holdOf(runtime, server, tool);
  if (status !== undefined) throw holdError(status, { server, kind: "tool", name: tool });
}

/**
 * Checked before a server is woken, if its tools are known, and once more
 * against the live definition when the connection stands.
 */
export function intentMatches({ server, tool, variant, config, runtime }: PendingCall): void {
  if (variant === undefined) return;
  const definition: ToolDefinition | undefined = runtime.catalogue.get(server)?.byName.get(tool);
  // What a tool does not say can be judged only once its list is known.
  if (definition === undefined || !config.intent_declaration.strict_server_validation) return;
  const conflict = intentConflict(variant, definition.annotations, config.intent_declaration);
  if (conflict === undefined) return;
  const right = variantFor(definition.annotations, config.intent_declaration);
  throw new GatewayError(
    "MCPX_INTENT_REJECTED",
    `Cannot call tool "${toToolId(server, tool)}": ${conflict}`,
    {
      remedy: `Use call_tool_${right}`,
      details: { server, tool, call_with: `call_tool_${right}` },
    },
  );
}
