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
  const all = [...visibleTools(runtime)];
  await countDefinitions([...OWN_TOOLS, ...all.map(({ definition }) => definition)], counter);
  const own = OWN_TOOLS.reduce((sum, definition) => sum + sizeOf(definition), 0);
  const sizes: Record<string, number> = {};
  let [tools, total, estimated] = [0, 0, 0];
  for (const { server, definition } of all) {
    const size = sizeOf(definition);
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

/** Definitions stay the same object as long as they stay as they are. */
const SIZES = new WeakMap<ToolDefinition, number>();
/** Counted by its beginning, lest one tool of many megabytes hold up the answer. */
const MAX_CHARACTERS = 200_000;
/** Definitions counted in one go. */
const AT_ONCE = 200;

/** Counts the definitions that were not counted before. */
async function countDefinitions(
  definitions: readonly ToolDefinition[],
  counter: TokenCounter,
): Promise<void> {
  const unknown = definitions.filter((definition) => !SIZES.has(definition));
  for (let at = 0; at < unknown.length; at += AT_ONCE) {
    const some = unknown.slice(at, at + AT_ONCE);
    const texts = some.map(toText);
    const counts = await counter.countAll(texts.map((text) => text.slice(0, MAX_CHARACTERS)));
    for (const [place, definition] of some.entries()) {
      const part = Math.max(1, (texts[place]?.length ?? 0) / MAX_CHARACTERS);
      const count = Math.round((counts[place] ?? 0) * part);
      SIZES.set(definition, texts[place] === "" ? costOf(definition) : count);
    }
  }
}

function sizeOf(definition: ToolDefinition): number {
  return SIZES.get(definition) ?? 0;
}

/** Empty for one that is nested too deep to be written. */
function toText(definition: ToolDefinition): string {
  try {
    return JSON.stringify(definition);
  } catch {
    return "";
  }
}
