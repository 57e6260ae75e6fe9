import { resolve } from "node:path";
import type { Management } from "../../lib/contracts/mod.ts";
import type { Define } from "../define.ts";
import { collect, parseEnv, parseHeaders } from "../pairs.ts";
import { renderListed, renderRegistries } from "../render/registry.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

const ID = "id of the registry";
const NOTHING: string[] = [];

/** Defines `mcpproxy registry …`. */
export const define: Define = (command, session) => {
  command.command("list").description("List the registries that can be searched").action(() => list(session));

  command.command("search")
    .description("Search a registry for servers")
    .argument("[words...]", "words that must be in name or description")
    .option("-r, --registry <id>", `${ID}; the first of the list when absent`)
    .option("-t, --tag <tag>", "a further word")
    .option("-l, --limit <count>", "most servers to show, at most 50", "10")
    .action((words, options) => search(words, options, session));

  command.command("add")
    .description("Add a server that a registry lists; it is held in quarantine")
    .usage("<registry> <server> [options] [-- args...]")
    .argument("<registry>", ID)
    .argument("<server>", "id of the server")
    .argument("[args...]", "further arguments of the program, after --")
    .option("--name <name>", "name here")
    .option("--env <pair>", "environment variable as KEY=value; may be repeated", collect, NOTHING)
    .option("--header <header>", 'HTTP header as "Name: value"; may be repeated', collect, NOTHING)
    .option("--disabled", "add it switched off")
    .action((registry, server, args, options) => add({ registry, server, args }, options, session));

  command.command("add-source")
    .description("Add a registry: the address of a listing, or a file")
    .argument("<url>", "address or file")
    .option("--id <id>", "id; made of the address when absent")
    .option("--name <name>", "name for people")
    .option("--protocol <protocol>", "how it is read; told from the address when absent")
    .action((url, options) => addSource(url, options, session));

  command.command("edit")
    .description("Change a registry")
    .argument("<id>", ID)
    .option("--name <name>", "name for people")
    .option("--servers-url <url>", "address of its listing")
    .action((id, options) => edit(id, options, session));

  command.command("remove")
    .alias("remove-source")
    .description("Remove a registry from the config")
    .argument("<id>", ID)
    .action((id) => remove(id, session));

  command.command("refresh")
    .description("Forget what a registry has answered")
    .argument("<id>", ID)
    .action((id) => refresh(id, session));
};

async function list(session: Session): Promise<void> {
  const management = await session.management();
  const { registries } = await management.request("registries.list", {}, { signal: session.signal });
  if (session.format === "table" && registries.length === 0) {
    return await session.note("No registries; add one: mcpproxy registry add-source URL");
  }
  await session.print(registries, (look) => renderRegistries(registries, look));
}

async function search(
  words: readonly string[],
  options: { readonly registry?: string; readonly tag?: string; readonly limit: string },
  session: Session,
): Promise<void> {
  if (!/^\d{1,2}$/.test(options.limit)) {
    throw usageError(`Cannot show ${options.limit} servers: wanted a number from 1 to 50`, "registry search");
  }
  const management = await session.management();
  const answer = await management.request("registries.search", {
    id: options.registry ?? await firstRegistry(management, session.signal),
    q: words.join(" "),
    tag: options.tag,
    limit: Number(options.limit),
  }, { signal: session.signal });
  if (answer.unavailable !== undefined) session.exitCode = 1;
  await session.print(answer, () => renderListed(answer.servers));
  if (session.format !== "table") return;
  if (answer.unavailable !== undefined) return await session.note(oneLine(answer.unavailable.reason));
  if (answer.cache?.stale === true) {
    await session.note("The registry does not answer; this is what it said before");
  }
  await session.note(
    answer.servers.length === 0
      ? "Nothing found"
      : `To add one, held in quarantine: mcpproxy registry add ${oneLine(answer.registry)} SERVER`,
  );
}

async function firstRegistry(management: Management, signal: AbortSignal): Promise<string> {
  const { registries: [first] } = await management.request("registries.list", {}, { signal });
  // Without any, the search says itself that there is none.
  return first?.id ?? "official";
}

async function add(
  { registry, server, args }: {
    readonly registry: string;
    readonly server: string;
    readonly args: readonly string[];
  },
  options: {
    readonly name?: string;
    readonly env: readonly string[];
    readonly header: readonly string[];
    readonly disabled?: true;
  },
  session: Session,
): Promise<void> {
  const management = await session.management();
  const answer = await management.request("registries.install", {
    id: registry,
    server_id: server,
    name: options.name,
    env: parseEnv(options.env, "registry add"),
    headers: parseHeaders(options.header, "registry add"),
    args: [...args],
    enabled: options.disabled !== true,
  }, { signal: session.signal });
  const { name } = answer.server;
  await session.print(answer.server, () => `Added server "${oneLine(name)}"\n`);
  if (session.format !== "table") return;
  const { isolation, warnings } = answer.server;
  if (isolation !== undefined) await session.note(`It is to run isolated (${isolation})`);
  for (const warning of warnings) await session.note(`It ${oneLine(warning)}`);
  await session.note(`It is held in quarantine; to let it in: mcpproxy upstream approve ${oneLine(name)}`);
}

async function addSource(
  url: string,
  options: { readonly id?: string; readonly name?: string; readonly protocol?: string },
  session: Session,
): Promise<void> {
  const management = await session.management();
  // The daemon may run elsewhere, and whoever reads the config later does.
  const { files, machine } = session.platform;
  const place = URL.canParse(url) ? url : resolve(machine.cwd, url);
  if (place !== url && await files.stat(place).catch(() => "unknown") === undefined) {
    throw usageError(
      `Cannot add registry "${url}": there is no such file, wanted one or an address with https://`,
      "registry add-source",
    );
  }
  const answer = await management.request("registries.add", { url: place, ...options }, {
    signal: session.signal,
  });
  await session.print(answer, () => `Added registry "${oneLine(answer.id)}"\n`);
}

async function edit(
  id: string,
  options: { readonly name?: string; readonly serversUrl?: string },
  session: Session,
): Promise<void> {
  const management = await session.management();
  const input = { id, name: options.name, servers_url: options.serversUrl };
  const answer = await management.request("registries.update", input, { signal: session.signal });
  await session.print(answer, () => `Changed registry "${oneLine(answer.id)}"\n`);
}

async function remove(id: string, session: Session): Promise<void> {
  const management = await session.management();
  const { registries } = await management.request("registries.list", {}, { signal: session.signal });
  const isOurs = registries.some((one) => one.id === id && one.provenance === "official");
  const answer = await management.request("registries.remove", { id }, { signal: session.signal });
  await session.print(answer, () => `Removed registry "${oneLine(answer.id)}"\n`);
  if (session.format !== "table" || !isOurs) return;
  await session.note(
    'It came with mcpproxy; without "registries" in the config, all that came with it are back',
  );
}

async function refresh(id: string, session: Session): Promise<void> {
  const management = await session.management();
  const answer = await management.request("registries.refresh", { id }, { signal: session.signal });
  await session.print(answer, () => `Registry "${oneLine(answer.registry_id)}" is asked anew\n`);
}
