import { type Config, GatewayError } from "../contracts/mod.ts";
import { type Surroundings, toSnapshot } from "./effective.ts";
import { withoutMark } from "./mark.ts";
import { type ConfigProblem, createLocator } from "./problems.ts";
import { parseSyntax } from "./syntax.ts";

/** What is to be said of a config text. */
export type ConfigCheck =
  | { readonly valid: true; readonly config: Config; readonly notices: readonly string[] }
  | {
    readonly valid: false;
    readonly error: GatewayError;
    /** In the order of the text. */
    readonly problems: readonly ConfigProblem[];
    /** How many there are, if not all of them are listed. */
    readonly total: number;
  };

/** Checks a config text in its surroundings and finds all that is wrong. Pure. */
export function checkConfig(text: string, surroundings: Surroundings): ConfigCheck {
  try {
    const { config, notices } = toSnapshot(text, surroundings, { version: 0 });
    return { valid: true, config, notices };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return toFailedCheck(error, text);
  }
}

/** Lists the problems of an error that a config text has led to. */
export function toFailedCheck(error: GatewayError, text = ""): ConfigCheck {
  const { problems, total, key } = error.details;
  if (Array.isArray(problems)) {
    // The rooms of the config put their own problems there, and their number beside them.
    return { valid: false, error, problems, total: typeof total === "number" ? total : problems.length };
  }
  const path = typeof key === "string" ? key : "";
  const message = error.message.replace(/^Cannot read config "[^"]*": /, "");
  const problem = { path, ...placeOf(text, path), message, remedy: error.remedy };
  return { valid: false, error, problems: [problem], total: 1 };
}

function placeOf(text: string, key: string) {
  try {
    const clean = withoutMark(text);
    return createLocator(clean, parseSyntax(clean, "")).of(key === "" ? [] : [key]);
  } catch {
    return { line: 1, column: 1 };
  }
}
