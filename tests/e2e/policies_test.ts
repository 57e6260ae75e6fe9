import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { serveFaultd } from "../support/faultd/mod.ts";
import { openWorkspace } from "../support/workspace.ts";

const TOKEN = `ghp_${"aB3dE5fG7hI9jK1lM2nO4pQ6rS8tU0vW1xY2"}`;
const MASKED = "[redacted:github_pat]";

/** Calls a method of MCP at an endpoint, without a session. */
async function mcp(daemon: Daemon, path: string, name: string, args: unknown): Promise<string> {
  const headers = {
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "x-api-key": daemon.apiKey,
  };
  const url = `${daemon.url}${path}`;
  const post = (body: unknown, more: Record<string, string> = {}) =>
    fetch(url, { method: "POST", headers: { ...headers, ...more }, body: JSON.stringify(body) });
  const params = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } };
  const opened = await post({ jsonrpc: "2.0", id: 1, method: "initialize", params });
  await opened.text();
  const session = { "mcp-session-id": opened.headers.get("mcp-session-id") ?? "" };
  await (await post({ jsonrpc: "2.0", method: "notifications/initialized" }, session)).text();
  const call = { jsonrpc: "2.0", id: 2, method: "tools/call", params: { name, arguments: args } };
  return await (await post(call, session)).text();
}

async function rest(daemon: Daemon, toolName: string, args: unknown): Promise<string> {
  const response = await fetch(`${daemon.url}/api/v1/tools/call`, {
    method: "POST",
    headers: { "x-api-key": daemon.apiKey, "content-type": "application/json" },
    body: JSON.stringify({ tool_name: toolName, arguments: args }),
  });
  return await response.text();
}

/** The same call on every way there is; what came back. */
async function everyWay(daemon: Daemon, args: Readonly<Record<string, unknown>>) {
  return {
    "call_tool_read": await mcp(daemon, "/mcp", "call_tool_read", { name: "a:echo", args }),
    "direct mode": await mcp(daemon, "/mcp/all", "a__echo", args),
    "transparent mode": await mcp(daemon, "/mcp/s/a", "echo", args),
    REST: await rest(daemon, "a:echo", args),
    CLI: (await daemon.cli(["-o", "json", "call", "tool", "a:echo", "--args", JSON.stringify(args)])).stdout,
  };
}

Deno.test("secrets are told of, masked or kept back on every way a call can take", async (t) => {
  await using upstream = await serveFaultd({});
  const entry = { name: "a", url: upstream.url, quarantined: false, trust_mode: "auto" };
  const config = (more: Readonly<Record<string, unknown>>) => ({
    listen: "127.0.0.1:0",
    quarantine_enabled: false,
    mcpServers: [{ ...entry, ...more }],
  });
  await using workspace = await openWorkspace(config({}));
  await using daemon = await startDaemon(workspace);
  await daemon.seen(/✓ a/);

  await t.step("annotate passes everything on, and tells of it without the secret", async () => {
    for (const [way, text] of Object.entries(await everyWay(daemon, { key: TOKEN }))) {
      ok(text.includes(TOKEN), `${way}: ${text}`);
    }
    const events = await seenEvents(daemon, 5);
    strictEqual(events.length, 5);
    for (const { payload } of events) {
      deepStrictEqual([payload.server_name, payload.tool_name, payload.types], ["a", "echo", ["github_pat"]]);
    }
    ok(!JSON.stringify(events).includes(TOKEN));
  });

  await t.step("records have the kind, and the call without the secret", async () => {
    const listed = await recorded(daemon, 5);
    ok(listed.includes('"detection_types":["github_pat"]'), listed.slice(0, 1_000));
    ok(listed.includes(MASKED) && !listed.includes(TOKEN), listed.slice(0, 1_000));
  });

  await t.step("mask replaces it on its way there", async () => {
    await workspace.write(config({ sensitive_data: "mask" }));
    await daemon.seen(/config/i);
    while (!(await rest(daemon, "a:echo", { key: TOKEN })).includes(MASKED));
    for (const [way, text] of Object.entries(await everyWay(daemon, { key: TOKEN }))) {
      ok(text.includes(MASKED) && !text.includes(TOKEN), `${way}: ${text}`);
    }
  });

  await t.step("block sends nothing", async () => {
    await workspace.write(config({ sensitive_data: "block" }));
    while (!(await rest(daemon, "a:echo", { key: TOKEN })).includes("MCPX_SENSITIVE_DATA"));
    const before = upstream.log.filter((line) => line.includes("tools/call")).length;
    for (const [way, text] of Object.entries(await everyWay(daemon, { key: TOKEN }))) {
      match(text, /MCPX_SENSITIVE_DATA/, way);
      match(text, /github_pat/, way);
      ok(!text.includes(TOKEN), way);
    }
    strictEqual(upstream.log.filter((line) => line.includes("tools/call")).length, before);
    match(await rest(daemon, "a:echo", { key: "plain" }), /echo: .*plain/);
  });

  await t.step("spotlight marks the text on every way", async () => {
    await workspace.write(config({ spotlight: "always" }));
    while (!(await rest(daemon, "a:echo", {})).includes("[begin "));
    for (const [way, text] of Object.entries(await everyWay(daemon, { n: 1 }))) {
      match(text, /\[begin ([0-9a-f]{32}): text from server a;.*echo: .*\[end \1\]/, way);
    }
  });

  await t.step("no file of the data directory shows the secret in the clear", async () => {
    strictEqual((await daemon.stop("SIGTERM")).code, 0);
    deepStrictEqual(await filesWith(workspace.dataDir, TOKEN), []);
    ok((await filesWith(workspace.dataDir, "github_pat")).length > 0);
  });
});

interface Detected {
  readonly payload: {
    readonly server_name: string;
    readonly tool_name: string;
    readonly types: readonly string[];
  };
}

/** The events of secrets, once there are so many. */
async function seenEvents(daemon: Daemon, count: number): Promise<readonly Detected[]> {
  for (;;) {
    const events = await daemon.json(["events", "-t", "sensitive_data", "-n", "100"]) as Detected[]; // as the help says
    if (events.length >= count) return events;
  }
}

/** Records of calls with secrets as JSON, once there are so many. */
async function recorded(daemon: Daemon, count: number): Promise<string> {
  for (;;) {
    const response = await fetch(`${daemon.url}/api/v1/activity?sensitive_data=true&limit=50`, {
      headers: { "x-api-key": daemon.apiKey },
    });
    const text = await response.text();
    strictEqual(response.status, 200, text);
    const { total, activities } = JSON.parse(text).data;
    if (total >= count) return JSON.stringify(activities);
  }
}

/** Files below a directory that hold a text. */
async function filesWith(directory: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isFile } of Deno.readDir(directory)) {
    const path = `${directory}/${name}`;
    if (isDirectory) found.push(...await filesWith(path, text));
    else if (isFile && new TextDecoder("latin1").decode(await Deno.readFile(path)).includes(text)) {
      found.push(path);
    }
  }
  return found;
}
