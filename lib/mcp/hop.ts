/** A request on its way from a client to its method, and the way back. @module */

import type { Caller, ClientPeer, Era } from "../contracts/mod.ts";
import type { Scope } from "../calls/mod.ts";
import type { Clock } from "../platform/mod.ts";
import type { Emit } from "./answer.ts";
import { briefClient } from "./client_words.ts";
import { CLIENT_KEY, relayedParams } from "./era.ts";
import { isRecord, type RpcRequest } from "./jsonrpc.ts";
import type { MethodContext } from "./method.ts";
import type { Session } from "./sessions.ts";
import type { Surface } from "./surface.ts";
import { createThrottle } from "./throttle.ts";

type Params = Readonly<Record<string, unknown>>;

/** Progress beyond this is dropped: a client cannot use it, and it costs everybody. */
const PROGRESS_PER_SECOND = 20;

/** Where requests came from and how they are to be answered. */
export interface Hop {
  readonly caller: Caller;
  readonly requestId: string;
  readonly surface: Surface;
  readonly scope: Scope;
  readonly era: Era;
  readonly session: Session | undefined;
  readonly acceptsStream: boolean;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly isPrimed: boolean;
  /** A header of the request. */
  readonly header: (name: string) => string | null;
  /** Aborted when the client has left; asked for only where that means something. */
  readonly signal: () => AbortSignal;
  readonly asArray?: boolean;
}

/** The way back to the client. */
export interface Channel {
  readonly emit: Emit;
  readonly pause: () => void;
  readonly hop: Hop;
}

/** Makes of a request what its method works with. */
export function contextOf(
  request: RpcRequest,
  controller: AbortController,
  { emit, pause, hop, peer, clock }: Channel & { readonly peer: ClientPeer; readonly clock: Clock },
): MethodContext {
  const { params = {} } = request;
  const token = isRecord(params._meta) ? params._meta.progressToken : undefined;
  return {
    era: hop.era,
    caller: hop.caller,
    requestId: hop.requestId,
    from: fromOf(request, hop),
    surface: hop.surface,
    scope: hop.scope,
    session: hop.session,
    signal: controller.signal,
    emit,
    peer,
    header: hop.header,
    onPause: pause,
    params: relayedParams(params),
    onProgress: typeof token === "string" || typeof token === "number"
      ? progressTo(emit, token, clock)
      : undefined,
  };
}

function progressTo(
  emit: Emit,
  progressToken: string | number,
  clock: Clock,
): (params: Params) => void {
  const may = createThrottle(clock, PROGRESS_PER_SECOND);
  return (params) => {
    if (!may()) return;
    emit({ jsonrpc: "2.0", method: "notifications/progress", params: { ...params, progressToken } });
  };
}

/** What is told of a client; it is the client's own word, and nothing is decided by it. */
function fromOf({ params }: RpcRequest, { session, surface }: Hop): MethodContext["from"] {
  const meta = isRecord(params?._meta) ? params._meta[CLIENT_KEY] : undefined;
  const { name, version } = session?.facts.client ?? briefClient(meta);
  return {
    session: session?.label,
    clientName: name,
    clientVersion: version,
    profile: surface.profile ?? session?.profile,
  };
}
