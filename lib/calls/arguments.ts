import type { ToolDefinition } from "../contracts/mod.ts";

type Arguments = Readonly<Record<string, unknown>>;

const CHECKS: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ["string", (value) => typeof value === "string"],
  ["number", (value) => typeof value === "number"],
  ["integer", (value) => typeof value === "number" && Number.isInteger(value)],
  ["boolean", (value) => typeof value === "boolean"],
  ["array", Array.isArray],
  ["object", (value) => typeof value === "object" && value !== null && !Array.isArray(value)],
  ["null", (value) => value === null],
]);

/**
 * Finds what is plainly wrong with the arguments of a call: a required one is
 * missing, or one has the wrong JSON type.
 *
 * Deliberately no full JSON Schema validation: the schema comes from an
 * untrusted server, whose patterns could stall the process, and the server
 * checks its arguments itself.
 *
 * @returns The problem in words, or `undefined`.
 */
export function argumentProblem(tool: ToolDefinition, args: Arguments): string | undefined {
  const { required, properties } = tool.inputSchema;
  const missing = Array.isArray(required) ? missingOf(required, args) : [];
  if (missing.length > 0) {
    return `Missing required ${missing.length === 1 ? "argument" : "arguments"}: ${missing.join(", ")}`;
  }
  if (typeof properties !== "object" || properties === null) return undefined;
  for (const name of Object.keys(properties)) {
    if (!Object.hasOwn(args, name)) continue;
    const problem = typeProblem(name, Reflect.get(properties, name), args[name]);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function missingOf(required: readonly unknown[], args: Arguments): string[] {
  return required.filter((name): name is string => typeof name === "string" && !Object.hasOwn(args, name));
}

function typeProblem(name: string, schema: unknown, value: unknown): string | undefined {
  if (typeof schema !== "object" || schema === null || !("type" in schema)) return undefined;
  // Nearly always there is one type, and the value has it.
  if (typeof schema.type === "string" && CHECKS.get(schema.type)?.(value) === true) return undefined;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  const checks = types.map((type) => CHECKS.get(String(type)));
  // A type this table does not know cannot be judged here.
  if (checks.some((check) => check === undefined)) return undefined;
  if (checks.some((check) => check?.(value))) return undefined;
  const found = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  return `Argument "${name}" is ${found}, wanted ${types.join(" or ")}`;
}
