import { type ToolView, type VerbOutput, type VerbParsed } from "../contracts/mod.ts";
import {
  briefOf,
  callWith,
  findVisible,
  isAllowed,
  isExposed,
  isVisible,
  unlistedServers,
} from "../calls/mod.ts";
import type { ToolExplanation } from "../search/mod.ts";
import type { ServerRecord } from "../runtime/mod.ts";
import type { ToolDefinition } from "../contracts/mod.ts";
import { countHeldTools } from "./approvals.ts";
import type { ManagementOptions } from "./options.ts";
import { toHealth, toIso } from "./server_views.ts";

const MAX_SNIPPET_CHARS = 200;
/** Longest wait for a server whose tools are asked for and not known. */
const CONNECT_WAIT_MS = 30_000;

/** Verbs about tools. */
export function toolVerbs(options: ManagementOptions) {
  const { runtime, index, platform, config } = options;
  return {
    async list(signal: AbortSignal): Promise<VerbOutput<"tools.list">> {
      await options.learnTools(signal);
      const tools = [...runtime.view().servers]
        .filter(([, record]) => isExposed(record))
        .flatMap(([name, record]) => toolsOf(options, name, record))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const disabled = tools.filter((tool) => tool.disabled).length;
      const stats = {
        total: tools.length,
        enabled: tools.length - disabled,
        disabled,
        pending_approval: countHeldTools(options),
      };
      return { tools, stats, ...incomplete(options) };
    },

    async search(
      { q, limit, explain = false }: VerbParsed<"tools.search">,
      signal: AbortSignal,
    ): Promise<VerbOutput<"tools.search">> {
      await options.learnTools(signal);
      const startedAt = platform.clock.monotonic();
      const accept = (server: string, tool: string) => isVisible(runtime, server, tool);
      const hits = await (options.finder ?? index).search(q, {
        limit: limit ?? config.snapshot().config.tools_limit,
        accept,
      });
      const tookMs = platform.clock.monotonic() - startedAt;
      const unknown = new Set<string>();
      const results = hits.flatMap(({ server, tool, score, matches }) => {
        const found = findVisible(runtime, server, tool);
        if (found === undefined) return [];
        const behind = explain ? index.explain(q, { server, tool }, { accept }) : undefined;
        for (const word of behind?.unknown ?? []) unknown.add(word);
        const view = toToolView(options, server, found.record, found.definition);
        return [{
          tool: view,
          score,
          snippet: briefOf(view.description).slice(0, MAX_SNIPPET_CHARS),
          matches,
          ...(behind === undefined ? {} : { explanation: toExplanation(behind) }),
        }];
      });
      return {
        query: q,
        results,
        total: results.length,
        ...(explain ? { unknown_words: [...unknown] } : {}),
        took: `${tookMs.toFixed(2)}ms`,
        ...incomplete(options),
      };
    },
  };
}

/** The tools of one server; a held one shows none. */
export async function listServerTools(
  options: ManagementOptions,
  name: string,
  signal: AbortSignal,
): Promise<VerbOutput<"servers.tools">> {
  const record = options.runtime.server(name);
  if (!isExposed(record)) return { server_name: name, tools: [], count: 0 };
  await options.learnTools(signal, [name]);
  const known = options.runtime.catalogue.get(name);
  if (known === undefined) {
    await options.runtime.use(name, { signal, waitMs: CONNECT_WAIT_MS }, () => Promise.resolve());
  }
  const tools = toolsOf(options, name, options.runtime.server(name));
  return { server_name: name, tools, count: tools.length };
}

function toolsOf(options: ManagementOptions, name: string, record: ServerRecord): ToolView[] {
  const tools = options.runtime.catalogue.get(name)?.tools ?? [];
  return tools.map((definition) => toToolView(options, name, record, definition));
}

function toToolView(
  { runtime, storage, config }: ManagementOptions,
  server: string,
  record: ServerRecord,
  definition: ToolDefinition,
): ToolView {
  const { count, lastUsedAt } = storage.statistics.get(server, definition.name);
  return {
    id: `${server}:${definition.name}`,
    name: definition.name,
    server_name: server,
    title: definition.title,
    description: definition.description ?? "",
    schema: definition.inputSchema,
    annotations: definition.annotations,
    call_with: callWith(definition, config.snapshot().config.intent_declaration),
    usage: count,
    last_used: lastUsedAt === undefined ? undefined : toIso(lastUsedAt),
    disabled: !isAllowed(record.config, definition.name),
    server_health: toHealth(runtime, server, record),
  };
}

function toExplanation({ words, verb, server, name, terms }: ToolExplanation) {
  return {
    words,
    verb,
    server,
    name,
    terms: terms.map(({ word, matched, how, score, fields }) => ({
      word,
      matched,
      how,
      score,
      fields: { ...fields },
    })),
  };
}

/** Says when servers are missing from an answer, so that a part is never taken for the whole. */
function incomplete({ runtime }: ManagementOptions) {
  const failed = unlistedServers(runtime);
  return failed.length === 0 ? {} : { partial: true, failed_servers: failed };
}
