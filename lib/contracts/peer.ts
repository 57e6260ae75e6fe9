/**
 * A client as servers see it through the gateway.
 *
 * @module
 */

/** A notification on its way to a client. */
export interface PeerMessage {
  readonly method: string;
  readonly params?: unknown;
}

/** How a client is asked. */
export interface PeerRequestOptions {
  /** The answer is not wanted any more. */
  readonly signal: AbortSignal;
  /** Gets the params of each progress notification of the client. */
  readonly onProgress?: (params: Readonly<Record<string, unknown>>) => void;
}

/**
 * The client on whose behalf a request is made. Requests that a server makes
 * while it works on that request belong to this client and to nobody else.
 */
export interface ClientPeer {
  /** Of the client in this one place: a request, or its standing connection. */
  readonly id: string;
  /** Two peers with the same value are the same client, as far as that can be known. */
  readonly client: string;
  /** The client waits at this moment; one that has to come back does not. Waiting when absent. */
  readonly isWaiting?: boolean;
  /** Least important log messages that the client wants, where it has said so. */
  readonly logLevel?: string;
  /** What the client says it can do. */
  readonly capabilities: Readonly<Record<string, unknown>>;
  /** The client takes a result that asks for input, as modern servers give it, and asks again itself. */
  readonly takesInputRequired: boolean;
  /** The same client outside of this one request, where it outlives it. */
  standing?(): ClientPeer;
  /**
   * Asks the client.
   *
   * @throws An error with a numeric `code`, to be answered to the server.
   */
  request(method: string, params: unknown, options: PeerRequestOptions): Promise<unknown>;
  /** Tells the client; what it cannot be told is dropped. */
  notify(message: PeerMessage): void;
}
