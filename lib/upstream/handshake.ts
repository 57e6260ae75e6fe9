import { type ClientPeer, type Era, GatewayError } from "../contracts/mod.ts";
import type { Rpc } from "./rpc.ts";
import { UpstreamRpcError } from "./rpc_error.ts";
import type { Transport } from "./transport.ts";

/** What both sides agreed on. */
export interface Agreement {
  readonly era: Era;
  readonly protocolVersion: string;
  readonly serverInfo: Readonly<Record<string, unknown>>;
  readonly capabilities: Readonly<Record<string, unknown>>;
  readonly instructions: string | undefined;
}

/** How the handshake is to go. */
export interface HandshakeOptions {
  readonly name: string;
  readonly clientInfo: { readonly name: string; readonly version: string };
  /** What a legacy server is told that its clients can do. */
  readonly clientCapabilities: Readonly<Record<string, unknown>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** The era the server spoke the last time. */
  readonly lastEra?: Era;
}

const LEGACY_VERSIONS = new Set(["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05", "2024-10-07"]);
const NEWEST_LEGACY = "2025-11-25";
const MODERN = "2026-07-28";
const PREFIX = "io.modelcontextprotocol/";
/** Codes with which a modern server refuses `initialize`. */
const REFUSALS = new Set([-32022, -32601, -32600, -32602]);
/** Longest wait for a server that may not know what it is asked. */
const PROBE_MS = 5_000;

/**
 * Agrees on a revision.
 *
 * Over HTTP the modern question comes first: it costs one request and leaves
 * nothing behind. Over stdio `initialize` comes first, since almost every
 * server knows it and some do not survive anything else; `server/discover` if
 * that is refused the way a modern-only server does. What the server spoke the
 * last time goes first on either.
 */
export async function shakeHands(
  rpc: Rpc,
  transport: Transport,
  options: HandshakeOptions,
): Promise<Agreement> {
  const usual: Era = transport.wire === "streamable-http" ? "modern" : "legacy";
  const first = options.lastEra ?? usual;
  return first === "modern"
    ? await modernFirst(rpc, transport, options)
    : await legacyFirst(rpc, transport, options);
}

async function legacyFirst(rpc: Rpc, transport: Transport, options: HandshakeOptions): Promise<Agreement> {
  try {
    return await initialize(rpc, transport, options);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return await discover(rpc, transport, options).catch(() => {
      throw error; // what the server said first tells more
    });
  }
}

async function modernFirst(rpc: Rpc, transport: Transport, options: HandshakeOptions): Promise<Agreement> {
  try {
    return await discoverTwice(rpc, transport, {
      ...options,
      timeoutMs: Math.min(options.timeoutMs, PROBE_MS),
    });
  } catch (error) {
    if (rpc.closed !== undefined || options.signal.aborted || !mayBeLegacy(error)) throw error;
    rpc.decorateWith((params) => params);
    transport.setProtocolVersion("");
    return await initialize(rpc, transport, options);
  }
}

/** A refusal that names the revisions of the server is to be followed by one of those. */
async function discoverTwice(rpc: Rpc, transport: Transport, options: HandshakeOptions): Promise<Agreement> {
  try {
    return await discover(rpc, transport, options);
  } catch (error) {
    if (!isRefusal(error) || !namesModern(error.data)) throw error;
    return await discover(rpc, transport, options);
  }
}

function namesModern(data: unknown): boolean {
  const supported = typeof data === "object" && data !== null && "supported" in data ? data.supported : [];
  return Array.isArray(supported) && supported.includes(MODERN);
}

/** Any answer may come from a server that does not know the question; no way to it is no answer. */
function mayBeLegacy(error: unknown): boolean {
  if (error instanceof UpstreamRpcError) return true;
  if (!(error instanceof GatewayError)) return false;
  const unreachable = /_(?:CONN_REFUSED|DNS_FAILED|TLS_FAILED|401|403)$/;
  return !unreachable.test(error.code);
}

async function initialize(rpc: Rpc, transport: Transport, options: HandshakeOptions): Promise<Agreement> {
  const result = await rpc.request("initialize", {
    protocolVersion: NEWEST_LEGACY,
    capabilities: options.clientCapabilities,
    clientInfo: options.clientInfo,
  }, options);
  const { protocolVersion, serverInfo, capabilities, instructions } = toRecord(result, options.name);
  if (typeof protocolVersion !== "string" || !LEGACY_VERSIONS.has(protocolVersion)) {
    throw unknownRevision(options.name, protocolVersion);
  }
  transport.setProtocolVersion(protocolVersion);
  await rpc.notify("notifications/initialized");
  return {
    era: "legacy",
    protocolVersion,
    serverInfo: toRecord(serverInfo ?? {}, options.name),
    capabilities: toRecord(capabilities ?? {}, options.name),
    instructions: typeof instructions === "string" ? instructions : undefined,
  };
}

async function discover(rpc: Rpc, transport: Transport, options: HandshakeOptions): Promise<Agreement> {
  rpc.decorateWith((params, peer) => ({
    ...params,
    _meta: { ...params?._meta as object | undefined, ...envelope(options, peer) }, // _meta is an object where it is
  }));
  transport.setProtocolVersion(MODERN);
  const { supportedVersions, capabilities, instructions, _meta } = toRecord(
    await rpc.request("server/discover", {}, options),
    options.name,
  );
  if (!Array.isArray(supportedVersions) || !supportedVersions.includes(MODERN)) {
    throw unknownRevision(options.name, supportedVersions);
  }
  const meta = toRecord(_meta ?? {}, options.name);
  return {
    era: "modern",
    protocolVersion: MODERN,
    serverInfo: toRecord(meta[`${PREFIX}serverInfo`] ?? {}, options.name),
    capabilities: toRecord(capabilities ?? {}, options.name),
    instructions: typeof instructions === "string" ? instructions : undefined,
  };
}

/** Each modern request says who sends it, and what the client behind it can do. */
function envelope({ clientInfo }: HandshakeOptions, peer: ClientPeer | undefined) {
  return {
    [`${PREFIX}protocolVersion`]: MODERN,
    [`${PREFIX}clientInfo`]: clientInfo,
    [`${PREFIX}clientCapabilities`]: peer?.capabilities ?? {},
    ...(peer?.logLevel === undefined ? {} : { [`${PREFIX}logLevel`]: peer.logLevel }),
  };
}

function isRefusal(error: unknown): error is UpstreamRpcError {
  return error instanceof UpstreamRpcError && REFUSALS.has(error.code);
}

function unknownRevision(name: string, spoken: unknown): GatewayError {
  const theirs = JSON.stringify(spoken)?.slice(0, 40);
  return new GatewayError(
    "MCPX_UPSTREAM_PROTOCOL",
    `Cannot use server "${name}": it speaks revision ${theirs}, wanted one up to ${NEWEST_LEGACY} or ${MODERN}`,
    { details: { server: name } },
  );
}

function toRecord(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>; // just shown to be an object
  }
  throw new GatewayError(
    "MCPX_UPSTREAM_PROTOCOL",
    `Cannot use server "${name}": its answer to the handshake is not an object`,
    { details: { server: name } },
  );
}
