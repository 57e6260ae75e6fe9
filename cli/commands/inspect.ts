import type { ServerView } from "../../lib/contracts/mod.ts";
import { confirm } from "../prompts/confirm.ts";
import { renderApprovals } from "../render/approvals.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { diff } from "./tools_review.ts";

/** What `upstream inspect` takes. */
export interface InspectOptions {
  readonly tool?: string;
  readonly yes?: true;
}

/** Asks a server for all it offers, and lists that. */
export async function inspect(name: string, { tool, yes }: InspectOptions, session: Session): Promise<void> {
  const management = await session.management();
  const { signal } = session;
  const server = await management.request("servers.get", { name }, { signal });
  if (server.quarantined && !await mayStart(server, yes === true, session)) return;
  const found = await management.request("servers.inspect", { name }, { signal });
  if (tool !== undefined) return await diff(`${name}:${tool}`, undefined, session);
  await session.print(found, (look) => renderApprovals(found.approvals, look));
  if (session.format !== "table") return;
  const { total, approved } = found.stats;
  await session.note(`${total} offered, ${approved} approved`);
  for (const warning of found.warnings ?? []) await session.note(oneLine(`The server ${warning}`));
  if (found.quarantined) {
    await session.note(
      `The server is in quarantine; to let it in: mcpproxy upstream approve ${oneLine(name)}`,
    );
  }
}

/** To look at a held server is to start it: whoever does so should have seen what, which an agent may have chosen. */
async function mayStart(server: ServerView, isWanted: boolean, session: Session): Promise<boolean> {
  await session.note(whatStarts(server));
  if (isWanted || !session.terminal.isInteractive) return true;
  if (await confirm("Go on?", session.terminal)) return true;
  session.exitCode = 1;
  await session.note("Nothing was started");
  return false;
}

/** Says in a line what looking at a held server does. Pure. */
export function whatStarts(
  { name, command, args = [], url = "", env = {}, headers = {} }: ServerView,
): string {
  const [verb, target] = command === undefined ? ["reaches", url] : ["starts", [command, ...args].join(" ")];
  const given = Object.entries({ ...env, ...headers }).map(([key, value]) => `${key}=${value}`);
  const parts = [target, ...(given.length === 0 ? [] : [`with ${given.join(", ")}`])];
  return oneLine(`"${name}" is held; looking at it ${verb}: ${parts.join(" ")}`);
}
