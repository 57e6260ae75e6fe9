import { createHash } from "node:crypto";
import { type Caller, GatewayError, toMs, type ToolDefinition, toToolId } from "../../contracts/mod.ts";
import { openDeadline } from "../../platform/mod.ts";
import { showControls, toCanonicalJson } from "../../security/mod.ts";
import type { CallContext, DispatchOptions } from "../context.ts";
import { clientOf } from "../discoveries.ts";
import { variantFor } from "../intent.ts";
import type { Consent, FlowCall, Flows } from "./flows.ts";

/** A call that is about to be sent, or a request whose answer has come. */
export interface FlowSubject {
  readonly server: string;
  /** Absent for what is no tool: prompts and resources are somebody's text, whoever they are from. */
  readonly definition?: ToolDefinition;
  readonly context: CallContext;
}

/** A call that may carry elsewhere what its agent has read. */
export interface FlowingCall {
  readonly call: {
    readonly server: string;
    readonly tool: string;
    readonly args: Readonly<Record<string, unknown>>;
  };
  readonly sources: readonly string[];
  readonly context: CallContext;
}

const NOTHING: readonly string[] = [];
/** A call that is sent once more needs no second consent. */
const PASSED = new WeakSet<object>();

/**
 * Names the servers whose text the agent of a call has read, if the call
 * writes to another one; empty if nothing is to be done. Every call asks.
 */
export function flowSources(
  { config, flows }: Pick<DispatchOptions, "config" | "flows">,
  { server, definition, context }: FlowSubject,
): readonly string[] {
  const now = config();
  if (flows === undefined || now.session_flow.policy === "off" || !isAgent(context.caller)) return NOTHING;
  if (variantFor(definition?.annotations, now.intent_declaration) === "read") return NOTHING;
  return flows.sources(clientOf(context), server);
}

/** Notes that text of a server has reached an agent. Every answer comes by here. */
export function noteHeard(
  { config, flows }: Pick<DispatchOptions, "config" | "flows">,
  { server, definition, context }: FlowSubject,
): void {
  const { policy, trusted_sources: trusted } = config().session_flow;
  if (flows === undefined || policy === "off" || !isAgent(context.caller)) return;
  if (definition?.annotations?.openWorldHint === false || trusted.includes(server)) return;
  flows.heard(clientOf(context), server);
}

/** People call by command line, page or REST with the admin's right, and need not ask themselves. */
function isAgent({ surface, role }: Caller): boolean {
  return surface === "mcp" || role === "agent";
}

/**
 * Lets a call through that writes elsewhere after its agent has read text of
 * others: at once, or with the consent of a person.
 *
 * @throws {GatewayError} MCPX_FLOW_BLOCKED, MCPX_CONSENT_REQUIRED.
 */
export async function passFlow(options: DispatchOptions, flowing: FlowingCall): Promise<void> {
  const { call, sources, context } = flowing;
  const { flows } = options;
  if (flows === undefined || PASSED.has(call)) return;
  const { policy, ask_client: asksClient } = options.config().session_flow;
  context.track?.notes({ session_flow: { policy, sources } });
  if (policy === "annotate") return;
  if (policy === "block") throw blocked(flowing, "the config allows no writing after that");
  const flowCall = toFlowCall(flowing);
  let word = flows.take(flowCall);
  if (word === undefined) {
    const consent = flows.want(flowCall, await shownOf(options, flowing));
    if (!asksClient || !await askedOfClient(options, { flows, consent, flowing })) {
      throw required(flowing, consent);
    }
    word = flows.take(flowCall);
  }
  if (word !== "allowed") throw blocked(flowing, "a person has refused this call");
  PASSED.add(call);
}

function toFlowCall({ call, sources, context }: FlowingCall): FlowCall {
  const digest = createHash("sha256").update(toCanonicalJson(call.args)).digest("hex");
  return { agent: clientOf(context), server: call.server, tool: call.tool, digest, sources };
}

/** Longest text of arguments that a person is shown. */
const MAX_SHOWN = 4_000;

async function shownOf(
  { inspector }: DispatchOptions,
  { call, context: { caller, from } }: FlowingCall,
): Promise<Pick<Consent, "who" | "args">> {
  const clean = inspector === undefined ? call.args : await inspector.clean(call.args);
  const text = JSON.stringify(clean);
  const args = text.length <= MAX_SHOWN ? clean : `${text.slice(0, MAX_SHOWN)}…`;
  return { args, who: { caller: caller.label, clientName: from?.clientName, session: from?.session } };
}

interface ClientQuestion {
  readonly flows: Flows;
  readonly consent: Consent;
  readonly flowing: FlowingCall;
}

const ANSWERS = { "this call": "once", "this session": "session", "no": "denied" } as const;

/** Has the client ask its user. @returns Whether there was an answer; without one it is as if nobody was asked. */
async function askedOfClient(
  { config, platform: { clock } }: DispatchOptions,
  { flows, consent, flowing: { context: { peer, signal } } }: ClientQuestion,
): Promise<boolean> {
  if (peer?.capabilities.elicitation === undefined) return false;
  using deadline = openDeadline(clock, toMs(config().call_tool_timeout) || Infinity, {
    parent: signal,
    onExpired: () => new DOMException("The client has not answered", "TimeoutError"),
  });
  try {
    const answer = await peer.request("elicitation/create", toQuestion(consent), { signal: deadline.signal });
    flows.decide(consent.id, readAnswer(answer));
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

function toQuestion({ server, tool, sources, args }: Consent): unknown {
  const what = showControls(toToolId(server, tool.slice(0, 300)));
  return {
    message: `The agent has read text from ${
      sources.join(", ")
    } and wants to call ${what}, which writes, with ${showControls(JSON.stringify(args))}. Allow it?`,
    requestedSchema: {
      type: "object",
      properties: { allow: { type: "string", title: "Allow", enum: Object.keys(ANSWERS) } },
      required: ["allow"],
    },
  };
}

/** Whatever is no clear yes is a no. */
function readAnswer(answer: unknown): "once" | "session" | "denied" {
  const { action, content } = Object(answer) as Readonly<Record<string, unknown>>; // each is looked at
  const allow: unknown = Object(content).allow;
  if (action !== "accept" || typeof allow !== "string" || !Object.hasOwn(ANSWERS, allow)) return "denied";
  return ANSWERS[allow as keyof typeof ANSWERS]; // just found among them
}

function required({ call, sources }: FlowingCall, { id }: Consent): GatewayError {
  return new GatewayError(
    "MCPX_CONSENT_REQUIRED",
    `Cannot call tool "${toToolId(call.server, call.tool)}": this session has read text from ${
      quoted(sources)
    }, and writing elsewhere then takes the consent of a person`,
    {
      remedy: `A person types: mcpproxy consent allow ${id}; then repeat the call as it is`,
      details: { consent_id: id, server: call.server, tool: call.tool, sources },
    },
  );
}

function blocked({ call, sources }: FlowingCall, why: string): GatewayError {
  return new GatewayError(
    "MCPX_FLOW_BLOCKED",
    `Cannot call tool "${toToolId(call.server, call.tool)}": this session has read text from ${
      quoted(sources)
    }, and ${why}`,
    { details: { server: call.server, tool: call.tool, sources } },
  );
}

const MAX_NAMED = 5;

function quoted(servers: readonly string[]): string {
  const named = servers.slice(0, MAX_NAMED).map((name) => `"${name}"`).join(", ");
  return servers.length > MAX_NAMED ? `${named} and ${servers.length - MAX_NAMED} more` : named;
}
