import { json, type Outcome } from "./answer.ts";
import { type RequestId, RPC, RpcFault, toError } from "./jsonrpc.ts";

/**
 * Refuses a body or an answer of another type than MCP has.
 *
 * @throws {RpcFault} With status 415 or 406.
 */
export function requireTypes(request: Request): void {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new RpcFault(RPC.badRequest, "Unsupported Media Type: send application/json", { status: 415 });
  }
  const accept = request.headers.get("accept");
  if (accept !== null && !/application\/(?:json|\*)|\*\/\*/i.test(accept)) {
    throw new RpcFault(RPC.badRequest, "Not Acceptable: accept application/json and text/event-stream", {
      status: 406,
    });
  }
}

/** One request is one caller's turn; what comes in thousands at once would be everybody's. */
const MAX_BATCH = 100;

/**
 * Refuses a batch with more messages than anybody needs at once.
 *
 * @throws {RpcFault} With status 400.
 */
export function requireFew(batch: readonly unknown[]): void {
  if (batch.length <= MAX_BATCH) return;
  throw new RpcFault(
    RPC.invalidRequest,
    `Invalid Request: a batch may have ${MAX_BATCH} messages, this one has ${batch.length}`,
    { status: 400 },
  );
}

/** Tells whether the client takes an event stream. */
export function acceptsStream(request: Request): boolean {
  return /text\/(?:event-stream|\*)|\*\/\*/i.test(request.headers.get("accept") ?? "");
}

/** The answer to what needs none. */
export function accepted(): Response {
  return new Response(null, { status: 202 });
}

/** Writes a fault. */
export function refuse(
  fault: RpcFault,
  id: RequestId | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const outcome: Outcome = { status: fault.status, body: toError(id, fault) };
  return json(outcome, headers);
}
