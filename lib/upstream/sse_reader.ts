/**
 * Reads an event stream: linear in its size, bounded in memory, and not
 * disturbed by an event that is too long.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @module
 */

import { idOfCut } from "./cut_message.ts";
import { createLineFramer, type Frame } from "./framing.ts";

/** One event; `data` without its last line break. */
export interface StreamEvent {
  readonly event: string;
  readonly data: string;
}

/** What a stream is read with. */
export interface SseReaderOptions {
  readonly maxBytes: number;
  readonly onEvent: (event: StreamEvent) => void;
  /** The stream has named a place to go on from. */
  readonly onId: (id: string) => void;
  /** The stream has said how long to wait before opening it again, in milliseconds. */
  readonly onRetry: (delayMs: number) => void;
  /** An event was too long and is lost; the id of the message in it, if it could be made out. */
  readonly onOversize: (id: number | undefined, sizeBytes: number) => void;
}

const decoder = new TextDecoder();
const FIELD = /^([^:]*):? ?(.*)$/s;

/**
 * Reads until the stream ends.
 *
 * @throws What the stream throws if it breaks.
 */
export async function readSse(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  options: SseReaderOptions,
): Promise<void> {
  const framer = createLineFramer(options.maxBytes);
  const parser = createParser(options);
  for await (const chunk of body) {
    for (const frame of framer.push(chunk)) parser(frame);
  }
  // What is not closed by an empty line is no event; the rest is dropped, as the specification says.
}

function createParser(options: SseReaderOptions): (frame: Frame) => void {
  let data: string[] = [];
  let sizeBytes = 0;
  let event = "message";

  function dispatch(): void {
    const lines = data;
    const name = event;
    data = [];
    sizeBytes = 0;
    event = "message";
    if (lines.length > 0) options.onEvent({ event: name, data: lines.join("\n") });
  }

  function take(field: string, value: string, bytes: number): void {
    if (field === "data") {
      sizeBytes += bytes;
      if (sizeBytes <= options.maxBytes) data.push(value);
      else {
        options.onOversize(idOfCut(data.join("\n").slice(0, 1_024), value.slice(-1_024)), sizeBytes);
        data = [];
      }
    } else if (field === "event") event = value === "" ? "message" : value;
    else if (field === "id" && !value.includes("\0")) options.onId(value);
    else if (field === "retry" && /^\d{1,9}$/.test(value)) options.onRetry(Number(value));
  }

  return (frame) => {
    if (frame.kind === "oversize") {
      return options.onOversize(idOfCut(frame.head.replace(/^data:/, ""), frame.tail), frame.sizeBytes);
    }
    const { bytes } = frame;
    const text = decoder.decode(bytes.at(-1) === 0x0d ? bytes.subarray(0, -1) : bytes);
    if (text === "") return dispatch();
    if (text.startsWith(":")) return;
    const [, field = "", value = ""] = FIELD.exec(text) ?? [];
    take(field, value, bytes.length);
  };
}
