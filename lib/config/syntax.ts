import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { type ConfigProblem, createLocator, MAX_PROBLEMS, pathAt, toConfigError } from "./problems.ts";

/** No config needs more, and the parser's stack must not end on a file that has it. */
const MAX_DEPTH = 100;

const REMEDY = "Correct the file at this line and column";

const SYNTAX: ReadonlyMap<string, string> = new Map([
  ["CommaExpected", "a comma is missing before this"],
  ["ColonExpected", "a colon is missing before this"],
  ["ValueExpected", "a value is missing here"],
  ["PropertyNameExpected", "a key in double quotes is wanted here"],
  ["CloseBraceExpected", 'the object is not closed, "}" is missing'],
  ["CloseBracketExpected", 'the list is not closed, "]" is missing'],
  ["EndOfFileExpected", "there is more text after the end of the config"],
  ["InvalidSymbol", "this is neither a text in double quotes nor a number, true, false or null"],
  ["UnexpectedEndOfString", "the text is not closed, a double quote is missing"],
  ["UnexpectedEndOfComment", "the comment is not closed"],
]);

/**
 * Reads JSON with comments and trailing commas into a syntax tree.
 *
 * @returns `undefined` if there is nothing but space and comments.
 * @throws {GatewayError} MCPX_CONFIG_PARSE_ERROR with every mistake in `details.problems`.
 */
export function parseSyntax(text: string, path: string): Node | undefined {
  const { at } = createLocator(text, undefined);
  const tooDeep = findTooDeep(text);
  if (tooDeep !== undefined) {
    const message = `found more than ${MAX_DEPTH} levels, wanted fewer`;
    const problem = { path: "", ...at(tooDeep), message, remedy: REMEDY };
    throw toConfigError("MCPX_CONFIG_PARSE_ERROR", path, { problems: [problem] });
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  if (errors.length === 0) return root;
  const problems = errors.slice(0, MAX_PROBLEMS).map(({ error, offset }): ConfigProblem => {
    const name = printParseErrorCode(error);
    const message = SYNTAX.get(name) ?? `the JSON is not valid (${name})`;
    return { path: pathAt(text, offset), ...at(offset), message, remedy: REMEDY };
  });
  throw toConfigError("MCPX_CONFIG_PARSE_ERROR", path, { problems, total: errors.length });
}

function findTooDeep(text: string): number | undefined {
  let depth = 0;
  for (const { offset, first } of tokens(text, { from: 0, to: text.length })) {
    if (first === "{" || first === "[") depth++;
    if (first === "}" || first === "]") depth--;
    if (depth > MAX_DEPTH) return offset;
  }
  return undefined;
}

/** A piece of JSON text: punctuation, a text, a word or a comment. */
export interface Token {
  readonly offset: number;
  readonly end: number;
  /** Its first character, which tells what it is. */
  readonly first: string;
}

/** Yields the tokens that start in a stretch of text; white space is left out. */
export function* tokens(
  text: string,
  { from, to }: { readonly from: number; readonly to: number },
): Iterable<Token> {
  const scanner = createScanner(text);
  scanner.setPosition(from);
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const offset = scanner.getTokenOffset();
    if (offset >= to) return;
    const first = text.charAt(offset);
    if (!/\s/.test(first)) yield { offset, end: offset + scanner.getTokenLength(), first };
  }
}
