import { GatewayError } from "../../contracts/mod.ts";

/** A compiled pattern whose time is linear in the text, whatever the pattern. */
export interface LinearRegex {
  /** First place in the text: from, to; `undefined` if there is none or it is empty. */
  find(text: string): readonly [number, number] | undefined;
  /** Every place in the text, at most `limit`. */
  findAll(text: string, limit: number): readonly (readonly [number, number])[];
  /** Tells whether it matches anywhere, be it nothing. */
  test(text: string): boolean;
  /** Instructions it was compiled to; matching takes at most about that many for each character. */
  readonly size: number;
}

/** Longest pattern that is compiled. */
const MAX_PATTERN = 2_000;

/**
 * Compiles a pattern of a user in RE2 syntax: no look-around, no back
 * references, flags inside, such as `(?i)`. The engine is loaded at first use.
 *
 * @param where Names the pattern in the error, such as `"patterns/3"`.
 * @throws {GatewayError} MCPX_RULES_INVALID — the pattern is too long or not valid.
 */
export async function compileLinear(pattern: string, where: string): Promise<LinearRegex> {
  const { RE2JS } = await import("re2js");
  const refuse = (reason: string, cause?: unknown) =>
    new GatewayError("MCPX_RULES_INVALID", `Cannot compile the pattern at "${where}": ${reason}`, {
      remedy: "Use RE2 syntax: no look-around and no back references",
      cause,
    });
  if (pattern === "" || pattern.length > MAX_PATTERN) {
    throw refuse(`it has ${pattern.length} characters, wanted 1 to ${MAX_PATTERN}`);
  }
  try {
    const compiled = RE2JS.compile(pattern);
    const findAll = (text: string, limit: number) => {
      const matcher = compiled.matcher(text);
      const found: [number, number][] = [];
      while (found.length < limit && matcher.find()) {
        if (matcher.end() > matcher.start()) found.push([matcher.start(), matcher.end()]);
      }
      return found;
    };
    return {
      findAll,
      find: (text) => findAll(text, 1)[0],
      test: (text) => compiled.matcher(text).find(),
      size: compiled.programSize(),
    };
  } catch (error) {
    throw refuse(error instanceof Error ? error.message : String(error), error);
  }
}
