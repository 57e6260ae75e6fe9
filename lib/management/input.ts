import {
  didYouMean,
  GatewayError,
  type JsonSchema,
  toJsonSchema,
  type VerbName,
  type VerbParsed,
  VERBS,
} from "../contracts/mod.ts";
import { toIssueText } from "./issue_text.ts";

/** What is wrong at one place of an input. */
interface Problem {
  readonly path: string;
  readonly message: string;
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
    details: { problems },
  });
}

function toText(problem: Problem | undefined): string {
  if (problem === undefined) return "wrong input";
  const { path, message } = problem;
  return path === "" || message.startsWith("there is no field")
    ? message
    : `${message} in "${path.slice(0, 100)}"`;
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
