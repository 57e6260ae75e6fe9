import type { ToolDefinition } from "../contracts/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { TokenCounter } from "../tokens/mod.ts";
import { OWN_TOOLS } from "./definitions.ts";
import type { Discoveries } from "./discoveries.ts";
import { visibleTools } from "./inventory.ts";
import { costOf } from "./list_cost.ts";

/** What is known of tokens: of the catalogue now, and of all discoveries since the start. */
export interface TokenStatistics {
  readonly encoding: string;
  readonly catalogue_tools: number;
  readonly total_server_tool_list_size: number;
  readonly per_server_tool_list_sizes: Readonly<Record<string, number>>;
  readonly own_tools_size: number;
  readonly searches: number;
  readonly discoveries: number;
  readonly open_searches: number;
  readonly average_query_result_size: number;
  readonly baseline_tokens: number;
  readonly spent_tokens: number;
  readonly saved_tokens: number;
  readonly saved_tokens_percentage: number;
  readonly since: number;
}

/** What the statistics are made from. */
export interface TokenLedger {
  readonly counter: TokenCounter;
  readonly discoveries: Discoveries;
}

/** Counts the catalogue and sums up the discoveries; what was counted before is remembered. */
export async function tokenStatistics(runtime: Runtime, ledger: TokenLedger): Promise<TokenStatistics> {
  const { counter, discoveries } = ledger;
  const own = await countDefinitions(OWN_TOOLS, counter);
  const sizes: Record<string, number> = {};
  let [tools, total, estimated] = [0, 0, 0];
  for (const { server, definition } of [...visibleTools(runtime)]) {
    const size = await sizeOf(definition, counter);
    sizes[server] = (sizes[server] ?? 0) + size;
    tools++;
    total += size;
    estimated += costOf(definition);
  }
  const { baseline, spent, ...figures } = await discoveries.figures(
    own,
    estimated === 0 ? 1 : total / estimated,
  );
  return {
    encoding: counter.encoding,
    catalogue_tools: tools,
    total_server_tool_list_size: total,
    per_server_tool_list_sizes: sizes,
    own_tools_size: own,
    ...figures,
    baseline_tokens: baseline,
    spent_tokens: spent,
    saved_tokens: baseline - spent,
    saved_tokens_percentage: baseline === 0 ? 0 : Math.round(1_000 * (baseline - spent) / baseline) / 10,
    since: discoveries.since,
  };
}

async function countDefinitions(
  definitions: readonly ToolDefinition[],
  counter: TokenCounter,
): Promise<number> {
  let sum = 0;
  for (const definition of definitions) sum += await sizeOf(definition, counter);
  return sum;
}

/** Definitions stay the same object as long as they stay as they are. */
const SIZES = new WeakMap<ToolDefinition, number>();
/** Counted by its beginning, lest one tool of many megabytes hold up the answer. */
const MAX_CHARACTERS = 200_000;

async function sizeOf(definition: ToolDefinition, counter: TokenCounter): Promise<number> {
  const known = SIZES.get(definition);
  if (known !== undefined) return known;
  const size = await sizeOfText(definition, counter);
  SIZES.set(definition, size);
  return size;
}

async function sizeOfText(definition: ToolDefinition, counter: TokenCounter): Promise<number> {
  try {
    const text = JSON.stringify(definition);
    const count = await counter.count(text.slice(0, MAX_CHARACTERS));
    return text.length <= MAX_CHARACTERS ? count : Math.round(count * text.length / MAX_CHARACTERS);
  } catch {
    // Nested too deep to be written.
    return costOf(definition);
  }
}
