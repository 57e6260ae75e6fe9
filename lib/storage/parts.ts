import { PART_BYTES } from "./part_size.ts";

/** Of the parts of all servers; a reader asks for as many at once. */
const READ_AT_ONCE = 100;

/** What the header of a long text says of its parts, which stand at `[prefix, server, generation, index]`. */
export interface PartsHeader {
  readonly generation: number;
  readonly parts: number;
  readonly sizeBytes: number;
}

interface Growing extends PartsHeader {
  readonly bytes: Uint8Array;
  next: number;
  isBroken: boolean;
}

/**
 * Puts the texts of all servers together from their parts, in one go through
 * all of them: one by one, servers and parts took most of a start.
 *
 * @returns By server; a text of which something is missing is left out.
 */
export async function readAllParts(
  kv: Deno.Kv,
  prefix: string,
  headers: ReadonlyMap<string, PartsHeader>,
): Promise<Map<string, Uint8Array>> {
  const texts = new Map<string, Growing>();
  for (const [server, header] of headers) {
    if (isPossible(header)) texts.set(server, start(header));
  }
  if (texts.size === 0) return new Map();
  const found = kv.list({ prefix: [prefix] }, { batchSize: READ_AT_ONCE });
  for await (const { key: [, server, generation, index], value } of found) {
    const text = texts.get(String(server));
    // Parts of an older text, or of a list that became short, may have been left.
    if (text !== undefined && text.generation === generation) add(text, index, value);
  }
  const isWhole = ([, { parts, next, isBroken }]: [string, Growing]) => next === parts && !isBroken;
  return new Map([...texts].filter(isWhole).map(([server, { bytes }]) => [server, bytes]));
}

/** Numbers that do not fit together could ask for more memory than there is. */
function isPossible({ parts, sizeBytes }: PartsHeader): boolean {
  return sizeBytes >= 0 && parts === Math.ceil(sizeBytes / PART_BYTES);
}

function start(header: PartsHeader): Growing {
  return { ...header, bytes: new Uint8Array(header.sizeBytes), next: 0, isBroken: false };
}

function add(text: Growing, index: unknown, value: unknown): void {
  const { bytes, parts, next } = text;
  if (next >= parts) return;
  const from = next * PART_BYTES;
  if (index !== next || !(value instanceof Uint8Array) || from + value.length > bytes.length) {
    text.isBroken = true;
    return;
  }
  bytes.set(value, from);
  text.next++;
}
