import { isSecretName, replaceShapes } from "./shapes.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A secret that stands in a config as it is. */
export interface PlainSecret {
  readonly server: string;
  readonly scope: "env" | "headers";
  /** Name of the variable or header. */
  readonly key: string;
  /** The secret itself, without the scheme before it. */
  readonly value: string;
  /** What stands before the secret, such as `Bearer `. */
  readonly scheme: string;
  /** A name to keep it under, good for files and command lines. */
  readonly suggested: string;
}

const SCOPES = ["env", "headers"] as const;
const SCHEME = /^(?:Bearer|Basic|Token) +/i;
/** Names that tell where a secret is, and not what it is. */
const PLACE = /[_-](?:PATH|FILE|DIR|URL|URI|ID|NAME|TYPE|METHOD)$/i;
/** Shorter values are switches and numbers. */
const MIN_LENGTH = 6;

/**
 * Finds the secrets that stand plainly in `env` and `headers` of the servers of
 * a config file: by their names, or by the shape of a known credential. Pure.
 *
 * @param config What the file states; `mcpServers` is a map or a list.
 */
export function findPlainSecrets(config: Fields): PlainSecret[] {
  return entriesOf(config.mcpServers).flatMap(([server, entry]) =>
    SCOPES.flatMap((scope) =>
      Object.entries(isFields(entry[scope]) ? entry[scope] : {}).flatMap(([key, text]) => {
        if (typeof text !== "string" || !isPlainSecret(key, text)) return [];
        const scheme = SCHEME.exec(text)?.[0] ?? "";
        const suggested = toName(`${server}.${key}`);
        return [{ server, scope, key, value: text.slice(scheme.length), scheme, suggested }];
      })
    )
  );
}

/**
 * Finds one value of `env` or `headers`, whatever it looks like. Pure.
 *
 * @returns `undefined` if the config states no such value.
 */
export function findPlainValue(
  config: Fields,
  { server, scope, key }: Pick<PlainSecret, "server" | "scope" | "key">,
): PlainSecret | undefined {
  const entry = entriesOf(config.mcpServers).find(([name]) => name === server)?.[1];
  const text = isFields(entry?.[scope]) && Object.hasOwn(entry[scope], key) ? entry[scope][key] : undefined;
  if (typeof text !== "string" || text === "") return undefined;
  const scheme = SCHEME.exec(text)?.[0] ?? "";
  const suggested = toName(`${server}.${key}`);
  return { server, scope, key, value: text.slice(scheme.length), scheme, suggested };
}

function isPlainSecret(key: string, text: string): boolean {
  if (text.includes("${")) return false;
  if (replaceShapes(text, () => "") !== text) return true;
  const isLong = text.replace(SCHEME, "").length >= MIN_LENGTH;
  return isLong && isSecretName(key) && !PLACE.test(key) && !/^[/~]/.test(text);
}

/** Replaces the values that were moved, each only if it still is what it was. Pure. */
export function withReferences(
  config: Fields,
  moved: readonly (PlainSecret & { readonly reference: string })[],
): Fields {
  const rewrite = (server: string, entry: Fields): Fields => ({
    ...entry,
    ...Object.fromEntries(SCOPES.flatMap((scope) => {
      const fields = entry[scope];
      const own = moved.filter((one) => one.server === server && one.scope === scope);
      return isFields(fields) && own.length > 0 ? [[scope, rewriteFields(fields, own)]] : [];
    })),
  });
  const { mcpServers } = config;
  if (Array.isArray(mcpServers)) {
    const list = mcpServers.map((entry: unknown) =>
      isFields(entry) && typeof entry.name === "string" ? rewrite(entry.name, entry) : entry
    );
    return { ...config, mcpServers: list };
  }
  const map = entriesOf(mcpServers).map(([name, entry]) => [name, rewrite(name, entry)]);
  return { ...config, mcpServers: { ...Object(mcpServers), ...Object.fromEntries(map) } };
}

function rewriteFields(
  fields: Fields,
  moved: readonly (PlainSecret & { readonly reference: string })[],
): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, text]) => {
      const one = moved.find((secret) => secret.key === key && `${secret.scheme}${secret.value}` === text);
      return [key, one === undefined ? text : `${one.scheme}${one.reference}`];
    }),
  );
}

function entriesOf(servers: unknown): [string, Fields][] {
  const named: [unknown, unknown][] = Array.isArray(servers)
    ? servers.map((entry: unknown) => [isFields(entry) ? entry.name : undefined, entry])
    : Object.entries(isFields(servers) ? servers : {});
  return named.flatMap(([name, entry]) => typeof name === "string" && isFields(entry) ? [[name, entry]] : []);
}

function toName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 120) || "secret";
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
