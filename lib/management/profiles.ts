import {
  didYouMean,
  GatewayError,
  type ProfileView,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import { isJsonObject, type JsonObject } from "../config/mod.ts";
import { isExposed } from "../calls/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { refuseWhenReadOnly } from "./read_only.ts";

/** Verbs about profiles; a caller with a scope knows of what its servers leave of them. */
export function profileVerbs(options: ManagementOptions) {
  const { config, runtime, bus, scope, activeProfile } = options;

  function views(): ProfileView[] {
    const active = activeProfile.get();
    return config.snapshot().config.profiles
      .filter(({ name }) => scope?.profile === undefined || scope.profile === name)
      .map(({ name, servers }) => {
        const inside = servers.filter((server) => scope === undefined || scope.includes(server));
        return { name, servers: inside, tool_count: toolCount(inside), active: name === active };
      })
      .filter(({ servers }) => scope === undefined || servers.length > 0);
  }

  function toolCount(servers: readonly string[]): number {
    const { servers: records } = runtime.view();
    return servers.reduce((sum, name) => {
      const record = records.get(name);
      const isOffered = record !== undefined && isExposed(record);
      return sum + (isOffered ? runtime.catalogue.get(name)?.names.size ?? 0 : 0);
    }, 0);
  }

  function find(name: string): ProfileView {
    const all = views();
    const found = all.find((profile) => profile.name === name);
    if (found !== undefined) return found;
    throw new GatewayError(
      "MCPX_PROFILE_NOT_FOUND",
      `Cannot find profile "${name}": no profile has this name${
        didYouMean(name, all.map((one) => one.name))
      }`,
      { details: { profile: name } },
    );
  }

  function requireServers(name: string, servers: readonly string[]): void {
    const known = config.snapshot().config.mcpServers.map((server) => server.name);
    const unknown = servers.find((server) => !known.includes(server));
    if (unknown === undefined) return;
    throw new GatewayError(
      "MCPX_SERVER_NOT_FOUND",
      `Cannot put server "${unknown}" into profile "${name}": no server has this name${
        didYouMean(unknown, known)
      }`,
      { details: { server: unknown } },
    );
  }

  /** Changes the profiles as they are in the file at that moment. */
  async function revise(change: (stored: readonly unknown[]) => ProfileEdit): Promise<void> {
    refuseWhenReadOnly(config.snapshot().config, "change profiles");
    await config.revise("management", (stored: JsonObject) => {
      const profiles = Array.isArray(stored.profiles) ? stored.profiles : [];
      const { path, value } = change(profiles);
      // A list that is not there yet is made whole.
      return Array.isArray(stored.profiles)
        ? [{ kind: "set", path: ["profiles", ...path], value }]
        : [{ kind: "set", path: ["profiles"], value: [value] }];
    });
  }

  return {
    list: (): VerbOutput<"profiles.list"> => ({
      profiles: views(),
      active_profile: views().find(({ active }) => active)?.name ?? "",
    }),

    active: (): VerbOutput<"profiles.active"> => ({
      active_profile: views().find(({ active }) => active)?.name ?? "",
    }),

    use(
      { active_profile, profile = active_profile ?? "" }: VerbParsed<"profiles.use">,
    ): VerbOutput<"profiles.use"> {
      if (!options.facts.running) {
        throw new GatewayError("MCPX_DAEMON_NOT_RUNNING", "Cannot choose a profile: no daemon is running");
      }
      const name = profile === "" ? undefined : find(profile).name;
      activeProfile.set(name);
      bus.publish("active_profile.changed", { active_profile: name ?? "" });
      return { active_profile: name ?? "" };
    },

    get: ({ name }: VerbParsed<"profiles.get">): ProfileView => find(name),

    async create({ name, servers }: VerbParsed<"profiles.create">): Promise<ProfileView> {
      requireName(name);
      requireServers(name, servers);
      await revise((stored) => {
        if (indexOf(stored, name) < 0) return { path: [stored.length], value: { name, servers } };
        throw new GatewayError(
          "MCPX_PROFILE_EXISTS",
          `Cannot add profile "${name}": there is one of this name`,
          {
            remedy: `mcpproxy profile set ${name} SERVER`,
            details: { profile: name },
          },
        );
      });
      return find(name);
    },

    async set({ name, servers }: VerbParsed<"profiles.set">): Promise<ProfileView> {
      find(name);
      requireServers(name, servers);
      await revise((stored) => ({ path: [mustIndex(stored, name), "servers"], value: servers }));
      return find(name);
    },

    async remove({ name }: VerbParsed<"profiles.remove">): Promise<VerbOutput<"profiles.remove">> {
      find(name);
      await revise((stored) => ({ path: [mustIndex(stored, name)], value: undefined }));
      if (activeProfile.get() === name) activeProfile.set(undefined);
      return { name, action: "remove", success: true };
    },
  };
}

interface ProfileEdit {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

/** The REST route of the active profile has this name already. */
function requireName(name: string): void {
  if (/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name) && name !== "active") return;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot add profile "${name}": wanted a lower-case letter or digit, then up to 62 of a-z, 0-9, _ and -, and not "active"`,
  );
}

function indexOf(stored: readonly unknown[], name: string): number {
  return stored.findIndex((entry) => isJsonObject(entry) && entry.name === name);
}

/** Whoever saves the file at the same moment may have taken the profile out. */
function mustIndex(stored: readonly unknown[], name: string): number {
  const index = indexOf(stored, name);
  if (index >= 0) return index;
  throw new GatewayError(
    "MCPX_PROFILE_NOT_FOUND",
    `Cannot find profile "${name}": it is not in the config file`,
    {
      details: { profile: name },
    },
  );
}
