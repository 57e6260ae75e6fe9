import { UpstreamRpcError } from "../upstream/mod.ts";

/** Tells whether an error is what a server answered, in its own words. */
export function isUpstreamError(
  error: unknown,
): error is { readonly code: number; readonly message: string; readonly data: unknown } {
  return error instanceof UpstreamRpcError;
}
