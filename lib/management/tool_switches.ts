import { didYouMean, GatewayError, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import { isAllowed } from "../calls/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { refuseWhenReadOnly } from "./read_only.ts";
import { toIso } from "./server_views.ts";

type Switched = VerbOutput<"tools.switch">;

/** Verbs that offer tools or do not; they change the lists in the config entry of the server. */
export function toolSwitchVerbs({ runtime, config, platform }: ManagementOptions) {
  function entryOf(name: string) {
    refuseWhenReadOnly(config.snapshot().config, `change tools of "${name}"`);
    return runtime.server(name).config;
  }

  async function write(name: string, patch: Readonly<Record<string, unknown>>): Promise<void> {
    const stamped = { ...patch, updated: toIso(platform.clock.now()) };
    await config.change("management", [{ kind: "server.update", name, patch: stamped }]);
  }

  async function switchAll(name: string, enabled: boolean): Promise<Switched> {
    const entry = entryOf(name);
    const tools = runtime.catalogue.get(name)?.all ?? [];
    const changed = tools.filter((tool) => isAllowed(entry, tool.name) !== enabled).length;
    await write(name, { enabled_tools: enabled ? null : [], disabled_tools: null });
    return { server_name: name, enabled, changed };
  }

  return {
    async switch({ name, tool, enabled }: VerbParsed<"tools.switch">): Promise<Switched> {
      const entry = entryOf(name);
      const isKnown = runtime.catalogue.get(name)?.all.some((one) => one.name === tool) === true;
      if (isAllowed(entry, tool) === enabled && isKnown) return { server_name: name, enabled, changed: 0 };
      if (!isKnown) {
        const names = runtime.catalogue.get(name)?.all.map((one) => one.name) ?? [];
        throw new GatewayError(
          "MCPX_TOOL_NOT_FOUND",
          `Cannot find tool "${name}:${tool.slice(0, 300)}": its server has not listed it${
            didYouMean(tool, names)
          }`,
        );
      }
      const { enabled_tools: only, disabled_tools: without = [] } = entry;
      const others = (list: readonly string[]) => list.filter((one) => one !== tool);
      if (only !== undefined) {
        await write(name, { enabled_tools: enabled ? [...others(only), tool] : others(only) });
      } else {
        const left = enabled ? others(without) : [...others(without), tool];
        await write(name, { disabled_tools: left.length === 0 ? null : left });
      }
      return { server_name: name, enabled, changed: 1 };
    },

    enableAll: ({ name }: VerbParsed<"tools.enable_all">) => switchAll(name, true),

    disableAll: ({ name }: VerbParsed<"tools.disable_all">) => switchAll(name, false),
  };
}
