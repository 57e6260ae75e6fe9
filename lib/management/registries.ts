import {
  GatewayError,
  type ServerConfigInput,
  ServerConfigSchema,
  type VerbOutput,
  type VerbParsed,
  wireOf,
} from "../contracts/mod.ts";
import { isBuiltIn, type ListedServer, REGISTRY_PROTOCOLS, type RegistrySource } from "../registries/mod.ts";
import { settleServer } from "./newcomers.ts";
import type { ManagementOptions } from "./options.ts";
import type { AddServer, VerbContext } from "./verb_context.ts";

type Entry = Readonly<Record<string, unknown>>;

/** Verbs about registries. */
export function registryVerbs(options: ManagementOptions, add: AddServer) {
  const { config, registries, scope } = options;
  const configNow = () => config.snapshot().config;

  function refuseWhenLocked(what: string, id: string): void {
    const { registries_locked, read_only_mode } = configNow();
    if (!registries_locked && !read_only_mode) return;
    const key = registries_locked ? "registries_locked" : "read_only_mode";
    throw new GatewayError("MCPX_FORBIDDEN", `Cannot ${what} registry "${id}": ${key} is on`, {
      remedy: `Set "${key}": false in the config`,
    });
  }

  /** The reason may name a place on this machine, which is none of an agent's business. */
  function reasonFor(unavailable: string): string {
    return scope === undefined ? unavailable : "It cannot be read now";
  }

  /** What the config states; the built-in ones are written down before they are changed. */
  function stated(): readonly Entry[] {
    return configNow().registries ?? registries.sources().map(toEntry);
  }

  async function write(next: readonly Entry[]): Promise<void> {
    await config.change("management", [{ kind: "set", path: ["registries"], value: next }]);
  }

  return {
    list(): VerbOutput<"registries.list"> {
      const all = registries.sources().map((source) => ({
        id: source.id,
        name: source.name,
        description: source.description,
        // It may be a place on this machine, and an agent asks by the id.
        url: scope === undefined ? source.serversUrl : "",
        protocol: source.protocol,
        tags: [...source.tags],
        provenance: source.provenance,
        trusted: source.provenance === "official",
        requires_key: source.requiresKey,
      }));
      return { registries: all, total: all.length };
    },

    async search(
      { id, q, tag, limit }: VerbParsed<"registries.search">,
      signal: AbortSignal,
    ): Promise<VerbOutput<"registries.search">> {
      const query = [q, tag ?? ""].join(" ").trim();
      const { servers, cache, unavailable } = await registries.search({ id, query, limit, signal });
      return {
        registry: id,
        query: q,
        tag,
        servers: servers.map(toView),
        total: servers.length,
        cache: cache && { age_seconds: cache.ageSeconds, stale: cache.stale },
        unavailable: unavailable === undefined ? undefined : { reason: reasonFor(unavailable) },
      };
    },

    async add(
      { url, id, name, protocol }: VerbParsed<"registries.add">,
    ): Promise<VerbOutput<"registries.add">> {
      const chosen = id ?? idFrom(url);
      refuseWhenLocked("add", chosen);
      checkProtocol(chosen, protocol);
      const entries = stated();
      if (isBuiltIn(chosen) || entries.some((entry) => entry.id === chosen)) throw exists(chosen);
      const entry = {
        id: chosen,
        name: name ?? chosen,
        servers_url: url,
        ...(protocol === undefined ? {} : { protocol }),
      };
      await write([...entries, entry]);
      return { id: chosen, action: "add", success: true };
    },

    async update(input: VerbParsed<"registries.update">): Promise<VerbOutput<"registries.update">> {
      const { id, name, url, servers_url } = input;
      refuseWhenLocked("change", id);
      registries.source(id);
      const address = servers_url ?? url;
      const change = {
        ...(name === undefined ? {} : { name }),
        ...(address === undefined ? {} : { servers_url: address }),
      };
      if (Object.keys(change).length === 0) {
        throw new GatewayError(
          "MCPX_INVALID_INPUT",
          `Cannot change registry "${id}": the request has no field to change`,
        );
      }
      await write(stated().map((entry) => entry.id === id ? { ...entry, ...change } : entry));
      registries.forget(id);
      return { id, action: "update", success: true };
    },

    async remove({ id }: VerbParsed<"registries.remove">): Promise<VerbOutput<"registries.remove">> {
      refuseWhenLocked("remove", id);
      registries.forget(id);
      await write(stated().filter((entry) => entry.id !== id));
      return { id, action: "remove", success: true };
    },

    refresh: ({ id }: VerbParsed<"registries.refresh">): VerbOutput<"registries.refresh"> => ({
      registry_id: id,
      cleared: registries.forget(id),
    }),

    async install(
      input: VerbParsed<"registries.install">,
      context: VerbContext,
    ): Promise<VerbOutput<"registries.install">> {
      const source = registries.source(input.id);
      const listed = await registries.find(input.id, input.server_id, context.signal);
      const parsed = ServerConfigSchema.parse(toServer(listed, input, source));
      const { server, warnings } = await settleServer(options, parsed);
      await add(server, context);
      const { name, command, args, url, enabled } = server;
      return {
        server: {
          name,
          protocol: wireOf(server),
          command,
          args: command === undefined ? undefined : args,
          url,
          enabled,
          quarantined: true,
          isolation: server.isolation?.mode,
          warnings: [...warnings],
        },
      };
    },
  };
}

/** What the registry says is made anew from what it lists; the caller gives values only. */
function toServer(
  listed: ListedServer,
  input: VerbParsed<"registries.install">,
  { id, provenance }: RegistrySource,
): ServerConfigInput {
  const { install, inputs } = listed;
  if (install === undefined) {
    throw new GatewayError(
      "MCPX_REGISTRY_NO_INSTALL",
      `Cannot add server "${listed.id}": registry "${id}" does not say how to run it in a way that is known here`,
      { details: { repository: listed.repository } },
    );
  }
  const given = { env: input.env, header: input.headers };
  const missing = inputs.filter(({ kind, name, required }) =>
    required && (kind === "argument" ? input.args.length === 0 : given[kind][name] === undefined)
  );
  if (missing.length > 0) throw missingInputs(listed, missing.map(({ name }) => name));
  const isProgram = install.command !== undefined;
  return {
    name: input.name ?? listed.name,
    ...(isProgram
      ? { command: install.command, args: [...install.args ?? [], ...input.args] }
      : { url: install.url }),
    ...(isProgram
      ? { env: { ...install.env, ...input.env } }
      : { headers: { ...install.headers, ...input.headers } }),
    protocol: install.protocol ?? "auto",
    enabled: input.enabled,
    quarantined: true,
    source_registry_id: id,
    source_registry_provenance: provenance,
  };
}

function missingInputs({ id }: ListedServer, names: readonly string[]): GatewayError {
  return new GatewayError(
    "MCPX_REGISTRY_MISSING_INPUT",
    `Cannot add server "${id}": it wants ${names.map((name) => `"${name}"`).join(", ")}`,
    {
      remedy: `Give each a value: --env NAME=value, --header "Name: value", or arguments after --`,
      details: { missing_inputs: names },
    },
  );
}

function toEntry(source: RegistrySource): Entry {
  const { id, name, description, protocol, serversUrl, tags } = source;
  return { id, name, description, protocol, ...(serversUrl === "" ? {} : { servers_url: serversUrl }), tags };
}

function toView(listed: ListedServer): VerbOutput<"registries.search">["servers"][number] {
  const { install, inputs, ...rest } = listed;
  return {
    ...rest,
    inputs: [...inputs],
    install: install &&
      { ...install, args: install.args && [...install.args], env: install.env, headers: install.headers },
  };
}

function checkProtocol(id: string, protocol: string | undefined): void {
  if (protocol === undefined || REGISTRY_PROTOCOLS.some((one) => one === protocol)) return;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot add registry "${id}": "${protocol}" is no protocol that is known`,
    {
      remedy: `Use one of ${REGISTRY_PROTOCOLS.join(", ")}`,
    },
  );
}

function exists(id: string): GatewayError {
  return new GatewayError(
    "MCPX_REGISTRY_EXISTS",
    `Cannot add registry "${id}": a registry with this id exists`,
  );
}

/** A host or the name of a file says best what it is. */
function idFrom(url: string): string {
  const word = URL.canParse(url) && new URL(url).hostname !== ""
    ? new URL(url).hostname
    : (url.split(/[\\/]/).at(-1) ?? "").replace(/\.\w+$/, "");
  return word.toLowerCase().replace(/[^a-z0-9_-]+/g, "-").replace(/^[-_]+|-+$/g, "").slice(0, 63) ||
    "registry";
}
