import type { Management } from "../../lib/contracts/mod.ts";
import { GatewayError } from "../../lib/contracts/quick.ts";
import type { Define } from "../define.ts";
import { renderSession, renderSessions } from "../render/session.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";

const ID = "id of the session";

/** Defines `mcpproxy sessions …`. */
export const define: Define = (command, session) => {
  command.action(() => list(session));
  command.command("list").description("List the MCP clients that talk to the daemon; the same without a verb")
    .action(() => list(session));
  command.command("show").description("Show one of them").argument("<id>", ID)
    .action((id) => show(id, session));
  command.command("close")
    .description("End a session with its streams and calls; its client may open another")
    .argument("<id>", ID)
    .action((id) => close(id, session));
};

async function list(session: Session): Promise<void> {
  const daemon = await daemonOf(session);
  const { sessions } = await daemon.request("sessions.list", {}, { signal: session.signal });
  if (session.format !== "table" || sessions.length > 0) {
    await session.print(sessions, (look) => renderSessions(sessions, look));
    return;
  }
  await session.note("No MCP client talks to the daemon now");
}

async function show(id: string, session: Session): Promise<void> {
  const daemon = await daemonOf(session);
  const found = await daemon.request("sessions.get", { id }, { signal: session.signal });
  await session.print(found, (look) => renderSession(found, look));
}

async function close(id: string, session: Session): Promise<void> {
  const daemon = await daemonOf(session);
  const answer = await daemon.request("sessions.close", { id }, { signal: session.signal });
  await session.print(answer, () => `Closed session ${oneLine(answer.id)}\n`);
}

/** Sessions are the daemon's own: without one there is no point in starting anything. */
async function daemonOf(session: Session): Promise<Management> {
  const daemon = await session.daemon();
  if (daemon !== undefined) return daemon;
  throw new GatewayError(
    "MCPX_DAEMON_NOT_RUNNING",
    "Cannot show sessions: no daemon runs, and sessions are its own",
  );
}
