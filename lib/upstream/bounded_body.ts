/**
 * Keeps an HTTP answer from filling the memory: an event stream loses the
 * lines that are too long, any other body breaks off.
 *
 * @module
 */

import { idOfCut } from "./cut_message.ts";
import { createLineFramer, type Frame } from "./framing.ts";
import type { TransportEvents } from "./transport.ts";

/** What a body is bounded with. */
export interface BoundOptions extends Pick<TransportEvents, "onOversize"> {
  readonly maxMessageBytes: number;
  /** Body of the request, to tell which one is left without its answer. */
  readonly requestBody: unknown;
}

type Bytes = Uint8Array<ArrayBuffer>;

const NEWLINE = new Uint8Array([0x0a]);

/** Gives the same answer with a body that is bounded. */
export function boundBody(response: Response, options: BoundOptions): Response {
  const { body, headers } = response;
  if (body === null || isSurelySmall(headers, options.maxMessageBytes)) return response;
  const isStream = headers.get("content-type")?.includes("text/event-stream") === true;
  const bound = isStream ? dropLongLines(options) : breakOff(options);
  return new Response(body.pipeThrough(bound), response);
}

/** A compressed body is longer than its length says. */
function isSurelySmall(headers: Headers, maxBytes: number): boolean {
  const length = headers.get("content-length");
  return length !== null && !headers.has("content-encoding") && Number(length) <= maxBytes;
}

function dropLongLines({ maxMessageBytes, onOversize }: BoundOptions): TransformStream<Bytes, Bytes> {
  const framer = createLineFramer(maxMessageBytes);
  const pass = (frame: Frame, controller: TransformStreamDefaultController<Bytes>) => {
    if (frame.kind === "oversize") {
      return onOversize(idOfCut(frame.head.replace(/^data:/, ""), frame.tail), frame.sizeBytes);
    }
    controller.enqueue(frame.bytes);
    controller.enqueue(NEWLINE);
  };
  return new TransformStream({
    transform: (chunk, controller) => framer.push(chunk).forEach((frame) => pass(frame, controller)),
    flush: (controller) => framer.end().forEach((frame) => pass(frame, controller)),
  });
}

function breakOff(options: BoundOptions): TransformStream<Bytes, Bytes> {
  let sizeBytes = 0;
  return new TransformStream({
    transform(chunk, controller) {
      sizeBytes += chunk.length;
      if (sizeBytes <= options.maxMessageBytes) return controller.enqueue(chunk);
      options.onOversize(idOfRequest(options.requestBody), sizeBytes);
      controller.error(new RangeError(`The body is over ${options.maxMessageBytes} bytes`));
    },
  });
}

function idOfRequest(body: unknown): number | undefined {
  if (typeof body !== "string") return undefined;
  const message: unknown = JSON.parse(body); // the SDK has just made it
  const hasId = typeof message === "object" && message !== null && "id" in message && "method" in message;
  return hasId && typeof message.id === "number" ? message.id : undefined;
}
