import type { CallContext, DispatchOptions } from "./context.ts";
import { forward, type ForwardRequest } from "./forward.ts";
import type { TrackSubject } from "./call_watch.ts";
import { CallTrack } from "./track.ts";

/**
 * Passes a request on, and puts those on record that bring something of a
 * server to the client: prompts and resources.
 *
 * @throws {UpstreamRpcError | GatewayError} As {@link forward}.
 */
export async function forwardTracked(
  options: DispatchOptions,
  request: ForwardRequest,
  context: CallContext,
): Promise<unknown> {
  const subject = subjectOf(request);
  if (subject === undefined) return await forward(options, request, context);
  const track = new CallTrack(options, subject, context);
  try {
    const result = await forward(options, request, { ...context, track });
    track.end(result);
    return result;
  } catch (thrown) {
    track.fail(thrown);
    throw thrown;
  }
}

function subjectOf({ server, method, params }: ForwardRequest): TrackSubject | undefined {
  if (method === "prompts/get") {
    return {
      type: "prompt_get",
      server_name: server,
      tool_name: toName(params.name),
      arguments: params.arguments,
    };
  }
  if (method !== "resources/read") return undefined;
  return { type: "resource_read", server_name: server, tool_name: toName(params.uri) };
}

function toName(name: unknown): string | undefined {
  return typeof name === "string" ? name : undefined;
}
