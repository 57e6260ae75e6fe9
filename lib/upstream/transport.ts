/**
 * What carries JSON-RPC messages to one server and back.
 *
 * @module
 */

/** A message as parsed; only its envelope is ever looked at. */
export type WireMessage = Readonly<Record<string, unknown>>;

/** How one message is to be sent. */
export interface SendOptions {
  /** Ends the exchange that the message opened, where the wire has one. */
  readonly signal?: AbortSignal;
  /** Called when the server ends that exchange without having answered. */
  readonly onEnd?: () => void;
  /** Called when the server lets its answer rest, to be taken up again later. */
  readonly onPause?: () => void;
  /** Further headers, where the wire has headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a transport tells its owner; set before anything is sent. */
export interface TransportEvents {
  /** `related` is the id of the request of ours on whose exchange the message came, where the wire knows it. */
  readonly onMessage: (message: WireMessage, related?: number) => void;
  /** A message was too large and is lost; its id, if it could be made out. */
  readonly onOversize: (id: number | undefined, sizeBytes: number) => void;
  /** Whether a request is in flight, without an id whether any is: a long message that nobody waits for is not read. */
  readonly isAwaited?: (id: number | undefined) => boolean;
  /** A long message came that nobody waits for, and was not read. */
  readonly onUnasked?: (sizeBytes: number) => void;
  /**
   * The wire is gone for good. Called once, and not after `close()`. Where each
   * exchange has a connection of its own, those in flight may still come to
   * their own end until `settled`; at once when that is absent.
   */
  readonly onClosed: (cause: unknown, settled?: Promise<void>) => void;
}

/** An open wire. */
export interface Transport {
  readonly wire: "stdio" | "streamable-http" | "sse";
  readonly pid: number | undefined;
  /** Leaving an exchange tells the server that its answer is not wanted any more. */
  readonly leavingCancels?: boolean;
  send(message: WireMessage, options?: SendOptions): Promise<void>;
  /** Tells the wire which revision was agreed on. */
  setProtocolVersion(version: string): void;
  /** Ends the wire and waits until nothing is left of it; twice does no harm. */
  close(): Promise<void>;
}
