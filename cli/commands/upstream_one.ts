import type { VerbInput } from "../../lib/contracts/mod.ts";
import { GatewayError } from "../../lib/contracts/quick.ts";
import { parseEnv, parseHeaders } from "../pairs.ts";
import { confirm } from "../prompts/confirm.ts";
import { renderServer } from "../render/server.ts";
import { byName, renderServers } from "../render/servers.ts";
import { oneLine, toSafeJson } from "../render/text.ts";
import { renderLogLine } from "../render/tools.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

/** Lists all servers. */
export async function list(session: Session): Promise<void> {
  const management = await session.management();
  const { servers } = await management.request("servers.list", {}, { signal: session.signal });
  if (session.format !== "table" || servers.length > 0) {
    await session.print(byName(servers), (look) => renderServers(servers, look));
  }
  if (session.format !== "table") return;
  if (servers.length === 0) await session.note("No servers; add one: mcpproxy upstream add NAME URL");
  if (management.kind === "local") await session.note("No daemon runs; to start it: mcpproxy serve");
}

/** Shows one server. */
export async function get(name: string, session: Session): Promise<void> {
  const management = await session.management();
  const server = await management.request("servers.get", { name }, { signal: session.signal });
  await session.print(server, (look) => renderServer(server, look));
}

/** Removes a server after a confirmation. */
export async function remove(
  name: string,
  options: { readonly yes?: true; readonly ifExists?: true },
  session: Session,
): Promise<void> {
  const management = await session.management();
  try {
    if (options.yes !== true && !await isConfirmed(name, session)) return;
    const answer = await management.request("servers.remove", { name }, { signal: session.signal });
    await session.print(answer, () => `Removed server "${oneLine(answer.server)}"\n`);
  } catch (error) {
    const isMissing = error instanceof GatewayError && error.code === "MCPX_SERVER_NOT_FOUND";
    if (!isMissing || options.ifExists !== true) throw error;
    await session.note(`There is no server "${oneLine(name)}"; nothing was changed`);
  }
}

async function isConfirmed(name: string, session: Session): Promise<boolean> {
  if (!session.terminal.isInteractive) {
    throw usageError(
      `Cannot remove server "${name}": nobody is there to confirm it, wanted --yes`,
      "upstream remove",
    );
  }
  // Nobody is asked about what is not there.
  await (await session.management()).request("servers.get", { name }, { signal: session.signal });
  if (await confirm(`Remove server "${oneLine(name)}" from the config?`, session.terminal)) return true;
  session.exitCode = 1;
  await session.note("Nothing was changed");
  return false;
}

/** Lets a server out of quarantine. */
export async function approve(name: string, session: Session): Promise<void> {
  const answer = await update({ name, patch: { quarantined: false } }, session);
  await session.print(answer, () => `Approved server "${oneLine(answer.server)}"\n`);
}

/** Options of `mcpproxy upstream patch`. */
export interface PatchOptions {
  readonly header: readonly string[];
  readonly headerRemove: readonly string[];
  readonly env: readonly string[];
  readonly envRemove: readonly string[];
  readonly initTimeout?: string;
}

/** Changes fields of a server. */
export async function patch(name: string, options: PatchOptions, session: Session): Promise<void> {
  const change = toPatch(options);
  if (Object.keys(change).length === 0) {
    throw usageError(`Cannot change server "${name}": no change is given`, "upstream patch");
  }
  const answer = await update({ name, patch: change }, session);
  await session.print(answer, () => `Changed server "${oneLine(answer.server)}"\n`);
  if (session.format === "table" && answer.restart_required) {
    await session.note("It takes effect when mcpproxy starts anew");
  }
}

/** Makes a merge patch: what is removed becomes `null`. */
export function toPatch(options: PatchOptions): VerbInput<"servers.update">["patch"] {
  const cleared = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, null]));
  const headers = { ...cleared(options.headerRemove), ...parseHeaders(options.header, "upstream patch") };
  const env = { ...cleared(options.envRemove), ...parseEnv(options.env, "upstream patch") };
  return {
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(Object.keys(env).length > 0 && { env }),
    ...(options.initTimeout !== undefined && { init_timeout: options.initTimeout }),
  };
}

async function update(input: VerbInput<"servers.update">, session: Session) {
  const management = await session.management();
  return await management.request("servers.update", input, { signal: session.signal });
}

/** Prints the log of a server, and new lines as they come. */
export async function logs(
  name: string | undefined,
  options: { readonly tail: string; readonly follow?: true },
  session: Session,
): Promise<void> {
  if (name === undefined) throw usageError("Cannot read a log: wanted the name of a server", "upstream logs");
  const tail = toTail(options.tail);
  const management = await session.management();
  if (options.follow === true) return await follow({ name, tail }, session);
  const { logs } = await management.request("servers.logs", { name, tail }, { signal: session.signal });
  await session.print(logs, (look) => logs.map((line) => renderLogLine(line, look)).join(""));
  if (session.format === "table" && logs.length === 0) await session.note("The log is empty");
}

/** Prints lines as they come; programs get one JSON object a line. */
async function follow(input: { name: string; tail: number }, session: Session): Promise<void> {
  const management = await session.management();
  const { stdout } = session.terminal;
  for await (const line of management.followLogs(input, session.signal)) {
    const text = session.format === "table"
      ? renderLogLine(line, session.look)
      : `${session.format === "yaml" ? "--- " : ""}${toSafeJson(line)}\n`;
    await stdout.write(text);
  }
}

function toTail(text: string): number {
  const tail = Number(text);
  if (Number.isInteger(tail) && tail >= 1 && tail <= 10_000) return tail;
  throw usageError(`Cannot read ${text} lines: wanted a whole number from 1 to 10000`, "upstream logs");
}
