import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type ActivityEntry, type Caller, GatewayError } from "../../../lib/contracts/mod.ts";
import { changeOf, recordingChange } from "../../../lib/management/changes.ts";

const caller: Caller = { role: "admin", label: "socket", surface: "cli" };

function createRecorder() {
  const entries: ActivityEntry[] = [];
  const recorder = {
    entries,
    settled: 0,
    activity: { record: (entry: ActivityEntry) => void entries.push(entry) },
    runtime: {
      settled() {
        recorder.settled++;
        return Promise.resolve();
      },
    },
  };
  return recorder;
}

Deno.test("changeOf() knows changes from reads", () => {
  strictEqual(changeOf("servers.list", {}), undefined);
  strictEqual(changeOf("config.diff", {}), undefined);
  strictEqual(changeOf("secrets.migrate", { apply: false }), undefined);
  strictEqual(changeOf("secrets.migrate", { apply: true })?.type, "secret_change");
  deepStrictEqual(changeOf("secrets.set", { name: "one", value: "canary" })?.details, { name: "one" });
  strictEqual(changeOf("calls.call", { tool_name: "a:b" }), undefined);
  deepStrictEqual(changeOf("servers.add", { name: "one", command: "x" }), {
    type: "server_change",
    action: "add",
    server: "one",
    details: {},
  });
});

Deno.test("changeOf() tells which fields change and never their values", () => {
  deepStrictEqual(changeOf("servers.update", { name: "one", patch: { env: { TOKEN: "secret" } } }), {
    type: "server_change",
    action: "update",
    server: "one",
    details: { changed_fields: ["env"] },
  });
});

Deno.test("changeOf() takes a change of quarantine for what it is", () => {
  const change = changeOf("servers.update", { name: "one", patch: { quarantined: false } });
  strictEqual(change?.type, "quarantine_change");
  strictEqual(change?.action, "approve");
});

Deno.test("recordingChange() records a change once, with who asked for it", async () => {
  const recorder = createRecorder();
  const run = { verb: "servers.disable", input: { name: "one" }, caller, requestId: "r1" } as const;
  strictEqual(await recordingChange(recorder, run, () => "done"), "done");
  strictEqual(recorder.settled, 1, "what was changed shows");
  const [entry, ...more] = recorder.entries;
  deepStrictEqual(more, []);
  strictEqual(entry?.status, "success");
  strictEqual(entry?.source, "cli");
  strictEqual(entry?.auth_type, "admin");
  strictEqual(entry?.request_id, "r1");
});

Deno.test("recordingChange() records what was refused, but no mistakes", async () => {
  const recorder = createRecorder();
  const run = { verb: "servers.disable", input: { name: "one" }, caller, requestId: "r1" } as const;
  const fail = (code: "MCPX_FORBIDDEN" | "MCPX_INVALID_INPUT") =>
    recordingChange(recorder, run, () => Promise.reject(new GatewayError(code, "No")));
  await rejects(fail("MCPX_INVALID_INPUT"));
  strictEqual(recorder.entries.length, 0);
  await rejects(fail("MCPX_FORBIDDEN"));
  strictEqual(recorder.entries[0]?.status, "blocked");
  strictEqual(recorder.entries[0]?.error_code, "MCPX_FORBIDDEN");
});

Deno.test("changeOf() tells what a verb is about and leaves out what may hold a secret", () => {
  deepStrictEqual(
    changeOf("connect.add", { client: "cursor", server_name: "mcpproxy", force: false })?.details,
    {
      client: "cursor",
      server_name: "mcpproxy",
    },
  );
  deepStrictEqual(changeOf("registries.remove", { id: "mine" })?.details, { id: "mine" });
  deepStrictEqual(
    changeOf("import.content", { content: "canary", filename: "mcp.json", preview: false })?.details,
    { filename: "mcp.json" },
  );
  deepStrictEqual(changeOf("tools.switch", { name: "one", tool: "add", enabled: false }), {
    type: "config_change",
    action: "disable_tool",
    server: "one",
    tool: "add",
  });
  strictEqual(changeOf("diagnostics.fix", { code: "MCPX_HTTP_5XX", mode: "dry_run" }), undefined);
  strictEqual(changeOf("diagnostics.fix", { code: "MCPX_HTTP_5XX", mode: "execute" })?.action, "fix");
});

Deno.test("recordingChange() tells of approvals only that they were refused", async () => {
  const recorder = createRecorder();
  const input = { name: "one", tools: ["add"] };
  const run = { verb: "approvals.approve", input, caller, requestId: "r1" } as const;
  await recordingChange(recorder, run, () => "done");
  strictEqual(recorder.entries.length, 0);
  await rejects(
    recordingChange(recorder, run, () => Promise.reject(new GatewayError("MCPX_APPROVAL_CONFLICT", "No"))),
  );
  const [entry] = recorder.entries;
  deepStrictEqual([entry?.type, entry?.status, entry?.metadata?.tools], [
    "tool_quarantine_change",
    "error",
    ["add"],
  ]);
});

Deno.test("recordingChange() tells which keys of the config a change has changed, and what it is a part of", async () => {
  const recorder = createRecorder();
  const output = { keys: [{ name: "listen" }], servers: [{ name: "one" }] };
  await recordingChange(
    recorder,
    { verb: "config.replace", input: {}, caller, requestId: "r2", from: { parentId: "r1" } },
    () => output,
  );
  const [entry] = recorder.entries;
  strictEqual(entry?.parent_id, "r1");
  deepStrictEqual(entry?.metadata, {
    action: "replace",
    changed_fields: ["listen"],
    changed_servers: ["one"],
  });
});
