import { createHash } from "node:crypto";
import { didYouMean, GatewayError, parseJson } from "../../contracts/mod.ts";
import { FAMILY_RULES } from "./families.ts";
import { FAMILIES } from "./family_names.ts";
import { FRAMES } from "./frame_rules.ts";
import type { FieldRole } from "./fields.ts";
import { classNames, createLexicon } from "./lexicon.ts";
import { LIKENESS_RULE } from "./likeness.ts";
import { compileLinear } from "./linear.ts";
import { createRuleSet, type LinearPattern, type RuleSet } from "./rule_set.ts";
import { RULES_VERSION } from "./rules_version.ts";

const ROLES: readonly FieldRole[] = ["prose", "name", "key", "value"];
const KEYS = ["format", "version", "words", "patterns", "disable"];
const PATTERN_KEYS = ["id", "pattern", "weight", "family", "tag", "message", "fields"];
const MAX_PATTERNS = 500;
const MAX_WORDS = 5_000;
const MAX_TEXT = 1024 * 1024;

/**
 * Builds the rule set of a bundle: the own rules, with its words and patterns
 * added and the rules that it names switched off.
 *
 * ```json
 * {
 *   "format": 1,
 *   "version": "acme-7",
 *   "words": { "secret": ["vault pin"] },
 *   "patterns": [{ "id": "ACME-1", "pattern": "(?i)acme internal", "weight": 2, "message": "Names a project" }],
 *   "disable": ["boast.best"]
 * }
 * ```
 *
 * @throws {GatewayError} MCPX_RULES_INVALID — anything in it is not as it should be; nothing of it is used.
 */
export async function loadBundle(text: string): Promise<RuleSet> {
  const bundle = readObject(readJson(text), "");
  allowOnly(bundle, KEYS, "");
  if (bundle.format !== 1) throw invalid("/format", `found ${show(bundle.format)}, wanted 1`);
  const version = readText(bundle.version, "/version", /^[\w.-]{1,64}$/);
  const words = readWords(bundle.words ?? {});
  const patterns = await readPatterns(bundle.patterns ?? []);
  const disabled = readDisabled(bundle.disable ?? [], patterns);
  const own = createRuleSet();
  return {
    version: `${RULES_VERSION}+${version}.${digestOf(text)}`,
    grammar: {
      lexicon: Object.keys(words).length === 0 ? own.grammar.lexicon : createLexicon(words),
      rules: own.grammar.rules.filter(({ id }) => !disabled.has(id)),
      frames: own.grammar.frames.filter(({ rule: { id } }) => !disabled.has(id)),
      hasLikeness: own.grammar.hasLikeness && !disabled.has(LIKENESS_RULE),
    },
    patterns: patterns.filter(({ id }) => !disabled.has(id)),
    disabled,
  };
}

/** Tells two bundles apart that call themselves by the same version; the beginning of what `sha256sum` says of the file. */
function digestOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function invalid(pointer: string, problem: string, cause?: unknown): GatewayError {
  return new GatewayError("MCPX_RULES_INVALID", `Cannot load the rules at "${pointer || "/"}": ${problem}`, {
    details: { pointer },
    cause,
  });
}

function show(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value)?.slice(0, 60) ?? typeof value;
}

function readJson(text: string): unknown {
  if (text.length > MAX_TEXT) {
    throw invalid("", `it has ${text.length} characters, wanted at most ${MAX_TEXT}`);
  }
  try {
    return parseJson(text);
  } catch (error) {
    throw invalid("", `it is not valid JSON (${error instanceof Error ? error.message : error})`, error);
  }
}

function readObject(value: unknown, pointer: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw invalid(pointer, `found ${show(value)}, wanted an object`);
  }
  // Narrowed to an object that is no array, so its members can be read by name.
  return value as Readonly<Record<string, unknown>>;
}

function readList(value: unknown, pointer: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(pointer, `found ${show(value)}, wanted a list`);
  if (value.length > most) throw invalid(pointer, `it has ${value.length} items, wanted at most ${most}`);
  return value;
}

function readText(value: unknown, pointer: string, shape: RegExp): string {
  if (typeof value === "string" && shape.test(value)) return value;
  throw invalid(pointer, `found ${show(value)}, wanted a text like ${shape.source}`);
}

/** A misspelt key would leave out a rule in silence. */
function allowOnly(value: Readonly<Record<string, unknown>>, keys: readonly string[], pointer: string): void {
  const odd = Object.keys(value).find((key) => !keys.includes(key));
  if (odd !== undefined) {
    throw invalid(`${pointer}/${odd}`, `there is no such key, wanted ${keys.join(", ")}`);
  }
}

function readWords(value: unknown): Record<string, readonly string[]> {
  const known = classNames();
  const words: Record<string, readonly string[]> = {};
  for (const [name, phrases] of Object.entries(readObject(value, "/words"))) {
    const pointer = `/words/${name}`;
    if (!known.has(name)) {
      const hint = didYouMean(name, known) || `, wanted one of ${[...known].join(", ")}`;
      throw invalid(pointer, `there is no such class of words${hint}`);
    }
    words[name] = readList(phrases, pointer, MAX_WORDS)
      .map((phrase, index) => readText(phrase, `${pointer}/${index}`, /^(?=.*\S).{1,100}$/s));
  }
  return words;
}

async function readPatterns(value: unknown): Promise<readonly LinearPattern[]> {
  const found: LinearPattern[] = [];
  for (const [index, item] of readList(value, "/patterns", MAX_PATTERNS).entries()) {
    const pattern = await readPattern(item, `/patterns/${index}`);
    if (found.some(({ id }) => id === pattern.id)) {
      throw invalid(`/patterns/${index}/id`, `"${pattern.id}" is there twice, wanted each id once`);
    }
    found.push(pattern);
  }
  return found;
}

async function readPattern(value: unknown, pointer: string): Promise<LinearPattern> {
  const item = readObject(value, pointer);
  allowOnly(item, PATTERN_KEYS, pointer);
  const { weight = 2, fields } = item;
  if (typeof weight !== "number" || !(weight > 0 && weight <= 10)) {
    throw invalid(`${pointer}/weight`, `found ${show(weight)}, wanted a number above 0 and up to 10`);
  }
  const source = readText(item.pattern, `${pointer}/pattern`, /^.{1,2000}$/s);
  const roles = fields === undefined ? undefined : readRoles(fields, `${pointer}/fields`);
  const family = readText(item.family ?? "custom", `${pointer}/family`, /^[\w.-]{1,40}$/);
  const { find } = await compileLinear(source, `${pointer}/pattern`);
  return {
    id: readText(item.id, `${pointer}/id`, /^[\w.-]{1,64}$/),
    family,
    tag: readText(item.tag ?? FAMILIES[family]?.tag ?? "SAFE-T1001", `${pointer}/tag`, /^[\w.-]{1,40}$/),
    message: readText(item.message ?? "Matches a pattern of the bundle", `${pointer}/message`, /^.{1,200}$/),
    weight,
    ...(roles === undefined ? {} : { roles }),
    find,
  };
}

function readRoles(value: unknown, pointer: string): readonly FieldRole[] {
  return readList(value, pointer, ROLES.length).map((role, index) => {
    const known = ROLES.find((candidate) => candidate === role);
    if (known !== undefined) return known;
    throw invalid(`${pointer}/${index}`, `found ${show(role)}, wanted one of ${ROLES.join(", ")}`);
  });
}

/** Structural rules can be switched off too; their names are checked by shape only. */
function readDisabled(value: unknown, patterns: readonly LinearPattern[]): ReadonlySet<string> {
  const frames = FRAMES.map(({ rule }) => rule);
  const known = new Set([...FAMILY_RULES, ...frames, ...patterns].map(({ id }) => id)).add(LIKENESS_RULE);
  const names = readList(value, "/disable", MAX_PATTERNS).map((item, index) => {
    const name = readText(item, `/disable/${index}`, /^[\w.-]{1,64}$/);
    if (known.has(name) || STRUCTURAL.test(name)) return name;
    throw invalid(`/disable/${index}`, `there is no rule "${name}"${didYouMean(name, known)}`);
  });
  return new Set(names);
}

const STRUCTURAL = /^(?:unicode|decoded|schema|shadow|name|carrier|ask)\.[a-z0-9-]+$/;
