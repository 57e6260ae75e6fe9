import { createHash } from "node:crypto";
import { toCanonicalJson } from "./canonical.ts";

/**
 * What a person accepts as it is: whatever a server can say that reaches a
 * model, and the package that it is started from.
 */
export type DefinitionKind =
  | "tool"
  | "prompt"
  | "resource"
  | "resource_template"
  | "instructions"
  | "package";

/** Every kind that a server says itself, tools first. */
export const DEFINITION_KINDS: readonly DefinitionKind[] = [
  "tool",
  "prompt",
  "resource",
  "resource_template",
  "instructions",
];

/** A definition as the server sent it; instructions are `{ text }`. */
export type Definition = Readonly<Record<string, unknown>>;

/** Changes whenever the same definition would get another hash. */
export const HASH_VERSION = 1;
const CURRENT = `sha256/v${HASH_VERSION}:`;
const DIGITS = 64;

/** `sha256/v1:` and 64 hexadecimal digits. */
export type DefinitionHash = string;

/**
 * Hashes a definition with everything in it: name, title, description, both
 * schemas, annotations, icons, `_meta` and whatever field is not known yet. A
 * server can change nothing that a person has seen without changing the hash;
 * the order of keys does not matter.
 *
 * @throws {RangeError} If the definition nests too deep; such a one cannot be accepted.
 */
export function hashDefinition(kind: DefinitionKind, definition: Definition): DefinitionHash {
  const digest = createHash("sha256").update(`${kind}\n${toCanonicalJson(definition)}`).digest("hex");
  return `sha256/v${HASH_VERSION}:${digest}`;
}

/** Reads the version out of a hash; `undefined` if the text is no hash. */
export function hashVersionOf(hash: string): number | undefined {
  // Nearly always so, and asked of every record at a start.
  if (hash.length === CURRENT.length + DIGITS && hash.startsWith(CURRENT)) return HASH_VERSION;
  const version = /^sha256\/v(\d{1,6}):[0-9a-f]{64}$/.exec(hash)?.[1];
  return version === undefined ? undefined : Number(version);
}

/**
 * Gives what names a definition among those of its kind and server: the URI of
 * a resource, the name of anything else. Instructions have one name for all.
 *
 * @returns `undefined` if the server left it out.
 */
export function nameOfDefinition(kind: DefinitionKind, definition: Definition): string | undefined {
  if (kind === "instructions") return "instructions";
  const key = kind === "resource" ? "uri" : kind === "resource_template" ? "uriTemplate" : "name";
  const name = definition[key];
  return typeof name === "string" && name !== "" ? name : undefined;
}
