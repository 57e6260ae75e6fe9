import type { Runtime } from "../runtime/mod.ts";
import { holdOf, type HoldStatus } from "./hold.ts";
import { isAllowed } from "./inventory.ts";
import { briefOf } from "./signature.ts";

/** Why a tool cannot be called now. */
export type LockStatus = "server_disabled" | "server_quarantined" | "disabled_by_config" | HoldStatus;

/** A tool that exists but may not be used. */
export interface LockedTool {
  readonly name: string;
  readonly server: string;
  readonly description?: string;
  readonly status: LockStatus;
}

const REMEDIES: Readonly<Record<LockStatus, string>> = {
  server_disabled: "Ask the person to enable the server: mcpproxy upstream enable NAME",
  server_quarantined: "Ask the person to review and approve the server: mcpproxy upstream approve NAME",
  pending_approval: "Ask the person to review and approve the tool: mcpproxy tools approve SERVER:TOOL",
  changed: "Ask the person to review the change: mcpproxy tools diff SERVER:TOOL",
  blocked: "A person has refused the tool; only they can bring it back",
  disabled_by_config: "The config of the server does not allow the tool; only its owner can change that",
};

/** What names of tools and prompts look like; whatever else is called a name may be a sentence to a model. */
const NAME = /^[\w.:/-]{1,128}$/;

/** Writes the name of something that nobody has reviewed, as an agent may read it. Pure. */
export function shownName(name: string): string {
  return NAME.test(name) ? name : `(name withheld, ${name.length} characters)`;
}

/**
 * Lists locked tools whose name or server shares a word with the query,
 * held ones first. Descriptions of what is held are withheld: nobody has
 * reviewed them.
 */
export function lockedTools(
  runtime: Runtime,
  query: string,
): { entries: LockedTool[]; total: number; remediation: Record<string, string> } {
  const words = query.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 2).slice(0, 50);
  const entries: LockedTool[] = [];
  for (const [server, record] of runtime.view().servers) {
    for (const tool of runtime.catalogue.get(server)?.all ?? []) {
      const held = holdOf(runtime, server, tool.name);
      const status = record.quarantined
        ? "server_quarantined"
        : !record.config.enabled
        ? "server_disabled"
        : isAllowed(record.config, tool.name)
        ? held
        : "disabled_by_config";
      const name = `${server}:${tool.name}`.toLowerCase();
      if (status === undefined || !words.some((word) => name.includes(word))) continue;
      const isWithheld = held !== undefined || status === "server_quarantined";
      entries.push({
        name: `${server}:${isWithheld ? shownName(tool.name) : tool.name}`,
        server,
        ...(isWithheld ? {} : { description: briefOf(tool.description) }),
        status,
      });
    }
  }
  entries.sort((a, b) => Number(b.description === undefined) - Number(a.description === undefined));
  const statuses = new Set(entries.map(({ status }) => status));
  return {
    entries,
    total: entries.length,
    remediation: Object.fromEntries([...statuses].map((status) => [status, REMEDIES[status]])),
  };
}
