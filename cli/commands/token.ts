import type { VerbInput } from "../../lib/contracts/mod.ts";
import { type Permission, PERMISSIONS } from "../../lib/contracts/quick.ts";
import type { Define } from "../define.ts";
import { confirm } from "../prompts/confirm.ts";
import { oneLine } from "../render/text.ts";
import { renderNewToken, renderToken, renderTokens } from "../render/token.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

const NAME = "name of the token";

/** Defines `mcpproxy token …`. */
export const define: Define = (command, session) => {
  command.command("create")
    .description("Make an agent token; it is shown once")
    .argument("[name]", NAME)
    .option("--name <name>", `${NAME}, in place of the argument`)
    .option("--servers <list>", "servers it may use, with commas between; * for all", "*")
    .option("--permissions <list>", "read, write, destructive, with commas between", "read")
    .option("--expires <time>", "how long it lasts, such as 30d or 12h; 365d at most", "30d")
    .option("--profile-pin <profile>", "the only profile it may use")
    .option("--max-concurrent <count>", "calls it may have in flight at once; more wait", "64")
    .action((name, options) => create(name ?? options.name, options, session));

  command.command("list").description("List the agent tokens").action(() => list(session));

  command.command("show").description("Show one agent token, but not its text").argument("<name>", NAME)
    .action((name) => show(name, session));

  command.command("revoke")
    .description("End an agent token at once, open streams included; it stays in the list")
    .argument("<name>", NAME)
    .action((name) => revoke(name, session));

  command.command("delete")
    .description("End an agent token and forget it")
    .argument("<name>", NAME)
    .option("-y, --yes", "do not ask")
    .action((name, options) => remove(name, options.yes === true, session));

  command.command("regenerate")
    .description("Give an agent token a new text, which is shown once, and its whole life anew")
    .argument("<name>", NAME)
    .action((name) => regenerate(name, session));
};

interface CreateOptions {
  readonly servers: string;
  readonly permissions: string;
  readonly expires: string;
  readonly profilePin?: string;
  readonly maxConcurrent: string;
}

async function create(name: string | undefined, options: CreateOptions, session: Session): Promise<void> {
  if (name === undefined) throw usageError("Cannot make a token: it has no name", "token create");
  const input: VerbInput<"tokens.create"> = {
    name,
    allowed_servers: toList(options.servers),
    permissions: toPermissions(options.permissions, "token create"),
    expires_in: options.expires,
    max_concurrent: toCount(options.maxConcurrent),
    ...(options.profilePin === undefined ? {} : { profile_pin: options.profilePin }),
  };
  const management = await session.management();
  const made = await management.request("tokens.create", input, { signal: session.signal });
  await session.print(made, (look) => renderNewToken(made, look));
  await noteOnce(session);
}

async function list(session: Session): Promise<void> {
  const management = await session.management();
  const { tokens } = await management.request("tokens.list", {}, { signal: session.signal });
  if (session.format !== "table" || tokens.length > 0) {
    await session.print(tokens, (look) => renderTokens(tokens, look));
    return;
  }
  await session.note("No tokens; make one: mcpproxy token create NAME");
}

async function show(name: string, session: Session): Promise<void> {
  const management = await session.management();
  const token = await management.request("tokens.get", { name }, { signal: session.signal });
  await session.print(token, (look) => renderToken(token, look));
}

async function revoke(name: string, session: Session): Promise<void> {
  const management = await session.management();
  const token = await management.request("tokens.revoke", { name }, { signal: session.signal });
  await session.print(token, () => `Revoked token "${oneLine(token.name)}"\n`);
}

async function remove(name: string, isSure: boolean, session: Session): Promise<void> {
  if (!isSure && !await isConfirmed(name, session)) return;
  const management = await session.management();
  const answer = await management.request("tokens.remove", { name }, { signal: session.signal });
  await session.print(answer, () => `Deleted token "${oneLine(answer.name)}"\n`);
}

async function isConfirmed(name: string, session: Session): Promise<boolean> {
  if (!session.terminal.isInteractive) {
    throw usageError(
      `Cannot delete token "${name}": nobody is there to confirm it, wanted --yes`,
      "token delete",
    );
  }
  // Nobody is asked about what is not there.
  await (await session.management()).request("tokens.get", { name }, { signal: session.signal });
  if (await confirm(`Delete token "${oneLine(name)}"?`, session.terminal)) return true;
  session.exitCode = 1;
  await session.note("Nothing was changed");
  return false;
}

async function regenerate(name: string, session: Session): Promise<void> {
  const management = await session.management();
  const made = await management.request("tokens.regenerate", { name }, { signal: session.signal });
  await session.print(made, (look) => renderNewToken(made, look));
  await noteOnce(session);
}

async function noteOnce(session: Session): Promise<void> {
  if (session.format === "table") await session.note("Keep it now: it is not shown again");
}

/** Reads a list with commas between. */
export function toList(text: string): string[] {
  return text.split(",").map((one) => one.trim()).filter((one) => one !== "");
}

/** Reads permissions with commas between. @throws {GatewayError} MCPX_USAGE. */
export function toPermissions(text: string, command: string): Permission[] {
  return toList(text).map((word) => {
    const found = PERMISSIONS.find((one) => one === word);
    if (found !== undefined) return found;
    throw usageError(
      `Cannot read permission "${word}": wanted ${PERMISSIONS.slice(0, -1).join(", ")} or ${
        PERMISSIONS.at(-1)
      }`,
      command,
    );
  });
}

function toCount(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) >= 1) return Number(text);
  throw usageError(`Cannot read --max-concurrent "${text}": wanted a whole number from 1`, "token create");
}
