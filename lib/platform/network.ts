/** What the gateway needs from the network. @module */

/** Who is at the other end of a connection. */
export type Peer =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "socket" };

/** Where to listen. */
export type ListenAddress =
  | { readonly kind: "tcp"; readonly hostname: string; readonly port: number }
  | { readonly kind: "socket"; readonly path: string };

/** Answers one HTTP request. */
export type RequestHandler = (request: Request, peer: Peer) => Response | Promise<Response>;

/**
 * Hears that a listener was let down by the system, such as for too many open
 * files. Its connections are gone; it opens itself again.
 */
export type OnLost = (error: unknown) => void;

/** An open HTTP listener. */
export interface Listener {
  /** The address in fact bound, with the real port. */
  readonly address: ListenAddress;
  /** Stops accepting and waits for the requests in flight. */
  shutdown(): Promise<void>;
}

/** A `fetch` bound to a unix socket or to TCP. */
export interface HttpClient extends Disposable {
  fetch(request: string | URL | Request, init?: RequestInit): Promise<Response>;
}

/** One HTTP request; redirects are not followed. */
export interface ExchangeRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** The part of a `Response` that every client has. */
export interface ExchangeAnswer {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: { get(name: string): string | null; has(name: string): boolean };
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
  text(): Promise<string>;
}

/** Exchanges with one URL. */
export interface HttpExchange extends Disposable {
  /** @throws {TypeError} If the server cannot be reached or breaks off; the reason of the signal. */
  send(request: ExchangeRequest): Promise<ExchangeAnswer>;
}

/** The network. */
export interface Network {
  listen(address: ListenAddress, handler: RequestHandler, onLost?: OnLost): Promise<Listener>;
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  /** A client for one URL, whose connections are kept until it is disposed. */
  openExchange(url: URL): HttpExchange;
  /** A client whose every connection goes to the given unix socket. */
  socketClient(path: string): HttpClient;
}
