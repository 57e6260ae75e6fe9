import {
  didYouMean,
  GatewayError,
  type JsonSchema,
  toJsonSchema,
  type VerbName,
  type VerbParsed,
  VERBS,
} from "../contracts/mod.ts";
import { type SchemaIssue, toIssueText } from "./issue_text.ts";

/** What is wrong at one place of an input. */
interface Problem {
  readonly path: string;
  readonly message: string;
  /** The closest of the words that were wanted. */
  readonly hint?: string;
}

/** Problems that an answer lists; more would be of no use to anyone. */
const MAX_PROBLEMS = 20;

/**
 * Checks the input of a verb against its schema.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT — with every problem; unknown fields get the nearest known ones.
 */
export function parseInput<N extends VerbName>(verb: N, input: unknown): VerbParsed<N> {
  // The schema of this very verb makes the value; TypeScript cannot tie the two together through the index.
  return parseWith(verb, VERBS[verb].input, input) as VerbParsed<N>;
}

/**
 * Checks the input of something that is no verb, as that of a verb.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT
 */
export function parseWith<S extends Parameters<typeof toJsonSchema>[0]>(
  what: string,
  schema: S,
  input: unknown,
): S["_output"] {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const problems = result.error.issues.slice(0, MAX_PROBLEMS).flatMap((issue): Problem[] => {
    const path = issue.path.map(String);
    if (issue.code === "invalid_value") return [wrongWord(issue, input)];
    if (issue.code !== "unrecognized_keys") return [{ path: path.join("."), message: toIssueText(issue) }];
    const known = fieldsAt(toJsonSchema(schema, "input"), path);
    return issue.keys.map((key) => ({
      path: [...path, key].join("."),
      message: `there is no field "${key.slice(0, 100)}"${didYouMean(key, known)}`,
    }));
  });
  const [first] = problems;
  throw new GatewayError("MCPX_INVALID_INPUT", `Cannot carry out "${what}": ${toText(first)}`, {
    cause: result.error,
    details: {
      problems: problems.map(({ path, message, hint = "" }) => ({ path, message: message + hint })),
    },
  });
}

/** A word that is none of those wanted; what was found is not said again, since it may be anything. */
function wrongWord(
  issue: SchemaIssue & { readonly path: readonly PropertyKey[] },
  input: unknown,
): Problem {
  const path = issue.path.map(String);
  let found: unknown = input;
  for (const [index, key] of path.entries()) {
    if (typeof found === "string") {
      // Several words in one text, with commas between: they have no places of their own.
      path.length = index;
      found = found.split(",")[Number(key)]?.trim();
      break;
    }
    found = Object(found)[key];
  }
  const words = (issue.values ?? []).filter((value) => typeof value === "string");
  const hint = typeof found === "string" ? didYouMean(found, words) : "";
  return { path: path.join("."), message: toIssueText(issue), ...(hint === "" ? {} : { hint }) };
}

function toText(problem: Problem | undefined): string {
  if (problem === undefined) return "wrong input";
  const { path, message, hint = "" } = problem;
  return path === "" || message.startsWith("there is no field")
    ? message
    : `${message} in "${path.slice(0, 100)}"${hint}`;
}

/** Names of the fields that an object has at a place; none if the place has no such list. */
function fieldsAt(schema: JsonSchema, path: readonly string[]): string[] {
  const [key, ...rest] = path;
  const { properties, items, anyOf, additionalProperties } = schema as {
    properties?: Readonly<Record<string, JsonSchema>>;
    items?: JsonSchema;
    anyOf?: readonly JsonSchema[];
    additionalProperties?: JsonSchema | boolean;
  }; // the words of JSON Schema
  if (anyOf !== undefined) return anyOf.flatMap((one) => fieldsAt(one, path));
  if (key === undefined) return Object.keys(properties ?? {});
  const next = items ?? properties?.[key] ?? additionalProperties;
  return typeof next === "object" ? fieldsAt(next, rest) : [];
}
