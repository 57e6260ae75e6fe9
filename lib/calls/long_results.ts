import { toMs, type ToolRef, type ToolResult } from "../contracts/mod.ts";
import type { CallContext, DispatchOptions } from "./context.ts";
import { findVisible } from "./inventory.ts";
import {
  type CachedResult,
  createResultCache,
  readCache,
  type ResultCache,
  shapeResult,
} from "./large/mod.ts";
import { narrow } from "./scope.ts";

type Arguments = Readonly<Record<string, unknown>>;
type Options = Pick<DispatchOptions, "config" | "runtime" | "results">;

const MB = 1024 * 1024;

/** Creates the cache that the config asks for. */
export function createResults(options: Pick<DispatchOptions, "platform" | "config">): ResultCache {
  const { platform: { clock, random }, config } = options;
  return createResultCache({
    clock,
    random,
    limits: () => {
      const { tool_response_cache_mb: size, tool_response_cache_ttl: ttl } = config();
      return { maxBytes: size * MB, ttlMs: toMs(ttl) };
    },
  });
}

/** Shortens the result of a call that was made through the gateway's own tools. */
export function shapeForAgent(
  { config, results }: Options,
  result: ToolResult,
  { server, tool, context }: ToolRef & { readonly context: CallContext },
): ToolResult {
  if (results === undefined) return result;
  const { tool_response_limit: limit } = config();
  const whose = { server, tool, ...ownerOf(context) };
  return shapeResult(result, { ...whose, limit, cache: results, keepStructured: false });
}

function ownerOf({ caller, requestId }: CallContext) {
  return { owner: caller.label, requestId };
}

/**
 * Shortens the result of a tool that was called by its direct name, where the
 * config asks for that. Content that the tool's schema promises stays.
 */
export function shapeDirect(
  { config, runtime, results }: Options,
  result: ToolResult,
  { server, tool, context }: ToolRef & { readonly context: CallContext },
): ToolResult {
  const limit = config().tool_response_limit_direct;
  if (results === undefined || limit === 0) return result;
  const schema = runtime.catalogue.get(server)?.byName.get(tool)?.outputSchema;
  const whose = { server, tool, ...ownerOf(context) };
  return shapeResult(result, { ...whose, limit, cache: results, keepStructured: schema !== undefined });
}

/**
 * Reads a part of a result that was shortened. Whoever may not call its tool
 * any more, or is not the one who called it, finds nothing.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT for a wrong parameter or a key that is none.
 */
export function readLongResult(
  { config, runtime, results }: Options,
  args: Arguments,
  context: CallContext,
): ToolResult {
  const within = narrow(runtime, context.scope);
  const find = (key: string): CachedResult | undefined => {
    const found = results?.get(key, context.caller.label);
    if (found === undefined || findVisible(within, found.server, found.tool) === undefined) return undefined;
    if (found.requestId !== undefined) context.track?.partOf(found.requestId);
    return found;
  };
  const { tool_response_limit: limit, tool_response_limit_direct: direct } = config();
  return readCache({ find, limit: limit || direct }, args);
}
