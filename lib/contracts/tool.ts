/**
 * Tools as upstream servers describe them.
 *
 * @module
 */

/** Hints of a tool about itself; claims of the server, never proof. */
export interface ToolAnnotations {
  readonly title?: string;
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
  readonly [key: string]: unknown;
}

/** A tool definition exactly as its server sent it; fields we do not know stay in it. */
export interface ToolDefinition {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
  readonly outputSchema?: Readonly<Record<string, unknown>>;
  readonly annotations?: ToolAnnotations;
  readonly [key: string]: unknown;
}

/** A tool of a named server. */
export interface ServerTool {
  readonly server: string;
  readonly definition: ToolDefinition;
}

/** Which of two parts a tool id names. */
export interface ToolRef {
  readonly server: string;
  readonly tool: string;
}

/** Writes a tool id, `server:tool`. */
export function toToolId(server: string, tool: string): string {
  return `${server}:${tool}`;
}

/**
 * Reads a tool id. The server name has no colon, so the first one separates.
 *
 * @returns `undefined` if either part is empty or the colon is missing.
 */
export function parseToolId(id: string): ToolRef | undefined {
  const colon = id.indexOf(":");
  if (colon <= 0 || colon === id.length - 1) return undefined;
  return { server: id.slice(0, colon), tool: id.slice(colon + 1) };
}

/** How sensitive a caller says that the data of its call is. */
export const SENSITIVITIES = ["public", "internal", "private", "unknown"] as const;

/** The three ways to call a tool, weakest right first. */
export const CALL_VARIANTS = ["read", "write", "destructive"] as const;

/** How a caller declares what a call does. */
export type CallVariant = typeof CALL_VARIANTS[number];

/**
 * Picks the variant that suits a tool: destructive if it says so, write if it
 * says it is not read-only, else read.
 */
export function variantOf(annotations: ToolAnnotations | undefined): CallVariant {
  if (annotations?.destructiveHint === true) return "destructive";
  return annotations?.readOnlyHint === false ? "write" : "read";
}

/** A result of `tools/call`, passed on as the server sent it. */
export interface ToolResult {
  readonly content: readonly { readonly type: string; readonly [key: string]: unknown }[];
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>>;
  readonly [key: string]: unknown;
}
