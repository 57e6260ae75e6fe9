import type { ServerView, VerbOutput } from "../../lib/contracts/mod.ts";
import { toGatewayError } from "../../lib/contracts/quick.ts";
import { confirm } from "../prompts/confirm.ts";
import { type ErrorValue, renderError, toErrorValue } from "../render/error.ts";
import { byName } from "../render/servers.ts";
import { oneLine } from "../render/text.ts";
import { lookOf, type Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Verbs that start or stop a server. */
export type ControlVerb = "enable" | "disable" | "restart";

/** Options of the {@link ControlVerb}s. */
export interface ControlOptions {
  readonly all?: true;
  readonly force?: true;
}

const DONE: Readonly<Record<ControlVerb, string>> = {
  enable: "Enabled",
  disable: "Disabled",
  restart: "Restarted",
};

type Outcome = VerbOutput<"servers.enable"> | {
  readonly server: string;
  readonly action: string;
  readonly success: false;
  readonly error: ErrorValue;
};

/** Enables, disables or restarts one server, or all of them after a confirmation. */
export async function control(
  verb: ControlVerb,
  name: string | undefined,
  options: ControlOptions,
  session: Session,
): Promise<void> {
  if ((name === undefined) === (options.all !== true)) {
    const given = name === undefined ? "" : "a name and --all are given, ";
    throw usageError(`Cannot ${verb}: ${given}wanted the name of a server, or --all`, `upstream ${verb}`);
  }
  if (name === undefined) return await controlAll(verb, options.force === true, session);
  const answer = await request(verb, name, session);
  await session.print(answer, () => `${DONE[verb]} server "${oneLine(answer.server)}"\n`);
}

async function request(verb: ControlVerb, name: string, session: Session) {
  const management = await session.management();
  return await management.request(`servers.${verb}`, { name }, { signal: session.signal });
}

async function controlAll(verb: ControlVerb, isForced: boolean, session: Session): Promise<void> {
  if (!isForced && !session.terminal.isInteractive) {
    throw usageError(
      `Cannot ${verb} all servers: nobody is there to confirm it, wanted --force`,
      `upstream ${verb}`,
    );
  }
  const management = await session.management();
  const { servers } = await management.request("servers.list", {}, { signal: session.signal });
  const names = choose(verb, servers);
  if (names.length > 0 && !isForced && !await isConfirmed(verb, names, session)) return;
  const outcomes: Outcome[] = [];
  for (const name of names) outcomes.push(await attempt(verb, name, session));
  await show(verb, outcomes, session);
}

/** Picks the servers for which the verb changes something. */
function choose(verb: ControlVerb, servers: readonly ServerView[]): string[] {
  return byName(servers).filter(({ enabled }) => enabled !== (verb === "enable")).map(({ name }) => name);
}

async function isConfirmed(verb: ControlVerb, names: readonly string[], session: Session): Promise<boolean> {
  const list = names.map(oneLine).join(", ");
  if (await confirm(`Really ${verb} ${names.length} servers (${list})?`, session.terminal)) return true;
  session.exitCode = 1;
  await session.note("Nothing was changed");
  return false;
}

/** One server's failure does not keep the others from their turn. */
async function attempt(verb: ControlVerb, name: string, session: Session): Promise<Outcome> {
  try {
    return await request(verb, name, session);
  } catch (error) {
    if (session.signal.aborted) throw error;
    session.exitCode = 1;
    const failure = toGatewayError(error);
    if (session.format === "table") {
      const look = lookOf(session.terminal.stderr, session.platform.env);
      await session.terminal.stderr.write(renderError(failure, look));
    }
    return { server: name, action: verb, success: false, error: toErrorValue(failure) };
  }
}

async function show(verb: ControlVerb, outcomes: readonly Outcome[], session: Session): Promise<void> {
  const done = outcomes.filter(({ success }) => success);
  await session.print(
    outcomes,
    () => done.map(({ server }) => `${DONE[verb]} server "${oneLine(server)}"\n`).join(""),
  );
  if (outcomes.length === 0 && session.format === "table") await session.note(`No server to ${verb}`);
}
