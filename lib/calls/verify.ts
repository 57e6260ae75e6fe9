import {
  type Config,
  GatewayError,
  toMs,
  type ToolDefinition,
  type ToolRef,
  toToolId,
} from "../contracts/mod.ts";
import { openDeadline, untilAborted } from "../platform/mod.ts";
import { type UpstreamConnection, UpstreamRpcError } from "../upstream/mod.ts";
import type { DispatchOptions } from "./context.ts";
import { holdError, offerHoldOf } from "./hold.ts";
import { liveEntry } from "./live_entry.ts";

/** Where a tool is looked at once more, and for whom. */
export interface Verification {
  readonly connection: UpstreamConnection;
  readonly ref: ToolRef;
  /** The call's own. */
  readonly signal: AbortSignal;
}

/** What is known of one connection. */
interface Known {
  /** By tool, when the list was asked for that last showed it as it is accepted. */
  readonly seenAt: Map<string, number>;
  /** The list that is on its way. */
  asking: Promise<Listed> | undefined;
}

interface Listed {
  readonly askedAt: number;
  readonly tools: readonly ToolDefinition[];
}

/** Another connection may show other tools, so what was seen goes with it. */
const KNOWN = new WeakMap<UpstreamConnection, Known>();

/** Tells whether tools of a server are looked at before they are called; every call asks. */
export function isVerified(config: Config, server: string): boolean {
  return liveEntry(config, server)?.verify_on_call ?? config.verify_on_call;
}

/** How old a look may be; `Infinity` for one that lasts as long as the connection. */
function maxAgeOf(config: Config, server: string): number {
  return toMs(liveEntry(config, server)?.verify_max_age ?? config.verify_max_age) || Infinity;
}

/**
 * Asks a server for its list before the first call of a tool on a connection,
 * and again once that is too long ago. Calls that come together share a list.
 *
 * @param known The definition that the last list of the server had.
 * @returns The definition as the server shows it now, which is accepted.
 * @throws {GatewayError} As a call of a tool that is held, or gone; and what keeps the server from listing.
 */
export async function verifiedTool(
  options: DispatchOptions,
  { connection, ref, signal }: Verification,
  known: ToolDefinition,
): Promise<ToolDefinition> {
  const maxAgeMs = maxAgeOf(options.config(), ref.server);
  const { clock } = options.platform;
  const seen = KNOWN.get(connection) ?? { seenAt: new Map(), asking: undefined };
  KNOWN.set(connection, seen);
  const seenAt = seen.seenAt.get(ref.tool);
  if (seenAt !== undefined && clock.monotonic() - seenAt < maxAgeMs) return known;
  seen.asking ??= list(options, connection, ref.server).finally(() => seen.asking = undefined);
  const { askedAt, tools } = await untilAborted(signal, seen.asking);
  const fresh = await acceptedIn(options, ref, tools);
  seen.seenAt.set(ref.tool, askedAt);
  return fresh;
}

/** Nobody's call ends a list that others wait for; only its own time does. */
async function list(
  { config, platform: { clock } }: DispatchOptions,
  connection: UpstreamConnection,
  server: string,
): Promise<Listed> {
  const now = config();
  const timeoutMs = toMs(liveEntry(now, server)?.init_timeout ?? now.init_timeout) || Infinity;
  const askedAt = clock.monotonic();
  using deadline = openDeadline(clock, timeoutMs, {
    onExpired: () => cannotCheck(server, `it gave no list within ${timeoutMs / 1000} s`),
  });
  try {
    return { askedAt, tools: await connection.listTools(deadline.signal) };
  } catch (error) {
    if (!(error instanceof UpstreamRpcError)) throw error;
    throw cannotCheck(server, `it refuses to list them, with error ${error.code}`);
  }
}

/** What has changed is decided about, and held, before anything else happens. */
async function acceptedIn(
  { runtime }: DispatchOptions,
  { server, tool }: ToolRef,
  tools: readonly ToolDefinition[],
): Promise<ToolDefinition> {
  const { trust } = runtime;
  const fresh = tools.find(({ name }) => name === tool);
  if (fresh !== undefined && trust.isAccepted(server, "tool", tool, fresh)) return fresh;
  relist(runtime, server);
  if (fresh === undefined) throw gone(server, tool);
  await trust.review(runtime.server(server).config, "tool", tools);
  if (trust.isAccepted(server, "tool", tool, fresh)) return fresh;
  const hold = { server, kind: "tool", name: tool } as const;
  throw holdError(offerHoldOf(runtime, hold) ?? "changed", hold);
}

/** Lists and searches follow; a connection of one client, or one that has just ended, has none to be made anew. */
function relist(runtime: DispatchOptions["runtime"], server: string): void {
  try {
    runtime.relist(server);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
  }
}

function gone(server: string, tool: string): GatewayError {
  const id = toToolId(server, tool);
  return new GatewayError(
    "MCPX_TOOL_NOT_FOUND",
    `Cannot call tool "${id}": its server does not list it now`,
    {
      details: { server, tool },
    },
  );
}

function cannotCheck(server: string, why: string): GatewayError {
  return new GatewayError(
    "MCPX_UPSTREAM_PROTOCOL",
    `Cannot look at the tools of server "${server}" before a call: ${why}`,
    { remedy: '"verify_on_call": false in its entry calls them without a look', details: { server } },
  );
}
