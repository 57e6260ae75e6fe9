/** One message of an event stream, with the place to go on from. */
export interface StreamedMessage {
  readonly id: string | undefined;
  /** The JSON text of the message; empty for an event that only names a place. */
  readonly data: string;
}

/** Yields the messages of a gateway's event stream; comments are skipped. Leaving the loop cancels the stream. */
export async function* readMessages(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<StreamedMessage> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const message = toMessage(block);
      if (message !== undefined) yield message;
    }
  }
}

function toMessage(block: string): StreamedMessage | undefined {
  let id: string | undefined;
  let data: string | undefined;
  for (const line of block.split("\n")) {
    if (line.startsWith("id:")) id = line.slice(3).trim();
    else if (line.startsWith("data:")) {
      data = (data === undefined ? "" : `${data}\n`) + line.slice(5).replace(/^ /, "");
    }
  }
  return data === undefined ? undefined : { id, data };
}
