import type {
  ActivityExport,
  EventFilter,
  GatewayEvent,
  LogLine,
  Management,
  RequestOptions,
  Status,
  VerbInput,
  VerbName,
  VerbOutput,
} from "../contracts/mod.ts";
import { GatewayError } from "../contracts/quick.ts";
import { type HttpClient, openDeadline, type Platform, sleep } from "../platform/mod.ts";
import { type Answer, failureOf, openAnswer } from "./answer.ts";
import { type Endpoint, toText } from "./endpoint.ts";
import { type EventPlace, followEvents } from "./follow_events.ts";
import { readLogLines } from "./log_lines.ts";
import { toExportPath, toWireRequest, type WireRequest } from "./wire_request.ts";

/** Time a probe gives the daemon to answer: a busy machine may take seconds, and who is not there refuses at once. */
const PROBE_MS = 10_000;
/** Time between two questions to a daemon that is starting. */
const LOOK_MS = 100;

/** Who asks. */
export interface RemoteOptions {
  /** Version of this program, sent as `X-MCPProxy-Client: cli/<version>`. */
  readonly version: string;
}

/** A {@link Management} whose work is done by a daemon. */
export interface RemoteManagement extends Management {
  readonly kind: "remote";
  /**
   * Asks whether a daemon answers.
   *
   * @returns Its status, `undefined` if none answers or this caller is not let in.
   * @throws {GatewayError} MCPX_DAEMON_NOT_RUNNING — something takes the request, and says nothing in ten seconds.
   */
  probe(): Promise<Status | undefined>;
}

/**
 * Makes the Management of a daemon. Nothing is sent before the first request.
 *
 * @param endpoint Socket path, or URL with the key to send.
 * @returns To be disposed after use; disposing ends open requests over a socket.
 */
export function connectRemote(
  platform: Platform,
  endpoint: Endpoint,
  options: RemoteOptions,
): RemoteManagement {
  return new Remote(platform, endpoint, options);
}

class Remote implements RemoteManagement {
  readonly kind = "remote";
  readonly #platform: Platform;
  readonly #client: HttpClient;
  readonly #origin: string;
  readonly #name: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #version: string;
  /** Whether the daemon has said that it is of this version, so that its answers have the shapes known here. */
  #isAlike = false;

  constructor(platform: Platform, endpoint: Endpoint, options: RemoteOptions) {
    const isSocket = endpoint.kind === "socket";
    this.#platform = platform;
    this.#version = options.version;
    this.#client = isSocket ? platform.network.socketClient(endpoint.path) : toClient(platform);
    this.#origin = isSocket ? "http://localhost" : endpoint.url.replace(/\/+$/, "");
    this.#name = toText(endpoint);
    const apiKey = isSocket ? undefined : endpoint.apiKey;
    this.#headers = {
      "X-MCPProxy-Client": `cli/${options.version}`,
      ...(apiKey === undefined ? {} : { "X-API-Key": apiKey }),
    };
  }

  async request<N extends VerbName>(
    verb: N,
    input: VerbInput<N>,
    options: RequestOptions = {},
  ): Promise<VerbOutput<N>> {
    const response = await this.#send(toWireRequest(verb, { ...input }), options.signal);
    return await this.#read(verb, response, options.signal);
  }

  async #read<N extends VerbName>(
    verb: N,
    response: Response,
    signal: AbortSignal | undefined,
  ): Promise<VerbOutput<N>> {
    const answer = await this.#collect(response, signal);
    const value = openAnswer(answer);
    if (verb === "status.get") this.#isAlike = Reflect.get(Object(value), "version") === this.#version;
    if (this.#isAlike) return value as VerbOutput<N>; // the same program wrote it
    const { checkAnswer } = await import("./check_answer.ts");
    return checkAnswer(verb, value, answer);
  }

  async *followLogs(
    input: { name: string; tail: number },
    signal: AbortSignal,
  ): AsyncGenerator<LogLine> {
    if (signal.aborted) return;
    const wire = toWireRequest("servers.logs", input);
    try {
      const response = await this.#send({ ...wire, path: `${wire.path}&follow=true` }, signal);
      if (!isStream(response, "application/x-ndjson")) throw failureOf(await this.#collect(response, signal));
      yield* readLogLines(response.body, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof GatewayError ? error : this.#unreachable(error);
    }
  }

  followEvents(filter: EventFilter, signal: AbortSignal): AsyncGenerator<GatewayEvent> {
    const open = async ({ since, lastEventId }: EventPlace) => {
      const headers = lastEventId === undefined ? undefined : { "Last-Event-ID": lastEventId };
      const query = since === undefined ? "" : `?since=${since}`;
      const response = await this.#send({ method: "GET", path: `/events${query}`, headers }, signal);
      if (isStream(response, "text/event-stream")) return response.body;
      // The door of a daemon that is starting answers this too.
      if (response.status === 503) throw this.#unreachable(await response.text());
      throw failureOf(await this.#collect(response, signal));
    };
    return followEvents({ clock: this.#platform.clock, open }, filter, signal);
  }

  async *exportActivity(input: ActivityExport, { signal }: RequestOptions = {}): AsyncGenerator<string> {
    const response = await this.#send({ method: "GET", path: toExportPath(input) }, signal);
    if (!isStream(response, "application/x-ndjson") && !isStream(response, "text/csv")) {
      throw failureOf(await this.#collect(response, signal));
    }
    try {
      for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) yield text;
    } catch (error) {
      throw this.#failure(error, signal);
    }
  }

  async probe(): Promise<Status | undefined> {
    using deadline = openDeadline(this.#platform.clock, PROBE_MS, { onExpired: () => this.#silent() });
    try {
      return await this.#read("status.get", await this.#started(deadline.signal), deadline.signal);
    } catch {
      if (deadline.signal.aborted) throw deadline.signal.reason;
      return undefined;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#client[Symbol.dispose]();
    return Promise.resolve();
  }

  async #send(wire: WireRequest, signal?: AbortSignal): Promise<Response> {
    const { method, path, body } = wire;
    const headers: Record<string, string> = { ...this.#headers, ...wire.headers };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      // A redirect would carry the key to another place.
      return await this.#client.fetch(this.#origin + path, {
        method,
        headers,
        body,
        signal,
        redirect: "manual",
      });
    } catch (error) {
      throw this.#failure(error, signal);
    }
  }

  async #collect(response: Response, signal?: AbortSignal): Promise<Answer> {
    const mediaType = response.headers.get("content-type")?.split(";")[0]?.trim() ?? "no media type";
    try {
      return { status: response.status, mediaType, text: await response.text(), from: this.#name };
    } catch (error) {
      throw this.#failure(error, signal);
    }
  }

  #failure(error: unknown, signal: AbortSignal | undefined): GatewayError {
    if (signal?.aborted !== true) return this.#unreachable(error);
    if (signal.reason instanceof GatewayError) return signal.reason;
    return new GatewayError(
      "MCPX_CALL_CANCELLED",
      "Cannot complete the request: it was cancelled by its caller",
      { cause: error },
    );
  }

  #unreachable(cause: unknown): GatewayError {
    return new GatewayError("MCPX_DAEMON_NOT_RUNNING", this.#noAnswer(), { cause });
  }

  /** Asks for the status until the daemon is neither starting nor stopping; one that has stopped refuses. */
  async #started(signal: AbortSignal): Promise<Response> {
    for (;;) {
      const response = await this.#send(toWireRequest("status.get", {}), signal);
      if (response.status !== 503) return response;
      await response.body?.cancel();
      await sleep(this.#platform.clock, LOOK_MS, signal);
    }
  }

  #silent(): GatewayError {
    return new GatewayError(
      "MCPX_DAEMON_NOT_RUNNING",
      `Cannot reach the daemon at "${this.#name}": it has not answered within ${PROBE_MS / 1_000} s`,
      { remedy: "It may be busy: try again, or stop it and start it anew" },
    );
  }

  #noAnswer(): string {
    return `Cannot reach the daemon at "${this.#name}": no answer, wanted a running mcpproxy`;
  }
}

function toClient(platform: Platform): HttpClient {
  return { fetch: (request, init) => platform.network.fetch(request, init), [Symbol.dispose]() {} };
}

function isStream(
  response: Response,
  mediaType: string,
): response is Response & { body: ReadableStream<Uint8Array<ArrayBuffer>> } {
  const found = response.headers.get("content-type") ?? "";
  return response.ok && response.body !== null && found.startsWith(mediaType);
}
