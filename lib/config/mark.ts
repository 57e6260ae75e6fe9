const BYTE_ORDER_MARK = "\uFEFF";

/** Some editors put a mark at the start of a file that is no part of its text. */
export function withoutMark(text: string): string {
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text;
}
