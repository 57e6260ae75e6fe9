import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Gateway } from "../../mod.ts";
import { serveHttpFleet } from "../support/fixtures/http_fleet.ts";
import { openMcp } from "../support/mcp_caller.ts";
import { openTestGateway, openWorkspace, waitForStatus } from "../support/workspace.ts";

/** Sends a request to the gateway as a script would. */
async function ask(gateway: Gateway, path: string, body?: unknown): Promise<Response> {
  return await fetch(`http://${gateway.address}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      "x-api-key": gateway.apiKey,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": "2025-11-25",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const act = (n: number) => ({ tool_name: "place-0:act_0", arguments: { n } });

/** Over the wire, so that the calls in flight get on meanwhile. */
async function statusOf(gateway: Gateway) {
  return (await (await ask(gateway, "/api/v1/status")).json()).data.concurrency;
}

/** Resolves once so many calls wait at the server. */
async function untilWaiting(gateway: Gateway, count: number): Promise<void> {
  while ((await statusOf(gateway))?.limits[0]?.waiting !== count);
}

Deno.test("calls beyond the limit of a server wait or get 429, until the limit is raised", async () => {
  await using fleet = serveHttpFleet();
  await using workspace = await openWorkspace({
    mcpServers: [{ ...fleet.entry(0), max_concurrent_requests: 1, queue_size: 1 }],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "place-0", "ready");
  const running = ask(gateway, "/api/v1/tools/call", act(0));
  while (!fleet.calls.has("0:0")) await statusOf(gateway);
  const waiting = ask(gateway, "/api/v1/tools/call", act(1));
  await untilWaiting(gateway, 1);

  const refused = await ask(gateway, "/api/v1/tools/call", act(2));

  strictEqual(refused.status, 429);
  strictEqual(refused.headers.get("retry-after"), "2");
  const problem = await refused.json();
  strictEqual(problem.code, "MCPX_TOO_MANY_CALLS");
  match(problem.error, /server "place-0": 1 run and 1 wait/);
  strictEqual(fleet.calls.has("0:1"), false);
  deepStrictEqual(await statusOf(gateway), {
    limits: [{ scope: "server", name: "place-0", limit: 1, active: 1, waiting: 1 }],
    rejected: [{ scope: "server", name: "place-0", reason: "queue_full", count: 1 }],
  });
  const metrics = await (await ask(gateway, "/metrics")).text();
  match(metrics, /^mcpproxy_concurrency_active\{scope="server",server="place-0"\} 1$/m);
  match(metrics, /^mcpproxy_tool_calls_rejected_total\{.*reason="queue_full"\} 1$/m);

  await gateway.management.request("servers.update", {
    name: "place-0",
    patch: { max_concurrent_requests: 2 },
  });
  const answer = JSON.stringify(await (await waiting).json());

  match(answer, /did 0:1"/);
  fleet.release();
  strictEqual((await running).status, 200);
  await (await running).body?.cancel();
});

Deno.test("an agent reads that there are too many calls, and when to come back", async () => {
  await using fleet = serveHttpFleet();
  await using workspace = await openWorkspace({ max_concurrent_requests: 1, mcpServers: [fleet.entry(0)] });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "place-0", "ready");
  const running = ask(gateway, "/api/v1/tools/call", act(0));
  while (!fleet.calls.has("0:0")) await statusOf(gateway);
  const init = await ask(gateway, "/mcp", {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "t", version: "1" } },
  });
  await init.body?.cancel();

  const response = await fetch(gateway.mcpUrl, {
    method: "POST",
    headers: {
      "x-api-key": gateway.apiKey,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-session-id": init.headers.get("mcp-session-id") ?? "",
    },
    body: JSON.stringify({
      jsonrpc: "2.0",
      id: 2,
      method: "tools/call",
      params: { name: "call_tool_destructive", arguments: { name: "place-0:act_0", args: { n: 1 } } },
    }),
  });
  const { result } = await response.json();

  strictEqual(response.status, 200);
  strictEqual(result.isError, true);
  const meta = result._meta["io.mcpproxy/error"];
  strictEqual(meta.code, "MCPX_TOO_MANY_CALLS");
  strictEqual(meta.retry_after_ms, 2000);
  ok(result.content[0].text.includes("Retry in a few seconds"));
  fleet.release();
  await (await running).body?.cancel();
});

Deno.test("a call whose server is disabled while it waits is not sent", async () => {
  await using fleet = serveHttpFleet();
  await using workspace = await openWorkspace({
    max_concurrent_requests: 1,
    queue_size: 1,
    mcpServers: [fleet.entry(0), fleet.entry(1)],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "place-0", "ready");
  await waitForStatus(gateway, "place-1", "ready");
  const running = ask(gateway, "/api/v1/tools/call", act(0));
  while (!fleet.calls.has("0:0")) await statusOf(gateway);
  const waiting = ask(gateway, "/api/v1/tools/call", { tool_name: "place-1:act_0", arguments: { n: 1 } });
  await untilWaiting(gateway, 1);

  await gateway.management.request("servers.disable", { name: "place-1" });
  fleet.release();
  const answer = JSON.stringify(await (await waiting).json());

  match(answer, /MCPX_SERVER_DISABLED/);
  strictEqual(fleet.calls.has("1:1"), false);
  await (await running).body?.cancel();
});

/** Opens sessions of one agent. */
async function sessionsOf(gateway: Gateway, agent: string, count: number) {
  const { token } = await gateway.management.request("tokens.create", {
    name: agent,
    allowed_servers: ["*"],
    permissions: ["read", "write", "destructive"],
  });
  return await Promise.all(Array.from({ length: count }, async () => {
    const session = await openMcp(gateway.mcpUrl, token);
    if (!("ask" in session)) throw new Error(`No session: ${JSON.stringify(session)}`);
    return session;
  }));
}

Deno.test("an agent with ten sessions waits in turn with one that has a single session", async () => {
  await using fleet = serveHttpFleet();
  await using workspace = await openWorkspace({
    mcpServers: [{ ...fleet.entry(0), max_concurrent_requests: 1, queue_size: 20 }],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "place-0", "ready");
  const call = { name: "call_tool_destructive" };
  const greedy = await sessionsOf(gateway, "greedy", 10);
  const [modest] = await sessionsOf(gateway, "modest", 1);
  const calling = (n: number) => ({ ...call, arguments: { name: "place-0:act_0", args: { n } } });
  const running = greedy[0]?.ask("tools/call", calling(0));
  while (!fleet.calls.has("0:0")) await statusOf(gateway);
  const crowd = greedy.map((session, index) => session.ask("tools/call", calling(index + 1)));
  await untilWaiting(gateway, 10);
  const late = modest?.ask("tools/call", calling(99));
  await untilWaiting(gateway, 11);

  fleet.release();
  await Promise.all([running, late, ...crowd]);

  deepStrictEqual([...fleet.calls.keys()].slice(0, 2), ["0:0", "0:99"]);
});
