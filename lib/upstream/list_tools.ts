import { GatewayError, type ToolDefinition } from "../contracts/mod.ts";
import type { Rpc } from "./rpc.ts";

/** Bounds of one list. */
export interface ListLimits {
  readonly maxPages: number;
  readonly maxTools: number;
  readonly maxListBytes: number;
}

/** What a list is made with. */
export interface ListOptions {
  readonly name: string;
  readonly limits: ListLimits;
  readonly signal: AbortSignal | undefined;
  /** Gets a line for each tool that had to be left out. */
  readonly onNote: (line: string) => void;
}

/**
 * Lists all tools, page by page. A tool without name or input schema is left
 * out with a note; it does not take the others with it.
 *
 * @throws {GatewayError} MCPX_UPSTREAM_PROTOCOL if the list has no end or no list in it.
 */
export async function listAllTools(rpc: Rpc, options: ListOptions): Promise<ToolDefinition[]> {
  const { name, limits, signal } = options;
  const tools = new Map<string, ToolDefinition>();
  const cursors = new Set<string>();
  let bytes = 0;
  let cursor: string | undefined;
  do {
    const page = await rpc.request("tools/list", cursor === undefined ? {} : { cursor }, { signal });
    const { tools: listed, nextCursor } = (page ?? {}) as Record<string, unknown>; // read field by field below
    if (!Array.isArray(listed)) throw broken(name, "its tool list is not a list");
    for (const tool of listed) {
      // Two tools of one name cannot be told apart; the first stays.
      if (isTool(tool) && !tools.has(tool.name)) tools.set(tool.name, tool);
      else options.onNote(`[mcpproxy] left out a tool of the list: ${JSON.stringify(tool)?.slice(0, 200)}`);
    }
    bytes += JSON.stringify(listed).length;
    cursor = typeof nextCursor === "string" && nextCursor !== "" ? nextCursor : undefined;
    if (cursor !== undefined && cursors.has(cursor)) {
      throw broken(name, "its tool list goes round in circles");
    }
    if (cursor !== undefined) cursors.add(cursor);
    if (tools.size > limits.maxTools) throw broken(name, `it lists more than ${limits.maxTools} tools`);
    if (bytes > limits.maxListBytes) throw broken(name, `its tool list is over ${limits.maxListBytes} bytes`);
    if (cursors.size >= limits.maxPages) {
      throw broken(name, `its tool list has more than ${limits.maxPages} pages`);
    }
  } while (cursor !== undefined);
  return [...tools.values()];
}

function isTool(value: unknown): value is ToolDefinition {
  if (typeof value !== "object" || value === null || !("name" in value) || !("inputSchema" in value)) {
    return false;
  }
  const { name, inputSchema } = value;
  const isNamed = typeof name === "string" && name.length > 0 && name.length <= 256;
  const description = "description" in value ? value.description : undefined;
  const isDescribed = description === undefined || typeof description === "string";
  const annotations = "annotations" in value ? value.annotations : undefined;
  const isAnnotated = annotations === undefined || (typeof annotations === "object" && annotations !== null);
  return isNamed && isDescribed && isAnnotated && typeof inputSchema === "object" && inputSchema !== null;
}

function broken(name: string, what: string): GatewayError {
  return new GatewayError("MCPX_UPSTREAM_PROTOCOL", `Cannot list tools of server "${name}": ${what}`);
}
