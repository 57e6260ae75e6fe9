/**
 * What an endpoint says it can do: what the servers behind it can do, as far
 * as it reaches the client. Pure.
 *
 * @module
 */

import type { Era } from "../contracts/mod.ts";
import type { ServerFacts } from "../calls/mod.ts";
import { isRecord } from "./jsonrpc.ts";

type Capabilities = Readonly<Record<string, unknown>>;

/** What decides the capabilities of an endpoint with several servers. */
export interface CapabilityFacts {
  readonly era: Era;
  readonly servers: readonly ServerFacts[];
  /** Whether the tools of the endpoint change with its servers. */
  readonly toolsChange: boolean;
  /** Whether prompts are offered even if no server has any. */
  readonly ownPrompts: boolean;
  /** Whether prompts of servers are offered. */
  readonly serverPrompts: boolean;
}

/**
 * Unites the capabilities of all servers. A legacy client hears of them once
 * and for all, so a server that is not ready yet counts as able to do anything.
 */
export function unitedCapabilities(facts: CapabilityFacts): Capabilities {
  const { servers, era } = facts;
  const has = (name: string) =>
    servers.some(({ connection }) => connection === undefined || connection.capabilities[name] !== undefined);
  const prompts = facts.ownPrompts || (facts.serverPrompts && has("prompts"));
  return {
    tools: { listChanged: facts.toolsChange },
    ...(prompts ? { prompts: { listChanged: true } } : {}),
    ...(has("resources") ? { resources: { subscribe: true, listChanged: true } } : {}),
    ...(has("completions") ? { completions: {} } : {}),
    ...(has("logging") && era === "legacy" ? { logging: {} } : {}),
    ...extensionsOf(servers),
  };
}

/** Extensions that any server speaks; unknown ones are passed on like known ones. */
function extensionsOf(servers: readonly ServerFacts[]): Capabilities {
  const extensions: Record<string, unknown> = {};
  for (const { connection } of servers) {
    const theirs = connection?.capabilities.extensions;
    if (!isRecord(theirs)) continue;
    for (const [name, value] of Object.entries(theirs)) extensions[name] ??= value;
  }
  return Object.keys(extensions).length > 0 ? { extensions } : {};
}

/** Says what one server can do in the words of the client's era. */
export function mirroredCapabilities(theirs: Capabilities, from: Era, to: Era): Capabilities {
  if (from === to) return theirs;
  if (to === "modern") {
    // Log levels travel with each request there.
    const { logging: _logging, tasks: _tasks, ...rest } = theirs;
    return rest;
  }
  return theirs;
}
