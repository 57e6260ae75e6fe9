import { type ServerConfigInput } from "../contracts/mod.ts";
import { isJsonObject, type JsonObject } from "../config/mod.ts";
import type { ClientId } from "./known_clients.ts";

/** An entry in our words. */
export interface Converted {
  readonly server: ServerConfigInput;
  /** Keys of the entry that mean nothing here. */
  readonly fieldsSkipped: readonly string[];
  readonly warnings: readonly string[];
}

/** How an entry is to be read. */
export interface ConvertOptions {
  readonly client: ClientId;
  readonly name: string;
  readonly home: string;
  /** Switched off outside of the entry. */
  readonly isOff?: boolean;
}

/** Words of all clients for one of our keys; the first that is there counts. */
const WORDS = {
  command: ["command", "cmd"],
  args: ["args"],
  env: ["env", "environment"],
  cwd: ["cwd", "working_dir", "workingDirectory"],
  httpUrl: ["httpUrl"],
  url: ["url", "serverUrl", "server_url"],
  headers: ["headers", "http_headers"],
  envHeaders: ["env_http_headers"],
  bearer: ["bearer_token_env_var"],
  wire: ["type", "transport", "protocol"],
  disabled: ["disabled"],
  enabled: ["enabled"],
  only: ["enabled_tools", "includeTools", "enabledTools"],
  except: ["disabled_tools", "excludeTools", "disabledTools"],
  startSeconds: ["startup_timeout_sec"],
  startMs: ["startup_timeout_ms"],
} as const;

const READ: ReadonlySet<string> = new Set(Object.values(WORDS).flat());
/** Say nothing that would be missed. */
const SILENT: ReadonlySet<string> = new Set(["name", "description", "source", "$schema"]);

const WIRES: Readonly<Record<string, ServerConfigInput["protocol"]>> = {
  "stdio": "stdio",
  "local": "stdio",
  "sse": "sse",
  "http": "streamable-http",
  "streamable-http": "streamable-http",
  "streamablehttp": "streamable-http",
  "streamable_http": "streamable-http",
};

/**
 * Says an entry of a client in our words. Pure; the outcome is not checked
 * against the schema of an entry.
 */
export function toServer(entry: JsonObject, options: ConvertOptions): Converted {
  const warnings: string[] = [];
  const read = (key: keyof typeof WORDS): unknown => firstOf(entry, WORDS[key]);
  const text = (value: unknown) => toText(value, options, warnings);
  const map = (value: unknown) => toMap(value, text);
  const url = read("httpUrl") ?? read("url");
  const headers = { ...map(read("headers")), ...fromVariables(read("envHeaders"), read("bearer")) };
  const program = programOf(entry, read("command"), read("args"));
  const env = { ...map(program.env), ...map(read("env")) };
  const server = {
    name: options.name,
    ...(program.command === undefined ? {} : { command: text(program.command) }),
    ...(program.args.length === 0 ? {} : { args: program.args.map(text) }),
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(read("cwd") === undefined ? {} : { working_dir: text(read("cwd")) }),
    ...(url === undefined ? {} : { url: text(url) }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...wireOf(entry, options.client, read("wire")),
    ...(isOff(entry, options) ? { enabled: false } : {}),
    ...toolsOf(read("only"), read("except"), warnings),
    ...timeOf(read("startSeconds"), read("startMs")),
  };
  const fieldsSkipped = Object.keys(entry).filter((key) => !READ.has(key) && !SILENT.has(key)).sort();
  return { server, fieldsSkipped, warnings };
}

function firstOf(entry: JsonObject, words: readonly string[]): unknown {
  const word = words.find((one) => entry[one] !== undefined && entry[one] !== null);
  return word === undefined ? undefined : entry[word];
}

/** A program is a text with arguments beside it, a list of both, or an object with a path. */
function programOf(_entry: JsonObject, command: unknown, args: unknown) {
  const list = Array.isArray(args) ? args : [];
  if (Array.isArray(command)) return { command: command[0], args: [...command.slice(1), ...list], env: {} };
  if (!isJsonObject(command)) return { command, args: list, env: {} };
  const own = Array.isArray(command.args) ? command.args : [];
  return { command: command.path ?? command.command, args: [...own, ...list], env: command.env ?? {} };
}

function toMap(value: unknown, text: (value: unknown) => string): Record<string, string> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter(([, one]) => one !== null).map(([key, one]) => [key, text(one)]),
  );
}

/** Codex names variables in place of values. */
function fromVariables(envHeaders: unknown, bearer: unknown): Record<string, string> {
  const named = isJsonObject(envHeaders) ? Object.entries(envHeaders) : [];
  return {
    ...(typeof bearer === "string" ? { Authorization: `Bearer \${env:${bearer}}` } : {}),
    ...Object.fromEntries(named.map(([header, variable]) => [header, `\${env:${String(variable)}}`])),
  };
}

/** What stands in a file for a value that is elsewhere becomes a reference of ours. */
function toText(value: unknown, { client, home }: ConvertOptions, warnings: string[]): string {
  const plain = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  const shell = client === "gemini" ? plain.replace(/\$(?!\{)([A-Za-z_]\w*)/g, "${$1}") : plain;
  return shell.replace(
    /\$\{([^{}]+)\}|\{(env|file):([^{}]+)\}/g,
    (found, body?: string, kind?: string, name?: string) => {
      // opencode writes {env:NAME}; elsewhere such braces are a text like any other.
      if (body === undefined) return client === "opencode" ? `\${${kind}:${name}}` : found;
      if (/^(?:env|file|keyring):/.test(body)) return found;
      if (body === "userHome" || body === "HOME") return home;
      if (body === "pathSeparator" || body === "/") return home.includes("\\") ? "\\" : "/";
      const input = /^input:(.+)$/.exec(body)?.[1];
      if (input !== undefined) {
        const variable = input.replaceAll(/\W/g, "_").toUpperCase();
        warnings.push(`The client asks for "${input}" itself; set the variable ${variable} in place of that`);
        return `\${env:${variable}}`;
      }
      if (/^[A-Za-z_]\w*(?::-.*)?$/.test(body) && !/^workspace|^file/.test(body)) return `\${env:${body}}`;
      warnings.push(`"${found}" means nothing outside of the client; put a path in its place`);
      return found;
    },
  );
}

function wireOf(
  entry: JsonObject,
  client: ClientId,
  stated: unknown,
): { protocol?: ServerConfigInput["protocol"] } {
  const wire = typeof stated === "string" ? WIRES[stated.toLowerCase()] : undefined;
  if (wire !== undefined) return { protocol: wire };
  if (entry.httpUrl !== undefined) return { protocol: "streamable-http" };
  // Gemini has another word for Streamable HTTP, so this one means the older wire.
  return client === "gemini" && entry.url !== undefined ? { protocol: "sse" } : {};
}

function isOff({ disabled, enabled }: JsonObject, options: ConvertOptions): boolean {
  return disabled === true || enabled === false || options.isOff === true;
}

function toolsOf(only: unknown, except: unknown, warnings: string[]): Partial<ServerConfigInput> {
  const names = (value: unknown) =>
    Array.isArray(value) ? value.map((one) => String(one).replace(/\(.*\)$/, "")) : [];
  const [enabled_tools, disabled_tools] = [names(only), names(except)];
  if (enabled_tools.length === 0) return disabled_tools.length === 0 ? {} : { disabled_tools };
  if (disabled_tools.length === 0) return { enabled_tools };
  warnings.push(
    "It lists tools to offer and tools to leave out; both are put into one list of tools to offer",
  );
  return { enabled_tools: enabled_tools.filter((tool) => !disabled_tools.includes(tool)) };
}

function timeOf(seconds: unknown, ms: unknown): Partial<ServerConfigInput> {
  if (typeof seconds === "number" && seconds > 0) return { init_timeout: `${seconds}s` };
  return typeof ms === "number" && ms > 0 ? { init_timeout: `${ms}ms` } : {};
}
