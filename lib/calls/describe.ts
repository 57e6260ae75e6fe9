import { closest, type Config, parseToolId, type ToolResult } from "../contracts/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import { checkTool, verdictOf } from "./check.ts";
import { type FullEntry, toFullEntry } from "./entries.ts";
import { holdOf, type HoldStatus } from "./hold.ts";
import { findVisible, isAllowed, visibleTools } from "./inventory.ts";
import { type ShownTools, toJsonResult } from "./outcome.ts";
import { readBoolean, readObject, readTexts } from "./params.ts";

type Arguments = Readonly<Record<string, unknown>>;

const MAX_IDS = 5;
const MAX_IDS_CHECK = 50;

/** What `describe_tool` works with. */
export interface DescribeOptions {
  readonly config: () => Config;
  readonly runtime: Runtime;
}

/** Why a tool could not be described. */
interface DescribeError {
  readonly id: string;
  readonly error: "not_found" | "quarantined" | "disabled" | HoldStatus;
  readonly remediation: string;
}

/**
 * Gives the whole definitions of tools, or with `check` tells which of them
 * could be called now.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT for a parameter that is not allowed.
 */
export function describeTools(
  { runtime, config }: DescribeOptions,
  args: Arguments,
  requestId: string,
): ShownTools {
  const rules = config().intent_declaration;
  const check = readBoolean(args, "check");
  const ids = readTexts(
    args,
    "tool_ids",
    check ? MAX_IDS_CHECK : MAX_IDS,
    "ids of tools such as server:tool",
  );
  if (check) {
    return { result: checkTools(runtime, ids, readObject(args, "filters"), requestId), shown: [] };
  }
  const definitions: FullEntry[] = [];
  const errors: DescribeError[] = [];
  for (const id of ids) {
    const ref = parseToolId(id);
    const tool = ref === undefined ? undefined : findVisible(runtime, ref.server, ref.tool);
    if (tool === undefined) errors.push(explain(runtime, id));
    else definitions.push(toFullEntry(tool, rules));
  }
  return { result: toJsonResult({ definitions, errors }), shown: definitions.map(({ name }) => name) };
}

function checkTools(
  runtime: Runtime,
  ids: readonly string[],
  filters: Arguments,
  requestId: string,
): ToolResult {
  const wanted = {
    read_only_only: readBoolean(filters, "read_only_only"),
    exclude_destructive: readBoolean(filters, "exclude_destructive"),
    exclude_open_world: readBoolean(filters, "exclude_open_world"),
  };
  const tools = ids.map((id) => {
    const ref = parseToolId(id) ?? { server: "", tool: id };
    return { ...checkTool(runtime, ref, wanted), id };
  });
  return toJsonResult({ verdict: verdictOf(tools), tools, request_id: requestId });
}

function explain(runtime: Runtime, id: string): DescribeError {
  const ref = parseToolId(id);
  const record = ref === undefined ? undefined : runtime.view().servers.get(ref.server);
  if (record?.quarantined) {
    return { id, error: "quarantined", remediation: "Ask the person to review and approve the server" };
  }
  if (
    ref !== undefined && record !== undefined &&
    (!record.config.enabled || !isAllowed(record.config, ref.tool))
  ) {
    return { id, error: "disabled", remediation: "Ask the person to enable the server or the tool" };
  }
  const hold = ref === undefined ? undefined : holdOf(runtime, ref.server, ref.tool);
  if (hold !== undefined) {
    return { id, error: hold, remediation: "Ask the person to review the tool: mcpproxy tools pending" };
  }
  const near = closest(id, [...visibleTools(runtime)].map((tool) => tool.id));
  const remediation = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : "Find it with retrieve_tools";
  return { id, error: "not_found", remediation };
}
