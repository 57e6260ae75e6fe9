import type { GatewayEvent } from "../contracts/mod.ts";
import { GatewayError } from "../contracts/quick.ts";

/** No event of ours comes near it; what does is no stream of ours. */
const MAX_BLOCK_CHARS = 64 * 1024 * 1024;

/**
 * Yields the events of a stream of server-sent events; comments are skipped.
 * Leaving the loop early cancels the stream, and so does `signal`: the stream of
 * an aborted request may stay silent and open.
 *
 * @throws {GatewayError} MCPX_INTERNAL — a block is no event of mcpproxy.
 * @throws The abort reason of `signal`.
 */
export async function* readEvents(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  signal?: AbortSignal,
): AsyncGenerator<GatewayEvent> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream(), { signal })) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    if (rest.length > MAX_BLOCK_CHARS) throw unreadable();
    for (const block of blocks) {
      const event = toEvent(block);
      if (event !== undefined) yield event;
    }
  }
}

function toEvent(block: string): GatewayEvent | undefined {
  const fields = new Map(
    block.split("\n").map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at), line.slice(at + 1).replace(/^ /, "")];
    }),
  );
  const data = fields.get("data");
  if (data === undefined) return undefined;
  const body = parse(data);
  const { seq, payload, at } = body;
  const id = fields.get("id") ?? "";
  const type = fields.get("event") ?? "message";
  if (type === "gap") return { seq: 0, id, type, payload: payload ?? body };
  if (typeof seq !== "number") throw unreadable();
  return { seq, id, type, ...(typeof at === "string" ? { at } : {}), payload };
}

function parse(data: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(data);
    return Object(value);
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause?: unknown): GatewayError {
  return new GatewayError("MCPX_INTERNAL", "Cannot read the events: the daemon sent something else", {
    cause,
  });
}
