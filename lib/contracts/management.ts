/**
 * The Management contract: everything a person, a script or a surface can ask
 * of the gateway.
 *
 * @module
 */

import type { ActivityExport } from "./activity_verbs.ts";
import type { Caller } from "./caller.ts";
import type { EventFilter, GatewayEvent } from "./event.ts";
import { ServerNameSchema } from "./server_config.ts";
import type { LogLine, VerbInput, VerbName, VerbOutput } from "./verbs.ts";

/** What a surface knows of where a request comes from; it is told in records, and decides nothing. */
export interface RequestSource {
  /** `requestId` of what this is a part of. */
  readonly parentId?: string;
  /** By which the client knows it, beside other things of its own. */
  readonly correlationId?: string;
  /** Label of the MCP session; never its id. */
  readonly session?: string;
  readonly clientName?: string;
  readonly clientVersion?: string;
  readonly profile?: string;
}

/** How a request is to be carried out. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly caller?: Caller;
  /** Names the request in logs and records; a fresh one when absent. */
  readonly requestId?: string;
  /** For the record of the request; not told over the wire. */
  readonly from?: RequestSource;
}

/**
 * The one service behind CLI, REST, MCP and UI.
 *
 * Implemented in process by `management` and over the wire by `client`; both
 * pass the same contract suite.
 */
export interface Management extends AsyncDisposable {
  /** `remote` reaches a running daemon, `local` works in this process. */
  readonly kind: "local" | "remote";
  /**
   * Carries out one verb.
   *
   * @throws {GatewayError} With the same code whichever implementation answers.
   */
  request<N extends VerbName>(verb: N, input: VerbInput<N>, options?: RequestOptions): Promise<VerbOutput<N>>;
  /**
   * Yields log lines of a server as they are written, the last `tail` first;
   * ends when `signal` aborts.
   */
  followLogs(input: { name: string; tail: number }, signal: AbortSignal): AsyncIterable<LogLine>;
  /**
   * Yields events as they happen: first a `snapshot`, or what came after
   * `since`; ends when `signal` aborts.
   *
   * @throws {GatewayError} MCPX_DAEMON_NOT_RUNNING — there is no daemon to hear of at the start.
   */
  followEvents(filter: EventFilter, signal: AbortSignal): AsyncIterable<GatewayEvent>;
  /**
   * Yields records of activity as text, newest first, piece by piece.
   *
   * @throws {GatewayError} MCPX_FORBIDDEN — only an admin may.
   */
  exportActivity(input: ActivityExport, options?: RequestOptions): AsyncIterable<string>;
}

/** Name under which servers are accepted. */
export const isServerName = (text: string): boolean => ServerNameSchema.safeParse(text).success;
