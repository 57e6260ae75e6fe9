import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { type ErrorCode, GatewayError } from "../../../lib/contracts/mod.ts";
import { StreamRefused } from "../../../lib/upstream/http_status.ts";
import { classifyFailure, isRetryable, type Stage, UpstreamRpcError } from "../../../lib/upstream/mod.ts";
import { ProcessEnded } from "../../../lib/upstream/stdio.ts";
import { server } from "./fixture.ts";

const STDIO = server({ command: "npx", args: ["-y", "thing"], working_dir: "/work" });
const HTTP = server({ url: "https://refused-tls-timeout.example/mcp" });
const URL_WORDS = "for url (https://refused-tls-timeout.example/mcp)";

const fetchFailed = (why: string) =>
  new TypeError("fetch failed", { cause: new Error(`error sending request ${URL_WORDS}: ${why}`) });
const withStatus = (status: number, text = "") =>
  Object.assign(new Error("HTTP"), { status, data: { status, text } });
const named = (name: string, message: string) => Object.assign(new Error(message), { name });
const ended = (code: number, signal?: string) =>
  new ProcessEnded({ code, signal }, ["one", "", "fatal: no token"]);

const TABLE: readonly (readonly [string, "stdio" | "http", Stage, unknown, ErrorCode])[] = [
  [
    "no such command",
    "stdio",
    "connect",
    named("NotFound", "Failed to spawn 'cwd'"),
    "MCPX_STDIO_SPAWN_ENOENT",
  ],
  ["not executable", "stdio", "connect", named("PermissionDenied", "denied"), "MCPX_STDIO_SPAWN_EACCES"],
  [
    "foreign program",
    "stdio",
    "connect",
    named("Error", "Exec format error (os error 8)"),
    "MCPX_STDIO_SPAWN_EACCES",
  ],
  [
    "no directory",
    "stdio",
    "connect",
    named("NotFound", "Failed to spawn 'a': No such cwd '/work'"),
    "MCPX_CONFIG_INVALID",
  ],
  [
    "file as directory",
    "stdio",
    "connect",
    named("NotFound", "Failed to spawn 'a': cwd is not a directory '/work'"),
    "MCPX_CONFIG_INVALID",
  ],
  ["early end", "stdio", "connect", ended(3), "MCPX_STDIO_EXIT_BEFORE_INITIALIZE"],
  ["crash", "stdio", "use", ended(3), "MCPX_STDIO_EXIT_NONZERO"],
  ["killed", "stdio", "use", ended(137, "SIGKILL"), "MCPX_STDIO_EXIT_NONZERO"],
  ["orderly end", "stdio", "use", ended(0), "MCPX_UPSTREAM_CLOSED"],
  ["broken pipe", "stdio", "use", named("BrokenPipe", "Broken pipe"), "MCPX_UPSTREAM_CLOSED"],
  [
    "slow start",
    "stdio",
    "connect",
    new DOMException("late", "TimeoutError"),
    "MCPX_STDIO_HANDSHAKE_TIMEOUT",
  ],
  [
    "slow answer",
    "stdio",
    "connect",
    new GatewayError("MCPX_CALL_TIMEOUT", "Cannot wait"),
    "MCPX_STDIO_HANDSHAKE_TIMEOUT",
  ],
  ["slow call", "stdio", "use", new GatewayError("MCPX_CALL_TIMEOUT", "Cannot wait"), "MCPX_CALL_TIMEOUT"],
  [
    "refused handshake",
    "stdio",
    "connect",
    new UpstreamRpcError(-32000, "No", 1),
    "MCPX_STDIO_HANDSHAKE_INVALID",
  ],
  [
    "refused handshake",
    "http",
    "connect",
    new UpstreamRpcError(-32000, "No", 1),
    "MCPX_HTTP_HANDSHAKE_INVALID",
  ],
  ["slow start", "http", "connect", new DOMException("late", "TimeoutError"), "MCPX_HTTP_TIMEOUT"],
  [
    "name",
    "http",
    "connect",
    fetchFailed("client error (Connect): dns error: failed to lookup address"),
    "MCPX_HTTP_DNS_FAILED",
  ],
  [
    "refused",
    "http",
    "connect",
    fetchFailed("tcp connect error: Connection refused (os error 111)"),
    "MCPX_HTTP_CONN_REFUSED",
  ],
  [
    "certificate",
    "http",
    "connect",
    fetchFailed("invalid peer certificate: UnknownIssuer"),
    "MCPX_HTTP_TLS_FAILED",
  ],
  [
    "no TLS there",
    "http",
    "connect",
    fetchFailed("received corrupt message of type InvalidContentType"),
    "MCPX_HTTP_TLS_FAILED",
  ],
  ["silence", "http", "connect", fetchFailed("tcp connect error: Connection timed out"), "MCPX_HTTP_TIMEOUT"],
  [
    "words of the URL",
    "http",
    "connect",
    fetchFailed("connection closed before message completed"),
    "MCPX_UPSTREAM_CLOSED",
  ],
  ["reset", "http", "use", fetchFailed("connection reset by peer"), "MCPX_UPSTREAM_CLOSED"],
  ["401", "http", "connect", withStatus(401), "MCPX_HTTP_401"],
  ["401 later", "http", "use", withStatus(401), "MCPX_HTTP_401"],
  ["403", "http", "connect", withStatus(403), "MCPX_HTTP_403"],
  [
    "more scope",
    "http",
    "connect",
    Object.assign(new Error("scope"), { requiredScope: "a" }),
    "MCPX_HTTP_403",
  ],
  ["404", "http", "connect", withStatus(404), "MCPX_HTTP_404"],
  ["404 later", "http", "use", withStatus(404), "MCPX_UPSTREAM_CLOSED"],
  ["410 later", "http", "use", withStatus(410), "MCPX_UPSTREAM_CLOSED"],
  ["no session", "http", "use", withStatus(400, "No valid session ID"), "MCPX_UPSTREAM_CLOSED"],
  ["no stream", "http", "use", new StreamRefused(400), "MCPX_UPSTREAM_CLOSED"],
  ["other 400", "http", "use", withStatus(400, "bad"), "MCPX_HTTP_4XX"],
  ["redirect", "http", "connect", withStatus(307), "MCPX_HTTP_4XX"],
  ["server error", "http", "connect", withStatus(503), "MCPX_HTTP_5XX"],
  [
    "SSE refused",
    "http",
    "connect",
    Object.assign(new Error("SSE error: Non-200 status code (500)"), { code: 500 }),
    "MCPX_HTTP_5XX",
  ],
  ["SSE post", "http", "connect", new Error("Error POSTing to endpoint (HTTP 403): no"), "MCPX_HTTP_403"],
  [
    "web page",
    "http",
    "connect",
    named("SdkError", "Unexpected content type: text/html"),
    "MCPX_HTTP_HANDSHAKE_INVALID",
  ],
  [
    "web page at SSE",
    "http",
    "connect",
    new Error('SSE error: Invalid content type, expected "text/event-stream"'),
    "MCPX_HTTP_HANDSHAKE_INVALID",
  ],
  [
    "bad JSON",
    "http",
    "connect",
    new SyntaxError("Unexpected token '<', \"<p>\" is not valid JSON"),
    "MCPX_HTTP_HANDSHAKE_INVALID",
  ],
  [
    "bad JSON later",
    "http",
    "use",
    new SyntaxError("Unexpected end of JSON input: not valid JSON"),
    "MCPX_UPSTREAM_PROTOCOL",
  ],
  ["anything else", "http", "use", "boom", "MCPX_UPSTREAM_CLOSED"],
];

Deno.test("classifyFailure() names every failure and the server", () => {
  for (const [what, wire, stage, thrown, code] of TABLE) {
    const failure = classifyFailure(wire === "stdio" ? STDIO : HTTP, thrown, stage);

    strictEqual(failure.code, code, `${what}, ${wire}, ${stage}: ${failure.message}`);
    strictEqual(failure.remedy === "", false, what);
    if (failure !== thrown) {
      match(
        failure.message,
        stage === "use" ? /^Cannot use server "fixture": / : /^Cannot start server "fixture": /,
      );
    }
  }
});

Deno.test("classifyFailure() quotes how the program ended and its last words", () => {
  const failure = classifyFailure(STDIO, ended(3), "connect");

  match(failure.message, /ended with exit code 3 before it answered; its last words: fatal: no token$/);
  deepStrictEqual(failure.details, {
    server: "fixture",
    stderr: ["one", "fatal: no token"],
    exit_code: 3,
    signal: undefined,
  });
});

Deno.test("classifyFailure() says what to install", () => {
  const npx = classifyFailure(STDIO, named("NotFound", "entity not found"), "connect");
  const path = classifyFailure(
    server({ command: "/opt/x" }),
    named("NotFound", "entity not found"),
    "connect",
  );

  match(npx.message, /command "npx" is not on PATH$/);
  match(npx.remedy, /^Install Node\.js/);
  match(path.message, /command "\/opt\/x" does not exist$/);
});

Deno.test("classifyFailure() says that a command is not there where it is isolated", () => {
  const words = ["bwrap: execvp npx: No such file or directory"];
  const inside = new ProcessEnded({ code: 1, signal: undefined }, words);

  const failure = classifyFailure(STDIO, inside, "connect");

  strictEqual(failure.code, "MCPX_STDIO_SPAWN_ENOENT");
  match(failure.message, /command "npx" is not there where it is isolated$/);
  strictEqual(classifyFailure(STDIO, inside, "use").code, "MCPX_STDIO_EXIT_NONZERO");
});

Deno.test("isRetryable() gives up only on what trying again does not cure", () => {
  deepStrictEqual(
    (["MCPX_STDIO_SPAWN_ENOENT", "MCPX_HTTP_401", "MCPX_CONFIG_INVALID"] as const).map(isRetryable),
    [false, false, false],
  );
  deepStrictEqual(
    (["MCPX_HTTP_CONN_REFUSED", "MCPX_HTTP_5XX", "MCPX_STDIO_EXIT_NONZERO"] as const).map(isRetryable),
    [true, true, true],
  );
});
