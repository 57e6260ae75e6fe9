import { parse, type ParseError } from "jsonc-parser";

/**
 * Reads JSON with comments and trailing commas, whatever it holds.
 *
 * @returns `undefined` for a text without a value.
 * @throws {SyntaxError} If it is none.
 */
export function parseLooseJsonc(text: string): unknown {
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (errors.length > 0) throw new SyntaxError("The text is no JSON with comments");
  return value;
}
