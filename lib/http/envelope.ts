import { ERROR_KINDS, type GatewayError } from "../contracts/mod.ts";

/** Writes the answer of a verb. */
export function toSuccess(value: unknown): Response {
  return json({ success: true, data: value }, 200);
}

/**
 * Writes a failure with its code, remedy and request id: problem details of
 * RFC 9457 that are the envelope of mcpproxy-go as well.
 */
export function toFailure(error: GatewayError, requestId: string): Response {
  const { code, message, remedy, details } = error;
  const { status, cause: title } = ERROR_KINDS[code];
  const problem = { type: `/docs/#${code}`, title, status, detail: message };
  const envelope = { success: false, error: message, code, remedy, details, request_id: requestId };
  const response = json({ ...problem, ...envelope }, status);
  response.headers.set("content-type", "application/problem+json");
  if (status === 401) response.headers.set("www-authenticate", 'Bearer realm="mcpproxy"');
  if (status === 503 || status === 429) response.headers.set("retry-after", retryAfterOf(details));
  return response;
}

const RETRY_AFTER_S = 2;

/** Whole seconds, as the header wants them; never 0, which would mean at once. */
function retryAfterOf({ retry_after_ms: waitMs }: GatewayError["details"]): string {
  return String(typeof waitMs === "number" ? Math.max(1, Math.ceil(waitMs / 1000)) : RETRY_AFTER_S);
}

/** Writes plain JSON. */
export function json(body: unknown, status: number): Response {
  return toJsonBody(JSON.stringify(body), status);
}

/** Answers with what is written as JSON already. */
export function toJsonBody(body: string, status = 200): Response {
  return new Response(body, {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
