import { GatewayError } from "../../lib/contracts/quick.ts";
import type { Define } from "../define.ts";
import { locatePlace } from "../place.ts";
import { renderMoves, renderSecrets } from "../render/secrets.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

const NAME = "name of the secret";

/** Defines `mcpproxy secrets …`. */
export const define: Define = (command, session) => {
  command.command("set")
    .description("Keep a secret; its value is asked for, or read from standard input")
    .argument("<name>", NAME)
    .option("--from-env <variable>", "take the value of an environment variable")
    .option("--from-stdin", "read the value from standard input, as is done anyway when nobody can be asked")
    .action((name, options) => set(name, options, session));

  command.command("get")
    .description("Show a secret, masked unless --show is given")
    .argument("<name>", NAME)
    .option("--show", "print the value itself and nothing else")
    .option("--masked", "the default")
    .action((name, options) => get(name, options.show === true, session));

  command.command("del")
    .description("Delete a secret; servers that use it fail until it is set again")
    .argument("<name>", NAME)
    .action((name) => remove(name, session));

  command.command("list")
    .description("List the secrets and the servers that use them, without values")
    .option("--all", "also what servers take from environment variables and files")
    .action(({ all }) => list(all === true, session));

  command.command("migrate")
    .description("Find secrets that stand plainly in the config; with --apply, move them out of it")
    .option("--apply", "move them, and write references in their places; comments stay")
    .option("--dry-run", "only look; the default")
    .action((options) => migrate(options.apply === true && options.dryRun !== true, session));
};

interface SetOptions {
  readonly fromEnv?: string;
  readonly fromStdin?: true;
}

async function set(name: string, options: SetOptions, session: Session): Promise<void> {
  const value = await readSecret(name, options, session);
  if (value === undefined || value === "") {
    throw usageError(`Cannot set secret "${name}": no value was given`, "secrets set");
  }
  const management = await session.management();
  const answer = await management.request("secrets.set", { name, value }, { signal: session.signal });
  await session.print(answer, () => `${oneLine(answer.message)}; in the config: ${answer.reference}\n`);
  await noteRestarts(answer.restarted, session);
}

/** Never from an argument: everyone on the machine could read it, and the shell's history keeps it. */
async function readSecret(
  name: string,
  { fromEnv, fromStdin }: SetOptions,
  { terminal, platform }: Session,
): Promise<string | undefined> {
  if (fromEnv !== undefined) return platform.env[fromEnv];
  if (!terminal.isInteractive || fromStdin === true) return (await terminal.readAll()).replace(/\r?\n$/, "");
  await terminal.stderr.write(`Value of secret "${oneLine(name)}" (not shown): `);
  const typed = await terminal.readHidden();
  await terminal.stderr.write("\n");
  return typed;
}

/** The value goes from the store to this process; no daemon gives one away. */
async function get(name: string, isShown: boolean, session: Session): Promise<void> {
  const { platform, globals } = session;
  const { dataDir } = await locatePlace(platform, globals);
  const { openSecretStore, maskValue } = await session.loadApp();
  const value = await openSecretStore(platform, dataDir).get(name);
  if (value === undefined) {
    throw new GatewayError("MCPX_SECRET_NOT_FOUND", `Cannot show secret "${name}": there is none`, {
      remedy: `mcpproxy secrets set ${name}`,
    });
  }
  const shown = isShown ? value : maskValue(value);
  await session.print({ name, value: shown, masked: !isShown }, () => `${shown}\n`);
}

async function remove(name: string, session: Session): Promise<void> {
  const management = await session.management();
  const answer = await management.request("secrets.delete", { name }, { signal: session.signal });
  await session.print(answer, () => `Deleted secret "${oneLine(answer.name)}"\n`);
  await noteRestarts(answer.restarted, session);
}

async function list(all: boolean, session: Session): Promise<void> {
  const management = await session.management();
  const answer = await management.request("secrets.list", { all }, { signal: session.signal });
  if (session.format !== "table" || answer.total > 0) {
    await session.print(answer, (look) => renderSecrets(answer.secrets, look));
    return;
  }
  await session.note("No secrets; keep one: mcpproxy secrets set NAME");
}

async function migrate(apply: boolean, session: Session): Promise<void> {
  const management = await session.management();
  const answer = await management.request("secrets.migrate", { apply }, { signal: session.signal });
  if (session.format !== "table" || answer.total > 0) {
    await session.print(answer, (look) => renderMoves(answer.moves, look));
  }
  if (session.format !== "table") return;
  if (answer.total === 0) return await session.note("No plain secrets in env or headers of any server");
  await session.note(
    apply
      ? `Moved into the ${answer.store === "file" ? "encrypted file" : "keyring"}: ${answer.total}`
      : "Nothing was changed; move them: mcpproxy secrets migrate --apply",
  );
}

async function noteRestarts(servers: readonly string[], session: Session): Promise<void> {
  if (session.format !== "table" || servers.length === 0) return;
  await session.note(`Restarted: ${servers.map(oneLine).join(", ")}`);
}
