import type { PreparedSchema } from "./schema_facts.ts";
import {
  canonical,
  fieldsOf,
  isFields,
  isObject,
  lengthOf,
  listOf,
  numberProblem,
  resolveReference,
  type Schema,
  shapeProblem,
  toNumber,
  typeProblem,
} from "./schema_values.ts";

/** What a check of a value found. */
export type OutputVerdict =
  | { readonly kind: "fits" }
  | { readonly kind: "misfit"; readonly pointer: string; readonly problem: string }
  /** It cannot be told, since the schema or the value is too much. */
  | { readonly kind: "unjudged"; readonly reason: string };

/** Bounds of one check. */
export interface OutputBounds {
  readonly maxDepth: number;
  /** Size of the value in UTF-16 units, about that of its JSON. */
  readonly maxSize: number;
}

/** Applications of a schema to a part of the value; takes some 50 ms. */
const MAX_STEPS = 200_000;
const MAX_NESTING = 200;
/** Longest text that a pattern is tried on. */
const MAX_PATTERN_TEXT = 10_000;

/**
 * Checks a value against a schema of draft 7 to 2020-12: all keywords but
 * `format` (which only describes), `unevaluated…` and references that leave
 * the schema or name an anchor; those are taken to fit.
 *
 * Pure and bounded: whatever schema and value are, it ends after a fixed number
 * of steps.
 */
export function checkOutput(value: unknown, schema: PreparedSchema, bounds: OutputBounds): OutputVerdict {
  const size = sizeProblem(value, bounds);
  if (size !== undefined) return { kind: "unjudged", reason: size };
  try {
    const problem = new Check(schema).apply(schema.root, value, "", 0);
    return problem === undefined ? { kind: "fits" } : { kind: "misfit", ...problem };
  } catch (thrown) {
    if (thrown instanceof TooMuch) return { kind: "unjudged", reason: thrown.message };
    throw thrown;
  }
}

function sizeProblem(root: unknown, { maxDepth, maxSize }: OutputBounds): string | undefined {
  let size = 0;
  const stack: { readonly part: unknown; readonly depth: number }[] = [{ part: root, depth: 0 }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { part, depth } = next;
    size += typeof part === "string" ? part.length + 2 : 4;
    if (size > maxSize) return `the structured result has more than ${maxSize} characters`;
    if (typeof part !== "object" || part === null) continue;
    if (depth >= maxDepth) return `the structured result nests deeper than ${maxDepth} levels`;
    for (const [key, member] of Object.entries(part)) {
      size += key.length + 3;
      stack.push({ part: member, depth: depth + 1 });
    }
  }
  return undefined;
}

class TooMuch extends Error {}

interface Problem {
  readonly pointer: string;
  readonly problem: string;
}

class Check {
  readonly #schema: PreparedSchema;
  #steps = 0;

  constructor(schema: PreparedSchema) {
    this.#schema = schema;
  }

  /** @returns The first problem; `undefined` if there is none. */
  apply(schema: unknown, value: unknown, at: string, nesting: number): Problem | undefined {
    this.#spend(1);
    if (nesting > MAX_NESTING) throw new TooMuch("the schema refers to itself without end");
    if (schema === false) return { pointer: at, problem: "nothing is allowed here" };
    if (!isFields(schema)) return undefined;
    const here = (problem: string | undefined) =>
      problem === undefined ? undefined : { pointer: at, problem };
    return this.#reference(schema, value, at, nesting) ??
      here(typeProblem(schema, value)) ??
      here(this.#valueProblem(schema, value)) ??
      this.#combined(schema, value, at, nesting) ??
      (Array.isArray(value) ? this.#array(schema, value, at, nesting) : undefined) ??
      (isObject(value) ? this.#object(schema, value, at, nesting) : undefined);
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > MAX_STEPS) throw new TooMuch("the schema takes too many steps to check");
  }

  #fits(schema: unknown, value: unknown, nesting: number): boolean {
    return this.apply(schema, value, "", nesting + 1) === undefined;
  }

  #reference({ $ref: ref }: Schema, value: unknown, at: string, nesting: number): Problem | undefined {
    if (typeof ref !== "string") return undefined;
    const target = resolveReference(this.#schema.root, ref);
    return target === undefined ? undefined : this.apply(target, value, at, nesting + 1);
  }

  #combined(schema: Schema, value: unknown, at: string, nesting: number): Problem | undefined {
    const { allOf, anyOf, oneOf, not } = schema;
    for (const one of listOf(allOf)) {
      const problem = this.apply(one, value, at, nesting + 1);
      if (problem !== undefined) return problem;
    }
    const here = (problem: string) => ({ pointer: at, problem });
    if (Array.isArray(anyOf) && !anyOf.some((one) => this.#fits(one, value, nesting))) {
      return here("it fits none of anyOf");
    }
    if (Array.isArray(oneOf)) {
      const fitting = oneOf.filter((one) => this.#fits(one, value, nesting)).length;
      if (fitting !== 1) return here(`it fits ${fitting} of oneOf, wanted 1`);
    }
    if (not !== undefined && this.#fits(not, value, nesting)) return here('it fits what "not" forbids');
    if (schema.if === undefined) return undefined;
    const next = this.#fits(schema.if, value, nesting) ? schema.then : schema.else;
    return next === undefined ? undefined : this.apply(next, value, at, nesting + 1);
  }

  #valueProblem(schema: Schema, value: unknown): string | undefined {
    if (Array.isArray(schema.enum) && !schema.enum.some((one) => this.#isEqual(one, value))) {
      return "it is none of the values of enum";
    }
    if ("const" in schema && !this.#isEqual(schema.const, value)) return "it is not the value of const";
    const number = toNumber(value);
    if (number !== undefined) return numberProblem(schema, number);
    return typeof value === "string" ? this.#textProblem(schema, value) : undefined;
  }

  #textProblem({ minLength, maxLength, pattern }: Schema, text: string): string | undefined {
    if (typeof minLength === "number" && lengthOf(text) < minLength) return `it is shorter than ${minLength}`;
    if (typeof maxLength === "number" && lengthOf(text) > maxLength) return `it is longer than ${maxLength}`;
    if (typeof pattern !== "string") return undefined;
    return this.#matches(pattern, text) ? undefined : "it does not match the pattern";
  }

  /** A pattern that could not be compiled, or a very long text, counts as a match. */
  #matches(pattern: string, text: string): boolean {
    const compiled = this.#schema.patterns.get(pattern);
    if (compiled === undefined || text.length > MAX_PATTERN_TEXT) return true;
    this.#spend(1 + text.length * Math.ceil(compiled.size / 20));
    return compiled.test(text);
  }

  #array(schema: Schema, items: readonly unknown[], at: string, nesting: number): Problem | undefined {
    const here = (problem: string) => ({ pointer: at, problem });
    const { minItems, maxItems, prefixItems, contains } = schema;
    if (typeof minItems === "number" && items.length < minItems) {
      return here(`it has fewer than ${minItems} items`);
    }
    if (typeof maxItems === "number" && items.length > maxItems) {
      return here(`it has more than ${maxItems} items`);
    }
    if (schema.uniqueItems === true && !this.#areUnique(items)) return here("two of its items are the same");
    // Up to draft 7 a list of schemas stood in "items", and "additionalItems" for the rest.
    const first = Array.isArray(prefixItems) ? prefixItems : listOf(schema.items);
    const rest = Array.isArray(schema.items) ? schema.additionalItems : schema.items;
    for (const [index, item] of items.entries()) {
      const one = index < first.length ? first[index] : rest;
      const problem = one === undefined ? undefined : this.apply(one, item, `${at}/${index}`, nesting + 1);
      if (problem !== undefined) return problem;
    }
    if (contains === undefined) return undefined;
    const count = items.filter((item) => this.#fits(contains, item, nesting)).length;
    const { minContains = 1, maxContains = Infinity } = schema;
    return count < Number(minContains) || count > Number(maxContains)
      ? here(`${count} of its items fit "contains"`)
      : undefined;
  }

  #object(schema: Schema, value: Schema, at: string, nesting: number): Problem | undefined {
    const keys = Object.keys(value);
    this.#spend(keys.length);
    const problem = shapeProblem(schema, value, keys);
    if (problem !== undefined) return { pointer: at, problem };
    for (const [key, one] of Object.entries(fieldsOf(schema.dependentSchemas ?? schema.dependencies))) {
      if (!Object.hasOwn(value, key) || Array.isArray(one)) continue;
      const found = this.apply(one, value, at, nesting + 1);
      if (found !== undefined) return found;
    }
    for (const key of keys) {
      const found = this.#member(schema, { key, value: value[key] }, at, nesting);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #member(
    schema: Schema,
    { key, value }: { readonly key: string; readonly value: unknown },
    parent: string,
    nesting: number,
  ): Problem | undefined {
    const at = `${parent}/${key.slice(0, 100).replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (schema.propertyNames !== undefined && !this.#fits(schema.propertyNames, key, nesting)) {
      return { pointer: at, problem: "its name is not allowed" };
    }
    const properties = fieldsOf(schema.properties);
    const own = Object.hasOwn(properties, key) ? [properties[key]] : [];
    const byPattern = Object.entries(fieldsOf(schema.patternProperties))
      .filter(([pattern]) => this.#schema.patterns.has(pattern) && this.#matches(pattern, key))
      .map(([, one]) => one);
    const rules = [...own, ...byPattern];
    if (rules.length === 0 && schema.additionalProperties !== undefined) {
      // A pattern that could not be compiled may be the one that allows it.
      const isSure = Object.keys(fieldsOf(schema.patternProperties))
        .every((pattern) => this.#schema.patterns.has(pattern));
      if (isSure) rules.push(schema.additionalProperties);
    }
    for (const rule of rules) {
      const problem = this.apply(rule, value, at, nesting + 1);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  #areUnique(items: readonly unknown[]): boolean {
    const seen = new Set<string>();
    for (const item of items) {
      const text = canonical(item);
      this.#spend(1 + text.length / 16);
      if (seen.has(text)) return false;
      seen.add(text);
    }
    return true;
  }

  #isEqual(a: unknown, b: unknown): boolean {
    if (typeof a !== "object" || a === null) {
      return a === b || (toNumber(b) !== undefined && a === toNumber(b));
    }
    const [left, right] = [canonical(a), canonical(b)];
    this.#spend(1 + (left.length + right.length) / 16);
    return left === right;
  }
}
