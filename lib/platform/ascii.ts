// deno-lint-ignore no-control-regex -- the whole range is meant
const ASCII = /^[\x00-\x7f]*$/;

/** Tells whether a text is ASCII, as nearly all are: then it has as many bytes as characters. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}
