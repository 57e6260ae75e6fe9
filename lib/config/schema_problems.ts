import type { z } from "zod";
import { closest, didYouMean } from "../contracts/mod.ts";
import { knownKeys } from "./known_keys.ts";
import { type ConfigPath, type ConfigProblem, type Locator, toPathText } from "./problems.ts";

/** What a schema's complaint is explained with. */
interface Explanation {
  readonly value: unknown;
  readonly locator: Locator;
  readonly place: (path: ConfigPath) => ConfigPath;
}

/** Keys whose values are never shown, not even when they are wrong. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  "env",
  "headers",
  "api_key",
  "oauth",
  "auth_broker",
  "custom_vars",
  "args",
  "url",
]);

/** Words of the schema that are not those of people. */
const TYPE_WORDS: ReadonlyMap<string, string> = new Map([["int", "a whole number"], ["record", "object"]]);

/** Turns the complaints of the schema into problems with places. */
export function schemaProblems(error: z.ZodError, explanation: Explanation): ConfigProblem[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.filter((part): part is string | number => typeof part !== "symbol");
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => unknownKey([...path, key], key, explanation));
    }
    return [wrongValue(issue, path, explanation)];
  });
}

function unknownKey(path: ConfigPath, key: string, { locator, place }: Explanation): ConfigProblem {
  const known = knownKeys(path.slice(0, -1));
  const [near] = closest(key, known);
  return {
    path: toPathText(place(path)),
    ...locator.of(place(path), "key"),
    message: `there is no key "${key}"${didYouMean(key, known)}`,
    found: `the key "${key}"`,
    wanted: near === undefined ? undefined : `the key "${near}"`,
    remedy: near === undefined
      ? withoutKey(path, key, known)
      : `Write "${near}" in place of "${key}", or remove it`,
  };
}

/** Of a section, its keys; those of a server or of the whole config would be too many to read. */
function withoutKey(path: ConfigPath, key: string, known: readonly string[]): string {
  const isShort = path.length === 2 && known.length > 0 && known.length <= MAX_SHOWN;
  return isShort ? `Remove "${key}", or write one of ${known.join(", ")}` : `Remove "${key}"`;
}

const MAX_SHOWN = 12;

function wrongValue(
  issue: z.core.$ZodIssue,
  path: ConfigPath,
  { value, locator, place }: Explanation,
): ConfigProblem {
  const found = path.reduce<unknown>((inner, part) => (isObject(inner) ? inner[part] : undefined), value);
  const [is, shouldBe] = [show(found, path), wanted(issue)];
  return {
    path: toPathText(place(path)),
    ...locator.of(place(path)),
    message: `found ${is}, ${shouldBe}`,
    found: is,
    wanted: shouldBe.replace(/^wanted /, ""),
    remedy: "Correct the value; docs/reference/config.schema.json has every key",
  };
}

function wanted(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return `wanted ${TYPE_WORDS.get(issue.expected) ?? issue.expected}`;
    case "invalid_value":
      return `wanted ${issue.values.map((one) => JSON.stringify(one)).join(" or ")}`;
    case "too_small":
      if (issue.origin !== "string") return `wanted at least ${issue.minimum}`;
      return issue.minimum === 1
        ? "wanted a text that is not empty"
        : `wanted a text of at least ${issue.minimum} characters`;
    case "too_big":
      return `wanted at most ${issue.maximum}`;
    case "invalid_key":
      return `wanted another key (${issue.issues.map(({ message }) => message).join(", ")})`;
    default:
      return issue.message.startsWith("wanted") ? issue.message : `wanted something else (${issue.message})`;
  }
}

function show(value: unknown, path: ConfigPath): string {
  const type = value === undefined
    ? "nothing"
    : value === null
    ? "null"
    : Array.isArray(value)
    ? "a list"
    : `a ${typeof value}`;
  if (isObject(value) || value === undefined || path.some((part) => SECRET_KEYS.has(String(part)))) {
    return type;
  }
  return JSON.stringify(value).slice(0, 60);
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null;
}
