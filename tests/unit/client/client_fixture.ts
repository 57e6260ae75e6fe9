import { ok } from "node:assert/strict";
import { type ErrorCode, GatewayError } from "../../../lib/contracts/mod.ts";
import type { Endpoint } from "../../../lib/client/mod.ts";
import { createDenoPlatform, type RequestHandler } from "../../../lib/platform/mod.ts";

export const platform = createDenoPlatform();
export const OPTIONS = { version: "1.2.3" };

interface Seen {
  method: string;
  path: string;
  body: string;
  headers: Headers;
}

interface Daemon extends AsyncDisposable {
  readonly endpoint: Endpoint;
  readonly seen: Seen[];
}

export async function openDaemon(handler: RequestHandler): Promise<Daemon> {
  const seen: Seen[] = [];
  const listener = await platform.network.listen(
    { kind: "tcp", hostname: "127.0.0.1", port: 0 },
    async (request, peer) => {
      const url = new URL(request.url);
      const { method, headers } = request;
      seen.push({ method, path: url.pathname + url.search, body: await request.clone().text(), headers });
      return handler(request, peer);
    },
  );
  ok(listener.address.kind === "tcp");
  return {
    endpoint: { kind: "tcp", url: `http://127.0.0.1:${listener.address.port}`, apiKey: "key" },
    seen,
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
}

export function success(value: unknown): RequestHandler {
  return () => Response.json({ success: true, data: value });
}

export function failure(status: number, envelope: unknown): RequestHandler {
  return () => Response.json(envelope, { status });
}

export function hasCode(code: ErrorCode, text: RegExp) {
  return (error: unknown) => error instanceof GatewayError && error.code === code && text.test(error.message);
}
