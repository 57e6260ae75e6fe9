import { compileLinear, type LinearRegex } from "../scan/linear.ts";

/** A schema of a server that is fit to be used: of bounded size, its patterns compiled. */
export interface PreparedSchema {
  readonly root: unknown;
  /** Patterns by their text; one that is not valid in RE2 syntax is missing, and not checked. */
  readonly patterns: ReadonlyMap<string, LinearRegex>;
}

/** A schema that is not used, and why. */
export interface RefusedSchema {
  readonly refused: string;
}

const MAX_NODES = 20_000;
const MAX_DEPTH = 64;
const MAX_PATTERNS = 200;

/**
 * Makes a schema of a server ready for checks, once for each. Nothing is
 * fetched, and nothing of it is made into code.
 *
 * @returns What to check with, or why it cannot be checked; never throws.
 */
export async function prepareSchema(root: unknown): Promise<PreparedSchema | RefusedSchema> {
  const patterns = new Set<string>();
  const problem = survey(root, patterns);
  if (problem !== undefined) return { refused: problem };
  const compiled = await Promise.all(
    [...patterns].map(async (text) =>
      [text, await compileLinear(text, "pattern").catch(() => undefined)] as const
    ),
  );
  const valid = compiled.filter((pair): pair is [string, LinearRegex] => pair[1] !== undefined);
  return { root, patterns: new Map(valid) };
}

/** Counts what there is to a schema and gathers its patterns. */
function survey(root: unknown, patterns: Set<string>): string | undefined {
  let nodes = 0;
  const queue: { readonly part: unknown; readonly depth: number }[] = [{ part: root, depth: 0 }];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    const { part, depth } = next;
    if (typeof part !== "object" || part === null) continue;
    if (++nodes > MAX_NODES) return `it has more than ${MAX_NODES} parts`;
    if (depth > MAX_DEPTH) return `it nests deeper than ${MAX_DEPTH} levels`;
    const { pattern, patternProperties } = part as Readonly<Record<string, unknown>>; // an object, as just shown
    if (typeof pattern === "string") patterns.add(pattern);
    if (typeof patternProperties === "object" && patternProperties !== null) {
      for (const name of Object.keys(patternProperties)) patterns.add(name);
    }
    if (patterns.size > MAX_PATTERNS) return `it has more than ${MAX_PATTERNS} patterns`;
    for (const member of Object.values(part)) queue.push({ part: member, depth: depth + 1 });
    if (queue.length > MAX_NODES) return `it has more than ${MAX_NODES} parts`;
  }
  return undefined;
}
