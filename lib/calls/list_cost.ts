import type { ToolDefinition } from "../contracts/mod.ts";
import type { ListedTools, Runtime } from "../runtime/mod.ts";
import { estimateTokens } from "../tokens/mod.ts";
import { isExposed, visibleTools } from "./inventory.ts";

/** What it takes to list every tool directly. */
export interface ListCost {
  readonly tools: number;
  /** Estimated. */
  readonly tokens: number;
  /** Whether all tools were looked at; else there are more than was asked about. */
  readonly isWhole: boolean;
  /** Whether every server that is on its way has been listed. */
  readonly isSettled: boolean;
}

/**
 * Estimates what the list of all tools costs, looking no further than need be
 * to see that it is more than `most` tokens.
 */
export function listCost(runtime: Runtime, most: number): ListCost {
  const isSettled = !isAwaited(runtime);
  let [tools, tokens] = [0, 0];
  for (const { definition } of visibleTools(runtime)) {
    if (tokens > most) return { tools, tokens, isWhole: false, isSettled };
    tools++;
    tokens += costOf(definition);
  }
  return { tools, tokens, isWhole: true, isSettled };
}

/** Estimates what the list of all tools costs; cheap, as each server's part is remembered. */
export function wholeListCost(runtime: Runtime): number {
  let tokens = 0;
  for (const [name, record] of runtime.view().servers) {
    const listed = isExposed(record) ? runtime.catalogue.get(name) : undefined;
    if (listed === undefined) continue;
    const known = SERVER_COSTS.get(listed);
    const cost = known ?? listed.tools.reduce((sum, definition) => sum + costOf(definition), 0);
    if (known === undefined) SERVER_COSTS.set(listed, cost);
    tokens += cost;
  }
  return tokens;
}

const SERVER_COSTS = new WeakMap<ListedTools, number>();

/** A server that was never listed and has not failed; what it will bring is not known. */
function isAwaited(runtime: Runtime): boolean {
  for (const [name, record] of runtime.view().servers) {
    if (!isExposed(record) || record.lastError !== undefined) continue;
    if (runtime.catalogue.get(name) === undefined) return true;
  }
  return false;
}

/** Definitions stay the same object as long as they stay as they are. */
const COSTS = new WeakMap<ToolDefinition, number>();

/** Estimates what one tool takes of a list. */
export function costOf(definition: ToolDefinition): number {
  const known = COSTS.get(definition);
  if (known !== undefined) return known;
  const cost = estimateTokens(toText(definition));
  COSTS.set(definition, cost);
  return cost;
}

function toText(definition: ToolDefinition): string {
  try {
    return JSON.stringify(definition);
  } catch {
    // Nested too deep to be written, so surely long.
    return " ".repeat(100_000);
  }
}
