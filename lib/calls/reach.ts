import { type Caller, type ErrorCode, GatewayError } from "../contracts/mod.ts";

/** Answers to names that are not there, or not there for the caller. */
const ABSENT: ReadonlySet<ErrorCode> = new Set(["MCPX_SERVER_NOT_FOUND", "MCPX_TOOL_NOT_FOUND"]);

/**
 * Says of a name that is not there how far the token of the caller goes.
 *
 * What a token does not open does not exist for it, so the words are the same
 * for what is hidden and for what nobody has: they tell of the token only.
 *
 * @returns `thrown` itself if it is something else, or the caller has no token.
 */
export function withReach(thrown: unknown, { scope }: Caller): unknown {
  if (scope === undefined || !(thrown instanceof GatewayError) || !ABSENT.has(thrown.code)) return thrown;
  const { code, message, remedy, cause, details } = thrown;
  const { token, permissions } = scope;
  const reach = `Token "${token}" reaches what it was made for, with ${listed(permissions)}; ` +
    "the owner of the gateway can make one that reaches further";
  return new GatewayError(code, message, { remedy: `${remedy}. ${reach}`, cause, details });
}

function listed(permissions: readonly string[]): string {
  return permissions.length === 0 ? "no permission" : `permission ${permissions.join(", ")}`;
}
