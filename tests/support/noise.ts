const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** A text of letters and digits, the same each time, that hardly gets shorter when it is deflated. */
export function noise(length: number): string {
  let state = 0x2545f491;
  return Array.from({ length }, () => {
    // Xorshift, whose upper bits have no pattern that deflating would find.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return SIGNS.charAt(state >>> 26);
  }).join("");
}
