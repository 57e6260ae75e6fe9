import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { type Config, ConfigSchema } from "../contracts/mod.ts";
import { normalize, type ServersForm } from "./normalize.ts";
import { type ConfigProblem, createLocator, type Locator, pathAt, toConfigError } from "./problems.ts";
import { schemaProblems } from "./schema_problems.ts";
import { ruleProblems } from "./rules.ts";

/** A config as read from a text, not yet with environment and flags. */
export interface ParsedConfig {
  readonly config: Config;
  readonly form: ServersForm;
  /** Things to know that are no mistakes, such as deprecated keys. */
  readonly notices: readonly string[];
}

const DEPRECATED: Readonly<Record<string, string>> = {
  top_k: "use tools_limit",
  enable_tray: "it has no effect",
};

const SYNTAX: Readonly<Record<string, string>> = {
  CommaExpected: "a comma is missing before this",
  ColonExpected: "a colon is missing before this",
  ValueExpected: "a value is missing here",
  PropertyNameExpected: "a key in double quotes is wanted here",
  CloseBraceExpected: 'the object is not closed, "}" is missing',
  CloseBracketExpected: 'the list is not closed, "]" is missing',
  EndOfFileExpected: "there is more text after the end of the config",
  InvalidSymbol: "this is neither a text in double quotes nor a number, true, false or null",
  UnexpectedEndOfString: "the text is not closed, a double quote is missing",
  UnexpectedEndOfComment: "the comment is not closed",
};

/**
 * Reads a config text: JSON with comments and trailing commas.
 *
 * @param path Named in errors.
 * @throws {GatewayError} MCPX_CONFIG_PARSE_ERROR or MCPX_CONFIG_INVALID with every problem in `details.problems`.
 */
export function parseConfig(text: string, path: string): ParsedConfig {
  const clean = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const errors: ParseError[] = [];
  const root = parseTree(clean, errors, {
    allowTrailingComma: true,
    disallowComments: false,
    allowEmptyContent: true,
  });
  const locator = createLocator(clean, root);
  if (errors.length > 0) {
    throw toConfigError(
      "MCPX_CONFIG_PARSE_ERROR",
      path,
      errors.map((one) => syntaxProblem(clean, one, locator)),
    );
  }
  if (root !== undefined && root.type !== "object") {
    throw toConfigError("MCPX_CONFIG_INVALID", path, [{
      path: "",
      ...locator.at(root.offset),
      message: `found ${root.type}, wanted an object`,
      remedy: "Put the settings into { … }",
    }]);
  }
  const doubled = root === undefined ? [] : duplicateKeys(root, locator);
  const { value, form, notices, place } = normalize(root);
  const result = ConfigSchema.safeParse(value);
  const problems = [
    ...doubled,
    ...(result.success
      ? ruleProblems(result.data, locator, place)
      : schemaProblems(result.error, { value, locator, place })),
  ];
  if (!result.success || problems.length > 0) throw toConfigError("MCPX_CONFIG_INVALID", path, problems);
  return { config: result.data, form, notices: [...notices, ...deprecations(value)] };
}

function syntaxProblem(text: string, { error, offset }: ParseError, locator: Locator): ConfigProblem {
  const name = printParseErrorCode(error);
  return {
    path: pathAt(text, offset),
    ...locator.at(offset),
    message: SYNTAX[name] ?? `the JSON is not valid (${name})`,
    remedy: "Correct the file at this line and column",
  };
}

/** JSON takes the last of two equal keys; a person who wrote both meant something else. */
function duplicateKeys(node: Node, locator: Locator, path: (string | number)[] = []): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const seen = new Map<string, number>();
  for (const [index, child] of (node.children ?? []).entries()) {
    if (node.type === "array") {
      problems.push(...duplicateKeys(child, locator, [...path, index]));
      continue;
    }
    const [key, value] = child.children ?? [];
    const name = String(key?.value);
    const first = seen.get(name);
    if (first !== undefined) {
      problems.push({
        path: [...path, name].join("."),
        ...locator.at(child.offset),
        message: `the key "${name}" stands here a second time, first in line ${first}`,
        remedy: "Remove or rename one of the two",
      });
    }
    seen.set(name, locator.at(child.offset).line);
    if (value !== undefined) problems.push(...duplicateKeys(value, locator, [...path, name]));
  }
  return problems;
}

function deprecations(value: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(DEPRECATED)
    .filter(([key]) => key in value)
    .map(([key, why]) => `The config key "${key}" is deprecated: ${why}`);
}
