import {
  closest,
  didYouMean,
  GatewayError,
  parseToolId,
  type ServerConfig,
  toHint,
  type ToolDefinition,
  type ToolRef,
  toToolId,
} from "../contracts/mod.ts";
import type { Runtime, ServerRecord } from "../runtime/mod.ts";

/** A tool with the server it belongs to. */
export interface KnownTool extends ToolRef {
  readonly id: string;
  readonly definition: ToolDefinition;
  readonly record: ServerRecord;
}

/** Tells whether the lists of an entry allow a tool. */
export function isAllowed(
  server: Pick<ServerConfig, "enabled_tools" | "disabled_tools">,
  tool: string,
): boolean {
  if (server.enabled_tools !== undefined) return server.enabled_tools.includes(tool);
  return !(server.disabled_tools?.includes(tool) ?? false);
}

/** Tells whether an agent may know of a server at all. */
export function isExposed(record: ServerRecord): boolean {
  return record.config.enabled && !record.quarantined;
}

/** Lists every tool an agent may see, servers and tools in a fixed order. */
export function* visibleTools(runtime: Runtime): Generator<KnownTool> {
  for (const [server, record] of runtime.view().servers) {
    if (!isExposed(record)) continue;
    for (const definition of runtime.catalogue.get(server)?.tools ?? []) {
      if (isAllowed(record.config, definition.name)) yield known(server, record, definition);
    }
  }
}

/** Tells whether an agent may see a tool; its definition is not looked at. */
export function isVisible(runtime: Runtime, server: string, tool: string): boolean {
  const record = runtime.view().servers.get(server);
  return record !== undefined && isExposed(record) && isAllowed(record.config, tool) &&
    runtime.catalogue.get(server)?.names.has(tool) === true;
}

/** Looks a tool up as an agent sees it, `undefined` if it is not visible. */
export function findVisible(runtime: Runtime, server: string, tool: string): KnownTool | undefined {
  const record = runtime.view().servers.get(server);
  if (record === undefined || !isExposed(record) || !isAllowed(record.config, tool)) return undefined;
  const definition = runtime.catalogue.get(server)?.byName.get(tool);
  return definition === undefined ? undefined : known(server, record, definition);
}

function known(server: string, record: ServerRecord, definition: ToolDefinition): KnownTool {
  return { server, tool: definition.name, id: toToolId(server, definition.name), definition, record };
}

/**
 * Names the exposed servers whose tools are not known yet, with the reason, so
 * that a short list is never mistaken for a whole one.
 */
export function unlistedServers(runtime: Runtime): { name: string; error: string }[] {
  const unlisted: { name: string; error: string }[] = [];
  for (const [name, record] of runtime.view().servers) {
    if (!isExposed(record) || runtime.catalogue.get(name) !== undefined) continue;
    unlisted.push({
      name,
      error: record.lastError?.message ?? `Tools of server "${name}" are not known yet`,
    });
  }
  return unlisted;
}

/**
 * Reads a tool id.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT if it is not `server:tool`.
 */
export function readToolId(id: unknown): ToolRef {
  const ref = typeof id === "string" ? parseToolId(id) : undefined;
  if (ref !== undefined) return ref;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot read tool name ${JSON.stringify(id)?.slice(0, 200)}: wanted "server:tool"`,
    { remedy: "Take the name from retrieve_tools or mcpproxy tools list, such as github:create_issue" },
  );
}

/** Makes the error for a tool that is not there, with the closest names. */
export function toolNotFound(runtime: Runtime, ref: ToolRef): GatewayError {
  const id = toToolId(ref.server, ref.tool);
  const ids = [...visibleTools(runtime)].map((tool) => tool.id);
  const prefix = toToolId(ref.server, "");
  // Only the names are compared: a long name of the server would make every tool of it look near.
  const names = ids.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length));
  const near = closest(ref.tool, names).map((name) => toToolId(ref.server, name));
  const hint = toHint(near) || toolHint(ref.tool, ids) || (names.length === 0 ? didYouMean(id, ids) : "");
  return new GatewayError("MCPX_TOOL_NOT_FOUND", `Cannot find tool "${id}": no such tool${hint}`, {
    details: { server: ref.server, tool: ref.tool },
  });
}

/** The same tool name on another server, for callers who got only the server wrong. */
function toolHint(tool: string, ids: readonly string[]): string {
  return toHint(ids.filter((id) => id.endsWith(`:${tool}`)).slice(0, 3));
}
