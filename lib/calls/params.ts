/**
 * Reads parameters of the gateway's own tools. Agents often send numbers and
 * booleans as strings, so those are understood too.
 *
 * @module
 */

import { didYouMean, GatewayError } from "../contracts/mod.ts";

type Arguments = Readonly<Record<string, unknown>>;

function wrong(key: string, value: unknown, wanted: string): GatewayError {
  if (value === undefined || value === null) {
    return new GatewayError("MCPX_INVALID_INPUT", `Cannot read "${key}": it is missing, wanted ${wanted}`, {
      remedy: `Give "${key}"`,
    });
  }
  const found = JSON.stringify(value)?.slice(0, 60) ?? typeof value;
  return new GatewayError("MCPX_INVALID_INPUT", `Cannot read "${key}": found ${found}, wanted ${wanted}`);
}

/** Refuses parameters that would be passed over, where the answer would not be what was asked for. */
export function refuseOthers(args: Arguments, known: readonly string[]): void {
  const other = Object.keys(args).find((key) => !known.includes(key));
  if (other === undefined) return;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot read "${other.slice(0, 60)}": there is no such parameter${didYouMean(other, known)}`,
    { remedy: `Use ${known.join(", ")}` },
  );
}

/** Reads a text, `undefined` if it is absent. */
export function readText(args: Arguments, key: string): string | undefined {
  const value = args[key];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw wrong(key, value, "a string");
  return value;
}

/** Reads a switch, `false` if it is absent. */
export function readBoolean(args: Arguments, key: string): boolean {
  const value = args[key];
  if (value === undefined || value === null) return false;
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw wrong(key, value, "true or false");
}

/** Reads a whole number from 1, `undefined` if it is absent. */
export function readCount(args: Arguments, key: string): number | undefined {
  const value = args[key];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : value;
  if (typeof number === "number" && Number.isInteger(number) && number >= 1) return number;
  throw wrong(key, value, "a whole number from 1");
}

/** Reads one of several words, `undefined` if it is absent or empty. */
export function readChoice<T extends string>(
  args: Arguments,
  key: string,
  choices: readonly T[],
): T | undefined {
  const value = args[key];
  if (value === undefined || value === null || value === "") return undefined;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw wrong(key, value, choices.map((choice) => `"${choice}"`).join(" or "));
  return found;
}

/**
 * Reads a list of texts.
 *
 * @param what Says what they are.
 */
export function readTexts(args: Arguments, key: string, max: number, what = "strings"): string[] {
  const value = args[key];
  if (!Array.isArray(value) || !value.every((one) => typeof one === "string")) {
    throw wrong(key, value, `a list of 1 to ${max} ${what}`);
  }
  if (value.length === 0 || value.length > max) throw wrong(key, value.length, `1 to ${max} entries`);
  return value;
}

/** Reads an object; `{}` if it is absent. */
export function readObject(args: Arguments, key: string): Readonly<Record<string, unknown>> {
  const value = args[key];
  if (value === undefined || value === null) return {};
  if (typeof value !== "object" || Array.isArray(value)) throw wrong(key, value, "an object");
  return value as Readonly<Record<string, unknown>>; // just shown to be a plain object
}

/**
 * Reads the arguments for a server's tool: `args` as an object, or
 * `args_json` as JSON text, which wins.
 */
export function readCallArguments(args: Arguments): Readonly<Record<string, unknown>> {
  const text = readText(args, "args_json");
  if (text === undefined || text.trim() === "") return readObject(args, "args");
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      'Cannot read "args_json": it is not valid JSON, wanted an object',
      {
        cause,
      },
    );
  }
  return readObject({ args_json: parsed }, "args_json");
}
