import { isRecord, RPC, RpcFault } from "./jsonrpc.ts";

/** What is kept of what a client says of itself. */
export interface ClientWords {
  readonly name?: string;
  readonly title?: string;
  readonly version?: string;
}

const MAX_CHARS = 200;
/** No honest client needs a tenth of it. */
const MAX_CAPABILITIES_CHARS = 64 * 1024;

/**
 * Keeps of what a client says of itself what is of use, cut: it is remembered
 * for as long as the client is, and clients are many. Pure.
 */
export function briefClient(value: unknown): ClientWords {
  if (!isRecord(value)) return {};
  const words: Record<string, string> = {};
  for (const key of ["name", "title", "version"] as const) {
    const text = value[key];
    if (typeof text === "string") words[key] = text.length > MAX_CHARS ? text.slice(0, MAX_CHARS) : text;
  }
  return words;
}

/**
 * Reads the capabilities of a client whose session will remember them.
 *
 * @throws {RpcFault} If they are longer than a session may keep.
 */
export function readCapabilities(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) return {};
  if (JSON.stringify(value).length <= MAX_CAPABILITIES_CHARS) return value;
  throw new RpcFault(
    RPC.invalidParams,
    `Invalid params: capabilities are over ${MAX_CAPABILITIES_CHARS} characters`,
    { status: 400 },
  );
}
