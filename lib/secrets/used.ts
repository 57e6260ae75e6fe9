import { type ServerConfig, splitReferences } from "../contracts/mod.ts";

/** Names the kept secrets that an entry refers to, in any of its texts. Pure. */
export function secretNamesIn(server: ServerConfig): ReadonlySet<string> {
  return new Set(textsIn(server).flatMap(namesIn));
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
