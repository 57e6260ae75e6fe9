import {
  CALL_VARIANTS,
  type CallVariant,
  closest,
  GatewayError,
  toGatewayError,
  toHint,
  type ToolDefinition,
  type ToolResult,
  toToolId,
} from "../contracts/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import type { ToolFinder, ToolIndex } from "../search/mod.ts";
import { OWN_TOOLS } from "./definitions.ts";
import { describeTools } from "./describe.ts";
import type { CallContext, DispatchOptions } from "./context.ts";
import { clientOf } from "./discoveries.ts";
import { dispatchCall } from "./dispatch.ts";
import { type Intent, parseIntent } from "./intent.ts";
import { isVisible, readToolId } from "./inventory.ts";
import { isTurnedAway } from "./limited.ts";
import { wholeListCost } from "./list_cost.ts";
import { readLongResult, shapeForAgent } from "./long_results.ts";
import { type ShownTools, toErrorResult } from "./outcome.ts";
import { readCallArguments } from "./params.ts";
import { retrieveTools } from "./retrieve.ts";
import { narrow } from "./scope.ts";
import type { TokenLedger } from "./token_statistics.ts";
import type { TrackSubject } from "./call_watch.ts";
import { CallTrack } from "./track.ts";

type Arguments = Readonly<Record<string, unknown>>;

/** The call pipeline: the gateway's own tools and the tools of servers. */
export interface Calls {
  /** The gateway's own tools. */
  readonly ownTools: readonly ToolDefinition[];
  /** Tells whether a name is one of the gateway's own tools. */
  isOwn(name: string): boolean;
  /**
   * Calls one of the gateway's own tools.
   *
   * @returns Always a result; a refusal or failure has `isError: true`.
   * @throws {GatewayError} MCPX_TOOL_NOT_FOUND if there is no own tool of this name.
   */
  callOwn(name: string, args: Arguments, context: CallContext): Promise<ToolResult>;
  /**
   * Calls a server's tool by its id. Without a variant the caller declares
   * nothing, and whatever suits the tool is taken.
   */
  callTool(id: string, args: Arguments, context: CallContext, declared?: Declared): Promise<ToolResult>;
  /** Carries out what a surface does by itself, such as a tool of its own, and puts it on record. */
  watch<T>(subject: TrackSubject, context: CallContext, work: () => T | Promise<T>): Promise<T>;
  /** Puts a request on record that came to nothing before any server had a part in it. */
  failed(subject: TrackSubject, context: CallContext, error: unknown): void;
}

/** What a caller says of its call. */
export interface Declared {
  readonly variant?: CallVariant;
  readonly intent?: Pick<Intent, "sensitivity" | "reason">;
}

/** What the pipeline is built from. */
export interface CallsOptions extends DispatchOptions {
  readonly index: ToolIndex;
  /** Finds with more than words; the index alone when absent. */
  readonly finder?: ToolFinder;
  /** Keeps account of tokens; nothing is kept when absent. */
  readonly ledger?: TokenLedger;
}

/** What a call of each of these tools declares. */
const VARIANTS: ReadonlyMap<string, CallVariant> = new Map(
  CALL_VARIANTS.map((variant) => [`call_tool_${variant}`, variant]),
);

/** Creates the pipeline. */
export function createCalls(options: CallsOptions): Calls {
  const names = new Set(OWN_TOOLS.map(({ name }) => name));
  return {
    ownTools: OWN_TOOLS,
    isOwn: (name) => names.has(name),
    callOwn: (name, args, context) => guarded(context, () => callOwn(options, name, args, context)),
    watch: (subject, context, work) => watched(options, subject, context, work),
    failed: (subject, context, error) => new CallTrack(options, subject, context).fail(error),
    callTool: (id, args, context, declared = {}) =>
      guarded(context, () => callTool(options, { id, args, ...declared }, context)),
  };
}

async function callOwn(
  options: CallsOptions,
  name: string,
  args: Arguments,
  context: CallContext,
): Promise<ToolResult> {
  if (name === "retrieve_tools" || name === "describe_tool") {
    return await watched(options, toSubject(name, args), context, async () => {
      const runtime = narrow(options.runtime, context.scope);
      const found = name === "retrieve_tools"
        ? await retrieveTools({ ...options, runtime, counter: options.ledger?.counter }, args)
        : describeTools({ ...options, runtime }, args, context.requestId);
      noteSearch(options, { args, found, runtime, context });
      return found.result;
    });
  }
  if (name === "read_cache") {
    return await watched(
      options,
      toSubject(name, args),
      context,
      (watching) => readLongResult(options, args, watching),
    );
  }
  const variant = VARIANTS.get(name);
  if (variant === undefined) {
    const error = unknownTool(name, narrow(options.runtime, context.scope));
    new CallTrack(options, toSubject(name, args), context).fail(error);
    throw error;
  }
  const call = readable(options, { name, args, context }, () => {
    const intent = parseIntent(variant, args);
    return { ...readToolId(args.name), variant, intent, args: readCallArguments(args) };
  });
  options.ledger?.discoveries.called(clientOf(context), toToolId(call.server, call.tool), "found");
  const result = await dispatchCall(options, call, context);
  return shapeForAgent(options, result, { server: call.server, tool: call.tool, context });
}

interface OwnCall {
  readonly name: string;
  readonly args: Arguments;
  readonly context: CallContext;
}

function toSubject(name: string, args: Arguments): TrackSubject {
  return { type: "internal_tool_call", tool_name: name, arguments: args };
}

/** Carries out what the gateway does itself, and puts it on record. */
async function watched<T>(
  options: CallsOptions,
  subject: TrackSubject,
  context: CallContext,
  work: (watching: CallContext) => T | Promise<T>,
): Promise<T> {
  const track = new CallTrack(options, subject, context);
  track.allowed();
  track.sent();
  try {
    const result = await work({ ...context, track });
    track.end(result);
    return result;
  } catch (thrown) {
    track.fail(thrown);
    throw thrown;
  }
}

/** What cannot be read calls no tool of a server; then the mistaken call itself is put on record. */
function readable<T>(options: CallsOptions, { name, args, context }: OwnCall, read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    new CallTrack(options, toSubject(name, args), context).fail(thrown);
    throw thrown;
  }
}

function noteSearch(
  { ledger }: CallsOptions,
  { args, found: { result, shown }, runtime, context }: {
    readonly args: Arguments;
    readonly found: ShownTools;
    readonly runtime: Runtime;
    readonly context: CallContext;
  },
): void {
  if (ledger === undefined) return;
  const answer = result.content[0]?.["text"];
  ledger.discoveries.searched({
    client: clientOf(context),
    query: JSON.stringify(args),
    answer: typeof answer === "string" ? answer : "",
    tools: shown,
    listed: wholeListCost(runtime),
  });
}

async function callTool(
  options: CallsOptions,
  call: Declared & { readonly id: string; readonly args: Arguments },
  context: CallContext,
): Promise<ToolResult> {
  const { id: name, args, variant, intent } = call;
  const ref = readable(options, { name, args, context }, () => readToolId(name));
  return await dispatchCall(options, { ...ref, variant, intent, args }, context);
}

/** Wrong parameters are answered like any failed call: an agent reads results, not transport errors. */
async function guarded(context: CallContext, work: () => Promise<ToolResult>): Promise<ToolResult> {
  try {
    return await work();
  } catch (thrown) {
    if (context.signal.aborted) throw thrown;
    const error = toGatewayError(thrown);
    if (error.code === "MCPX_TOOL_NOT_FOUND" && error.details.own === true) throw error;
    if (isTurnedAway(error, context)) throw error;
    return toErrorResult(error, { requestId: context.requestId });
  }
}

function unknownTool(name: string, runtime: Runtime): GatewayError {
  const near = closest(name, OWN_TOOLS.map((tool) => tool.name));
  const ofServers = serversWith(runtime, name).map((server) => toToolId(server, name));
  const hint = toHint(ofServers) || toHint(near.slice(0, 1));
  return new GatewayError(
    "MCPX_TOOL_NOT_FOUND",
    `Cannot find tool "${name.slice(0, 200)}": it is none of the gateway's own tools, and tools of servers ` +
      `are named server:tool${hint}`,
    {
      remedy:
        "A tool of a server is called by server:tool, see mcpproxy tools list; agents do so with call_tool_read, call_tool_write or call_tool_destructive",
      details: { own: true },
    },
  );
}

/** The first servers that have a tool of this very name. */
function serversWith(runtime: Runtime, name: string): string[] {
  return [...runtime.view().servers.keys()].filter((server) => isVisible(runtime, server, name)).slice(0, 3);
}
