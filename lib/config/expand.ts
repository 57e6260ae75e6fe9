import { type Config, GatewayError } from "../contracts/mod.ts";

const REFERENCE = /\$\{env:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}/g;

/** Texts at the top of the config in which references are replaced at once. */
const KEYS = ["listen", "data_dir", "api_key", "tray_endpoint"] as const;

/**
 * Replaces `${env:NAME}` in the gateway's own settings. Servers keep theirs:
 * they are resolved for each connection.
 *
 * @throws {GatewayError} MCPX_CONFIG_MISSING_SECRET naming key and variable.
 */
export function expandTopLevel(config: Config, env: Readonly<Record<string, string>>, path: string): Config {
  const expanded: Record<string, string> = {};
  for (const key of KEYS) {
    const text = config[key];
    if (text?.includes("${") === true) expanded[key] = expand(text, env, { key, path });
  }
  return { ...config, ...expanded };
}

function expand(
  text: string,
  env: Readonly<Record<string, string>>,
  place: { readonly key: string; readonly path: string },
): string {
  return text.replace(REFERENCE, (reference, name: string, fallback: string | undefined) => {
    const value = env[name] || fallback;
    if (value !== undefined) return value;
    throw new GatewayError(
      "MCPX_CONFIG_MISSING_SECRET",
      `Cannot read config "${place.path}": ${reference} in "${place.key}" is not set`,
      { remedy: `Set the environment variable ${name}` },
    );
  });
}
