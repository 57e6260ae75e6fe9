import type { ToolDefinition } from "../contracts/mod.ts";
import { type IntentRules, variantFor } from "./intent.ts";
import type { KnownTool } from "./inventory.ts";
import { briefOf, signatureOf } from "./signature.ts";

/** A search result with everything an agent needs for the call. */
export interface FullEntry {
  readonly name: string;
  readonly server: string;
  readonly description: string;
  readonly inputSchema: ToolDefinition["inputSchema"];
  readonly annotations?: ToolDefinition["annotations"];
  readonly call_with: string;
  readonly score?: number;
}

/** Writes a tool with its whole schema. */
export function toFullEntry(tool: KnownTool, rules: IntentRules, score?: number): FullEntry {
  const { description, inputSchema, annotations } = tool.definition;
  return {
    name: tool.id,
    description: description ?? "",
    inputSchema,
    ...(score === undefined ? {} : { score }),
    server: tool.server,
    ...(annotations === undefined ? {} : { annotations }),
    call_with: callWith(tool.definition, rules),
  };
}

/** Writes a tool as one signature line. */
export function toCompactEntry(tool: KnownTool, rules: IntentRules, score: number) {
  const { sig, lossy } = signatureOf(tool.definition);
  return {
    id: tool.id,
    score,
    sig,
    desc: briefOf(tool.definition.description),
    lossy,
    call_with: callWith(tool.definition, rules),
  };
}

/** Names the tool of ours with which a server's tool is to be called. */
export function callWith(definition: ToolDefinition, rules: IntentRules): string {
  return `call_tool_${variantFor(definition.annotations, rules)}`;
}
