import type { Caller, RequestSource, VerbParsed } from "../contracts/mod.ts";

/** Who asks for a verb, and until when. */
export interface VerbContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly signal: AbortSignal;
  readonly from?: RequestSource;
}

/** Adds one server as a part of another verb, with a record of its own. */
export type AddServer = (entry: VerbParsed<"servers.add">, within: VerbContext) => Promise<unknown>;

/** Says where a request comes from that a verb makes on its way. Pure. */
export function partOf(
  { caller, requestId: parentId, from }: Pick<VerbContext, "caller" | "requestId" | "from">,
  requestId: string,
): Pick<VerbContext, "caller" | "requestId" | "from"> {
  return { caller, requestId, from: { ...from, parentId } };
}
