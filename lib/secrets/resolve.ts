import { isAbsolute, join } from "node:path";
import {
  GatewayError,
  readVariable,
  type Reference,
  type ServerConfig,
  splitReferences,
  toGatewayError,
} from "../contracts/mod.ts";
import type { Files } from "../platform/mod.ts";
import { isSecretName } from "./shapes.ts";

/** Where references are looked up. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string>>;
  readonly files: Files;
  /** Stands for `~` in `${file:~/…}`. */
  readonly home: string;
  /** Gives the secrets that are kept by name; none are when absent. */
  readonly keyring?: (name: string) => Promise<string | undefined>;
}

/** A server with its references replaced. */
export interface ResolvedServer {
  readonly server: ServerConfig;
  /**
   * The values that came in, and what stands plainly under the name of a
   * secret; for the redactor. Defaults are no secrets.
   */
  readonly secrets: readonly string[];
}

interface Missing {
  readonly field: string;
  readonly reference: string;
  readonly remedy: string;
}

/**
 * Replaces `${env:NAME}`, `${env:NAME:-default}`, `${file:/path}` and
 * `${keyring:NAME}` in every text of a server entry. What comes in is taken as it is, references in it
 * are not followed.
 *
 * @throws {GatewayError} MCPX_CONFIG_MISSING_SECRET naming every field whose reference leads nowhere, in order.
 */
export async function resolveServerSecrets(
  server: ServerConfig,
  sources: SecretSources,
): Promise<ResolvedServer> {
  const secrets = new Set(plainSecrets(server));
  const missing: Missing[] = [];

  async function replace(text: string, field: string): Promise<string> {
    const parts: string[] = [];
    for (const part of splitReferences(text)) {
      if (typeof part === "string") {
        parts.push(part);
        continue;
      }
      const found = await lookUp(part, sources);
      if (found.value === undefined) missing.push({ field, reference: part.text, remedy: found.remedy });
      else parts.push(found.value);
      if (found.isSecret) secrets.add(found.value);
    }
    return parts.join("");
  }

  // One after the other, so that the missing ones come in the order of the entry.
  async function walk(value: unknown, field: string): Promise<unknown> {
    if (typeof value === "string") return value.includes("${") ? await replace(value, field) : value;
    if (typeof value !== "object" || value === null) return value;
    const entries: [string, unknown][] = [];
    for (const [key, one] of Object.entries(value)) {
      entries.push([key, await walk(one, Array.isArray(value) ? `${field}[${key}]` : toField(field, key))]);
    }
    return Array.isArray(value) ? entries.map(([, one]) => one) : Object.fromEntries(entries);
  }

  // Only texts inside were replaced, so the shape is that of the entry.
  const resolved = await walk(server, "") as ServerConfig;
  if (missing.length > 0) throw toError(server.name, missing);
  return { server: resolved, secrets: [...secrets] };
}

/** A secret written plainly into the config is one all the same. */
function plainSecrets({ env, headers, oauth }: ServerConfig): string[] {
  const named = [...Object.entries(env), ...Object.entries(headers)]
    .filter(([name]) => isSecretName(name))
    // Whoever repeats a header need not repeat its scheme.
    .map(([, value]) => value.replace(/^(?:Bearer|Basic|Token) +/i, ""));
  return [...named, oauth?.client_secret ?? ""].filter((value) => value !== "" && !value.includes("${"));
}

function toField(field: string, key: string): string {
  return field === "" ? key : `${field}.${key}`;
}

function toError(server: string, missing: readonly Missing[]): GatewayError {
  const [first] = missing;
  const more = missing.length > 1 ? ` (and ${missing.length - 1} more)` : "";
  return new GatewayError(
    "MCPX_CONFIG_MISSING_SECRET",
    `Cannot start server "${server}": ${first?.reference} in "${first?.field}" is not set${more}`,
    { remedy: first?.remedy, details: { server, missing } },
  );
}

type Found =
  | { readonly value: string; readonly isSecret: boolean }
  | { readonly value: undefined; readonly isSecret: false; readonly remedy: string };

async function lookUp(reference: Reference, sources: SecretSources): Promise<Found> {
  switch (reference.kind) {
    case "env":
      return lookUpVariable(reference, sources);
    case "file":
      return await lookUpFile(reference.name, sources);
    case "keyring":
      return await lookUpStored(reference.name, sources);
    default:
      return reference.kind satisfies never;
  }
}

async function lookUpStored(name: string, { keyring }: SecretSources): Promise<Found> {
  try {
    const value = await keyring?.(name);
    return value === undefined ? lost(`mcpproxy secrets set ${name}`) : { value, isSecret: true };
  } catch (error) {
    return lost(toGatewayError(error).remedy);
  }
}

function lookUpVariable(reference: Reference, { env }: SecretSources): Found {
  const value = readVariable(reference, env);
  if (value === undefined) {
    return lost(`Set the environment variable ${reference.name} where mcpproxy is started`);
  }
  return { value, isSecret: value !== "" && env[reference.name] === value };
}

async function lookUpFile(name: string, { files, home }: SecretSources): Promise<Found> {
  const path = name.startsWith("~/") ? join(home, name.slice(2)) : name;
  if (!isAbsolute(path)) return lost(`Give an absolute path in place of "${name}"`);
  const text = await files.readText(path).catch(() => undefined);
  if (text === undefined) return lost(`Make ${path} a file that mcpproxy may read`);
  return { value: text.replace(/\r?\n$/, ""), isSecret: true };
}

function lost(remedy: string): Found {
  return { value: undefined, isSecret: false, remedy };
}
