import type { Define } from "../define.ts";
import { confirm } from "../prompts/confirm.ts";
import { renderProfile, renderProfiles } from "../render/profile.ts";
import { oneLine } from "../render/text.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

const NAME = "name of the profile";
const SERVERS = "names of servers";

/** Defines `mcpproxy profile …`. */
export const define: Define = (command, session) => {
  command.command("list").description("List the profiles with their servers").action(() => list(session));

  command.command("show").description("Show one profile").argument("<name>", NAME)
    .action((name) => show(name, session));

  command.command("create").description("Add a profile to the config")
    .argument("<name>", NAME).argument("[servers...]", SERVERS)
    .action((name, servers) => create(name, servers, session));

  command.command("set").description("Say which servers a profile has, in place of those it had")
    .argument("<name>", NAME).argument("[servers...]", SERVERS)
    .action((name, servers) => set(name, servers, session));

  command.command("remove")
    .description("Remove a profile from the config; tokens pinned to it reach nothing then")
    .argument("<name>", NAME).option("-y, --yes", "do not ask")
    .action((name, options) => remove(name, options.yes === true, session));

  command.command("use")
    .description("Choose the profile for clients that choose none, for as long as the daemon runs")
    .argument("[name]", NAME).option("--none", "let them see all servers again")
    .action((name, options) => use(options.none === true ? "" : name, session));
};

async function list(session: Session): Promise<void> {
  const management = await session.management();
  const { profiles } = await management.request("profiles.list", {}, { signal: session.signal });
  if (session.format !== "table" || profiles.length > 0) {
    await session.print(profiles, (look) => renderProfiles(profiles, look));
    return;
  }
  await session.note("No profiles; add one: mcpproxy profile create NAME SERVER");
}

async function show(name: string, session: Session): Promise<void> {
  const management = await session.management();
  const profile = await management.request("profiles.get", { name }, { signal: session.signal });
  await session.print(profile, (look) => renderProfile(profile, look));
}

async function create(name: string, servers: readonly string[], session: Session): Promise<void> {
  const management = await session.management();
  const made = await management.request("profiles.create", { name, servers: [...servers] }, {
    signal: session.signal,
  });
  await session.print(made, (look) => renderProfile(made, look));
}

async function set(name: string, servers: readonly string[], session: Session): Promise<void> {
  const management = await session.management();
  const changed = await management.request("profiles.set", { name, servers: [...servers] }, {
    signal: session.signal,
  });
  await session.print(changed, (look) => renderProfile(changed, look));
}

async function remove(name: string, isSure: boolean, session: Session): Promise<void> {
  if (!isSure && !await isConfirmed(name, session)) return;
  const management = await session.management();
  const answer = await management.request("profiles.remove", { name }, { signal: session.signal });
  await session.print(answer, () => `Removed profile "${oneLine(answer.name)}"\n`);
}

async function isConfirmed(name: string, session: Session): Promise<boolean> {
  if (!session.terminal.isInteractive) {
    throw usageError(
      `Cannot remove profile "${name}": nobody is there to confirm it, wanted --yes`,
      "profile remove",
    );
  }
  // Nobody is asked about what is not there.
  await (await session.management()).request("profiles.get", { name }, { signal: session.signal });
  if (await confirm(`Remove profile "${oneLine(name)}" from the config?`, session.terminal)) return true;
  session.exitCode = 1;
  await session.note("Nothing was changed");
  return false;
}

async function use(profile: string | undefined, session: Session): Promise<void> {
  if (profile === undefined) {
    throw usageError("Cannot choose a profile: wanted a name or --none", "profile use");
  }
  const management = await session.management();
  const answer = await management.request("profiles.use", { profile }, { signal: session.signal });
  const { active_profile: active } = answer;
  await session.print(
    answer,
    () =>
      active === ""
        ? "Clients that choose no profile see all servers\n"
        : `Clients that choose no profile see "${oneLine(active)}"\n`,
  );
}
