import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import {
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { connect, type Json, lastOf, modernly, type Named, openServers, PREFIX } from "./relay_scene.ts";

Deno.test("the gateway relays the whole protocol between both eras", async (t) => {
  await using opened = await openServers();
  const { gateway, modern } = opened;

  await t.step("legacy client, legacy server: lists, reads, questions, progress, logs", async () => {
    await using one = await connect(gateway, "/mcp/s/everything");
    const { client } = one;
    strictEqual(client.getServerVersion()?.name, "mcp-servers/everything");
    ok((await client.listTools()).tools.some(({ name }: Named) => name === "echo"));
    match(await one.text("trigger-sampling-request", { prompt: "x", maxTokens: 3 }), /sampled by Ada/);
    match(await one.text("trigger-elicitation-request"), /Ada/);

    const { resources } = await client.listResources();
    ok(resources.length > 2);
    const { resourceTemplates } = await client.listResourceTemplates();
    ok(resourceTemplates.length > 0);
    const uri = "demo://resource/dynamic/text/4";
    match(JSON.stringify(await client.readResource({ uri })), /Resource 4/);
    deepStrictEqual((await client.getPrompt({ name: "simple-prompt" })).messages.length, 1);
    const completion = await client.complete({
      ref: { type: "ref/prompt", name: "completable-prompt" },
      argument: { name: "department", value: "E" },
    });
    deepStrictEqual(completion.completion.values, ["Engineering"]);

    const steps: number[] = [];
    await client.callTool(
      { name: "trigger-long-running-operation", arguments: { duration: 0.2, steps: 4 } },
      undefined,
      { onprogress: ({ progress }: { progress: number }) => void steps.push(progress) },
    );
    deepStrictEqual(steps, [1, 2, 3, 4]);

    const logged = Promise.withResolvers<unknown>();
    client.setNotificationHandler(
      LoggingMessageNotificationSchema,
      ({ params }: { params: { data: unknown } }) => logged.resolve(params.data),
    );
    await client.setLoggingLevel("debug");
    await client.subscribeResource({ uri });
    match(String(await logged.promise), /Subscribe/);
    await client.unsubscribeResource({ uri });
  });

  await t.step("legacy client, legacy server: a subscription brings its updates", async () => {
    await using one = await connect(gateway, "/mcp/all");
    const uri = "demo://resource/dynamic/text/9";
    // Two servers have this template, so the URI must say which is meant.
    const own = `mcpproxy://everything/${encodeURIComponent(uri)}`;
    await rejects(one.client.subscribeResource({ uri }), /servers "everything" and "own" have it/);
    const updated = Promise.withResolvers<string>();
    one.client.setNotificationHandler(
      ResourceUpdatedNotificationSchema,
      ({ params }: { params: { uri: string } }) => updated.resolve(params.uri),
    );
    await one.client.subscribeResource({ uri: own });
    await one.client.callTool({ name: "everything__toggle-subscriber-updates", arguments: {} });
    strictEqual(await updated.promise, own);
    await one.client.callTool({ name: "everything__toggle-subscriber-updates", arguments: {} });
  });

  await t.step("legacy client, modern server: what the server asks reaches the client", async () => {
    await using one = await connect(gateway, "/mcp/s/modern");
    strictEqual(await one.text("greet"), "hello Ada opaque");
    await using all = await connect(gateway, "/mcp/all", "Bob");
    strictEqual(await all.text("modern__greet"), "hello Bob opaque");
  });

  await t.step("modern client, legacy server: the call waits until its input comes", async () => {
    const ask = (params: Json) =>
      modernly(gateway, "/mcp/s/everything", "tools/call", {
        name: "trigger-elicitation-request",
        arguments: {},
        ...params,
      }, { elicitation: { form: {} } });
    const first = (await lastOf(await ask({}))).result as Json;
    strictEqual(first.resultType, "input_required");
    const [[key, request] = []] = Object.entries(first.inputRequests as Json);
    strictEqual((request as Json).method, "elicitation/create");
    const inputResponses = { [key ?? ""]: { action: "accept", content: { name: "Eve" } } };

    const forged = await lastOf(await ask({ inputResponses, requestState: `${first.requestState}x` }));
    strictEqual((forged.error as Json).code, -32602);
    const second = (await lastOf(await ask({ inputResponses, requestState: first.requestState })))
      .result as Json;
    strictEqual(second.resultType, "complete");
    match(JSON.stringify(second.content), /Eve/);
    const again = await lastOf(await ask({ inputResponses, requestState: first.requestState }));
    strictEqual((again.error as Json).code, -32602);
  });

  await t.step("modern client, modern server: everything passes as it is", async () => {
    const list = (await lastOf(await modernly(gateway, "/mcp/s/modern", "tools/list", {}))).result as Json;
    deepStrictEqual(list, {
      resultType: "complete",
      ttlMs: 5,
      // What a client gets depends on its token, so it is nobody else's, whatever the server says.
      cacheScope: "private",
      tools: [{ name: "greet", inputSchema: { type: "object" }, "x-vendor": { kept: true } }],
    });
    const capabilities = { elicitation: { form: {} } };
    const asked = await lastOf(
      await modernly(gateway, "/mcp/s/modern", "tools/call", { name: "greet" }, capabilities),
    );
    strictEqual((asked.result as Json).requestState, "opaque");
    const params = {
      name: "greet",
      requestState: "opaque",
      inputResponses: { who: { content: { name: "Mo" } } },
    };
    const { result } = await lastOf(
      await modernly(gateway, "/mcp/s/modern", "tools/call", params, capabilities),
    );
    deepStrictEqual(result, {
      resultType: "complete",
      content: [{ type: "text", text: "hello Mo opaque" }],
      "x-result": { big: 1 },
    });
    const envelope = modern.seen.at(-1)?._meta as Json;
    deepStrictEqual(envelope[`${PREFIX}clientCapabilities`], capabilities);
    deepStrictEqual(envelope[`${PREFIX}clientInfo`], { name: "mcpproxy", version: "0.1.0" });
    const unknown = await modernly(gateway, "/mcp/s/modern", "no/such", {});
    deepStrictEqual([unknown.status, ((await unknown.json()).error as Json).code], [404, -32601]);
  });

  await t.step("each client has a connection of its own where the config says so", async () => {
    await using one = await connect(gateway, "/mcp/s/own", "Ada");
    await using other = await connect(gateway, "/mcp/s/own", "Bob");
    const [roots, others] = await Promise.all([one.text("get-roots-list"), other.text("get-roots-list")]);
    match(roots, /file:\/\/\/Ada/);
    match(others, /file:\/\/\/Bob/);
  });

  await t.step("a change of what there is to see is told, once", async () => {
    await using one = await connect(gateway, "/mcp/all");
    const changed = Promise.withResolvers<void>();
    one.client.setNotificationHandler(ToolListChangedNotificationSchema, () => changed.resolve());
    const stream = await modernly(gateway, "/mcp/all", "subscriptions/listen", {
      notifications: { toolsListChanged: true, resourceSubscriptions: ["demo://nowhere"] },
    });
    const { workspace, config } = opened;
    await workspace.write({ ...config, mcpServers: config.mcpServers.slice(0, 2) });
    await gateway.reloadConfig();
    await changed.promise;
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = "";
    while (!heard.includes("tools/list_changed")) heard += (await reader?.read())?.value ?? "";
    await reader?.cancel();
    const messages = heard.split("\n").filter((line) => line.startsWith("data: {")).map((line) =>
      JSON.parse(line.slice(6))
    );
    deepStrictEqual(messages[0].params, {
      notifications: { toolsListChanged: true, resourceSubscriptions: [] },
      _meta: { [`${PREFIX}subscriptionId`]: 7 },
    });
    strictEqual(messages[1].params._meta[`${PREFIX}subscriptionId`], 7);
    ok(!(await one.client.listTools()).tools.some(({ name }: Named) => name.startsWith("modern")));
  });
});
