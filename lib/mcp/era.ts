/**
 * Tells the eras apart and checks what the modern one asks of every request.
 *
 * Legacy clients open with `initialize` and keep a session. Modern ones
 * (2026-07-28) carry version, client and capabilities in `_meta` of every
 * request, mirrored in headers.
 *
 * @see https://modelcontextprotocol.io/specification
 * @module
 */

import type { Era } from "../contracts/mod.ts";
import { isRecord, RPC, RpcFault, type RpcNotification, type RpcRequest } from "./jsonrpc.ts";

/** Legacy revisions, newest first. */
export const LEGACY_VERSIONS = [
  "2025-11-25",
  "2025-06-18",
  "2025-03-26",
  "2024-11-05",
  "2024-10-07",
] as const;

/** Modern revisions, newest first. */
export const MODERN_VERSIONS = ["2026-07-28"] as const;

/** Key of the version in a modern request's `_meta`. */
export const VERSION_KEY = "io.modelcontextprotocol/protocolVersion";
/** Key of the client in a modern request's `_meta`. */
export const CLIENT_KEY = "io.modelcontextprotocol/clientInfo";
/** Key of the client's capabilities in a modern request's `_meta`. */
export const CAPABILITIES_KEY = "io.modelcontextprotocol/clientCapabilities";
/** Key of the log level in a modern request's `_meta`. */
export const LOG_LEVEL_KEY = "io.modelcontextprotocol/logLevel";
/** Key of the server's name in a modern result's `_meta`. */
export const SERVER_KEY = "io.modelcontextprotocol/serverInfo";

const NAME_FIELDS: Readonly<Record<string, string>> = {
  "tools/call": "name",
  "prompts/get": "name",
  "resources/read": "uri",
  "tasks/get": "taskId",
  "tasks/update": "taskId",
  "tasks/cancel": "taskId",
};

/** With all its padding. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The headers that matter; absent ones are `null`. */
export interface EraHeaders {
  readonly version: string | null;
  readonly method: string | null;
  readonly name: string | null;
}

/** Reads the headers of a request; those of the modern era only when they are asked for. */
export function eraHeaders(headers: Headers): EraHeaders {
  return new RequestHeaders(headers);
}

class RequestHeaders implements EraHeaders {
  readonly version: string | null;
  readonly #headers: Headers;

  constructor(headers: Headers) {
    this.#headers = headers;
    this.version = this.#read("mcp-protocol-version");
  }

  get method(): string | null {
    return this.#read("mcp-method");
  }

  get name(): string | null {
    return this.#read("mcp-name");
  }

  #read(name: string): string | null {
    return this.#headers.get(name)?.trim() ?? null;
  }
}

/**
 * Decides the era of a message. The body decides; a modern header alone is a
 * mistake that is answered, not guessed about.
 *
 * @throws {RpcFault} What the modern revision demands and the message lacks.
 */
export function eraOf(message: RpcRequest | RpcNotification, headers: EraHeaders): Era {
  const meta = isRecord(message.params?._meta) ? message.params._meta : undefined;
  const claimed = meta?.[VERSION_KEY];
  const headerIsModern = MODERN_VERSIONS.some((version) => version === headers.version);
  if (claimed === undefined && !headerIsModern) return "legacy";
  if (message.method === "initialize" && claimed === undefined) {
    throw mismatch(
      "initialize is a legacy request, but the header MCP-Protocol-Version names a modern revision",
    );
  }
  if (!("id" in message)) return "modern";
  requireEnvelope(meta);
  requireVersion(claimed, headers);
  requireHeaders(message, headers);
  return "modern";
}

function requireEnvelope(meta: Readonly<Record<string, unknown>> | undefined): void {
  const missing = [VERSION_KEY, CAPABILITIES_KEY].filter((key) => meta?.[key] === undefined);
  const client = meta?.[CLIENT_KEY];
  // Who the client is may stay unsaid.
  const isNamed = client === undefined || isRecord(client);
  if (missing.length === 0 && isNamed && isRecord(meta?.[CAPABILITIES_KEY])) return;
  const names = missing.length > 0 ? missing : [isNamed ? CAPABILITIES_KEY : CLIENT_KEY];
  throw new RpcFault(RPC.invalidParams, `Invalid params: _meta lacks or has a wrong ${names.join(", ")}`, {
    status: 400,
    data: { envelope: { missing: names } },
  });
}

function requireVersion(claimed: unknown, { version }: EraHeaders): void {
  if (version === null) throw mismatch("the header MCP-Protocol-Version is missing");
  if (version !== claimed) {
    throw mismatch(
      `the body names protocol version ${
        typeof claimed === "string" ? claimed.slice(0, 40) : "of no text"
      }, the header MCP-Protocol-Version ${version.slice(0, 40)}`,
    );
  }
  if (MODERN_VERSIONS.some((known) => known === claimed)) return;
  throw new RpcFault(RPC.unsupportedVersion, `Unsupported protocol version: ${version.slice(0, 40)}`, {
    status: 400,
    data: { supported: MODERN_VERSIONS, requested: claimed },
  });
}

function requireHeaders(message: RpcRequest, headers: EraHeaders): void {
  if (headers.method === null) {
    throw mismatch(`the body names method ${message.method}, the header Mcp-Method is missing`);
  }
  if (headers.method !== message.method) {
    throw mismatch(`the body names method ${message.method}, the header Mcp-Method ${headers.method}`);
  }
  const field = Object.hasOwn(NAME_FIELDS, message.method) ? NAME_FIELDS[message.method] : undefined;
  const name = field === undefined ? undefined : message.params?.[field];
  if (typeof name !== "string") return;
  if (headers.name === null) throw mismatch(`the body names "${name}", the header Mcp-Name is missing`);
  const decoded = decodeMirrored(headers.name);
  if (decoded === undefined) throw mismatch("the header Mcp-Name has an invalid Base64 form");
  if (decoded !== name) throw mismatch(`the body names "${name}", the header Mcp-Name "${decoded}"`);
}

/** Reads a header that mirrors a text; what is not ASCII comes as `=?base64?…?=`. `undefined` if it is broken. */
export function decodeMirrored(text: string): string | undefined {
  const encoded = /^=\?base64\?(.*)\?=$/s.exec(text)?.[1];
  if (encoded === undefined) return text;
  if (!BASE64.test(encoded)) return undefined;
  try {
    const bytes = Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function mismatch(problem: string): RpcFault {
  return new RpcFault(RPC.headerMismatch, `Bad Request: headers and body disagree: ${problem}`, {
    status: 400,
  });
}

/** Picks the legacy revision to speak: the one asked for if known, else the newest. */
export function negotiateLegacy(requested: unknown): string {
  return LEGACY_VERSIONS.find((version) => version === requested) ?? LEGACY_VERSIONS[0];
}

/**
 * Takes from params what belongs to this hop only: the envelope of the modern
 * era, the progress token, and credentials, which were made out to the gateway.
 * Everything else goes on as it came.
 */
export function relayedParams(params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { _meta: meta, ...rest } = params;
  if (!isRecord(meta)) return params;
  const {
    [VERSION_KEY]: _version,
    [CLIENT_KEY]: _client,
    [CAPABILITIES_KEY]: _capabilities,
    progressToken: _token,
    ...kept
  } = meta;
  const own = Object.keys(kept).filter((key) => !CREDENTIAL.test(key));
  if (own.length === 0) return rest;
  return { ...rest, _meta: Object.fromEntries(own.map((key) => [key, kept[key]])) };
}

/** Names under which clients have sent credentials along; the keys of the protocol are none of them. */
const CREDENTIAL =
  /^(?:_auth.*|auth|authorization|proxy-authorization|(?:set-)?cookie|(?:x-)?api[-_]?key|(?:access|bearer|auth)[-_]?token)$/i;
