/**
 * What is passed on between one server and its clients, without what nobody
 * has accepted: lists lose such entries, and requests for them are refused.
 *
 * @module
 */

import { type ConnectionFacts, reviewInstructions, type Runtime } from "../runtime/mod.ts";
import { holdError, offerHoldOf } from "./hold.ts";

type Json = Readonly<Record<string, unknown>>;

/** A request, as far as it matters here. */
export interface AcceptedRequest {
  readonly server: string;
  readonly method: string;
  readonly params: Json;
}

const LISTS = {
  "tools/list": { kind: "tool", key: "tools", offers: undefined },
  "prompts/list": { kind: "prompt", key: "prompts", offers: "prompts" },
  "resources/list": { kind: "resource", key: "resources", offers: "resources" },
  "resources/templates/list": {
    kind: "resource_template",
    key: "resourceTemplates",
    offers: "resourceTemplates",
  },
} as const;

type ListMethod = keyof typeof LISTS;

/** How a server is asked for a whole list. */
export type ListWhole = (
  offers: "prompts" | "resources" | "resourceTemplates",
) => Promise<readonly Json[]>;

/**
 * Leaves out of a list what is not accepted; the same object if that is nothing.
 *
 * A page is no list: before the first one the server is asked for all of them,
 * so that the person who has let the server in has let them all in.
 */
export async function acceptedList(
  runtime: Runtime,
  { server, method, params }: AcceptedRequest,
  result: unknown,
  listWhole: ListWhole,
): Promise<unknown> {
  if (!Object.hasOwn(LISTS, method) || !isRecord(result)) return result;
  const { kind, key, offers } = LISTS[method as ListMethod]; // just found among its keys
  const entries = result[key];
  if (!Array.isArray(entries)) return result;
  const { trust } = runtime;
  const { config } = runtime.server(server);
  const isWhole = params.cursor === undefined && result.nextCursor === undefined;
  if (!isWhole && offers !== undefined && !trust.hasStarted(server, kind)) {
    await trust.review(config, kind, await listWhole(offers));
  }
  const known = entries.filter(isRecord);
  const mayBeFirst = kind !== "tool" || trust.hasStarted(server, kind);
  if (mayBeFirst) await trust.review(config, kind, known, { isWhole: isWhole && kind !== "tool" });
  const kept = known.filter((entry) => {
    const name = nameOf(kind, entry);
    return name !== undefined && trust.isAccepted(server, kind, name, entry);
  });
  return kept.length === entries.length ? result : { ...result, [key]: kept };
}

function nameOf(kind: typeof LISTS[ListMethod]["kind"], entry: Json): string | undefined {
  const name = entry[kind === "resource" ? "uri" : kind === "resource_template" ? "uriTemplate" : "name"];
  return typeof name === "string" ? name : undefined;
}

/**
 * Refuses a request for something that is held.
 *
 * @throws {GatewayError} MCPX_QUARANTINE_PENDING_APPROVAL, MCPX_QUARANTINE_TOOL_CHANGED or MCPX_TOOL_BLOCKED.
 */
export async function refuseHeld(
  runtime: Runtime,
  { server, method, params }: AcceptedRequest,
  listWhole: ListWhole,
): Promise<void> {
  const named = namedIn(method, params);
  if (named === undefined) return;
  const { trust } = runtime;
  if (named.kind === "prompt" && !trust.hasStarted(server, "prompt")) {
    await trust.review(runtime.server(server).config, "prompt", await listWhole("prompts"));
  }
  const status = offerHoldOf(runtime, { server, ...named });
  if (status !== undefined) throw holdError(status, { server, ...named });
}

function namedIn(method: string, params: Json) {
  const ref = method === "completion/complete" && isRecord(params.ref) ? params.ref : params;
  const isPrompt = method === "prompts/get" || ref.type === "ref/prompt";
  if (isPrompt) return typeof ref.name === "string" ? { kind: "prompt", name: ref.name } as const : undefined;
  if (ref.type === "ref/resource") return namedUri("resource_template", ref.uri);
  if (method === "resources/read" || method === "resources/subscribe") {
    return namedUri("resource", params.uri);
  }
  return undefined;
}

function namedUri<K extends "resource" | "resource_template">(kind: K, uri: unknown) {
  return typeof uri === "string" ? { kind, name: uri } : undefined;
}

/** Facts of a server with its instructions only if they are accepted. */
export async function withAcceptedWords(
  runtime: Runtime,
  server: string,
  facts: ConnectionFacts,
): Promise<ConnectionFacts> {
  const { instructions: text } = facts;
  if (text === undefined) return facts;
  await reviewInstructions(runtime.trust, runtime.server(server).config, text);
  const isAccepted = runtime.trust.isAccepted(server, "instructions", "instructions", { text });
  return isAccepted ? facts : { ...facts, instructions: undefined };
}

function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
