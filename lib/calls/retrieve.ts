import { type Config, GatewayError, parseToolId } from "../contracts/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { ToolFinder, ToolHit, ToolIndex } from "../search/mod.ts";
import type { Storage } from "../storage/mod.ts";
import type { TokenCounter } from "../tokens/mod.ts";
import { toCompactEntry, toFullEntry } from "./entries.ts";
import {
  findVisible,
  isAllowed,
  isVisible,
  type KnownTool,
  unlistedServers,
  visibleTools,
} from "./inventory.ts";
import { lockedTools } from "./locked.ts";
import { fitTokens } from "./fit_tokens.ts";
import { type ShownTools, toJsonResult } from "./outcome.ts";
import { readBoolean, readChoice, readCount, readText } from "./params.ts";
import { type AnnotationFilters, omittedBy, sessionRisk } from "./risk.ts";

/** What `retrieve_tools` works with. */
export interface RetrieveOptions {
  readonly config: () => Config;
  readonly runtime: Runtime;
  readonly index: ToolIndex;
  /** Finds with more than words; the index alone when absent. */
  readonly finder?: ToolFinder;
  readonly storage: Storage;
  /** Counts for `max_tokens`; estimates are taken when absent. */
  readonly counter?: TokenCounter;
}

type Arguments = Readonly<Record<string, unknown>>;

const MAX_LIMIT = 100;
const MAX_QUERY_CHARS = 10_000;
const USAGE =
  "Call a tool with the tool named in its call_with, passing its name and its arguments as args. Use describe_tool for the schema of a tool shown as a signature.";
const COMPACT_HINT =
  "sig lists arguments as name:type; * required, ~ simplified (see describe_tool), = default.";

/**
 * Finds the tools that suit a query.
 *
 * Filters apply before the cut, so that a caller who asks for read-only tools
 * still gets its full limit.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT for a parameter that is not allowed.
 */
export async function retrieveTools(options: RetrieveOptions, args: Arguments): Promise<ShownTools> {
  const params = readParams(args, options.config());
  const found = await search(options, params);
  const rules = options.config().intent_declaration;
  const entries = found.kept.map(({ tool, score }) =>
    params.detail === "compact"
      ? toCompactEntry(tool, rules, score)
      : { ...toFullEntry(tool, rules, score), ...usageOf(options, tool, params) }
  );
  const answer = toAnswer(options, params, found);
  const { shown: tools, ...budget } = await fitTokens(entries, {
    most: params.maxTokens,
    around: () => answer([]),
    counter: options.counter,
  });
  // Entries are left out from the end only.
  const shown = found.kept.slice(0, tools.length).map(({ tool }) => tool.id);
  return { result: toJsonResult({ ...answer(tools), ...budget }), shown };
}

/** Makes the answer around the tools. */
function toAnswer(options: RetrieveOptions, params: Params, found: Found) {
  const { runtime } = options;
  const risk = sessionRisk(annotationsIn(runtime), params.warn);
  return (tools: readonly unknown[]) => ({
    tools,
    query: params.query,
    total: tools.length,
    usage_instructions: USAGE,
    ...(params.detail === "compact" ? { hint: COMPACT_HINT } : {}),
    session_risk: risk,
    ...found.diagnostics,
    ...locked(options, params, tools.length),
    ...unavailable(runtime),
    ...(params.stats ? { usage_summary: usageSummary(options) } : {}),
    ...(params.debug ? debugFacts(options, params, found) : {}),
  });
}

type Params = ReturnType<typeof readParams>;

function readParams(args: Arguments, config: Config) {
  const query = readText(args, "query");
  if (query === undefined || query.trim() === "") {
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      'Cannot search tools: "query" is missing, wanted words for the task',
    );
  }
  const filters: AnnotationFilters = {
    read_only_only: readBoolean(args, "read_only_only"),
    exclude_destructive: readBoolean(args, "exclude_destructive"),
    exclude_open_world: readBoolean(args, "exclude_open_world"),
  };
  return {
    query: query.slice(0, MAX_QUERY_CHARS),
    limit: Math.min(MAX_LIMIT, readCount(args, "limit") ?? config.tools_limit),
    maxTokens: readCount(args, "max_tokens"),
    detail: readChoice(args, "detail", ["full", "compact"]) ?? config.tool_response_mode,
    stats: readBoolean(args, "include_stats"),
    debug: readBoolean(args, "debug"),
    explain: readText(args, "explain_tool"),
    warn: readBoolean(args, "include_session_risk_warning") || config.tool_response_session_risk_warning,
    disabled: readBoolean(args, "include_disabled"),
    filters,
  };
}

interface Found {
  readonly kept: readonly { readonly tool: KnownTool; readonly score: number }[];
  readonly diagnostics: Readonly<Record<string, unknown>>;
}

async function search({ runtime, index, finder = index }: RetrieveOptions, params: Params): Promise<Found> {
  const omitted: Record<string, { missing_annotation: number; explicit: number }> = {};
  const isFiltered = Object.values(params.filters).includes(true);
  let matched = 0;
  const hits = await finder.search(params.query, {
    limit: params.limit,
    accept: (server, name) => {
      if (!isVisible(runtime, server, name)) return false;
      matched++;
      // Definitions that were not read since the start are read for filters only.
      if (!isFiltered) return true;
      const out = omittedBy(findVisible(runtime, server, name)?.definition.annotations, params.filters);
      if (out === undefined) return true;
      const counts = omitted[out.filter] ??= { missing_annotation: 0, explicit: 0 };
      counts[out.why]++;
      return false;
    },
  });
  const omittedTotal = Object.values(omitted).reduce(
    (sum, one) => sum + one.missing_annotation + one.explicit,
    0,
  );
  return {
    kept: hits.flatMap((hit) => withTool(runtime, hit)),
    diagnostics: omittedTotal === 0 ? {} : {
      filter_diagnostics: {
        matched_before_filters: matched,
        omitted_total: omittedTotal,
        omitted_by_filter: omitted,
        suggestion: "A tool without the annotation counts as unsafe. Leave out a filter to see those tools.",
      },
    },
  };
}

function withTool(runtime: Runtime, hit: ToolHit): { tool: KnownTool; score: number }[] {
  const tool = findVisible(runtime, hit.server, hit.tool);
  return tool === undefined ? [] : [{ tool, score: Number(hit.score.toFixed(4)) }];
}

function locked({ runtime }: RetrieveOptions, params: Params, shown: number) {
  if (!params.disabled && shown > 0) return {};
  const all = lockedTools(runtime, params.query);
  if (!params.disabled) {
    if (all.total === 0) return {};
    return {
      notice: `${all.total} more tools or servers are locked; repeat with include_disabled to see them`,
    };
  }
  const limit = Math.min(params.limit, 10);
  return { disabled: all.entries.slice(0, limit), remediation: all.remediation };
}

/** Servers whose tools are not known: a short result is never passed off as a whole one. */
function unavailable(runtime: Runtime) {
  const servers = unlistedServers(runtime);
  return servers.length === 0 ? {} : { unavailable_servers: servers };
}

function usageOf({ storage }: RetrieveOptions, tool: KnownTool, params: Params) {
  if (!params.stats) return {};
  const { count, lastUsedAt } = storage.statistics.get(tool.server, tool.tool);
  return {
    usage_count: count,
    ...(lastUsedAt === undefined ? {} : { last_used: new Date(lastUsedAt).toISOString() }),
  };
}

function usageSummary({ storage, runtime }: RetrieveOptions) {
  const used = [...visibleTools(runtime)]
    .map((tool) => ({ tool: tool.id, count: storage.statistics.get(tool.server, tool.tool).count }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.tool < b.tool ? -1 : 1));
  return { top_tools: used.slice(0, 10) };
}

function debugFacts({ index, runtime }: RetrieveOptions, params: Params, found: Found) {
  const facts = {
    total_indexed_tools: [...visibleTools(runtime)].length,
    search_backend: "BM25",
    query_analysis: { words: params.query.trim().split(/\s+/).length },
    limit_applied: params.limit,
  };
  if (params.explain === undefined) return { debug: facts };
  const rank = found.kept.findIndex(({ tool }) => tool.id === params.explain);
  return {
    debug: facts,
    explanation: {
      target_tool: params.explain,
      found_in_results: rank >= 0,
      ...(rank >= 0 ? { rank: rank + 1, score: found.kept[rank]?.score } : {}),
      potential_issues: rank >= 0 ? [] : explainMissing(runtime, params.explain, params.filters),
      suggestions: rank >= 0 ? [] : ["Name the tool's action and object in the query, or raise the limit."],
      ...scoringOf({ index, runtime }, params.query, params.explain),
    },
  };
}

/** What stands behind the score of a tool; nothing of one that the caller may not see. */
function scoringOf(
  { index, runtime }: Pick<RetrieveOptions, "index" | "runtime">,
  query: string,
  id: string,
) {
  const ref = parseToolId(id);
  if (ref === undefined || findVisible(runtime, ref.server, ref.tool) === undefined) return {};
  const accept = (server: string, tool: string) => isVisible(runtime, server, tool);
  const scoring = index.explain(query, ref, { accept });
  return scoring === undefined ? {} : { scoring };
}

function explainMissing(runtime: Runtime, id: string, filters: AnnotationFilters): string[] {
  const colon = id.indexOf(":");
  const [server, name] = [id.slice(0, colon), id.slice(colon + 1)];
  const record = runtime.view().servers.get(server);
  const tool = findVisible(runtime, server, name);
  if (tool === undefined) {
    if (record === undefined) return ["There is no such tool."];
    return [
      isAllowed(record.config, name)
        ? "There is no such tool, or its server is locked."
        : "The config denies it.",
    ];
  }
  const out = omittedBy(tool.definition.annotations, filters);
  return [
    out === undefined ? "Other tools match the query better." : `The filter ${out.filter} leaves it out.`,
  ];
}

function* annotationsIn(runtime: Runtime) {
  for (const { definition } of visibleTools(runtime)) yield definition.annotations;
}
