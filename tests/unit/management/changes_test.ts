import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type ActivityEntry, type Caller, GatewayError } from "../../../lib/contracts/mod.ts";
import { changeOf, recordingChange } from "../../../lib/management/changes.ts";

const caller: Caller = { role: "admin", label: "socket", surface: "cli" };

function createRecorder() {
  const entries: ActivityEntry[] = [];
  return { entries, record: (entry: ActivityEntry) => void entries.push(entry) };
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
