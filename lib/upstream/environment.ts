import type { Config, ServerConfig } from "../contracts/mod.ts";

/** Variables that tell a program where it is and say nothing secret. */
const SAFE = [
  "PATH",
  "HOME",
  "TMPDIR",
  "TEMP",
  "TMP",
  "SHELL",
  "TERM",
  "LANG",
  "LANGUAGE",
  "TZ",
  "USER",
  "USERNAME",
  "LOGNAME",
  "USERPROFILE",
  "APPDATA",
  "LOCALAPPDATA",
  "PROGRAMFILES",
  "SYSTEMROOT",
  "COMSPEC",
  "PATHEXT",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_CACHE_HOME",
  "XDG_RUNTIME_DIR",
  "DOCKER_HOST",
  "DOCKER_CONTEXT",
  "DOCKER_CONFIG",
  "DOCKER_CERT_PATH",
  "DOCKER_TLS_VERIFY",
  "NVM_DIR",
  "ASDF_DIR",
  "PYENV_ROOT",
  "VOLTA_HOME",
  "HOMEBREW_PREFIX",
  "COLIMA_HOME",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "NODE_EXTRA_CA_CERTS",
  "npm_config_registry",
  "npm_config_cache",
];

const PROXY = [
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "ALL_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "all_proxy",
];

/**
 * Makes the environment of a stdio server: a short list of harmless variables,
 * then what the config adds, then the server's own entries. Nothing else is
 * inherited. Pure.
 */
export function createStdioEnvironment(
  system: Readonly<Record<string, string>>,
  config: Pick<Config, "environment" | "forward_proxy_env">,
  server: Pick<ServerConfig, "env">,
): Record<string, string> {
  const { environment } = config;
  const locale = Object.keys(system).filter((name) => name.startsWith("LC_"));
  const names = environment.allowed_system_vars ?? [...SAFE, ...locale];
  const env: Record<string, string> = {};
  if (environment.inherit_system_safe) { for (const name of names) copy(system, env, name); }
  if (config.forward_proxy_env || environment.forward_proxy_env === true) {
    for (const name of PROXY) copy(system, env, name);
  }
  return { ...env, ...environment.custom_vars, ...server.env };
}

function copy(from: Readonly<Record<string, string>>, to: Record<string, string>, name: string): void {
  const value = from[name];
  if (value !== undefined) to[name] = withoutCredentials(value);
}

/** A proxy or registry may be told by a URL with a password in it, which is nobody else's. */
function withoutCredentials(value: string): string {
  return value.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/\/)[^/?#]*@/, "$1");
}
