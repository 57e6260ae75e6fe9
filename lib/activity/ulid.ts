import type { Random } from "../platform/mod.ts";

/** Digits of Crockford's base 32. */
const DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_DIGITS = 10;
const ORDER_DIGITS = 8;
const NOISE_BYTES = 5;
/** Made at once. */
const NOISES = 200;
const SHAPE = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * Makes a ULID: 48 bits of time, then 40 bits that count the records, then 40
 * random bits. So it sorts by time, and a record is found by its id alone.
 *
 * @param at Epoch milliseconds.
 * @param order Number of the record.
 * @param noise A random number below 2^40.
 */
export function toUlid(at: number, order: number, noise: number): string {
  return toDigits(Math.max(0, at), TIME_DIGITS) + toDigits(order, ORDER_DIGITS) +
    toDigits(noise, ORDER_DIGITS);
}

/** Makes random numbers below 2^40; asks for many random bytes at a time, which is what takes long. */
export function createNoise(random: Pick<Random, "bytes">): () => number {
  let bytes = new Uint8Array();
  let at = 0;
  return () => {
    if (at >= bytes.length) [bytes, at] = [random.bytes(NOISE_BYTES * NOISES), 0];
    let noise = 0;
    for (const end = at + NOISE_BYTES; at < end; at++) noise = noise * 256 + (bytes[at] ?? 0);
    return noise;
  };
}

/** Number of the record in an id made by {@link toUlid}; `undefined` for what is no ULID. */
export function orderOf(id: string): number | undefined {
  if (!SHAPE.test(id)) return undefined;
  const digits = id.slice(TIME_DIGITS, TIME_DIGITS + ORDER_DIGITS);
  return [...digits].reduce((sum, digit) => sum * 32 + DIGITS.indexOf(digit), 0);
}

function toDigits(value: number, length: number): string {
  let digits = "";
  for (let rest = Math.floor(value); digits.length < length; rest = Math.floor(rest / 32)) {
    digits = DIGITS.charAt(rest % 32) + digits;
  }
  return digits;
}
