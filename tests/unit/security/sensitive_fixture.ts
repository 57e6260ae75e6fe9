import { createDetector } from "../../../lib/security/mod.ts";

export const detector = await createDetector();

/** Characters of a class in an order that looks like chance and is the same each time. */
export function chance(alphabet: string, length: number, seed: number): string {
  let state = seed * 2_654_435_761 % 4_294_967_296;
  let text = "";
  while (text.length < length) {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    text += alphabet[Math.floor(state / 65_536) % alphabet.length];
  }
  return text;
}

export const ALNUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
