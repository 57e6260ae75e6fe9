import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import {
  applyEnvironment,
  createConfigJsonSchema,
  diffDaemonKeys,
  diffServers,
  expandTopLevel,
  locateConfig,
  parseConfig,
  resolveDataDir,
} from "../../../lib/config/mod.ts";
import { CONFIG_KEYS, GatewayError, SERVER_KEYS } from "../../../lib/contracts/mod.ts";

const read = (value: unknown) => parseConfig(JSON.stringify(value), "/x/config.json").config;
const place = (more: Partial<Parameters<typeof locateConfig>[0]> = {}) =>
  locateConfig({ env: {}, home: "/home/me", cwd: "/here", ...more });

Deno.test("locateConfig() takes the flag, then the environment, then the data directory", () => {
  const env = { MCPPROXY_CONFIG: "/env/c.json", MCPPROXY_DATA_DIR: "/data" };

  strictEqual(place({ flag: "c.json", env, dataDir: "/d" }), "/here/c.json");
  strictEqual(place({ env, dataDir: "/d" }), "/env/c.json");
  strictEqual(place({ env: { MCPPROXY_DATA_DIR: "/data" }, dataDir: "d" }), "/here/d/config.json");
  strictEqual(place({ env: { MCPPROXY_DATA_DIR: "/data", MCPPROXY_CONFIG: "" } }), "/data/config.json");
  strictEqual(place(), "/home/me/.mcpproxy/config.json");
  strictEqual(place({ flag: "~/c.json" }), "/home/me/c.json");
});

Deno.test("resolveDataDir() takes the flag, the environment, the config, then the home directory", () => {
  const resolve = (more: Partial<Parameters<typeof resolveDataDir>[0]>) =>
    resolveDataDir({ env: {}, configPath: "/etc/mp/config.json", home: "/home/me", ...more });
  const env = { MCPPROXY_DATA_DIR: "/one", MCPPROXY_DATA: "/two" };

  strictEqual(resolve({ flag: "/flag", env, config: { data_dir: "/c" } }), "/flag");
  strictEqual(resolve({ env, config: { data_dir: "/c" } }), "/one");
  strictEqual(resolve({ env: { MCPPROXY_DATA: "/two" }, config: { data_dir: "/c" } }), "/two");
  strictEqual(resolve({ config: { data_dir: "/c" } }), "/c");
  strictEqual(resolve({ config: { data_dir: "c" } }), "/etc/mp/c");
  strictEqual(resolve({ config: { data_dir: "~/c" } }), "/home/me/c");
  strictEqual(resolve({ config: {} }), "/home/me/.mcpproxy");
});

Deno.test("applyEnvironment() overrides the config with what can be read", () => {
  const config = read({ api_key: "file", tls: { hsts: false } });
  const { config: laid, notices } = applyEnvironment(config, {
    MCPPROXY_LISTEN: ":1",
    MCPPROXY_API_KEY: "environment",
    MCPPROXY_REQUIRE_MCP_AUTH: "false",
    MCPPROXY_TRUSTED_HOSTS: "a.test, .b.test,",
    MCPPROXY_TOOL_RESPONSE_MODE: "compact",
    MCPPROXY_MAX_CONCURRENT_REQUESTS: "4",
    MCPPROXY_QUEUE_SIZE: "0",
    MCPPROXY_QUEUE_TIMEOUT: "5s",
    MCPPROXY_HTTP_READ_TIMEOUT: "0s",
    MCPPROXY_HTTP_WRITE_TIMEOUT: "1m",
    MCPPROXY_HTTP_IDLE_TIMEOUT: "2m",
    MCPPROXY_TLS_ENABLED: "1",
    MCPPROXY_TLS_REQUIRE_CLIENT_CERT: "true",
    MCPPROXY_CERTS_DIR: "/certs",
    MCPPROXY_TPA_BUNDLE_PATH: "/bundle",
  });

  deepStrictEqual(notices, []);
  deepStrictEqual(
    [laid.listen, laid.api_key, laid.require_mcp_auth, laid.trusted_hosts, laid.tool_response_mode],
    [":1", "environment", false, ["a.test", ".b.test"], "compact"],
  );
  deepStrictEqual([laid.max_concurrent_requests, laid.queue_size, laid.queue_timeout], [4, 0, "5s"]);
  deepStrictEqual([laid.http_read_timeout, laid.http_write_timeout, laid.http_idle_timeout], [
    "0s",
    "1m",
    "2m",
  ]);
  deepStrictEqual(laid.tls, { hsts: false, enabled: true, require_client_cert: true, certs_dir: "/certs" });
  deepStrictEqual(laid.security, { tpa_bundle_path: "/bundle" });
  deepStrictEqual([config.api_key, config.tls], ["file", { hsts: false }]);
});

Deno.test("applyEnvironment() ignores what is empty, and names what cannot be read without its value", () => {
  const config = read({ api_key: "file", queue_size: 3 });
  const env = {
    MCPPROXY_API_KEY: "",
    MCPPROXY_LISTEN: "",
    MCPPROXY_QUEUE_SIZE: "-1",
    MCPPROXY_QUEUE_TIMEOUT: "hunter2",
    MCPPROXY_REQUIRE_MCP_AUTH: "no",
    MCPPROXY_TOOL_RESPONSE_MODE: "short",
  };

  const { config: laid, notices } = applyEnvironment(config, env);

  deepStrictEqual(laid, config);
  deepStrictEqual(notices.map((notice) => notice.split(" ")[0]).sort(), [
    "MCPPROXY_QUEUE_SIZE",
    "MCPPROXY_QUEUE_TIMEOUT",
    "MCPPROXY_REQUIRE_MCP_AUTH",
    "MCPPROXY_TOOL_RESPONSE_MODE",
  ]);
  ok(!notices.join().includes("hunter2"));
});

Deno.test("expandTopLevel() replaces variables in the gateway's own settings only", () => {
  const config = read({
    listen: "${env:HOST:-127.0.0.1}:${env:PORT}",
    data_dir: "${env:DIR}/mp",
    api_key: "${env:NO_KEY:-}",
    mcpServers: [{ name: "a", command: "${env:PORT}" }],
  });

  const expanded = expandTopLevel(config, { PORT: "1", DIR: "${env:PORT}" }, "/x");

  strictEqual(expanded.listen, "127.0.0.1:1");
  strictEqual(expanded.data_dir, "${env:PORT}/mp", "what came in is not looked at again");
  strictEqual(expanded.api_key, undefined, "an empty key is none");
  strictEqual(expanded.mcpServers[0]?.command, "${env:PORT}");
});

Deno.test("expandTopLevel() refuses what it cannot replace", () => {
  const cases: [string, Record<string, string>, RegExp][] = [
    ["${env:KEY}", {}, /\$\{env:KEY\} in "api_key" is not set/],
    ["${env:KEY}", { KEY: "" }, /is not set/],
    ["${env:constructor}", {}, /is not set/],
    ["${file:/run/key}", {}, /\$\{file:\/run\/key\} in "api_key" cannot be used here/],
    ["${keyring:key}", {}, /cannot be used here/],
  ];
  for (const [api_key, env, says] of cases) {
    throws(() => expandTopLevel(read({ api_key }), env, "/x"), (error) => {
      ok(error instanceof GatewayError);
      strictEqual(error.code, "MCPX_CONFIG_MISSING_SECRET");
      ok(says.test(error.message), error.message);
      return true;
    });
  }
});

Deno.test("diffServers() tells what came, went and changed, and whether that takes a restart", () => {
  const server = (name: string, more = {}) => ({ name, command: "x", env: { A: "1", B: "2" }, ...more });
  const from = read({ mcpServers: [server("same"), server("live"), server("hard"), server("gone")] });
  const to = read({
    mcpServers: [
      server("new"),
      server("hard", { env: { A: "1" } }),
      server("same", { env: { B: "2", A: "1" } }),
      server("live", { disabled_tools: ["t"] }),
    ],
  });

  deepStrictEqual(diffServers(from, to), [
    { name: "new", kind: "added", restart: false },
    { name: "hard", kind: "changed", restart: true },
    { name: "live", kind: "changed", restart: false },
    { name: "gone", kind: "removed", restart: false },
  ]);
  deepStrictEqual(diffServers(to, to), []);
});

Deno.test("diffDaemonKeys() names the changed keys that only a new daemon takes over", () => {
  const from = read({ listen: ":1", tools_limit: 3 });

  deepStrictEqual(diffDaemonKeys(from, read({ listen: ":2", tools_limit: 4, logging: { level: "debug" } })), [
    "listen",
    "logging",
  ]);
  deepStrictEqual(diffDaemonKeys(from, read({ listen: ":1", tools_limit: 4 })), []);
});

Deno.test("createConfigJsonSchema() describes every key and both forms of mcpServers", () => {
  const schema = JSON.parse(JSON.stringify(createConfigJsonSchema()));

  strictEqual(schema.$schema, "https://json-schema.org/draft/2020-12/schema");
  deepStrictEqual(Object.keys(schema.properties).sort(), [...CONFIG_KEYS].sort());
  for (const [key, { description, apply }] of Object.entries<Record<string, string>>(schema.properties)) {
    ok(key === "mcpServers" || ["live", "server", "daemon"].includes(apply ?? ""), key);
    ok((description ?? "").length > 5, key);
  }
  strictEqual(schema.required, undefined);
  const [list, map] = schema.properties.mcpServers.anyOf;
  deepStrictEqual(Object.keys(list.items.properties).sort(), [...SERVER_KEYS, "type", "disabled"].sort());
  deepStrictEqual(list.items.required, ["name"]);
  deepStrictEqual(map.additionalProperties.required, []);
  ok(!("name" in map.additionalProperties.properties));
  strictEqual(list.items.properties.command.apply, "server");
});
