import { GatewayError, readVariable, type Reference, splitReferences } from "../contracts/quick.ts";

/** Texts at the top of the config in which references are replaced at once. */
export const TOP_LEVEL_TEXTS = ["listen", "data_dir", "api_key", "tray_endpoint"] as const;

/** What a config may state of them. */
export type TopLevelTexts = { readonly [K in typeof TOP_LEVEL_TEXTS[number]]?: string };

/** Of these, an empty text is as good as none; an empty key must never become one. */
export const EMPTY_IS_ABSENT: ReadonlySet<string> = new Set(["data_dir", "api_key"]);

/**
 * Replaces `${env:NAME}` in the gateway's own settings. Servers keep theirs:
 * they are resolved for each connection.
 *
 * @throws {GatewayError} MCPX_CONFIG_MISSING_SECRET naming key and reference.
 */
export function expandTopLevel<C extends TopLevelTexts>(
  config: C,
  env: Readonly<Record<string, string>>,
  path: string,
): C {
  const expanded: Record<string, string | undefined> = {};
  for (const key of TOP_LEVEL_TEXTS) {
    const text = config[key];
    if (text?.includes("${") !== true) continue;
    const value = expand(text, env, { key, path });
    expanded[key] = value === "" && EMPTY_IS_ABSENT.has(key) ? undefined : value;
  }
  return { ...config, ...expanded };
}

interface Place {
  readonly key: string;
  readonly path: string;
}

function expand(text: string, env: Readonly<Record<string, string>>, place: Place): string {
  return splitReferences(text).map((part) => {
    if (typeof part === "string") return part;
    const value = part.kind === "env" ? readVariable(part, env) : undefined;
    if (value === undefined) throw missing(part, place);
    return value;
  }).join("");
}

/** Left as it stands, a reference would itself become the key or the path. */
function missing({ kind, name, text }: Reference, { key, path }: Place): GatewayError {
  const [what, remedy] = kind === "env"
    ? ["is not set", `Set the environment variable ${name}`]
    : ["cannot be used here, wanted ${env:NAME}", `Write \${env:NAME} in "${key}" and set that variable`];
  return new GatewayError(
    "MCPX_CONFIG_MISSING_SECRET",
    `Cannot read config "${path}": ${text} in "${key}" ${what}`,
    { remedy, details: { path, key, reference: text } },
  );
}
