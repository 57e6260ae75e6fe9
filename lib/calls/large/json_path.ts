/**
 * A part of JSONPath that is read and run in bounded time: members, elements,
 * slices, `*`, `..`, and filters that compare what `@` leads to with a value.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9535
 * @module
 */

import { GatewayError } from "../../contracts/mod.ts";
import { isExactNumber } from "./exact_json.ts";

type Step =
  | { readonly kind: "member"; readonly name: string }
  | { readonly kind: "element"; readonly index: number }
  | {
    readonly kind: "slice";
    readonly from: number | undefined;
    readonly to: number | undefined;
    readonly by: number;
  }
  | { readonly kind: "all" }
  | { readonly kind: "deep" }
  | { readonly kind: "filter"; readonly any: readonly (readonly Test[])[] };

interface Test {
  readonly path: readonly Step[];
  readonly negated: boolean;
  readonly operator: string | undefined;
  readonly value: unknown;
}

/** A path that was read. */
export interface JsonPath {
  readonly text: string;
  /** What the path leads to, in order. @throws {GatewayError} MCPX_INVALID_INPUT if that is too much. */
  select(root: unknown): unknown[];
}

const MAX_PATH_CHARS = 500;
const MAX_VISITS = 2_000_000;
const NAME = /[\p{L}_$][\p{L}\p{N}_$-]*/uy;
const INDEX = /\[\s*(-?\d{1,9})\s*\]/y;
const SLICE = /\[\s*(-?\d{1,9})?\s*:\s*(-?\d{1,9})?\s*(?::\s*(\d{1,9})?\s*)?\]/y;
const QUOTED = /\[\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*\]/y;
const ALL = /\[\s*\*\s*\]|\*/y;
const FILTER = /\[\s*\?/y;
const OPERATOR = /\s*(==|!=|<=|>=|<|>)\s*/y;
const LITERAL = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Reads a path.
 *
 * @throws {GatewayError} MCPX_INVALID_INPUT if it is none, or holds what is not supported.
 */
export function parseJsonPath(text: string): JsonPath {
  const reader = new Reader(text.trim());
  const steps = reader.read();
  return {
    text,
    select(root) {
      const budget = { left: MAX_VISITS };
      return follow(steps, [root], budget);
    },
  };
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Step[] {
    if (this.#text.length > MAX_PATH_CHARS) throw wrong(`it is longer than ${MAX_PATH_CHARS} characters`);
    if (!this.#take("$")) throw wrong('it does not begin with "$"');
    const steps = this.#steps();
    if (this.#at < this.#text.length) throw this.#unexpected();
    return steps;
  }

  #steps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.#take("..")) {
        steps.push({ kind: "deep" });
        if (this.#text[this.#at] !== "[") steps.push(this.#dotted());
      } else if (this.#take(".")) steps.push(this.#dotted());
      else if (this.#text[this.#at] === "[") steps.push(this.#bracketed());
      else return steps;
    }
  }

  #dotted(): Step {
    if (this.#match(ALL) !== undefined) return { kind: "all" };
    const name = this.#match(NAME)?.[0];
    if (name === undefined) throw this.#unexpected();
    return { kind: "member", name };
  }

  #bracketed(): Step {
    const index = this.#match(INDEX);
    if (index !== undefined) return { kind: "element", index: Number(index[1]) };
    const slice = this.#match(SLICE);
    if (slice !== undefined) {
      const [from, to] = [slice[1], slice[2]].map((one) => one === undefined ? undefined : Number(one));
      return { kind: "slice", from, to, by: Math.max(1, Number(slice[3] ?? 1)) };
    }
    const quoted = this.#match(QUOTED);
    if (quoted?.[1] !== undefined) return { kind: "member", name: unquote(quoted[1]) };
    if (this.#match(ALL) !== undefined) return { kind: "all" };
    if (this.#match(FILTER) !== undefined) return this.#filter();
    throw this.#unexpected();
  }

  /** `@.a == 1 && @.b || !@.c`, in parentheses or not. */
  #filter(): Step {
    this.#blanks();
    const isWrapped = this.#take("(");
    const any: Test[][] = [[this.#test()]];
    for (;;) {
      this.#blanks();
      if (this.#take("&&")) any.at(-1)?.push(this.#test());
      else if (this.#take("||")) any.push([this.#test()]);
      else break;
    }
    if (isWrapped && !this.#take(")")) throw this.#unexpected();
    this.#blanks();
    if (!this.#take("]")) throw this.#unexpected();
    return { kind: "filter", any };
  }

  #test(): Test {
    this.#blanks();
    const negated = this.#take("!");
    if (!this.#take("@")) throw this.#unexpected();
    const path = this.#steps();
    if (path.some(({ kind }) => kind === "filter")) throw wrong("a filter may not hold another");
    const operator = this.#match(OPERATOR)?.[1];
    if (operator === undefined) return { path, negated, operator, value: undefined };
    const literal = this.#match(LITERAL)?.[0];
    if (literal === undefined) throw this.#unexpected();
    const value: unknown = /^["']/.test(literal) ? unquote(literal) : JSON.parse(literal);
    return { path, negated, operator, value };
  }

  #blanks(): void {
    while (this.#text[this.#at] === " ") this.#at++;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found;
  }

  #unexpected(): GatewayError {
    const rest = this.#text.slice(this.#at, this.#at + 20);
    return wrong(rest === "" ? "it ends too early" : `"${rest}" at ${this.#at + 1} is not understood`);
  }
}

function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1).replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"');
  try {
    const text: unknown = JSON.parse(`"${inner}"`);
    return String(text);
  } catch {
    throw wrong(`${quoted.slice(0, 40)} is not a text`);
  }
}

interface Budget {
  left: number;
}

function follow(steps: readonly Step[], roots: readonly unknown[], budget: Budget): unknown[] {
  let found: unknown[] = [...roots];
  for (const step of steps) {
    const next: unknown[] = [];
    for (const value of found) for (const one of take(step, value, budget)) next.push(one);
    found = next;
  }
  return found;
}

function* take(step: Step, value: unknown, budget: Budget): Generator<unknown> {
  if (--budget.left < 0) throw wrong("it leads to too much", "Name members in place of .. and *");
  switch (step.kind) {
    case "member":
      if (isObject(value) && Object.hasOwn(value, step.name)) yield value[step.name];
      return;
    case "element":
      if (Array.isArray(value) && step.index < value.length && step.index >= -value.length) {
        yield value.at(step.index);
      }
      return;
    case "slice":
      if (!Array.isArray(value)) return;
      for (const [at, one] of value.slice(step.from, step.to).entries()) if (at % step.by === 0) yield one;
      return;
    case "all":
      for (const one of childrenOf(value)) yield counted(one, budget);
      return;
    case "deep":
      for (const one of everythingIn(value)) yield counted(one, budget);
      return;
    case "filter":
      for (const one of childrenOf(value)) if (passes(step.any, counted(one, budget), budget)) yield one;
      return;
    default:
      step satisfies never;
  }
}

function counted<Value>(value: Value, budget: Budget): Value {
  if (--budget.left < 0) throw wrong("it leads to too much", "Name members in place of .. and *");
  return value;
}

/** A value and all within it; without recursion, however deep it is. */
function* everythingIn(root: unknown): Generator<unknown> {
  const open = [root];
  while (open.length > 0) {
    const value = open.pop();
    yield value;
    const children = [...childrenOf(value)];
    for (let at = children.length - 1; at >= 0; at--) open.push(children[at]);
  }
}

function childrenOf(value: unknown): Iterable<unknown> {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

function passes(any: readonly (readonly Test[])[], value: unknown, budget: Budget): boolean {
  return any.some((all) =>
    all.every((test) => {
      const found = follow(test.path, [value], budget);
      const holds = test.operator === undefined
        ? found.length > 0
        : found.some((one) => compare(one, test.operator ?? "", test.value));
      return holds !== test.negated;
    })
  );
}

function compare(one: unknown, operator: string, value: unknown): boolean {
  const found = isExactNumber(one) ? Number(one.rawJSON) : one;
  if (operator === "==") return found === value;
  if (operator === "!=") return found !== value;
  const difference = typeof found === "number" && typeof value === "number"
    ? found - value
    : typeof found === "string" && typeof value === "string"
    ? Number(found > value) - Number(found < value)
    : NaN;
  if (operator === "<") return difference < 0;
  if (operator === "<=") return difference <= 0;
  return operator === ">" ? difference > 0 : difference >= 0;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

function wrong(
  problem: string,
  remedy = "Such as $.items[0:10], $..name or $.items[?@.size > 5]",
): GatewayError {
  return new GatewayError("MCPX_INVALID_INPUT", `Cannot use the JSONPath: ${problem}`, { remedy });
}
