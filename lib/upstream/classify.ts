import { type ErrorCode, GatewayError, type ServerConfig, wireOf } from "../contracts/mod.ts";
import { endsConnection, statusOf, StreamRefused } from "./http_status.ts";
import { UpstreamRpcError } from "./rpc_error.ts";
import { describeExit, ProcessEnded } from "./stdio.ts";

/** When something failed: while connecting, or on a connection that stood. */
export type Stage = "connect" | "use";

/** Failures that trying again does not cure. */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  "MCPX_STDIO_SPAWN_ENOENT",
  "MCPX_STDIO_SPAWN_EACCES",
  "MCPX_HTTP_401",
  "MCPX_CONFIG_MISSING_SECRET",
  "MCPX_CONFIG_INVALID",
  "MCPX_ISOLATION_REFUSED",
  "MCPX_PACKAGE_CHANGED",
]);

/** Tells whether trying again may help. */
export function isRetryable(code: ErrorCode): boolean {
  return !FINAL.has(code);
}

/** Words in the message of a failed fetch, and what they mean; the first that fits counts. */
const NETWORK: readonly (readonly [RegExp, ErrorCode, string])[] = [
  [
    /dns error|failed to lookup|name or service not known|no such host/i,
    "MCPX_HTTP_DNS_FAILED",
    "its host name does not resolve",
  ],
  [/refused/i, "MCPX_HTTP_CONN_REFUSED", "it refuses the connection"],
  [
    /certificate|\b(tls|ssl)\b|handshake|corrupt message/i,
    "MCPX_HTTP_TLS_FAILED",
    "its TLS certificate or handshake is not valid",
  ],
  [/timed out|timeout/i, "MCPX_HTTP_TIMEOUT", "it does not answer in time"],
];

/** What is wrong with an answer that no message could be read from. */
const NOT_MCP = /content type|not valid JSON|nests deeper|in JSON at|"invalid_(union|type)"/;

/**
 * Turns whatever a wire throws into an error with a code, naming the server.
 * Pure.
 */
export function classifyFailure(server: ServerConfig, thrown: unknown, stage: Stage): GatewayError {
  if (thrown instanceof GatewayError) return stage === "connect" ? asConnectFailure(server, thrown) : thrown;
  if (thrown instanceof ProcessEnded) return processFailure(server, thrown, stage);
  if (thrown instanceof UpstreamRpcError) {
    const code = wireOf(server) === "stdio" ? "MCPX_STDIO_HANDSHAKE_INVALID" : "MCPX_HTTP_HANDSHAKE_INVALID";
    return failure(stage === "connect" ? code : "MCPX_UPSTREAM_PROTOCOL", server, stage, {
      why: `it answered with error ${thrown.code}: ${thrown.message.slice(0, 300)}`,
      cause: thrown,
    });
  }
  if (thrown instanceof DOMException && thrown.name === "TimeoutError") return timeout(server, thrown);
  return wireOf(server) === "stdio" ? pipeFailure(server, thrown, stage) : httpFailure(server, thrown, stage);
}

function asConnectFailure(server: ServerConfig, error: GatewayError): GatewayError {
  return error.code === "MCPX_CALL_TIMEOUT" ? timeout(server, error) : error;
}

function timeout(server: ServerConfig, cause: unknown): GatewayError {
  const code = wireOf(server) === "stdio" ? "MCPX_STDIO_HANDSHAKE_TIMEOUT" : "MCPX_HTTP_TIMEOUT";
  return failure(code, server, "connect", { why: "it did not answer the handshake in time", cause });
}

function processFailure(server: ServerConfig, ended: ProcessEnded, stage: Stage): GatewayError {
  const how = describeExit(ended.status);
  const last = ended.stderr.filter((line) => line.trim() !== "").slice(-5);
  const said = last.length === 0 ? "" : `; its last words: ${(last.at(-1) ?? "").slice(0, 200)}`;
  const details = { stderr: last, exit_code: ended.status.code, signal: ended.status.signal };
  if (stage === "connect" && isNotInside(last)) {
    const { command = "" } = server;
    return failure("MCPX_STDIO_SPAWN_ENOENT", server, stage, {
      why: `command "${command}" is not there where it is isolated`,
      remedy:
        `Install ${command} for all users: what is isolated sees no home; or set its "isolation" to { "mode": "none" }`,
      details,
    });
  }
  if (stage === "connect") {
    return failure("MCPX_STDIO_EXIT_BEFORE_INITIALIZE", server, stage, {
      why: `its program ended with ${how} before it answered${said}`,
      details,
    });
  }
  const code = ended.status.code === 0 ? "MCPX_UPSTREAM_CLOSED" : "MCPX_STDIO_EXIT_NONZERO";
  return failure(code, server, stage, { why: `its program ended with ${how}${said}`, details });
}

/** Bubblewrap is started all right, and says itself that what it should start is not there. */
function isNotInside(lastWords: readonly string[]): boolean {
  return /^bwrap: execvp .+: No such file or directory$/.test(lastWords.at(-1) ?? "");
}

function pipeFailure(server: ServerConfig, thrown: unknown, stage: Stage): GatewayError {
  const spawn = stage === "connect" && thrown instanceof Error ? spawnFailure(server, thrown) : undefined;
  return spawn ??
    failure("MCPX_UPSTREAM_CLOSED", server, stage, { why: "the connection broke", cause: thrown });
}

function spawnFailure(server: ServerConfig, cause: Error): GatewayError | undefined {
  const { command = "", working_dir: directory = "" } = server;
  if (/: (No such cwd|cwd is not a directory) /.test(cause.message)) {
    return failure("MCPX_CONFIG_INVALID", server, "connect", {
      why: `its working directory "${directory}" does not exist`,
      remedy: 'Correct "working_dir" of the server',
      cause,
    });
  }
  if (cause.name === "NotFound") {
    return failure("MCPX_STDIO_SPAWN_ENOENT", server, "connect", {
      why: `command "${command}" ${command.includes("/") ? "does not exist" : "is not on PATH"}`,
      remedy: command === "npx"
        ? 'Install Node.js, or set "command" to the full path of npx'
        : `Install ${command}, or set "command" to a full path`,
      cause,
    });
  }
  const isForeign = /exec format/i.test(cause.message);
  if (cause.name !== "PermissionDenied" && !isForeign) return undefined;
  return failure("MCPX_STDIO_SPAWN_EACCES", server, "connect", {
    why: `command "${command}" ${isForeign ? "is no program for this machine" : "may not be executed"}`,
    remedy: isForeign ? `Install a build of ${command} for this machine` : `chmod +x ${command}`,
    cause,
  });
}

function httpFailure(server: ServerConfig, thrown: unknown, stage: Stage): GatewayError {
  const status = statusOf(thrown);
  if (status !== undefined) return statusFailure(server, status, { stage, thrown });
  const text = errorText(thrown);
  if (NOT_MCP.test(text)) {
    const code = stage === "connect" ? "MCPX_HTTP_HANDSHAKE_INVALID" : "MCPX_UPSTREAM_PROTOCOL";
    return failure(code, server, stage, { why: "its answer is not MCP", cause: thrown });
  }
  for (const [words, code, why] of NETWORK) {
    if (words.test(text)) return failure(code, server, stage, { why, cause: thrown });
  }
  return failure("MCPX_UPSTREAM_CLOSED", server, stage, { why: "the connection broke", cause: thrown });
}

function statusFailure(
  server: ServerConfig,
  status: number,
  { stage, thrown }: { readonly stage: Stage; readonly thrown: unknown },
): GatewayError {
  const why = `it answered with HTTP status ${status}`;
  const options = { why, cause: thrown, details: { status } };
  if (status === 401) return failure("MCPX_HTTP_401", server, stage, options);
  if (status === 403) return failure("MCPX_HTTP_403", server, stage, options);
  if (stage === "use" && (thrown instanceof StreamRefused || endsConnection(thrown, true))) {
    return failure("MCPX_UPSTREAM_CLOSED", server, stage, { ...options, why: "it has ended the session" });
  }
  if (status === 404) return failure("MCPX_HTTP_404", server, stage, options);
  const remedy = status < 400 ? 'Set "url" of the server to the address it redirects to' : undefined;
  return failure(status >= 500 ? "MCPX_HTTP_5XX" : "MCPX_HTTP_4XX", server, stage, { ...options, remedy });
}

/** The message of an error and of all its causes, without URLs: their words mean nothing here. */
function errorText(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const message = thrown.message.replaceAll(/https?:\/\/[^\s)]+/g, "");
  return thrown.cause === undefined ? message : `${message} ${errorText(thrown.cause)}`;
}

function failure(
  code: ErrorCode,
  server: ServerConfig,
  stage: Stage,
  options: {
    readonly why: string;
    readonly remedy?: string;
    readonly cause?: unknown;
    readonly details?: Readonly<Record<string, unknown>>;
  },
): GatewayError {
  const what = stage === "connect" ? "start" : "use";
  return new GatewayError(code, `Cannot ${what} server "${server.name}": ${options.why}`, {
    remedy: options.remedy ??
      (code.startsWith("MCPX_STDIO_") ? `mcpproxy upstream logs ${server.name}` : undefined),
    cause: options.cause,
    details: { server: server.name, ...options.details },
  });
}
