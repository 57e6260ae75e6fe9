/**
 * JSON-RPC envelopes as MCP uses them: told apart, never rebuilt.
 *
 * @module
 */

import { isRawNumber } from "../contracts/mod.ts";

/** Id of a request; echoed as it came, even if a double cannot hold it. */
export type RequestId = string | number | object;

/** A request of a client. */
export interface RpcRequest {
  readonly jsonrpc: "2.0";
  readonly id: RequestId;
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A notification of a client. */
export interface RpcNotification {
  readonly jsonrpc: "2.0";
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** An answer of a client to a request of ours. */
export interface RpcResponse {
  readonly id: unknown;
  readonly result?: unknown;
  readonly error?: unknown;
}

/** What a message is. */
export type RpcMessage =
  | { readonly kind: "request"; readonly message: RpcRequest }
  | { readonly kind: "notification"; readonly message: RpcNotification }
  | { readonly kind: "response"; readonly message: RpcResponse }
  | { readonly kind: "invalid"; readonly problem: string; readonly id: RequestId | null };

/** Error codes of JSON-RPC and MCP. */
export const RPC = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internalError: -32603,
  badRequest: -32000,
  sessionNotFound: -32001,
  resourceNotFound: -32002,
  endpointNotFound: -32004,
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const;

/** A protocol fault, answered as a JSON-RPC error. */
export class RpcFault extends Error {
  readonly code: number;
  readonly data: unknown;
  /** HTTP status of the answer. */
  readonly status: number;

  constructor(
    code: number,
    message: string,
    options: { readonly data?: unknown; readonly status?: number } = {},
  ) {
    super(message);
    this.name = "RpcFault";
    this.code = code;
    this.data = options.data;
    this.status = options.status ?? 200;
  }
}

/** Tells what a parsed value is. Pure; looks at the envelope only. */
export function readMessage(value: unknown): RpcMessage {
  if (!isRecord(value)) return { kind: "invalid", problem: "a message must be a JSON object", id: null };
  const { id, method, params } = value;
  const knownId = isId(id) ? id : null;
  if (value.jsonrpc !== "2.0") return { kind: "invalid", problem: 'wanted "jsonrpc": "2.0"', id: knownId };
  if (method === undefined && (Object.hasOwn(value, "result") || Object.hasOwn(value, "error"))) {
    return { kind: "response", message: { id, result: value.result, error: value.error } };
  }
  if (typeof method !== "string") return { kind: "invalid", problem: "wanted a method name", id: knownId };
  if (params !== undefined && !isRecord(params)) {
    return { kind: "invalid", problem: "params must be an object", id: knownId };
  }
  if (id === undefined) return { kind: "notification", message: { jsonrpc: "2.0", method, params } };
  if (!isId(id)) return { kind: "invalid", problem: "id must be a string or a number", id: null };
  return { kind: "request", message: { jsonrpc: "2.0", id, method, params } };
}

/** Writes a result. */
export function toResult(id: RequestId, result: unknown): unknown {
  return { jsonrpc: "2.0", id, result };
}

/** Writes an error. */
export function toError(id: RequestId | null, fault: Pick<RpcFault, "code" | "message" | "data">): unknown {
  const { code, message, data } = fault;
  return { jsonrpc: "2.0", id, error: { code, message, ...(data === undefined ? {} : { data }) } };
}

/** Tells ids apart; a text and a number are different ids even if they look alike. */
export function toKey(id: unknown): string {
  return typeof id === "number" ? String(id) : JSON.stringify(id) ?? "";
}

/** Tells whether a value is a JSON object. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isId(value: unknown): value is RequestId {
  return typeof value === "string" || typeof value === "number" || isRawNumber(value);
}
