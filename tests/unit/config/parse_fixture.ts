import { ok, throws } from "node:assert/strict";
import { type ConfigProblem, parseConfig } from "../../../lib/config/mod.ts";
import { GatewayError } from "../../../lib/contracts/mod.ts";

/** The error a text leads to. */
export function refusal(text: string): GatewayError {
  let thrown: unknown;
  throws(() => parseConfig(text, "/x/config.json"), (error) => {
    thrown = error;
    return error instanceof GatewayError;
  });
  ok(thrown instanceof GatewayError);
  return thrown;
}

export function problems(text: string): ConfigProblem[] {
  const { problems } = refusal(text).details;
  ok(Array.isArray(problems));
  return problems;
}

/** Problems as `path line:column message`. */
export const lines = (text: string) =>
  problems(text).map(({ path, line, column, message }) => `${path} ${line}:${column} ${message}`);

export const servers = (...entries: string[]) => `{ "mcpServers": [\n${entries.join(",\n")}\n] }`;
