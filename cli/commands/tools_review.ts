import type { ApprovalView, VerbInput } from "../../lib/contracts/mod.ts";
import { parseToolId } from "../../lib/contracts/quick.ts";
import type { Define } from "../define.ts";
import { confirm } from "../prompts/confirm.ts";
import { renderApprovals, renderDiff } from "../render/approvals.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

const IDS = "tools as SERVER:TOOL";
const SERVER = "only of this server";
const KIND = "tool, prompt, resource, resource-template or instructions";

/** Defines the verbs with which a person decides about tools. */
export const defineReview: Define = (command, session) => {
  command.command("pending")
    .description("List what is held until a person accepts it, and what was refused")
    .option("-s, --server <name>", SERVER)
    .action((options) => pending(options.server, session));
  command.command("diff")
    .description("Show what has changed since it was approved, field by field")
    .argument("<id>", "tool as SERVER:TOOL")
    .option("--kind <kind>", KIND)
    .action((id, options) => diff(id, options.kind, session));
  for (const [verb, summary] of VERDICTS) {
    command.command(verb)
      .description(summary)
      .argument("[ids...]", IDS)
      .option("-s, --server <name>", "take the ids for names of this server; with --all, only its own")
      .option("--all", "everything that is held")
      .option("--kind <kind>", KIND)
      .option("-y, --force", "do not ask")
      .action((ids, options) => decide(verb, ids, options, session));
  }
  for (const enabled of [true, false]) {
    command.command(enabled ? "enable" : "disable")
      .description(enabled ? "Offer tools" : "Do not offer tools")
      .argument("<ids...>", IDS)
      .action((ids) => switchTools(enabled, ids, session));
  }
};

const VERDICTS = [
  ["approve", "Accept tools as they are now"],
  ["reject", "Refuse tools in this and every later form"],
] as const;

/** Kinds that `--kind` takes. */
const KINDS = ["tool", "prompt", "resource", "resource_template", "instructions", "package"] as const;

type Kind = typeof KINDS[number];

/** Options of approve and reject. */
export interface ReviewOptions {
  readonly server?: string;
  readonly all?: true;
  readonly force?: true;
  readonly kind?: string;
}

/** Lists what is held. */
export async function pending(server: string | undefined, session: Session): Promise<void> {
  const management = await session.management();
  const found = await management.request("approvals.list", { name: server, status: "held" }, {
    signal: session.signal,
  });
  if (session.format !== "table" || found.approvals.length > 0) {
    await session.print(found.approvals, (look) => renderApprovals(found.approvals, look));
  }
  if (session.format !== "table") return;
  await session.note(
    found.approvals.length === 0
      ? "Nothing is held"
      : "See one: mcpproxy tools diff SERVER:TOOL; accept it: mcpproxy tools approve SERVER:TOOL",
  );
}

/** Shows what has changed in one definition. */
export async function diff(id: string, kind: string | undefined, session: Session): Promise<void> {
  const { server, tool } = toRef(id, "tools diff");
  const management = await session.management();
  const [[known] = []] = await groupByKind(server, { names: [tool], kind, command: "tools diff" }, session);
  const found = await management.request(
    "approvals.diff",
    { name: server, tool, kind: known },
    { signal: session.signal },
  );
  await session.print(found, (look) => renderDiff(found, look));
}

/** Approves or rejects named definitions, or all that are held after a confirmation. */
export async function decide(
  verb: "approve" | "reject",
  ids: readonly string[],
  options: ReviewOptions,
  session: Session,
): Promise<void> {
  if ((ids.length > 0) === (options.all === true)) {
    throw usageError(`Cannot ${verb}: wanted the ids of tools, or --all`, `tools ${verb}`);
  }
  if (options.all === true) return await decideAll(verb, options, session);
  const { kind } = options;
  const command = `tools ${verb}`;
  const byServer = Map.groupBy(
    ids.map((id) => toRef(id, command, options.server)),
    ({ server }) => server,
  );
  const asked: Parameters<typeof request>[1][] = [];
  for (const [server, refs] of byServer) {
    const names = refs.map(({ tool }) => tool);
    for (const [known, tools] of await groupByKind(server, { names, kind, command }, session)) {
      asked.push({ name: server, tools, kind: known });
    }
  }
  // Nothing is decided before it is clear what each name is of.
  for (const one of asked) await request(verb, one, session);
}

async function decideAll(
  verb: "approve" | "reject",
  { server, force, kind }: ReviewOptions,
  session: Session,
): Promise<void> {
  if (force !== true && !session.terminal.isInteractive) {
    throw usageError(`Cannot ${verb} all: nobody is there to confirm it, wanted --force`, `tools ${verb}`);
  }
  const management = await session.management();
  const wanted = kind === undefined ? undefined : toKind(kind, `tools ${verb}`);
  const { approvals } = await management.request(
    "approvals.list",
    { name: server, status: "held", kind: wanted },
    { signal: session.signal },
  );
  const held = approvals.filter(({ status }) => status !== "blocked");
  if (held.length === 0) return await session.note("Nothing is held");
  if (force !== true && !await isConfirmed(verb, held, session)) return;
  for (const [name, own] of Map.groupBy(held, ({ server_name }) => server_name)) {
    for (const [kind, those] of Map.groupBy(own, (one) => one.kind)) {
      const isClear = (one: ApprovalView) => verb === "reject" || one.scan?.verdict !== "hold";
      const tools = those.filter(isClear).map((one) => one.name);
      const left = those.length - tools.length;
      if (left > 0) {
        session.exitCode = 1;
        await session.note(
          `${left} of "${oneLine(name)}" are left: the scan says to hold them; name them to approve`,
        );
      }
      // Just what was shown: what has changed since is refused by its hash.
      const hashes = Object.fromEntries(those.map((one) => [one.name, one.current_hash]));
      if (tools.length > 0) await request(verb, { name, tools, kind, hashes }, session);
    }
  }
}

async function isConfirmed(
  verb: string,
  held: readonly ApprovalView[],
  session: Session,
): Promise<boolean> {
  await session.terminal.stderr.write(renderApprovals(held, session.look));
  if (await confirm(`Really ${verb} these ${held.length}?`, session.terminal)) return true;
  session.exitCode = 1;
  await session.note("Nothing was changed");
  return false;
}

async function request(
  verb: "approve" | "reject",
  { hashes, ...input }: VerbInput<"approvals.approve">,
  session: Session,
): Promise<void> {
  const management = await session.management();
  const options = { signal: session.signal };
  const answer = verb === "approve"
    ? await management.request(
      "approvals.approve",
      hashes === undefined ? input : { ...input, hashes },
      options,
    )
    : await management.request("approvals.reject", input, options);
  const done = verb === "approve" ? "Approved" : "Rejected";
  await session.print(
    answer,
    () => answer.tools.map((tool) => `${done} ${oneLine(`${answer.server_name}:${tool}`)}\n`).join(""),
  );
}

/** Offers tools, or does not. */
export async function switchTools(enabled: boolean, ids: readonly string[], session: Session): Promise<void> {
  const verb = enabled ? "enable" : "disable";
  const management = await session.management();
  for (const id of ids) {
    const { server, tool } = toRef(id, `tools ${verb}`);
    const answer = await management.request("tools.switch", { name: server, tool, enabled }, {
      signal: session.signal,
    });
    await session.print(answer, () => `${enabled ? "Enabled" : "Disabled"} ${oneLine(id)}\n`);
  }
}

function toRef(id: string, command: string, server?: string) {
  const ref = server === undefined ? parseToolId(id) : { server, tool: id };
  if (ref !== undefined) return ref;
  throw usageError(`Cannot read "${oneLine(id)}": wanted SERVER:TOOL`, command);
}

interface Named {
  readonly names: readonly string[];
  /** As it was typed; absent where the name is to say it. */
  readonly kind: string | undefined;
  readonly command: string;
}

/**
 * What a name is of is asked for only where several things have it; a tool goes
 * before them, and what nobody has shown is looked for as a tool.
 */
async function groupByKind(
  server: string,
  { names, kind, command }: Named,
  session: Session,
): Promise<[Kind, string[]][]> {
  if (kind !== undefined) return [[toKind(kind, command), [...names]]];
  const management = await session.management();
  const { approvals } = await management.request("approvals.list", { name: server }, {
    signal: session.signal,
  });
  const kindOf = (wanted: string): Kind => {
    const kinds = approvals.filter(({ name }) => name === wanted).map((one) => one.kind);
    const [only = "tool", ...others] = kinds;
    if (kinds.includes("tool") || others.length === 0) return kinds.includes("tool") ? "tool" : only;
    throw usageError(
      `Cannot tell what "${oneLine(wanted)}" is: wanted --kind ${kinds.join(" or ")}`,
      command,
    );
  };
  return [...Map.groupBy(names, kindOf)];
}

function toKind(text: string, command: string): Kind {
  const kind = KINDS.find((one) => one === text.replace("-", "_"));
  if (kind !== undefined) return kind;
  throw usageError(`Cannot use kind "${oneLine(text)}": wanted ${KINDS.join(", ")}`, command);
}
