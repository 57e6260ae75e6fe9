import { type ErrorCode, GatewayError, toToolId } from "../contracts/mod.ts";
import type { Runtime } from "../runtime/mod.ts";

/** Why a tool that its server has listed may not be used. */
export type HoldStatus = "pending_approval" | "changed" | "blocked";

/**
 * Tells why a tool is held; `undefined` if it is not, or the server has no such
 * tool. Cheap for a tool that may be used.
 */
export function holdOf(
  runtime: Pick<Runtime, "catalogue" | "trust">,
  server: string,
  tool: string,
): HoldStatus | undefined {
  const listed = runtime.catalogue.get(server);
  if (listed === undefined || listed.byName.has(tool)) return undefined;
  if (listed.all === undefined || !listed.all.some(({ name }) => name === tool)) return undefined;
  return offerHoldOf(runtime, { server, kind: "tool", name: tool }) ?? "pending_approval";
}

/** Names something that a server offers. */
export interface OfferName {
  readonly server: string;
  readonly kind: "tool" | "prompt" | "resource" | "resource_template";
  readonly name: string;
}

/** Tells why something else that a server offers is held; `undefined` if it is not, or nobody knows of it. */
export function offerHoldOf(
  { trust }: Pick<Runtime, "trust">,
  { server, kind, name }: OfferName,
): HoldStatus | undefined {
  const record = trust.find(server, kind, name)?.record;
  if (record === undefined) return undefined;
  if (record.blocked) return "blocked";
  if (record.status === "approved") return undefined;
  return record.status === "changed" ? "changed" : "pending_approval";
}

const CODES: Readonly<Record<HoldStatus, ErrorCode>> = {
  pending_approval: "MCPX_QUARANTINE_PENDING_APPROVAL",
  changed: "MCPX_QUARANTINE_TOOL_CHANGED",
  blocked: "MCPX_TOOL_BLOCKED",
};

const WORDS: Readonly<Record<HoldStatus, string>> = {
  pending_approval: "nobody has approved it yet",
  changed: "it has changed since it was approved",
  blocked: "a person has refused it",
};

/** Tells whether a failure is the refusal of something that is held. */
export function isHold({ code }: GatewayError): boolean {
  return Object.values(CODES).includes(code);
}

/** Makes the refusal of something that is held; nothing that its server says is in it but the name asked for. */
export function holdError(
  status: HoldStatus,
  { server, kind, name }: OfferName,
): GatewayError {
  const id = toToolId(server, name.slice(0, 300));
  const what = kind.replace("_", " ");
  const review = kind === "tool" ? `mcpproxy tools diff ${id}` : `mcpproxy upstream inspect ${server}`;
  return new GatewayError(CODES[status], `Cannot use ${what} "${id}": ${WORDS[status]}`, {
    remedy: `A person reviews it: ${review}`,
    details: { server, name, kind, status },
  });
}
