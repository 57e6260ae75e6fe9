/** Parts of a stream as they come. */
export interface Chunks {
  /**
   * Waits for the next part, which is good until the one after it is asked for.
   *
   * @returns `undefined` at the end; one that breaks ends like any other, as the exit of its process tells more.
   */
  readonly next: () => Promise<Uint8Array | undefined>;
  cancel(): void;
}

/** Most that programs say at a time; of a thousand servers each has its buffers. */
const BUFFER_BYTES = 8 * 1024;
/** Where more came than the buffer took; as much as a pipe holds. */
const LARGE_BUFFER_BYTES = 64 * 1024;

/** Reads the output of a process into one buffer over and over, as a new one for each part costs more than reading it. */
export function openChunks(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Chunks {
  const reader = stream.getReader({ mode: "byob" });
  let buffer = new Uint8Array(BUFFER_BYTES);
  return {
    async next() {
      const room = buffer.length;
      const part = await reader.read(buffer).catch(() => undefined);
      if (part?.value === undefined || part.done) return undefined;
      const { value } = part;
      const isSmall = value.length === room && room < LARGE_BUFFER_BYTES;
      // The memory comes back with what was read; the array that was given is of no use any more.
      buffer = isSmall ? new Uint8Array(LARGE_BUFFER_BYTES) : new Uint8Array(value.buffer);
      return value;
    },
    cancel: () => void reader.cancel().catch(() => {}),
  };
}
