import { isDeepStrictEqual } from "node:util";
import { type ServerConfig, type ServerView, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import { GatewayError } from "../contracts/mod.ts";
import { isQuarantined, type ServerRecord, type ServerUsage } from "../runtime/mod.ts";
import { readServerLog } from "../observability/mod.ts";
import { maskServer } from "../secrets/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { acceptPackages, packageWarnings } from "./packages.ts";
import type { VerbContext } from "./verb_context.ts";
import { toAgentView, toIso, toProcessView, toServerView } from "./server_views.ts";
import { ServerList } from "./server_list.ts";
import { listServerTools } from "./tools.ts";
import { refuseWhenReadOnly } from "./read_only.ts";

const NO_USAGES: ReadonlyMap<string, ServerUsage> = new Map();

type Action = { server: string; action: string; success: true };

/** Verbs about servers; each checks that the server exists and says its closest name if not. */
export function serverVerbs(options: ManagementOptions) {
  const { config, runtime } = options;
  const configNow = () => config.snapshot().config;
  function toView(name: string, record: ServerRecord): ServerView {
    if (options.scope !== undefined) return toAgentView(runtime, name, record, configNow());
    return {
      ...toServerView(runtime, name, record, configNow()),
      process: toProcessView(record, options.usages?.().get(name)),
    };
  }
  const all = new ServerList({
    catalogue: runtime.catalogue,
    sources: () => ({ config: configNow(), usages: options.usages?.() ?? NO_USAGES }),
    toView,
  });

  async function patch(
    name: string,
    changes: Readonly<Record<string, unknown>>,
    action: string,
  ): Promise<Action> {
    refuseWhenReadOnly(configNow(), `${action} server "${name}"`);
    runtime.server(name);
    const stamped = { ...changes, updated: toIso(options.platform.clock.now()) };
    await config.change("management", [{ kind: "server.update", name, patch: stamped }]);
    return { server: name, action, success: true };
  }

  return {
    list(): VerbOutput<"servers.list"> {
      const { servers, stats: { connecting_servers: _connecting, ...stats } } = all.of(runtime.view());
      return { servers: [...servers], stats };
    },

    get({ name }: VerbParsed<"servers.get">): VerbOutput<"servers.get"> {
      return toView(name, runtime.server(name));
    },

    async add(entry: VerbParsed<"servers.add">): Promise<VerbOutput<"servers.add">> {
      refuseWhenReadOnly(configNow(), `add server "${entry.name}"`);
      if (!configNow().allow_server_add) throw notAllowed("add", entry.name, "allow_server_add");
      const quarantined = isQuarantined(entry, configNow());
      const server: ServerConfig = { ...entry, quarantined, created: toIso(options.platform.clock.now()) };
      await config.change("management", [{ kind: "server.add", server: withoutDefaults(server) }]);
      const warnings = packageWarnings(entry);
      const more = warnings.length === 0 ? {} : { warnings };
      return { server: entry.name, action: "add", success: true, quarantined, ...more };
    },

    async update(
      { name, patch: changes }: VerbParsed<"servers.update">,
      context: VerbContext,
    ): Promise<VerbOutput<"servers.update">> {
      if (Object.keys(changes).length === 0) {
        throw new GatewayError(
          "MCPX_INVALID_INPUT",
          `Cannot change server "${name}": the request has no field to change`,
        );
      }
      const stated = withoutMasks(changes, runtime.server(name).config);
      const done = await patch(name, stated, "update");
      if (changes.quarantined === false) await acceptPackages(options, name, context);
      return { ...done, restart_required: false };
    },

    async remove({ name }: VerbParsed<"servers.remove">): Promise<Action> {
      refuseWhenReadOnly(configNow(), `remove server "${name}"`);
      if (!configNow().allow_server_remove) throw notAllowed("remove", name, "allow_server_remove");
      runtime.server(name);
      await config.change("management", [{ kind: "server.remove", name }]);
      return { server: name, action: "remove", success: true };
    },

    enable: ({ name }: VerbParsed<"servers.enable">) => patch(name, { enabled: true }, "enable"),

    disable: ({ name }: VerbParsed<"servers.disable">) => patch(name, { enabled: false }, "disable"),

    restart({ name }: VerbParsed<"servers.restart">): Action {
      const { config: entry, quarantined } = runtime.server(name);
      if (!options.facts.running) {
        throw new GatewayError(
          "MCPX_DAEMON_NOT_RUNNING",
          `Cannot restart server "${name}": no daemon is running`,
        );
      }
      if (!entry.enabled) {
        throw new GatewayError("MCPX_SERVER_DISABLED", `Cannot restart server "${name}": it is disabled`, {
          remedy: `mcpproxy upstream enable ${name}`,
        });
      }
      if (quarantined) {
        throw new GatewayError(
          "MCPX_SERVER_QUARANTINED",
          `Cannot restart server "${name}": it is in quarantine`,
          {
            remedy: `Review it, then type: mcpproxy upstream approve ${name}`,
          },
        );
      }
      runtime.restart(name);
      return { server: name, action: "restart", success: true };
    },

    tools: ({ name }: VerbParsed<"servers.tools">, signal: AbortSignal) =>
      listServerTools(options, name, signal),

    async logs({ name, tail }: VerbParsed<"servers.logs">): Promise<VerbOutput<"servers.logs">> {
      runtime.server(name);
      const { platform, logDirectory: directory } = options;
      const logs = await readServerLog({ files: platform.files, directory, name, tail });
      return { server_name: name, logs, count: logs.length };
    },
  };
}

function notAllowed(what: string, name: string, key: string): GatewayError {
  return new GatewayError("MCPX_FORBIDDEN", `Cannot ${what} server "${name}": the config does not allow it`, {
    remedy: `Set "${key}": true in the config`,
  });
}

/** Keeps a written entry short: fields that hold their default say nothing. */
function withoutDefaults(server: ServerConfig): ServerConfig {
  const idle: Partial<Record<keyof ServerConfig, unknown>> = {
    protocol: "auto",
    trust_mode: "manual",
    connection: "shared",
    reconnect_on_use: false,
  };
  const kept = Object.entries(server).filter(([key, value]) => {
    if (value === undefined) return false;
    if (key in idle) return idle[key as keyof ServerConfig] !== value; // key was just found in idle
    return !(typeof value === "object" && value !== null && Object.keys(value).length === 0 &&
      key !== "oauth");
  });
  return Object.fromEntries(kept) as ServerConfig; // only optional and defaulted fields were left out
}

/**
 * Takes out values that are only the masks of what is there: whoever reads a
 * server, changes one field and sends all back must not lose its secrets.
 */
function withoutMasks(
  changes: Readonly<Record<string, unknown>>,
  current: ServerConfig,
): Readonly<Record<string, unknown>> {
  const masked: Readonly<Record<string, unknown>> = maskServer(current);
  const kept = Object.entries(changes).flatMap(([key, value]): [string, unknown][] => {
    if (key !== "env" && key !== "headers") {
      return isDeepStrictEqual(value, masked[key]) ? [] : [[key, value]];
    }
    if (typeof value !== "object" || value === null) return [[key, value]];
    const shown = masked[key] as Readonly<Record<string, string>>; // maskServer gives texts by name for both keys
    const stated = Object.entries(value).filter(([name, text]) =>
      !Object.hasOwn(shown, name) || shown[name] !== text
    );
    return [[key, Object.fromEntries(stated)]];
  });
  return Object.fromEntries(kept);
}
