import type { GatewayError, ToolResult } from "../../lib/contracts/mod.ts";
import { type Look, paint, visible } from "./text.ts";

/** An error as programs read it. */
export interface ErrorValue {
  readonly code: string;
  readonly message: string;
  readonly guidance?: string;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly request_id?: string;
}

/** Brings an error into the form that `-o json` and `-o yaml` print. */
export function toErrorValue(error: GatewayError): ErrorValue {
  const { request_id, ...context } = error.details;
  return {
    code: error.code,
    message: error.message,
    ...(error.remedy === "" ? {} : { guidance: error.remedy }),
    ...(Object.keys(context).length === 0 ? {} : { context }),
    ...(typeof request_id === "string" ? { request_id } : {}),
  };
}

/** Writes an error for people. */
export function renderError(error: GatewayError, look: Look): string {
  const { message, guidance, request_id } = toErrorValue(error);
  const lines = [`${paint("Error:", "bad", look)} ${visible(message, "\n")}`];
  if (guidance !== undefined) lines.push(`→ ${visible(guidance, "\n")}`);
  lines.push(...furtherProblems(error).map((problem) => `  also ${visible(problem)}`));
  if (request_id !== undefined) lines.push(paint(`Request ID: ${visible(request_id)}`, "faint", look));
  return `${lines.join("\n")}\n`;
}

/** More than a person corrects in one go; the message counts them all. */
const MAX_PROBLEMS = 20;

/** A config can be wrong in several places; its message has the first one, and the person wants them all. */
function furtherProblems({ details }: GatewayError): string[] {
  const { problems } = details;
  if (!Array.isArray(problems)) return [];
  return problems.slice(1, MAX_PROBLEMS).flatMap((problem: unknown) => {
    if (typeof problem !== "object" || problem === null || !("line" in problem) || !("message" in problem)) {
      return [];
    }
    const { path = "", line, column = 1, message, remedy } = problem as Record<string, unknown>; // printed as texts
    return [`${path} at ${line}:${column}: ${message} → ${remedy}`];
  });
}

/** Key under which the gateway puts its own facts into `_meta` of a result. */
const META_KEY = "io.mcpproxy/error";

/** The words of the gateway itself in the object that agents read. */
function messageOf({ content: [block] }: ToolResult): string {
  try {
    const { error, message } = Object(JSON.parse(String(block?.text)));
    return [error, message].flatMap((text: unknown) => typeof text === "string" ? [visible(text)] : [])[0] ??
      "";
  } catch {
    return "";
  }
}

/** Says in a note that a call failed, and what to do if the gateway knows. */
export function describeFailure(result: ToolResult): string {
  const facts = result._meta?.[META_KEY];
  const at = (key: string): string => {
    const value: unknown = typeof facts === "object" && facts !== null ? Reflect.get(facts, key) : undefined;
    return typeof value === "string" ? visible(value) : "";
  };
  const message = at("code") === "" ? "" : messageOf(result);
  const lines = message === "" ? [] : [`Error: ${message}`];
  lines.push(at("code") === "" ? "The tool reported a failure" : `The call failed: ${at("code")}`);
  if (at("remedy") !== "") lines.push(`→ ${at("remedy")}`);
  if (at("request_id") !== "") lines.push(`Request ID: ${at("request_id")}`);
  return lines.join("\n");
}
