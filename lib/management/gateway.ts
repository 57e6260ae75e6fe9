import { GatewayError, toGatewayError, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import { isExposed } from "../calls/mod.ts";
import type { ServerRecord } from "../runtime/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { acceptPackages } from "./packages.ts";
import type { VerbContext } from "./verb_context.ts";
import { toIso } from "./server_views.ts";
import { refuseWhenReadOnly } from "./read_only.ts";

const MODES: Readonly<Record<string, string>> = {
  retrieve_tools: "Agents search for tools and call what they have found",
  direct: "Agents see every tool",
  code_execution: "Meant for scripts that call tools; running them is not part of this version",
};

type Bulk = VerbOutput<"servers.enable_all">;

/** Verbs about the gateway as a whole, and about all servers at once. */
export function gatewayVerbs(options: ManagementOptions) {
  const { facts, config, runtime, platform } = options;

  function demandDaemon(what: string): void {
    if (facts.running) return;
    throw new GatewayError("MCPX_DAEMON_NOT_RUNNING", `Cannot ${what}: no daemon is running`);
  }

  function names(isWanted: (record: ServerRecord) => boolean): string[] {
    return [...runtime.view().servers].filter(([, record]) => isWanted(record)).map(([name]) => name).sort();
  }

  /** One edit of the file for all of them: either every server is as wanted, or none was touched. */
  async function patchAll(
    wanted: readonly string[],
    patch: Readonly<Record<string, unknown>>,
  ): Promise<Bulk> {
    const stamped = { ...patch, updated: toIso(platform.clock.now()) };
    if (wanted.length > 0) {
      await config.change(
        "management",
        wanted.map((name) => ({ kind: "server.update" as const, name, patch: stamped })),
      );
    }
    return { total: wanted.length, successful: wanted.length, failed: 0, errors: {} };
  }

  /** One server's failure does not keep the others from their turn. */
  function forEach(wanted: readonly string[], work: (name: string) => void): Bulk {
    const errors: Record<string, string> = {};
    for (const name of wanted) {
      try {
        work(name);
      } catch (error) {
        errors[name] = toGatewayError(error).message;
      }
    }
    const failed = Object.keys(errors).length;
    return { total: wanted.length, successful: wanted.length - failed, failed, errors };
  }

  async function hold(name: string, quarantined: boolean, action: string) {
    refuseWhenReadOnly(config.snapshot().config, `${action} server "${name}"`);
    runtime.server(name);
    const patch = { quarantined, updated: toIso(platform.clock.now()) };
    await config.change("management", [{ kind: "server.update", name, patch }]);
    return { server: name, action, success: true as const };
  }

  return {
    info(): VerbOutput<"gateway.info"> {
      const listen = facts.listenAddress();
      const origin = `http://${listen.replace(/^(?:0\.0\.0\.0|\[::\]|::)?:/, "127.0.0.1:")}`;
      return {
        version: facts.version,
        edition: "personal",
        pid: options.scope === undefined ? platform.machine.pid : 0,
        listen_addr: listen,
        // Without the key: whoever reads this need not be who may open the page.
        web_ui_url: `${origin}/ui/`,
        endpoints: { http: origin, socket: options.scope === undefined ? facts.socketPath : "" },
      };
    },

    routing(): VerbOutput<"gateway.routing"> {
      const { routing_mode: mode } = config.snapshot().config;
      return {
        routing_mode: mode,
        description: MODES[mode] ?? "",
        endpoints: {
          default: "/mcp",
          direct: "/mcp/all",
          code_execution: "/mcp/code",
          retrieve_tools: "/mcp/call",
          profile: "/mcp/p/{profile}",
          server: "/mcp/s/{server}",
        },
        available_modes: Object.keys(MODES),
      };
    },

    async enableAll(): Promise<Bulk> {
      refuseWhenReadOnly(config.snapshot().config, "enable all servers");
      return await patchAll(names(({ config: { enabled } }) => !enabled), { enabled: true });
    },

    async disableAll(): Promise<Bulk> {
      refuseWhenReadOnly(config.snapshot().config, "disable all servers");
      return await patchAll(names(({ config: { enabled } }) => enabled), { enabled: false });
    },

    restartAll(): Bulk {
      demandDaemon("restart all servers");
      return forEach(names(isExposed), (name) => runtime.restart(name));
    },

    reconnect(): Bulk {
      demandDaemon("reconnect servers");
      const isDown = (record: ServerRecord) =>
        isExposed(record) && (record.state.state === "failed" || record.state.state === "backoff");
      return forEach(names(isDown), (name) => runtime.restart(name));
    },

    quarantine: ({ name }: VerbParsed<"servers.quarantine">) => hold(name, true, "quarantine"),

    async unquarantine({ name }: VerbParsed<"servers.unquarantine">, context: VerbContext) {
      const done = await hold(name, false, "unquarantine");
      await acceptPackages(options, name, context);
      return done;
    },

    discover({ name }: VerbParsed<"servers.discover">): VerbOutput<"servers.discover"> {
      runtime.server(name);
      demandDaemon(`ask server "${name}" for its tools`);
      runtime.relist(name);
      return { server: name, action: "discover_tools", success: true };
    },

    annotations(): VerbOutput<"tools.annotations"> {
      const servers = names(isExposed).map((name) => {
        const tools = runtime.catalogue.get(name)?.tools ?? [];
        const annotated = tools.filter(({ annotations = {} }) => Object.keys(annotations).length > 0);
        return { name, total_tools: tools.length, annotated_tools: annotated.length };
      });
      const total = servers.reduce((sum, { total_tools }) => sum + total_tools, 0);
      const annotated = servers.reduce((sum, { annotated_tools }) => sum + annotated_tools, 0);
      const percent = total === 0 ? 100 : Math.round(annotated / total * 1000) / 10;
      return { total_tools: total, annotated_tools: annotated, coverage_percent: percent, servers };
    },
  };
}
