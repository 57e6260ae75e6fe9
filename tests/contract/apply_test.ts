/**
 * Every field of the config says in its schema how a change of it applies;
 * here each is changed in a running gateway, and it must be so.
 *
 * @module
 */

import { deepStrictEqual, notStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { ConfigSchema, ServerConfigSchema } from "../../lib/contracts/mod.ts";
import { type Gateway, openGateway, type ServerView } from "../../mod.ts";
import { mcpServerCommand } from "../support/fixtures/mcp_server.ts";
import { openWorkspace, waitForStatus } from "../support/workspace.ts";

/** Another value of each field of a server. */
const SERVER_CHANGES: Readonly<Record<string, unknown>> = {
  command: "/usr/bin/env",
  args: [...mcpServerCommand().args, "--other"],
  env: { OTHER: "1" },
  working_dir: "/",
  url: "http://127.0.0.1:9/mcp",
  headers: { "X-Other": "1" },
  protocol: "stdio",
  enabled: false,
  quarantined: true,
  trust_mode: "auto",
  init_timeout: "25s",
  health_check_interval: "45s",
  tool_discovery_interval: "7m",
  idle_timeout: "20m",
  reconnect_on_use: true,
  connection: "session",
  enabled_tools: ["echo"],
  disabled_tools: ["echo"],
  sensitive_data: "mask",
  spotlight: "always",
  output_validation: "strict",
  verify_on_call: true,
  verify_max_age: "9s",
  max_concurrent_requests: 3,
  queue_size: 3,
  queue_timeout: "9s",
  oauth: {},
  isolation: {},
  expose_prompts: false,
  toon_output: "off",
  launcher_wait_timeout: "9s",
  shared: true,
  created: "2026-01-01T00:00:00Z",
  updated: "2026-01-01T00:00:00Z",
  skip_quarantine: true,
  auto_approve_tool_changes: true,
  source_registry_id: "x",
  source_registry_provenance: "custom",
  auth_broker: {},
};

/** Another value of each key at the top; servers have the table above, and quarantine concerns them too. */
const KEY_CHANGES: Readonly<Record<string, unknown>> = {
  $schema: "./other.json",
  listen: "127.0.0.1:1",
  data_dir: "./elsewhere",
  enable_socket: false,
  tray_endpoint: "unix:///x/y.sock",
  api_key: "another-key-of-the-config",
  require_mcp_auth: false,
  trusted_hosts: ["example.test"],
  profiles: [{ name: "mine", servers: ["s"] }],
  routing_mode: "direct",
  exposure: "search",
  exposure_threshold: 1,
  exposure_clients: { other: "direct" },
  instructions: "Other words",
  tools_limit: 3,
  embeddings: { model: "other" },
  tool_response_limit: 3000,
  tool_response_limit_direct: 3000,
  tool_response_cache_mb: 3,
  tool_response_cache_ttl: "9s",
  tool_response_mode: "compact",
  call_tool_timeout: "3m",
  init_timeout: "31s",
  health_check_interval: "31s",
  tool_discovery_interval: "6m",
  max_result_size_chars: 1000,
  max_concurrent_requests: 9,
  queue_size: 9,
  queue_timeout: "9s",
  server_concurrency_defaults: { max_concurrent_requests: 9 },
  http_read_timeout: "9s",
  http_write_timeout: "9s",
  http_idle_timeout: "9s",
  environment: { custom_vars: { OTHER: "1" } },
  forward_proxy_env: true,
  logging: { level: "debug" },
  disable_management: true,
  allow_server_add: false,
  allow_server_remove: false,
  reveal_secret_headers: true,
  intent_declaration: { strict_server_validation: false },
  session_flow: { policy: "ask" },
  verify_on_call: true,
  verify_max_age: "9s",
  enable_prompts: false,
  aggregate_upstream_prompts: true,
  debug_search: true,
  toon_output: "always",
  toon_min_savings_pct: 20,
  enable_code_execution: true,
  code_execution_timeout_ms: 1000,
  code_execution_max_tool_calls: 3,
  code_execution_pool_size: 3,
  code_execution_max_parallel: 3,
  tool_response_session_risk_warning: true,
  oauth_expiry_warning_hours: 2,
  activity_retention_days: 3,
  activity_max_records: 3,
  activity_max_size_mb: 3,
  activity_max_response_size: 3,
  activity_cleanup_interval_min: 3,
  check_server_repo: false,
  registries: [],
  registries_locked: true,
  allow_private_registry_fetch: true,
  docker_isolation: {},
  isolation: "auto",
  docker_recovery: {},
  sensitive_data_detection: { response_action: "mask" },
  output_validation: { mode: "strict" },
  output_sanitisation: { spotlight_untrusted: true },
  security: {},
  observability: {},
  telemetry: {},
  tokenizer: {},
  tls: {},
  update_check: {},
  server_edition: {},
  features: { enable_web_ui: false },
  enable_tray: true,
  top_k: 3,
  // Last, since nothing can be changed after it.
  read_only_mode: true,
};

const ELSEWHERE = ["mcpServers", "quarantine_enabled"];

type Shape = Readonly<Record<string, z.ZodType>>;

const applyOf = (shape: Shape, key: string): unknown => shape[key]?.meta()?.apply;

const entry = { ...mcpServerCommand(), quarantined: false };
const ORIGINAL = { listen: "127.0.0.1:0", mcpServers: { s: entry } };

async function see(gateway: Gateway): Promise<ServerView> {
  return await gateway.management.request("servers.get", { name: "s" });
}

/** Makes one change to the server and waits until its record has it, which is always told. */
async function change(gateway: Gateway, config: Record<string, unknown>): Promise<void> {
  const { management } = gateway;
  const { last_seq: since } = await management.request("events.list", { limit: 1 });
  await management.request("config.patch", { patch: { mcpServers: { s: config } } });
  const stop = new AbortController();
  for await (const _ of management.followEvents({ since, types: ["servers"] }, stop.signal)) stop.abort();
}

/** A field that somebody adds gets the first of these that it takes and that is not its default. */
const ANYTHING = [true, false, 3, 50, "9s", "x", [], {}];

function withNewFields(
  table: Readonly<Record<string, unknown>>,
  { shape }: { readonly shape: Shape },
  left: readonly string[],
): [string, unknown][] {
  const added = Object.keys(shape).filter((key) => !(key in table) && !left.includes(key));
  const other = (key: string): unknown => {
    const usual = shape[key]?.safeParse(undefined).data;
    return ANYTHING.find((one) => shape[key]?.safeParse(one).success && !isDeepStrictEqual(one, usual));
  };
  return [...added.map((key): [string, unknown] => [key, other(key)]), ...Object.entries(table)];
}

Deno.test("every field of a server applies as its schema says", async (t) => {
  await using workspace = await openWorkspace({ mcpServers: { s: entry } });
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  await waitForStatus(gateway, "s", "ready");
  for (const [key, value] of withNewFields(SERVER_CHANGES, ServerConfigSchema, ["name"])) {
    const apply = applyOf(ServerConfigSchema.shape, key);
    await t.step(`${key}: ${apply}`, async () => {
      const before = await see(gateway);
      const patch = key === "command"
        ? { command: value, args: [entry.command, ...entry.args] }
        : { [key]: value };
      const diff = await gateway.management.request("config.diff", {
        config: { listen: "127.0.0.1:0", mcpServers: { s: { ...entry, ...patch } } },
      });
      const isHeld = key === "enabled" || key === "quarantined";
      strictEqual(diff.servers[0]?.action, isHeld ? "stop" : apply === "live" ? "update" : "restart");
      await change(gateway, patch);
      if (apply === "live") {
        const { pid, connected_at, status } = await see(gateway);
        deepStrictEqual([pid, connected_at, status], [before.pid, before.connected_at, "ready"]);
      } else {
        await waitForStatus(gateway, "s", isHeld ? "idle" : "ready");
        notStrictEqual((await see(gateway)).pid, before.pid);
      }
      await gateway.management.request("config.replace", { config: ORIGINAL });
      await waitForStatus(gateway, "s", "stopping", "connecting", "ready");
      await waitForStatus(gateway, "s", "ready");
    });
  }
});

Deno.test("every key of the config applies as its schema says, and none touches a server", async (t) => {
  await using workspace = await openWorkspace({ mcpServers: { s: entry } });
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  await waitForStatus(gateway, "s", "ready");
  const { pid } = await see(gateway);
  for (const [key, value] of withNewFields(KEY_CHANGES, ConfigSchema.unwrap(), ELSEWHERE)) {
    const apply = applyOf(ConfigSchema.unwrap().shape, key);
    await t.step(`${key}: ${apply}`, async () => {
      const wanted = apply === "daemon" ? [key] : [];
      const answer = await gateway.management.request("config.patch", { patch: { [key]: value } });
      deepStrictEqual(answer.keys.map(({ name, apply }) => [name, apply]), [[key, apply]]);
      deepStrictEqual([answer.restart_required, answer.servers], [wanted, []]);
      const status = await gateway.management.request("status.get", {});
      deepStrictEqual(status.restart_required, wanted);
      strictEqual((await see(gateway)).pid, pid);
      if (key === "read_only_mode") return;
      const { restart_required } = await gateway.management.request("config.replace", { config: ORIGINAL });
      deepStrictEqual(restart_required, [], "back to what the daemon runs with");
    });
  }
});

Deno.test("the next request sees what applies live, and not what waits for a new start", async () => {
  const env = { API_TOKEN: "very-secret-1" };
  await using workspace = await openWorkspace({ mcpServers: { s: { ...entry, env }, other: entry } });
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  for (const name of ["s", "other"]) await waitForStatus(gateway, name, "ready");
  const set = (patch: Record<string, unknown>) => gateway.management.request("config.patch", { patch });
  const http = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://${gateway.address}${path}`, init);
    await response.body?.cancel();
    return response.status;
  };
  const ping = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
  const found = async () => (await gateway.management.request("tools.search", { q: "echo" })).results.length;

  strictEqual(await http("/mcp", ping), 401);
  await set({ require_mcp_auth: false });
  notStrictEqual(await http("/mcp", ping), 401);

  ok(!JSON.stringify(await see(gateway)).includes("very-secret-1"));
  await set({ reveal_secret_headers: true });
  strictEqual((await see(gateway)).env?.API_TOKEN, "very-secret-1");

  const most = await found();
  await set({ tools_limit: 1 });
  ok(most > 1 && await found() === 1, `${most} tools at first`);

  await set({ read_only_mode: true });
  await rejects(gateway.management.request("servers.disable", { name: "s" }), /read_only_mode is on/);
  await rejects(set({ read_only_mode: false }), /read_only_mode is on/);
  await workspace.write({
    listen: "127.0.0.1:1",
    features: { enable_health_checks: false, enable_web_ui: false },
    mcpServers: { s: { ...entry, env } },
  });
  await gateway.reloadConfig();
  const { restart_required, listen_addr } = await gateway.management.request("status.get", {});
  deepStrictEqual(restart_required, ["listen", "features"]);
  strictEqual(listen_addr, gateway.address);
  deepStrictEqual([await http("/healthz"), await http("/ui/")], [200, 200]);
});
