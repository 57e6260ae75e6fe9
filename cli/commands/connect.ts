import type { ClientStatus, ConnectResult, Management, VerbOutput } from "../../lib/contracts/mod.ts";
import { toGatewayError } from "../../lib/contracts/quick.ts";
import type { Define } from "../define.ts";
import { confirm } from "../prompts/confirm.ts";
import { renderClients, renderConnectPreview } from "../render/connect.ts";
import { renderError } from "../render/error.ts";
import { oneLine } from "../render/text.ts";
import { lookOf, type Session } from "../session.ts";
import { usageError } from "../usage.ts";

interface ConnectOptions {
  readonly name: string;
  readonly list?: true;
  readonly all?: true;
  readonly force?: true;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly undo?: true;
}

const NAME = ["--name <name>", "name of the gateway in the client's file", "mcpproxy"] as const;
const CLIENT = "client, such as cursor; see --list";

/** Defines `mcpproxy connect`. */
export const define: Define = (command, session) => {
  command.argument("[client]", CLIENT)
    .option("--list", "list the clients of this machine, as without a client")
    .option("--all", "every client that is there and not connected yet")
    .option(...NAME)
    .option("--dry-run", "show what would be written and change nothing")
    .option("--undo", "put the client's file back as it was before the last change")
    .option("--force", "replace an entry that is there, or make a file that is not")
    .option("-y, --yes", "do not ask")
    .action((client, options) => connect(client, options, session));
};

/** Defines `mcpproxy disconnect`. */
export const defineDisconnect: Define = (command, session) => {
  command.argument("<client>", CLIENT)
    .option(...NAME)
    .option("-y, --yes", "do not ask")
    .action((client, options) => disconnect(client, options, session));
};

async function connect(client: string | undefined, options: ConnectOptions, session: Session): Promise<void> {
  if (options.all === true) {
    if (client === undefined) return await connectAll(options, session);
    throw usageError(`Cannot connect "${client}" and all: wanted one of the two`, "connect");
  }
  if (client === undefined || options.list === true) return await list(session);
  if (options.undo === true) return await undo(client, options, session);
  const management = await session.management();
  const input = { client, server_name: options.name };
  const preview = await management.request("connect.preview", input, { signal: session.signal });
  if (options.dryRun === true) return await session.print(preview, () => renderConnectPreview(preview));
  if (options.yes !== true && !await isWanted(preview, session)) return;
  const { precondition_token } = preview;
  const result = await add(
    management,
    { ...input, precondition_token, force: options.force === true },
    session,
  );
  await tell(result, session);
}

/** Asks a person who has seen what would be written. */
async function isWanted(preview: VerbOutput<"connect.preview">, session: Session): Promise<boolean> {
  if (!session.terminal.isInteractive) {
    throw usageError(
      `Cannot connect ${preview.title}: nobody is there to confirm it, wanted --yes`,
      "connect",
    );
  }
  await session.terminal.stderr.write(renderConnectPreview(preview));
  if (await confirm(`Write this into ${oneLine(preview.config_path)}?`, session.terminal)) return true;
  session.exitCode = 1;
  await session.note("Nothing was changed");
  return false;
}

interface AddInput {
  readonly client: string;
  readonly server_name: string;
  readonly force: boolean;
  readonly precondition_token?: string;
}

async function add(management: Management, input: AddInput, session: Session): Promise<ConnectResult> {
  return await management.request("connect.add", input, { signal: session.signal });
}

async function list(session: Session): Promise<void> {
  const management = await session.management();
  const { clients } = await management.request("connect.list", {}, { signal: session.signal });
  await session.print(clients, (look) => renderClients(clients, look));
  if (session.format === "table") await session.note("To connect one: mcpproxy connect CLIENT");
}

async function connectAll(options: ConnectOptions, session: Session): Promise<void> {
  const management = await session.management();
  const { clients } = await management.request("connect.list", {}, { signal: session.signal });
  const wanted = clients.filter(isToConnect);
  if (wanted.length === 0) return await session.note("No client is there that is not connected");
  if (options.yes !== true && options.dryRun !== true && !await areWanted(wanted, session)) return;
  const results: (ConnectResult | VerbOutput<"connect.preview">)[] = [];
  for (const { client } of wanted) {
    try {
      const input = { client, server_name: options.name };
      const result = options.dryRun === true
        ? await management.request("connect.preview", input, { signal: session.signal })
        : await add(management, { ...input, force: false }, session);
      results.push(result);
      if ("action" in result && session.format === "table") await tell(result, session);
      else if (session.format === "table" && "entry_text" in result) {
        await session.terminal.stdout.write(renderConnectPreview(result));
      }
    } catch (error) {
      // One client's file that cannot be used does not keep the others from their turn.
      if (session.signal.aborted) throw error;
      session.exitCode = 1;
      const look = lookOf(session.terminal.stderr, session.platform.env);
      await session.terminal.stderr.write(renderError(toGatewayError(error), look));
    }
  }
  if (session.format !== "table") await session.print(results, () => "");
}

function isToConnect({ installed, connected, conflicting, access_state }: ClientStatus): boolean {
  return installed && !connected && !conflicting && access_state !== "denied" && access_state !== "malformed";
}

async function areWanted(clients: readonly ClientStatus[], session: Session): Promise<boolean> {
  if (!session.terminal.isInteractive) {
    throw usageError("Cannot connect all clients: nobody is there to confirm it, wanted --yes", "connect");
  }
  const names = clients.map(({ title }) => title).join(", ");
  if (await confirm(`Connect ${names}?`, session.terminal)) return true;
  session.exitCode = 1;
  await session.note("Nothing was changed");
  return false;
}

async function undo(client: string, options: ConnectOptions, session: Session): Promise<void> {
  const management = await session.management();
  const input = { client, server_name: options.name, force: options.force === true };
  await tell(await management.request("connect.undo", input, { signal: session.signal }), session);
}

async function disconnect(
  client: string,
  options: { readonly name: string; readonly yes?: true },
  session: Session,
): Promise<void> {
  const management = await session.management();
  const input = { client, server_name: options.name };
  const { config_path, title } = await management.request("connect.get", input, { signal: session.signal });
  if (options.yes !== true) {
    if (!session.terminal.isInteractive) {
      throw usageError(
        `Cannot disconnect ${title}: nobody is there to confirm it, wanted --yes`,
        "disconnect",
      );
    }
    if (!await confirm(`Take "${options.name}" out of ${oneLine(config_path)}?`, session.terminal)) {
      session.exitCode = 1;
      return await session.note("Nothing was changed");
    }
  }
  await tell(await management.request("connect.remove", input, { signal: session.signal }), session);
}

const DONE: Readonly<Record<ConnectResult["action"], string>> = {
  created: "Connected",
  updated: "Connected anew",
  already_exists: "Connected already:",
  removed: "Disconnected",
  not_found: "Not connected:",
  restored: "Put back the file of",
};

async function tell(result: ConnectResult, session: Session): Promise<void> {
  const { action, title, config_path, backup_path, token, warnings } = result;
  await session.print(result, () => `${DONE[action]} ${oneLine(title)} (${oneLine(config_path)})\n`);
  if (session.format !== "table") return;
  if (backup_path !== undefined) await session.note(`The file as it was is kept in ${oneLine(backup_path)}`);
  if (token !== undefined && action !== "created" && action !== "updated") {
    await session.note(`Token "${oneLine(token)}" lets nobody in any more`);
  }
  for (const warning of warnings) await session.note(oneLine(warning));
  if (action === "created" || action === "updated") {
    await session.note(`Start ${oneLine(title)} anew to use it`);
  }
}
