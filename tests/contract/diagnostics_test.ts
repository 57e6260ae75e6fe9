import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { reference, waitForStatus } from "../support/workspace.ts";
import { failsWith, runSuite } from "./implementations.ts";

const SERVERS = [
  reference("memory"),
  { name: "bad", command: "no-such-command-here", quarantined: false },
  { name: "off", command: "node", enabled: false, quarantined: false },
  { name: "held", command: "node" },
];

runSuite("Diagnostics", {
  async "say what is wrong, each with code and remedy"({ management, gateway }) {
    await waitForStatus(gateway, "bad", "failed", "backoff");
    const { checks, total_issues: total, upstream_errors: errors } = await management.request(
      "diagnostics.get",
      {},
    );
    const levels = Object.fromEntries(checks.map(({ id, level }) => [id, level]));
    deepStrictEqual(
      [levels.config, levels.storage, levels.port, levels["server:memory"], levels["server:off"]],
      ["ok", "ok", "ok", "ok", "ok"],
    );
    deepStrictEqual([levels["server:bad"], levels["command:no-such-command-here"]], ["problem", "problem"]);
    for (const { id, level, code, remedy } of checks) {
      if (level === "problem") ok((code ?? "") !== "" && (remedy ?? "") !== "", id);
    }
    ok(total >= 2);
    deepStrictEqual(errors.map(({ server_name, code }) => [server_name, code]), [
      ["bad", "MCPX_STDIO_SPAWN_ENOENT"],
    ]);
    const one = await management.request("diagnostics.server", { name: "bad" });
    deepStrictEqual(one.checks.map(({ id }) => id), ["server:bad", "command:no-such-command-here"]);
    await rejects(
      management.request("diagnostics.server", { name: "bd" }),
      failsWith("MCPX_SERVER_NOT_FOUND", /did you mean "bad"/),
    );
  },

  async "mend wide modes when told to, and say what they would do before"({ management, workspace }) {
    const before = (await Deno.stat(workspace.dataDir)).mode;
    await Deno.chmod(workspace.dataDir, 0o755);
    const would = await management.request("diagnostics.fix", { code: "MCPX_DATA_DIR_DENIED" });
    deepStrictEqual([would.mode, would.steps], ["dry_run", [{
      text: `chmod 0700 ${workspace.dataDir}`,
      done: false,
    }]]);
    strictEqual(((await Deno.stat(workspace.dataDir)).mode ?? 0) & 0o777, 0o755);
    const did = await management.request("diagnostics.fix", {
      code: "MCPX_DATA_DIR_DENIED",
      mode: "execute",
    });
    ok(did.steps.every(({ done }) => done));
    strictEqual((await Deno.stat(workspace.dataDir)).mode, before);
    const again = await management.request("diagnostics.fix", { code: "MCPX_DATA_DIR_DENIED" });
    deepStrictEqual(again.steps, []);
  },

  async "refuse what nothing safe would mend"({ management }) {
    await rejects(
      management.request("diagnostics.fix", { code: "MCPX_STDIO_SPAWN_ENOENT", server: "bad" }),
      failsWith("MCPX_NOT_FIXABLE", /nothing that is safe/),
    );
    await rejects(
      management.request("diagnostics.fix", { code: "MCPX_UPSTREAM_CLOSED" }),
      failsWith("MCPX_INVALID_INPUT", /no server is named/),
    );
    await rejects(
      management.request("diagnostics.fix", { code: "MCPX_UPSTREAM_CLOSED", server: "meory" }),
      failsWith("MCPX_SERVER_NOT_FOUND", /did you mean "memory"/),
    );
    await rejects(
      management.request("diagnostics.fix", {
        code: "MCPX_HTTP_401",
        server: "bad",
        fixer_key: "modes_tighten",
      }),
      failsWith("MCPX_NOT_FIXABLE", /"modes_tighten" does not mend it/),
    );
    const calm = await management.request("diagnostics.fix", {
      code: "MCPX_UPSTREAM_CLOSED",
      server: "memory",
    });
    deepStrictEqual(calm.steps, [], "a server that works is not restarted");
    const words = await management.request("diagnostics.fix", {
      code: "MCPX_STDIO_SPAWN_ENOENT",
      server: "bad",
      fixer_key: "stdio_show_last_logs",
    });
    match(words.steps.map(({ text }) => text).join("\n"), /no-such-command-here/);
  },

  async "check required tools: the worst decides"({ management }) {
    const check = async (ids: readonly string[], more = {}) => {
      const { verdict, tools } = await management.request("tools.preflight", {
        tools: ids.map((id) => ({ id })),
        ...more,
      });
      return [verdict, ...tools.map(({ status, reason }) => reason ?? status)];
    };
    deepStrictEqual(await check(["memory:read_graph"]), ["ready", "ready"]);
    deepStrictEqual(await check(["bad:x", "memory:read_graph"]), [
      "degraded_retryable",
      "server_unhealthy",
      "ready",
    ]);
    deepStrictEqual(await check(["off:x", "held:x", "bad:x"]), [
      "blocked",
      "server_disabled",
      "server_quarantined",
      "server_unhealthy",
    ]);
    deepStrictEqual(await check(["memory:nope", "off:x"]), ["unknown_ids", "not_found", "server_disabled"]);
    deepStrictEqual(await check(["nobody:x", "nonsense"]), [
      "unknown_ids",
      "server_not_configured",
      "server_not_configured",
    ]);
    deepStrictEqual(await check(["memory:read_graph"], { profile: "few" }), [
      "blocked",
      "server_not_in_scope",
    ]);
    deepStrictEqual(await check(["memory:delete_entities"], { policy: { read_only_only: true } }), [
      "blocked",
      "policy_filtered",
    ]);
    const { tools: [near] } = await management.request("tools.preflight", {
      tools: [{ id: "memory:read_grap" }],
    });
    deepStrictEqual(near?.did_you_mean, ["memory:read_graph"]);
    const { tools: [elsewhere, nowhere] } = await management.request("tools.preflight", {
      tools: [{ id: "memori:read_graph" }, { id: "memori:create_issue" }],
    });
    deepStrictEqual(elsewhere?.did_you_mean, ["memory:read_graph"]);
    strictEqual(nowhere?.did_you_mean, undefined);
    await rejects(
      management.request("tools.preflight", { tools: [{ id: "a:b" }], profile: "fw" }),
      failsWith("MCPX_INVALID_INPUT", /did you mean "few"/),
    );
    await rejects(
      management.request("tools.preflight", { tools: [] }),
      failsWith("MCPX_INVALID_INPUT", /tools/),
    );
  },

  async "hold a tool against its pin, and wait for one that is on its way"({ management }) {
    const [id, wrong] = ["memory:read_graph", `sha256/v1:${"0".repeat(64)}`];
    const found = await management.request("tools.preflight", { tools: [{ id }] });
    const hash = found.tools[0]?.hash ?? "";
    match(hash, /^sha256\/v1:[0-9a-f]{64}$/);
    const pinned = await management.request("tools.preflight", { tools: [{ id, pin_hash: hash }] });
    strictEqual(pinned.verdict, "ready");
    const changed = await management.request("tools.preflight", { tools: [{ id, pin_hash: wrong }] });
    deepStrictEqual([changed.verdict, changed.tools[0]?.reason], ["blocked", "hash_mismatch"]);
    const waited = await management.request("tools.preflight", { tools: [{ id: "bad:x" }], wait_ms: 20 });
    strictEqual(waited.verdict, "degraded_retryable");
    ok((waited.waited_ms ?? 0) >= 20);
    const [first, second] = await Promise.all([
      management.request("tools.preflight", { tools: [{ id }], wait_ms: 5_000 }),
      management.request("tools.preflight", { tools: [{ id: "off:x" }], wait_ms: 5_000 }),
    ]);
    deepStrictEqual([first.verdict, second.verdict], ["ready", "blocked"], "waiting would help neither");
  },
}, { mcpServers: SERVERS, profiles: [{ name: "few", servers: ["off"] }] });
