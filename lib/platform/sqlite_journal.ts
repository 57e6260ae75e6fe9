/**
 * Whether the journal of an SQLite file holds all that the index beside it
 * says was committed. SQLite takes the end of a damaged journal for the place
 * where a writer died and drops the rest without a word.
 *
 * @see https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 * @see https://www.sqlite.org/walformat.html#the_wal_index_file_format
 * @module
 */

const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const INDEX_HEADER_BYTES = 48;
/** The last bit of the number tells the order of bytes in the words that are summed. */
const MAGIC = 0x377f0682;

type Sum = readonly [number, number];

/** What the index says of the journal. */
interface Index {
  readonly frames: number;
  readonly pageBytes: number;
  readonly salt: string;
  /** Sum of the last frame. */
  readonly sum: Sum;
}

/**
 * Compares a journal with its index. Pure.
 *
 * @param journal The file ending in `-wal`; `undefined` if there is none.
 * @param index The file ending in `-shm`; `undefined` if there is none.
 * @returns `false` only if something committed is missing or damaged. Without a usable index nothing can be said.
 */
export function isJournalSound(journal: Uint8Array | undefined, index: Uint8Array | undefined): boolean {
  const found = index && readIndex(index);
  if (found === undefined || found.frames === 0) return true;
  if (journal === undefined || journal.length < HEADER_BYTES) return false;
  const view = toView(journal);
  const first = readHeaderSum(view);
  if (first === undefined) return false;
  // The index is older than the journal: the system stopped before it was written back.
  if (readSalt(journal, 16) !== found.salt) return true;
  return hasFrames(journal, found, first);
}

function hasFrames(journal: Uint8Array, { frames, pageBytes, salt, sum }: Index, first: Sum): boolean {
  const view = toView(journal);
  const isLittle = isLittleEndian(view);
  const stride = FRAME_HEADER_BYTES + pageBytes;
  if (journal.length < HEADER_BYTES + frames * stride) return false;
  let running = first;
  for (let frame = 0, at = HEADER_BYTES; frame < frames; frame++, at += stride) {
    running = addWords(view, { from: at, to: at + 8, isLittle, sum: running });
    running = addWords(view, { from: at + FRAME_HEADER_BYTES, to: at + stride, isLittle, sum: running });
    if (readSalt(journal, at + 8) !== salt || !isSame(running, readSum(view, at + 16, false))) return false;
  }
  return isSame(running, sum);
}

/** The index is in the byte order of the machine that wrote it, which is taken to be little-endian. */
function readIndex(bytes: Uint8Array): Index | undefined {
  if (bytes.length < 2 * INDEX_HEADER_BYTES) return undefined;
  const view = toView(bytes);
  // A writer that dies between its two copies leaves them different.
  for (let at = 0; at < INDEX_HEADER_BYTES; at++) {
    if (bytes[at] !== bytes[INDEX_HEADER_BYTES + at]) return undefined;
  }
  const expected = readSum(view, 40, true);
  if (
    bytes[12] !== 1 || !isSame(addWords(view, { from: 0, to: 40, isLittle: true, sum: [0, 0] }), expected)
  ) {
    return undefined;
  }
  const size = view.getUint16(14, true);
  return {
    frames: view.getUint32(16, true),
    pageBytes: size === 1 ? 65_536 : size,
    salt: readSalt(bytes, 32),
    sum: readSum(view, 24, true),
  };
}

function readHeaderSum(view: DataView): Sum | undefined {
  if ((view.getUint32(0) & ~1) >>> 0 !== MAGIC) return undefined;
  const sum = addWords(view, { from: 0, to: 24, isLittle: isLittleEndian(view), sum: [0, 0] });
  return isSame(sum, readSum(view, 24, false)) ? sum : undefined;
}

function isLittleEndian(view: DataView): boolean {
  return (view.getUint32(0) & 1) === 0;
}

function addWords(
  view: DataView,
  { from, to, isLittle, sum: [first, second] }: {
    readonly from: number;
    readonly to: number;
    readonly isLittle: boolean;
    readonly sum: Sum;
  },
): Sum {
  let [a, b] = [first, second];
  for (let at = from; at < to; at += 8) {
    a = (a + view.getUint32(at, isLittle) + b) >>> 0;
    b = (b + view.getUint32(at + 4, isLittle) + a) >>> 0;
  }
  return [a, b];
}

function readSum(view: DataView, at: number, isLittle: boolean): Sum {
  return [view.getUint32(at, isLittle), view.getUint32(at + 4, isLittle)];
}

function readSalt(bytes: Uint8Array, at: number): string {
  return bytes.slice(at, at + 8).join(" ");
}

function isSame(one: Sum, other: Sum): boolean {
  return one[0] === other[0] && one[1] === other[1];
}

function toView({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
