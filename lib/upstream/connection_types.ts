import type {
  ClientPeer,
  Era,
  GatewayError,
  PeerMessage,
  ServerConfig,
  ToolDefinition,
} from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import type { ListLimits, Offer, OfferKind } from "./list_tools.ts";
import type { StopGrace } from "./process_group.ts";
import type { RequestOptions } from "./request_options.ts";
import type { Transport } from "./transport.ts";

/** What a connection is opened with. */
export interface UpstreamOptions {
  readonly platform: Platform;
  /** With its secrets resolved. */
  readonly server: ServerConfig;
  /** The whole environment of a stdio server. */
  readonly environment: Readonly<Record<string, string>>;
  /** Working directory of a stdio server. */
  readonly cwd: string | undefined;
  /** Gives the attempt up; nothing of it is left behind. */
  readonly signal: AbortSignal;
  /** Longest time for start and handshake. */
  readonly timeoutMs: number;
  readonly clientInfo: { readonly name: string; readonly version: string };
  /** What a server is told that its clients can do; nothing when absent. */
  readonly clientCapabilities?: Readonly<Record<string, unknown>>;
  /** The one client of the connection, where it has only one. */
  readonly peer?: ClientPeer;
  /** The era the server spoke the last time. */
  readonly lastEra?: Era;
  /** What the server says to nobody in particular. */
  readonly onNotification: (message: PeerMessage) => void;
  /** Lines for the log of the server. */
  readonly onStderr: (line: string) => void;
  /** Called once if the connection ends by itself. */
  readonly onClosed: (failure: GatewayError) => void;
  readonly limits?: Partial<ListLimits>;
  readonly stopGraceMs?: StopGrace;
}

/** An open connection to one server. */
export interface UpstreamConnection extends AsyncDisposable {
  readonly wire: Transport["wire"];
  readonly era: Era;
  readonly protocolVersion: string;
  readonly serverInfo: Readonly<Record<string, unknown>>;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | undefined;
  /** Process id of a stdio server. */
  readonly pid: number | undefined;
  /** All tools; none for a server that has no tools. */
  listTools(signal?: AbortSignal): Promise<ToolDefinition[]>;
  /** All prompts, resources or templates; none for a server that has none. */
  listOffers(kind: OfferKind, signal?: AbortSignal): Promise<Offer[]>;
  /** Hears of changes of a resource, until told otherwise. */
  subscribe(uri: string): Promise<void>;
  unsubscribe(uri: string): Promise<void>;
  /** Tells the server something; a wire that fails then says so by itself. */
  notify(method: string, params?: Readonly<Record<string, unknown>>): void;
  /** Sends a request and gives its result as the server sent it. */
  request(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    options?: RequestOptions,
  ): Promise<unknown>;
  /** Checks that the server still answers. */
  ping(timeoutMs: number): Promise<void>;
  /** Ends the connection and waits until nothing of it is left. */
  close(): Promise<void>;
}
