/**
 * References to values that live outside the config: `${env:NAME}`,
 * `${env:NAME:-default}`, `${file:/path}`, `${keyring:NAME}`.
 *
 * @module
 */

/** A reference found in a text. */
export interface Reference {
  readonly kind: "env" | "file" | "keyring";
  /** Name of the variable or secret, or path of the file; may be empty. */
  readonly name: string;
  /** What to take if the variable is unset or empty; only `env` has one. */
  readonly fallback: string | undefined;
  /** The reference as written. */
  readonly text: string;
}

const REFERENCE = /\$\{(env|file|keyring):([^{}]*)\}/g;

/**
 * Cuts a text into literal parts and references, in order. Pure.
 *
 * @returns Parts whose texts joined give the input; `${other:…}` and `${NAME}` stay literal.
 */
export function splitReferences(text: string): (string | Reference)[] {
  const parts: (string | Reference)[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    if (match.index > end) parts.push(text.slice(end, match.index));
    end = match.index + match[0].length;
    parts.push(toReference(match[0], match[1], match[2] ?? ""));
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

/**
 * Looks an `env` reference up; an empty variable counts as unset. Pure.
 *
 * @returns The value, the default, or `undefined` when there is neither.
 */
export function readVariable(
  reference: Reference,
  env: Readonly<Record<string, string>>,
): string | undefined {
  const value = Object.hasOwn(env, reference.name) ? env[reference.name] : undefined;
  return value === undefined || value === "" ? reference.fallback : value;
}

function toReference(text: string, kind: string | undefined, body: string): Reference {
  if (kind !== "env") {
    return { kind: kind === "file" ? "file" : "keyring", name: body, fallback: undefined, text };
  }
  const at = body.indexOf(":-");
  if (at < 0) return { kind, name: body, fallback: undefined, text };
  return { kind, name: body.slice(0, at), fallback: body.slice(at + 2), text };
}
