import type { ToolDefinition } from "../../contracts/mod.ts";
import { checkOutput, type PreparedSchema, prepareSchema, type RefusedSchema } from "../../security/mod.ts";
import type { OutputPolicy } from "./call_policy.ts";

type Result = Readonly<Record<string, unknown>>;

/** Prepared schemas by the schema they came from; a list of tools that is gone takes its own along. */
const prepared = new WeakMap<object, Promise<PreparedSchema | RefusedSchema>>();

/** Tells whether there is anything to check about a result. */
export function isChecked(
  result: Result,
  definition: ToolDefinition | undefined,
  policy: OutputPolicy,
): boolean {
  if (policy.mode === "off" || definition?.outputSchema === undefined || result.isError === true) {
    return false;
  }
  // A task, or a question, is not the result yet.
  if (result.task !== undefined || (result.resultType ?? "complete") !== "complete") return false;
  return result.structuredContent !== undefined || policy.missing === "block";
}

/**
 * Checks the structured part of a result against the output schema of its tool.
 *
 * @returns What is wrong, in words of the gateway; `undefined` if it fits.
 */
export async function outputProblem(
  result: Result,
  definition: ToolDefinition,
  policy: OutputPolicy,
): Promise<string | undefined> {
  const { outputSchema } = definition;
  if (outputSchema === undefined) return undefined;
  if (result.structuredContent === undefined) return "it has no structuredContent";
  const schema = await prepare(outputSchema);
  if ("refused" in schema) return `its schema cannot be used: ${schema.refused}`;
  const bounds = { maxDepth: policy.maxDepth, maxSize: policy.maxBytes };
  const verdict = checkOutput(result.structuredContent, schema, bounds);
  if (verdict.kind === "fits") return undefined;
  if (verdict.kind === "unjudged") return `it cannot be checked: ${verdict.reason}`;
  return `at "${verdict.pointer.slice(0, 200)}" ${verdict.problem}`;
}

function prepare(schema: unknown): Promise<PreparedSchema | RefusedSchema> {
  // Whatever the types say, a server may have sent anything.
  if (typeof schema !== "object" || schema === null) return prepareSchema(schema);
  const known = prepared.get(schema) ?? prepareSchema(schema);
  prepared.set(schema, known);
  return known;
}
