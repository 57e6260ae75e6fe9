import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openTestGateway, openWorkspace, reference, waitForStatus } from "../support/workspace.ts";
import { CLIENT, connectSdk, jsonOf, SLOW } from "./mcp_clients_scene.ts";

Deno.test("/mcp ends a session on DELETE and does not know it afterwards", async () => {
  await using workspace = await openWorkspace();
  await using gateway = await openTestGateway(workspace);
  const send = (method: string, session: string | null, body?: unknown) =>
    fetch(gateway.mcpUrl, {
      method,
      headers: {
        "x-api-key": gateway.apiKey,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...(session === null ? {} : { "mcp-session-id": session }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  const initialize = {
    jsonrpc: "2.0",
    id: 1,
    method: "initialize",
    params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: CLIENT },
  };
  const list = { jsonrpc: "2.0", id: 2, method: "tools/list" };

  const opened = await send("POST", null, initialize);
  strictEqual((await opened.json()).result.protocolVersion, "2025-06-18");
  const session = opened.headers.get("mcp-session-id");
  ok(session);
  const statuses: number[] = [];
  for (
    const response of [
      await send("POST", session, list),
      await send("DELETE", session),
      await send("POST", session, list),
      await send("DELETE", session),
      await send("POST", "never-seen", list),
      await send("POST", null, list),
      await send("GET", session),
    ]
  ) {
    statuses.push(response.status);
    await response.body?.cancel();
  }

  deepStrictEqual(statuses, [200, 204, 404, 404, 404, 400, 404]);
});

Deno.test("a restarted gateway finds tools at once, also of a server that is gone", async () => {
  await using workspace = await openWorkspace();
  const { args: [script] } = reference("memory") as { args: string[] }; // as the factory makes it
  const command = join(workspace.directory, "memory.sh");
  await Deno.writeTextFile(command, `#!/bin/sh\nexec node ${script}\n`, { mode: 0o700 });
  await workspace.write({
    listen: "127.0.0.1:0",
    mcpServers: [{ name: "memory", command, quarantined: false }],
  });
  {
    await using gateway = await openTestGateway(workspace);
    await waitForStatus(gateway, "memory", "ready");
  }
  await Deno.remove(command);

  await using gateway = await openTestGateway(workspace);
  await using client = await connectSdk(gateway);
  const found = jsonOf(await client.call("retrieve_tools", { query: "read the graph" }));
  const result = await client.call("call_tool_read", { name: "memory:read_graph", args: {} });

  strictEqual(found.tools[0].name, "memory:read_graph");
  strictEqual(found.unavailable_servers, undefined);
  strictEqual(result.isError, true);
  const said = jsonOf(result);
  strictEqual(said.code, "MCPX_SERVER_NOT_READY");
  match(said.error, /memory\.sh" does not exist/);
  match(said.remedy, /full path/);
});

Deno.test("calls come to an end whatever happens to server and gateway", async (t) => {
  await using workspace = await openWorkspace();
  await workspace.write({
    listen: "127.0.0.1:0",
    call_tool_timeout: "2s",
    mcpServers: [reference("everything"), SLOW],
  });
  const gateway = await openTestGateway(workspace);
  await using _gateway = gateway;
  for (const name of ["everything", "slow"]) await waitForStatus(gateway, name, "ready");
  await using client = await connectSdk(gateway);

  await t.step("fifty at once each get their own answer", async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);
    const results = await Promise.all(
      numbers.map((a) => client.call("call_tool_read", { name: "everything:get-sum", args: { a, b: 1 } })),
    );
    deepStrictEqual(
      results.map(({ content }) => content[0]?.text),
      numbers.map((a) => `The sum of ${a} and 1 is ${a + 1}.`),
    );
  });

  await t.step("a server that does not answer runs into the limit", async () => {
    const result = await client.call("call_tool_destructive", { name: "slow:wait", args: {} });
    strictEqual(result.isError, true);
    strictEqual(jsonOf(result).code, "MCPX_CALL_TIMEOUT");
    match(jsonOf(result).error, /"slow": no answer within 2 s/);
  });

  await t.step("a server that dies fails its call, and only that", async () => {
    const { pid = 0 } = await gateway.management.request("servers.get", { name: "slow" });
    const following = new AbortController();
    const call = client.call("call_tool_destructive", { name: "slow:wait", args: {} });
    for await (
      const { message } of gateway.management.followLogs({ name: "slow", tail: 1 }, following.signal)
    ) {
      if (message.startsWith("tools/call")) break;
    }
    following.abort();
    Deno.kill(pid, "SIGKILL");
    const result = await call;
    strictEqual(result.isError, true);
    strictEqual(jsonOf(result).code, "MCPX_STDIO_EXIT_NONZERO");
    const other = await client.call("call_tool_read", { name: "everything:echo", args: { message: "x" } });
    strictEqual(other.content[0]?.text, "Echo: x");
    await waitForStatus(gateway, "slow", "ready");
  });

  await t.step("a gateway that stops lets the call in flight finish and takes no other", async () => {
    const stopped = Promise.withResolvers<void>();
    const result = await client.call("call_tool_destructive", {
      name: "everything:trigger-long-running-operation",
      args: { duration: 0.4, steps: 4 },
    }, {
      onprogress: ({ progress }) => {
        if (progress === 1) gateway[Symbol.asyncDispose]().then(stopped.resolve, stopped.reject);
      },
    });
    match(result.content[0]?.text ?? "", /completed/);
    await stopped.promise;
    await rejects(fetch(`http://${gateway.address}/healthz`));
  });
});
