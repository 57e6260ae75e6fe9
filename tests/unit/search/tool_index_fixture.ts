import type { ToolDefinition } from "../../../lib/contracts/mod.ts";
import { openToolIndex, type ToolIndex } from "../../../lib/search/mod.ts";

export function tool(
  name: string,
  description = "",
  properties: Record<string, unknown> = {},
): ToolDefinition {
  return { name, description, inputSchema: { type: "object", properties } };
}

export function ids(index: ToolIndex, query: string, limit = 10): string[] {
  return index.search(query, { limit }).map((hit) => `${hit.server}:${hit.tool}`);
}

export function openSample(): ToolIndex {
  const index = openToolIndex();
  index.replaceServer("github", [
    tool("create_issue", "Open a new issue in a repository", {
      repo: { description: "Name of the repository" },
    }),
    tool("listPullRequests", "Shows pull requests"),
    tool("search_code", "Find code"),
  ]);
  index.replaceServer("files", [
    tool("read_file", "Read the text of a file", { path: { type: "string" } }),
    tool("write_file", "Replace the text of a file"),
    tool("create_directory", "Make a folder"),
  ]);
  return index;
}
