import { type Config, isDuration } from "../contracts/mod.ts";

/** A config with the environment laid over it, and what was wrong there. */
export interface WithEnvironment {
  readonly config: Config;
  readonly notices: readonly string[];
}

type Values = Record<string, unknown>;
type Reader = (text: string) => unknown;

const text: Reader = (value) => value;
const list: Reader = (value) => value.split(",").map((one) => one.trim()).filter((one) => one !== "");
const count: Reader = (value) => (/^\d{1,9}$/.test(value) ? Number(value) : undefined);
const duration: Reader = (value) => (isDuration(value) ? value : undefined);
const flag: Reader = (value) => {
  if (["true", "1"].includes(value.toLowerCase())) return true;
  return ["false", "0"].includes(value.toLowerCase()) ? false : undefined;
};
const choice = (...words: string[]): Reader => (value) => (words.includes(value) ? value : undefined);

/** Variable, the key it overrides, and how its text is read. */
const OVERRIDES: readonly (readonly [string, string, Reader])[] = [
  ["MCPPROXY_LISTEN", "listen", text],
  ["MCPPROXY_API_KEY", "api_key", text],
  ["MCPPROXY_REQUIRE_MCP_AUTH", "require_mcp_auth", flag],
  ["MCPPROXY_TRUSTED_HOSTS", "trusted_hosts", list],
  ["MCPPROXY_TRAY_ENDPOINT", "tray_endpoint", text],
  ["MCPPROXY_TOOL_RESPONSE_MODE", "tool_response_mode", choice("full", "compact")],
  ["MCPPROXY_MAX_CONCURRENT_REQUESTS", "max_concurrent_requests", count],
  ["MCPPROXY_QUEUE_SIZE", "queue_size", count],
  ["MCPPROXY_QUEUE_TIMEOUT", "queue_timeout", duration],
  ["MCPPROXY_HTTP_READ_TIMEOUT", "http_read_timeout", duration],
  ["MCPPROXY_HTTP_WRITE_TIMEOUT", "http_write_timeout", duration],
  ["MCPPROXY_HTTP_IDLE_TIMEOUT", "http_idle_timeout", duration],
  ["MCPPROXY_TLS_ENABLED", "tls.enabled", flag],
  ["MCPPROXY_TLS_REQUIRE_CLIENT_CERT", "tls.require_client_cert", flag],
  ["MCPPROXY_CERTS_DIR", "tls.certs_dir", text],
  ["MCPPROXY_TPA_BUNDLE_PATH", "security.tpa_bundle_path", text],
];

/**
 * Lays the environment over a config. Empty variables count as absent; one
 * whose value cannot be read is named in a notice and changes nothing.
 */
export function applyEnvironment(config: Config, env: Readonly<Record<string, string>>): WithEnvironment {
  const values: Values = { ...config };
  const notices: string[] = [];
  for (const [variable, key, read] of OVERRIDES) {
    const found = env[variable];
    if (found === undefined || found === "") continue;
    const value = read(found);
    if (value === undefined) notices.push(`${variable} is ignored: its value cannot be used for "${key}"`);
    else set(values, key, value);
  }
  // Each reader gives the type that its key has in the schema.
  return { config: values as Config, notices };
}

function set(values: Values, key: string, value: unknown): void {
  const [outer = "", inner] = key.split(".");
  values[outer] = inner === undefined ? value : { ...(values[outer] as Values | undefined), [inner]: value }; // nested keys sit in objects
}
