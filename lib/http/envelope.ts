import { ERROR_KINDS, type GatewayError } from "../contracts/mod.ts";

/** Writes the answer of a verb. */
export function toSuccess(value: unknown): Response {
  return json({ success: true, data: value }, 200);
}

/** Writes a failure with its code, remedy and request id. */
export function toFailure(error: GatewayError, requestId: string): Response {
  const { code, message, remedy, details } = error;
  const { status } = ERROR_KINDS[code];
  const response = json(
    { success: false, error: message, code, remedy, details, request_id: requestId },
    status,
  );
  if (status === 401) response.headers.set("www-authenticate", 'Bearer realm="mcpproxy"');
  if (status === 503 || status === 429) response.headers.set("retry-after", "2");
  return response;
}

/** Writes plain JSON. */
export function json(body: unknown, status: number): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", "cache-control": "no-store" },
  });
}
