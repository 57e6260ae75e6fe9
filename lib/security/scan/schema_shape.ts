import { escapePointer } from "../approval/diff.ts";
import { excerpt, type Finding } from "./finding.ts";

const MAX_DEPTH = 64;
/** Where a reference may lead without a server learning of it or choosing what is found there. */
const KNOWN_HOSTS = /^https?:\/\/(?:json-schema\.org|schema\.org|www\.schema\.org)\//i;
const REFERENCES = new Set(["$ref", "$dynamicRef", "$recursiveRef"]);
/** A repeated group whose inside is itself one repeated thing, or the same choice twice. */
const NESTED = /\((?:\?:)?(?:\\?[^()\\[\]|]|\[[^\]]{1,40}\]|\\[wdsWDS.])[+*]\)(?:[+*]|\{\d+,\d*\})/;
const TWICE = /\((?:\?:)?([^()|]{1,20})\|\1\)[+*]/;

/**
 * Looks at the shape of a schema: references that make a client fetch
 * something, and patterns that can keep a client busy for ever.
 */
export function findInSchema(schema: unknown, pointer: string): Finding[] {
  const findings: Finding[] = [];
  walk(schema, pointer, 0);
  return findings;

  function walk(value: unknown, at: string, depth: number): void {
    if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
    for (const key of Object.keys(value)) {
      const member = (value as Readonly<Record<string, unknown>>)[key]; // one of its own keys
      if (typeof member === "string") {
        if (!REFERENCES.has(key) && key !== "pattern") continue;
        findings.push(...inspect(key, member, `${at}/${escapePointer(key)}`));
      } else if (typeof member === "object" && member !== null) {
        walk(member, `${at}/${escapePointer(key)}`, depth + 1);
      }
    }
  }
}

function inspect(key: string, text: string, pointer: string): Finding[] {
  const base = {
    family: "schema",
    pointer,
    span: [0, text.length] as const,
    text: excerpt(text, 0, text.length),
  };
  if (REFERENCES.has(key) && isRemote(text)) {
    const message = "Refers to a schema elsewhere, which a client would fetch";
    return [{ ...base, rule: "schema.remote-ref", tag: "SAFE-T1501", weight: 4, message }];
  }
  if (key === "pattern" && text.length < 2_000 && (NESTED.test(text) || TWICE.test(text))) {
    const message = "Has a pattern that takes exponential time";
    return [{ ...base, rule: "schema.slow-pattern", tag: "SAFE-T1501", weight: 3.5, message }];
  }
  return [];
}

function isRemote(reference: string): boolean {
  return /^(?:[a-z][a-z0-9+.-]{1,20}:)?\/\//i.test(reference) && !KNOWN_HOSTS.test(reference) ||
    /^(?:file|data|ftp|jar|gopher):/i.test(reference);
}
