import { type Config, readVariable, type Reference, type SecretView } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { otherReferencesIn } from "../secrets/mod.ts";

/** Lists what servers take from environment variables and files, each with whether it is there. */
export async function otherSecrets(
  { config, platform }: { readonly config: Config; readonly platform: Pick<Platform, "env" | "files"> },
): Promise<SecretView[]> {
  const found = new Map<string, { readonly reference: Reference; readonly servers: string[] }>();
  for (const server of config.mcpServers) {
    for (const reference of otherReferencesIn(server)) {
      const known = found.get(reference.text) ?? { reference, servers: [] };
      known.servers.push(server.name);
      found.set(reference.text, known);
    }
  }
  const views = await Promise.all(
    [...found.values()].map(({ reference, servers }) => toView(reference, { servers, platform })),
  );
  return views.sort((a, b) => a.reference < b.reference ? -1 : 1);
}

async function toView(
  reference: Reference,
  { servers, platform }: {
    readonly servers: string[];
    readonly platform: Pick<Platform, "env" | "files">;
  },
): Promise<SecretView> {
  const { kind, name, text } = reference;
  const stored = kind === "file"
    ? (await platform.files.stat(name).catch(() => undefined))?.kind === "file"
    : readVariable(reference, platform.env) !== undefined;
  return { name, kind: kind === "file" ? "file" : "env", reference: text, stored, servers };
}
