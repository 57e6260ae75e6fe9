import type { Management } from "../../lib/contracts/mod.ts";
import { GatewayError } from "../../lib/contracts/quick.ts";
import type { Define } from "../define.ts";
import { renderConsent, renderConsents } from "../render/consent.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";

const ID = "id of the consent, as the list and the agent's answer have it";

/** Defines `mcpproxy consent …`. */
export const define: Define = (command, session) => {
  command.action(() => list({}, session));
  command.command("list").description(
    "List the calls of agents that take your consent; the same without a verb",
  )
    .option("--pending", "only those that wait for a word")
    .action((options) => list(options, session));
  command.command("show").description("Show one of them with its arguments").argument("<id>", ID)
    .action((id) => show(id, session));
  command.command("allow").description("Let the agent make this very call, once").argument("<id>", ID)
    .option("--session", "let it write to this server as long as its session lasts")
    .action((id, options) => allow(id, options, session));
  command.command("deny").description("Refuse the call, or take a consent back").argument("<id>", ID)
    .action((id) => deny(id, session));
};

async function list({ pending }: { readonly pending?: true }, session: Session): Promise<void> {
  const daemon = await daemonOf(session);
  const input = pending ? { status: "pending" as const } : {};
  const { consents } = await daemon.request("consents.list", input, { signal: session.signal });
  if (session.format !== "table" || consents.length > 0) {
    await session.print(consents, (look) => renderConsents(consents, look));
    return;
  }
  await session.note("No agent waits for a word of yours");
}

async function show(id: string, session: Session): Promise<void> {
  const daemon = await daemonOf(session);
  const { consents } = await daemon.request("consents.list", {}, { signal: session.signal });
  const found = consents.find((one) => one.id === id);
  if (found === undefined) {
    throw new GatewayError(
      "MCPX_CONSENT_NOT_FOUND",
      `Cannot find consent "${id}": nothing is asked under this id`,
    );
  }
  await session.print(found, (look) => renderConsent(found, look));
}

async function allow(id: string, options: { readonly session?: true }, session: Session): Promise<void> {
  const daemon = await daemonOf(session);
  const input = { id, for: options.session ? "session" : "once" } as const;
  const answer = await daemon.request("consents.allow", input, { signal: session.signal });
  const what = answer.status === "session"
    ? `whatever this agent writes to ${answer.server_name} in its session`
    : `this call of ${answer.server_name}:${answer.tool_name}, once`;
  await session.print(answer, () => `Allowed ${oneLine(what)}\n`);
}

async function deny(id: string, session: Session): Promise<void> {
  const daemon = await daemonOf(session);
  const answer = await daemon.request("consents.deny", { id }, { signal: session.signal });
  await session.print(answer, () => `Denied ${oneLine(`${answer.server_name}:${answer.tool_name}`)}\n`);
}

/** What agents have read is known to the daemon alone. */
async function daemonOf(session: Session): Promise<Management> {
  const daemon = await session.daemon();
  if (daemon !== undefined) return daemon;
  throw new GatewayError(
    "MCPX_DAEMON_NOT_RUNNING",
    "Cannot ask about consents: no daemon runs, and it alone has agents",
  );
}
