import { type Reference, type ServerConfig, splitReferences } from "../contracts/mod.ts";

/** Names the kept secrets that an entry refers to, in any of its texts. Pure. */
export function secretNamesIn(server: ServerConfig): ReadonlySet<string> {
  return new Set(textsIn(server).flatMap(namesIn));
}

/** Lists the references to environment variables and files in an entry, each once. Pure. */
export function otherReferencesIn(server: ServerConfig): readonly Reference[] {
  const found = textsIn(server).flatMap((text) =>
    splitReferences(text).flatMap((part) => typeof part !== "string" && part.kind !== "keyring" ? [part] : [])
  );
  return [...new Map(found.map((reference) => [reference.text, reference])).values()];
}

function namesIn(text: string): string[] {
  return splitReferences(text).flatMap((part) =>
    typeof part !== "string" && part.kind === "keyring" ? [part.name] : []
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
