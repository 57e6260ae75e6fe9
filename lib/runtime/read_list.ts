import { isSameJson, type ToolDefinition } from "../contracts/mod.ts";
import type { Trust } from "./trust/trust_types.ts";
import type { Listing } from "./listed_tools.ts";

/**
 * Reads a list as a server has sent it, with a tool at each step. A tool that
 * is as it was before stays the same object, so that whatever was worked out
 * of it need not be worked out again; a list that is as it was before is that
 * list.
 *
 * @param hashOf Gives the hash of a tool that is new or different.
 */
export function* readListing(
  tools: readonly ToolDefinition[],
  before: Listing | undefined,
  hashOf: Trust["hashOf"],
): Generator<void, Listing> {
  const known = before?.all ?? [];
  const all: ToolDefinition[] = [];
  let byName: ReadonlyMap<string, ToolDefinition> | undefined;
  let isSame = known.length === tools.length;
  for (const [place, tool] of tools.entries()) {
    // Mostly a tool is where it was.
    const beside = known[place];
    const one = beside?.name === tool.name
      ? beside
      : (byName ??= new Map(known.map((each) => [each.name, each]))).get(tool.name);
    const kept = one !== undefined && isSameJson(one, tool) ? one : tool;
    all.push(kept);
    hashOf("tool", kept);
    isSame &&= kept === beside;
    yield;
  }
  if (isSame && before !== undefined) return before;
  return { all, names: all.map(({ name }) => name), hashes: all.map((tool) => hashOf("tool", tool)) };
}
