import type { Caller, Era } from "../contracts/mod.ts";
import type { Logger } from "../observability/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { answer, type Emit, json, type Outcome } from "./answer.ts";
import { readJsonBody } from "./body.ts";
import { eraHeaders, eraOf, LEGACY_VERSIONS } from "./era.ts";
import {
  isRecord,
  readMessage,
  type RequestId,
  RPC,
  RpcFault,
  type RpcMessage,
  type RpcNotification,
  type RpcRequest,
  toError,
  toResult,
} from "./jsonrpc.ts";
import { carryOut, type MethodOptions } from "./methods.ts";
import { createSessions, type Session } from "./sessions.ts";

/** What the MCP face is built from. */
export interface McpFaceOptions extends MethodOptions {
  readonly platform: Platform;
  readonly log: Logger;
}

/** The MCP endpoint: both eras over Streamable HTTP on one URL. */
export interface McpFace {
  /** Answers one HTTP request whose Host, Origin and caller were checked. */
  handle(request: Request, caller: Caller, requestId: string): Promise<Response>;
  /** Open legacy sessions. */
  readonly sessions: number;
}

const SESSION_HEADER = "mcp-session-id";

/** Creates the face. */
export function createMcpFace(options: McpFaceOptions): McpFace {
  const sessions = createSessions(options.platform.clock, options.platform.random);

  async function handle(request: Request, caller: Caller, requestId: string): Promise<Response> {
    try {
      if (request.method === "POST") return await post(request, caller, requestId);
      if (request.method === "DELETE") return remove(request);
      return refuse(new RpcFault(-32000, "Method not allowed", { status: 405 }), null, {
        allow: "POST, DELETE",
      });
    } catch (thrown) {
      return refuse(toFault(thrown, requestId), null);
    }
  }

  async function post(request: Request, caller: Caller, requestId: string): Promise<Response> {
    requireTypes(request);
    const body = await readJsonBody(request);
    const messages = (Array.isArray(body) ? body : [body]).map(readMessage);
    const invalid = messages.find((message) => message.kind === "invalid");
    if (invalid !== undefined || messages.length === 0) {
      const problem = invalid?.problem ?? "the batch is empty";
      return refuse(
        new RpcFault(RPC.invalidRequest, `Invalid Request: ${problem}`, { status: 400 }),
        invalid?.id ?? null,
      );
    }
    const hop: Hop = { request, caller, requestId, acceptsStream: acceptsStream(request) };
    if (!Array.isArray(body)) return await single(messages[0], hop);
    return await batch(messages, hop);
  }

  async function single(message: RpcMessage | undefined, hop: Hop): Promise<Response> {
    if (message === undefined || message.kind === "response" || message.kind === "invalid") return accepted();
    const { message: rpc } = message;
    try {
      const era = eraOf(rpc, eraHeaders(hop.request.headers));
      const session = era === "legacy" ? legacySession(rpc, hop.request) : undefined;
      if (message.kind === "notification") return notified(rpc, session);
      const headers = session === undefined ? undefined : { [SESSION_HEADER]: session.id };
      return await run([message.message], { ...hop, era, session, headers });
    } catch (thrown) {
      return refuse(toFault(thrown, hop.requestId), "id" in rpc ? rpc.id : null);
    }
  }

  /** Batches exist in legacy revisions only; their answers come as an array. */
  async function batch(messages: readonly RpcMessage[], hop: Hop): Promise<Response> {
    const requests: RpcRequest[] = [];
    let session: Session | undefined;
    for (const message of messages) {
      if (message.kind === "response" || message.kind === "invalid") continue;
      if (
        eraOf(message.message, eraHeaders(hop.request.headers)) === "modern" ||
        message.message.method === "initialize"
      ) {
        throw new RpcFault(RPC.invalidRequest, "Invalid Request: this message may not be part of a batch", {
          status: 400,
        });
      }
      session = legacySession(message.message, hop.request);
      if (message.kind === "request") requests.push(message.message);
      else notified(message.message, session);
    }
    if (requests.length === 0) return accepted();
    return await run(requests, { ...hop, era: "legacy", session, headers: undefined, asArray: true });
  }

  function run(requests: readonly RpcRequest[], hop: Run): Promise<Response> {
    const controllers = requests.map(() => new AbortController());
    const abort = () =>
      controllers.forEach((one) => one.abort(new DOMException("The client went away", "AbortError")));
    // Modern: leaving the answer is how a client cancels. Legacy: it says so in a notification, and the
    // request's signal is not even asked for, since Deno makes it only then.
    const gone = hop.era === "modern" ? hop.request.signal : undefined;
    gone?.addEventListener("abort", abort, { once: true });
    const onGone = gone === undefined ? () => {} : abort;
    return answer(async (emit) => {
      const outcomes = await Promise.all(
        requests.map((request, index) =>
          finish(request, controllers[index] ?? new AbortController(), emit, hop)
        ),
      );
      gone?.removeEventListener("abort", abort);
      if (hop.asArray !== true) return outcomes[0];
      return {
        status: 200,
        body: outcomes.flatMap((outcome) => outcome === undefined ? [] : [outcome.body]),
      };
    }, { clock: options.platform.clock, acceptsStream: hop.acceptsStream, headers: hop.headers, onGone });
  }

  async function finish(
    request: RpcRequest,
    controller: AbortController,
    emit: Emit,
    hop: Run,
  ): Promise<Outcome | undefined> {
    hop.session?.inFlight.set(request.id, controller);
    try {
      const { era, caller, requestId } = hop;
      const result = await carryOut(options, request, {
        era,
        caller,
        requestId,
        emit,
        signal: controller.signal,
      });
      return { status: 200, body: toResult(request.id, result) };
    } catch (thrown) {
      if (controller.signal.aborted) return undefined;
      const fault = toFault(thrown, hop.requestId);
      const isUnknownMethod = hop.era === "modern" && fault.code === RPC.methodNotFound;
      return { status: isUnknownMethod ? 404 : fault.status, body: toError(request.id, fault) };
    } finally {
      hop.session?.inFlight.delete(request.id);
    }
  }

  function legacySession(message: RpcRequest | RpcNotification, request: Request): Session {
    if (message.method === "initialize") return openSession(message);
    const id = request.headers.get(SESSION_HEADER);
    if (id === null) {
      throw new RpcFault(-32000, "Bad Request: the header Mcp-Session-Id is missing; send initialize first", {
        status: 400,
      });
    }
    const session = sessions.find(id);
    if (session === undefined) {
      throw new RpcFault(-32001, "Session not found: send initialize again", { status: 404 });
    }
    const version = request.headers.get("mcp-protocol-version");
    if (version !== null && !LEGACY_VERSIONS.some((known) => known === version)) {
      throw new RpcFault(-32000, `Bad Request: unsupported protocol version ${version.slice(0, 40)}`, {
        status: 400,
      });
    }
    return session;
  }

  function openSession({ params }: RpcRequest | RpcNotification): Session {
    const version = LEGACY_VERSIONS.find((known) => known === params?.protocolVersion) ?? LEGACY_VERSIONS[0];
    const client = isRecord(params?.clientInfo) ? params.clientInfo : {};
    options.log.debug("session opened", { client: client.name, version: client.version });
    return sessions.open(version, client);
  }

  function notified({ method, params }: RpcNotification, session: Session | undefined): Response {
    if (method === "notifications/cancelled") {
      const id = params?.requestId as RequestId; // a key nobody used finds nothing
      session?.inFlight.get(id)?.abort(new DOMException("The client cancelled the request", "AbortError"));
    }
    return accepted();
  }

  function remove(request: Request): Response {
    const id = request.headers.get(SESSION_HEADER) ?? "";
    if (sessions.close(id)) return new Response(null, { status: 204 });
    return refuse(new RpcFault(-32001, "Session not found", { status: 404 }), null);
  }

  function toFault(thrown: unknown, requestId: string): RpcFault {
    if (thrown instanceof RpcFault) return thrown;
    options.log.error("request failed unexpectedly", { requestId, cause: thrown });
    return new RpcFault(RPC.internalError, "Internal error", {
      status: 500,
      data: { request_id: requestId },
    });
  }

  return {
    handle,
    get sessions() {
      return sessions.size;
    },
  };
}

interface Hop {
  readonly request: Request;
  readonly caller: Caller;
  readonly requestId: string;
  readonly acceptsStream: boolean;
}

interface Run extends Hop {
  readonly era: Era;
  readonly session: Session | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly asArray?: boolean;
}

function requireTypes(request: Request): void {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new RpcFault(-32000, "Unsupported Media Type: send application/json", { status: 415 });
  }
  const accept = request.headers.get("accept");
  if (accept !== null && !/application\/(?:json|\*)|\*\/\*/i.test(accept)) {
    throw new RpcFault(-32000, "Not Acceptable: accept application/json and text/event-stream", {
      status: 406,
    });
  }
}

function acceptsStream(request: Request): boolean {
  return /text\/(?:event-stream|\*)|\*\/\*/i.test(request.headers.get("accept") ?? "");
}

function accepted(): Response {
  return new Response(null, { status: 202 });
}

function refuse(
  fault: RpcFault,
  id: RequestId | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return json({ status: fault.status, body: toError(id, fault) }, headers);
}
