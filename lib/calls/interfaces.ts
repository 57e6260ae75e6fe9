/**
 * The user interfaces (MCP Apps) that tools name by a `ui://` resource. Two
 * servers may use the same name; then each tool gets one of its own, or its
 * client would show it with the page of another server.
 *
 * @module
 */

import type { ToolDefinition } from "../contracts/mod.ts";
import type { KnownTool } from "./inventory.ts";
import { type ResourceRef, toOwnUri } from "./resources.ts";

type Fields = Readonly<Record<string, unknown>>;

/** URIs of user interfaces that tools name; they need not be in any list. */
export function interfacesOf(tools: Iterable<Pick<KnownTool, "server" | "definition">>): ResourceRef[] {
  const refs: ResourceRef[] = [];
  for (const { server, definition } of tools) {
    for (const uri of urisOf(definition)) refs.push({ server, uri });
  }
  return refs;
}

/** The URIs that tools of more than one server name. */
export function sharedInterfaces(refs: readonly ResourceRef[]): ReadonlySet<string> {
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const { server, uri } of refs) {
    const owner = owners.get(uri);
    if (owner === undefined) owners.set(uri, server);
    else if (owner !== server) shared.add(uri);
  }
  return shared;
}

/** Gives a tool a form of its interface that is its server's alone; the same object if it needs none. */
export function withOwnInterface(
  { server, definition }: Pick<KnownTool, "server" | "definition">,
  shared: ReadonlySet<string>,
): ToolDefinition {
  const { _meta: meta } = definition;
  if (!isRecord(meta) || !urisOf(definition).some((uri) => shared.has(uri))) return definition;
  const own = (uri: unknown) => typeof uri === "string" && shared.has(uri) ? toOwnUri({ server, uri }) : uri;
  const { ui, [FLAT]: flat } = meta;
  return {
    ...definition,
    _meta: {
      ...meta,
      ...(isRecord(ui) && "resourceUri" in ui ? { ui: { ...ui, resourceUri: own(ui.resourceUri) } } : {}),
      ...(flat === undefined ? {} : { [FLAT]: own(flat) }),
    },
  };
}

/** The older place of the same thing. */
const FLAT = "ui/resourceUri";

function urisOf({ _meta: meta }: ToolDefinition): string[] {
  if (!isRecord(meta)) return [];
  const { ui, [FLAT]: flat } = meta;
  return [isRecord(ui) ? ui.resourceUri : undefined, flat].filter((uri) => typeof uri === "string");
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
