import type { ToolView, VerbOutput } from "../../lib/contracts/mod.ts";
import { renderApprovals } from "../render/approvals.ts";
import { byId, renderTools } from "../render/tools.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Options of `mcpproxy tools list`. */
export interface ToolListOptions {
  readonly server?: string;
  readonly status?: string;
  readonly risk?: string;
  readonly approval?: string;
}

/** Words of `--status`; what is off is off by the config. */
export const TOOL_STATUSES = ["enabled", "disabled", "config-denied"] as const;
/** Words of `--risk`. */
export const TOOL_RISKS = ["read", "write", "destructive"] as const;
/** Words of `--approval`; what is not approved has no place in the list of tools. */
export const TOOL_APPROVALS = ["approved", "pending", "changed", "blocked", "held"] as const;

/** Lists the tools that agents may see, or with `--approval` those that they may not. */
export async function list(options: ToolListOptions, session: Session): Promise<void> {
  const status = oneOf(options.status, TOOL_STATUSES, "--status");
  const risk = oneOf(options.risk, TOOL_RISKS, "--risk");
  const approval = oneOf(options.approval, TOOL_APPROVALS, "--approval");
  if (approval !== undefined && approval !== "approved") {
    return await listHeld(approval, options.server, session);
  }
  const found = await fetchTools(options.server, session);
  const tools = byId(found.tools).filter((tool) =>
    (status === undefined || tool.disabled === (status !== "enabled")) &&
    (risk === undefined || tool.call_with === `call_tool_${risk}`)
  );
  if (session.format === "table" && tools.length === 0) await session.note("No tools");
  else await session.print(tools, (look) => renderTools(tools, look));
  await noteMissing(found, session);
  await noteHeld(found.stats?.pending_approval ?? 0, session);
}

async function listHeld(
  status: Exclude<typeof TOOL_APPROVALS[number], "approved">,
  name: string | undefined,
  session: Session,
): Promise<void> {
  const management = await session.management();
  const { approvals } = await management.request("approvals.list", { name, kind: "tool", status }, {
    signal: session.signal,
  });
  if (session.format === "table" && approvals.length === 0) return await session.note("No tools");
  await session.print(approvals, (look) => renderApprovals(approvals, look));
}

type Found =
  & Pick<VerbOutput<"tools.list">, "failed_servers">
  & { readonly tools: readonly ToolView[]; readonly stats?: VerbOutput<"tools.list">["stats"] };

async function fetchTools(name: string | undefined, session: Session): Promise<Found> {
  const management = await session.management();
  const { signal } = session;
  if (name === undefined) return await management.request("tools.list", {}, { signal });
  return await management.request("servers.tools", { name }, { signal });
}

/** A list without the tools of a server that failed must not look whole. */
export async function noteMissing(
  { failed_servers: missing = [] }: Pick<Found, "failed_servers">,
  session: Session,
): Promise<void> {
  for (const { name, error } of missing) {
    await session.note(`Tools of server "${oneLine(name)}" are missing: ${oneLine(error)}`);
  }
}

async function noteHeld(count: number, session: Session): Promise<void> {
  if (count === 0 || session.format !== "table") return;
  await session.note(
    `${count} ${count === 1 ? "tool waits" : "tools wait"} for approval: mcpproxy tools pending`,
  );
}

function oneOf<const W extends string>(
  text: string | undefined,
  words: readonly W[],
  option: string,
): W | undefined {
  if (text === undefined) return undefined;
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw usageError(`Cannot read ${option} "${text}": wanted ${words.join(", ")}`, "tools list");
}
