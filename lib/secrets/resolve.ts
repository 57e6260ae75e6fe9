import { isAbsolute, join } from "node:path";
import { GatewayError, type ServerConfig } from "../contracts/mod.ts";
import type { Files } from "../platform/mod.ts";

/** Where references are looked up. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string>>;
  readonly files: Files;
  readonly home: string;
}

/** A server with its references replaced. */
export interface ResolvedServer {
  readonly server: ServerConfig;
  /** The values that came in, for the redactor. */
  readonly secrets: readonly string[];
}

const REFERENCE = /\$\{(env|file|keyring):([^}]{1,1024})\}/g;

interface Missing {
  readonly field: string;
  readonly reference: string;
  readonly remedy: string;
}

/**
 * Replaces `${env:NAME}`, `${env:NAME:-default}` and `${file:/path}` in every
 * text of a server entry.
 *
 * @throws {GatewayError} MCPX_CONFIG_MISSING_SECRET naming every field whose reference leads nowhere.
 */
export async function resolveServerSecrets(
  server: ServerConfig,
  sources: SecretSources,
): Promise<ResolvedServer> {
  const secrets: string[] = [];
  const missing: Missing[] = [];

  async function lookUp(kind: string, body: string, field: string): Promise<string> {
    const found = await read(kind, body, sources);
    if (found.value !== undefined) {
      if (!found.isDefault) secrets.push(found.value);
      return found.value;
    }
    missing.push({ field, reference: `\${${kind}:${body}}`, remedy: found.remedy });
    return "";
  }

  async function walk(value: unknown, field: string): Promise<unknown> {
    if (typeof value === "string") return await replace(value, (kind, body) => lookUp(kind, body, field));
    if (Array.isArray(value)) {
      return await Promise.all(value.map((one, index) => walk(one, `${field}[${index}]`)));
    }
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).map(async ([key, one]) =>
      [key, await walk(one, field === "" ? key : `${field}.${key}`)] as const
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  // Only texts inside were replaced, so the shape is that of the entry.
  const resolved = await walk(server, "") as ServerConfig;
  const [first] = missing;
  if (first === undefined) return { server: resolved, secrets };
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : "";
  throw new GatewayError(
    "MCPX_CONFIG_MISSING_SECRET",
    `Cannot start server "${server.name}": ${first.reference} in "${first.field}" is not set${more}`,
    { remedy: first.remedy, details: { server: server.name, missing } },
  );
}

async function replace(
  text: string,
  lookUp: (kind: string, body: string) => Promise<string>,
): Promise<string> {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(REFERENCE)) {
    parts.push(text.slice(end, match.index), await lookUp(match[1] ?? "", match[2] ?? ""));
    end = match.index + match[0].length;
  }
  return parts.join("") + text.slice(end);
}

type Found =
  | { readonly value: string; readonly isDefault: boolean }
  | { readonly value: undefined; readonly remedy: string };

async function read(kind: string, body: string, { env, files, home }: SecretSources): Promise<Found> {
  if (kind === "env") {
    const [name = "", ...rest] = body.split(":-");
    const value = env[name];
    if (value !== undefined && value !== "") return { value, isDefault: false };
    if (rest.length > 0) return { value: rest.join(":-"), isDefault: true };
    return { value: undefined, remedy: `Set the environment variable ${name} where mcpproxy is started` };
  }
  if (kind === "keyring") {
    return {
      value: undefined,
      remedy: "Use ${env:NAME} or ${file:/path}; this version has no keyring store",
    };
  }
  const path = body.startsWith("~/") ? join(home, body.slice(2)) : body;
  if (!isAbsolute(path)) return { value: undefined, remedy: `Give an absolute path in place of "${body}"` };
  const text = await files.readText(path).catch(() => undefined);
  if (text === undefined) return { value: undefined, remedy: `Make the file ${path} readable` };
  return { value: text.replace(/\r?\n$/, ""), isDefault: false };
}
