import type { ToolView } from "../../lib/contracts/mod.ts";
import { didYouMean, GatewayError, parseToolId } from "../../lib/contracts/quick.ts";
import { renderTool } from "../render/tool.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/**
 * Shows whole definitions of tools, in the order they were asked for.
 *
 * @throws {GatewayError} MCPX_USAGE, MCPX_TOOL_NOT_FOUND, and what keeps the tools of their server from being known.
 */
export async function describeTools(ids: readonly string[], session: Session): Promise<void> {
  const lists = new Map<string, readonly ToolView[]>();
  const tools: ToolView[] = [];
  for (const id of ids) {
    const { server } = toRef(id);
    const known = lists.get(server) ?? await toolsOf(server, session);
    lists.set(server, known);
    tools.push(known.find((one) => one.id === id) ?? notThere(id, known));
  }
  await session.print(tools, (look) => tools.map((tool) => renderTool(tool, look)).join("\n"));
}

function toRef(id: string) {
  const ref = parseToolId(id);
  if (ref === undefined) throw usageError(`Cannot read "${id}": wanted SERVER:TOOL`, "tools describe");
  return ref;
}

async function toolsOf(name: string, session: Session): Promise<readonly ToolView[]> {
  const management = await session.management();
  const { tools } = await management.request("servers.tools", { name }, { signal: session.signal });
  return tools;
}

function notThere(id: string, known: readonly ToolView[]): never {
  const ids = known.map((one) => one.id);
  throw new GatewayError(
    "MCPX_TOOL_NOT_FOUND",
    `Cannot find tool "${id}": no such tool${didYouMean(id, ids)}`,
    {
      remedy: "mcpproxy tools list shows those that are let in, mcpproxy tools pending those that are held",
    },
  );
}
