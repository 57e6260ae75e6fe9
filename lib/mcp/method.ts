import type { Caller, ClientPeer, Config, Era } from "../contracts/mod.ts";
import type { CallContext, Calls, Relay, Scope } from "../calls/mod.ts";
import type { AgentTools } from "../management/mod.ts";
import type { Emit } from "./answer.ts";
import type { Exposures } from "./exposure.ts";
import type { Session } from "./sessions.ts";
import type { Surface } from "./surface.ts";

/** What the methods work with. */
export interface MethodOptions {
  readonly calls: Calls;
  readonly relay: Relay;
  readonly config: () => Config;
  readonly version: string;
  /** The profile for clients that choose none; `undefined` if there is none. */
  readonly activeProfile: () => string | undefined;
  readonly exposures: Exposures;
  /** Tools by which agents meet the management; none when absent. */
  readonly agentTools?: AgentTools;
}

/** The request in hand. */
export interface MethodContext {
  readonly era: Era;
  readonly caller: Caller;
  readonly requestId: string;
  /** Where the request comes from, for the record of it. */
  readonly from: CallContext["from"];
  readonly signal: AbortSignal;
  readonly emit: Emit;
  readonly surface: Surface;
  readonly scope: Scope;
  /** Legacy clients have one. */
  readonly session: Session | undefined;
  readonly peer: ClientPeer;
  /** A header of the request as it came. */
  readonly header: (name: string) => string | null;
  /** The server lets its answer rest for a while; a client that can come back for it may be let go. */
  readonly onPause: () => void;
  /** The params as the next hop may have them: without what belongs to this hop only. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Gets progress of a server, if the client wants any. */
  readonly onProgress: ((params: Readonly<Record<string, unknown>>) => void) | undefined;
}

/** Carries out one method. */
export type Method = (options: MethodOptions, context: MethodContext, method: string) => unknown;
