/**
 * The gateway's own tools as agents see them.
 *
 * @module
 */

import type { CallVariant, ToolDefinition } from "../contracts/mod.ts";

const text = (description: string) => ({ type: "string", description });
const flag = (description: string) => ({ type: "boolean", description });

const FILTERS = {
  read_only_only: flag("Only tools that say they are read-only"),
  exclude_destructive: flag("Leave out tools that may destroy something"),
  exclude_open_world: flag("Leave out tools that reach outside systems"),
};

const RETRIEVE_TOOLS: ToolDefinition = {
  name: "retrieve_tools",
  title: "Find tools",
  description:
    "Search the tools of all connected servers. Start here: describe the task in a few words, then call a tool from the result with the tool named in its call_with.",
  inputSchema: {
    type: "object",
    properties: {
      query: text("What the tool should do, in natural language"),
      limit: { type: "number", description: "Most results to return (default 15, at most 100)" },
      detail: {
        type: "string",
        enum: ["full", "compact"],
        description: "full gives whole schemas, compact a signature line each",
      },
      max_tokens: { type: "number", description: "Longest answer in tokens: as many results as fit" },
      include_stats: flag("Add how often each tool was used"),
      include_disabled: flag("Add tools that exist but are locked"),
      include_session_risk_warning: flag("Add a warning text when the tools together are risky"),
      debug: flag("Add facts about the search"),
      explain_tool: text("With debug: explain the rank of this server:tool"),
      ...FILTERS,
    },
    required: ["query"],
  },
  annotations: { title: "Find tools", readOnlyHint: true, openWorldHint: false },
};

const DESCRIBE_TOOL: ToolDefinition = {
  name: "describe_tool",
  title: "Describe tools",
  description:
    "Get the whole definition of tools by their ids (server:tool), or with check=true learn whether they could be called now.",
  inputSchema: {
    type: "object",
    properties: {
      tool_ids: { type: "array", items: { type: "string" }, description: "1 to 5 ids; up to 50 with check" },
      check: flag("Only tell whether each tool could be called now"),
      filters: { type: "object", properties: FILTERS, description: "With check: annotation filters" },
    },
    required: ["tool_ids"],
  },
  annotations: { title: "Describe tools", readOnlyHint: true, openWorldHint: false },
};

const VARIANTS: Readonly<
  Record<CallVariant, { title: string; use: string; hints: ToolDefinition["annotations"] }>
> = {
  read: {
    title: "Call a tool that reads",
    use: "that only looks things up: get, list, search, find, read, show, count, check",
    hints: { readOnlyHint: true, openWorldHint: true },
  },
  write: {
    title: "Call a tool that changes",
    use: "that makes or changes something: create, add, update, set, write, send, move, upload",
    hints: { readOnlyHint: false, destructiveHint: false, openWorldHint: true },
  },
  destructive: {
    title: "Call a tool that may destroy",
    use: "that cannot be taken back: delete, remove, drop, kill, overwrite, reset, revoke",
    hints: { readOnlyHint: false, destructiveHint: true, openWorldHint: true },
  },
};

function callTool(variant: CallVariant): ToolDefinition {
  const { title, use, hints } = VARIANTS[variant];
  return {
    name: `call_tool_${variant}`,
    title,
    description:
      `Call a tool found with retrieve_tools ${use}. Take this variant when the tool's call_with says call_tool_${variant}.`,
    inputSchema: {
      type: "object",
      properties: {
        name: text("The tool as server:tool, as retrieve_tools gave it"),
        args: { type: "object", description: "Arguments for the tool", additionalProperties: true },
        args_json: text("Arguments as JSON text, in place of args"),
        intent_data_sensitivity: {
          type: "string",
          enum: ["public", "internal", "private", "unknown"],
          description: "How sensitive the data of this call is",
        },
        intent_reason: text("Why the call is made, at most 1000 characters"),
      },
      required: ["name"],
    },
    annotations: { title, ...hints },
  };
}

const READ_CACHE: ToolDefinition = {
  name: "read_cache",
  title: "Read the rest of a long result",
  description:
    "Read on in a result that was truncated, by the key in its note: page through its records, pick parts with a JSONPath, or find records that hold a text.",
  inputSchema: {
    type: "object",
    properties: {
      key: text("The key from the note"),
      offset: { type: "number", description: "First record to return (default 0)" },
      limit: { type: "number", description: "Most records to return (default 50, at most 1000)" },
      path: text("JSONPath of what to read, such as $.items[?@.size > 5].name"),
      search: text("Only records that hold this text, in upper or lower case"),
    },
    required: ["key"],
  },
  annotations: { title: "Read the rest of a long result", readOnlyHint: true, openWorldHint: false },
};

/** Every tool the gateway itself offers to agents, in a fixed order. */
export const OWN_TOOLS: readonly ToolDefinition[] = [
  RETRIEVE_TOOLS,
  DESCRIBE_TOOL,
  callTool("read"),
  callTool("write"),
  callTool("destructive"),
  READ_CACHE,
];
