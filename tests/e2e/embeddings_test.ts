import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { serveHttpTools } from "../support/fixtures/http_tools.ts";
import { openTestGateway, openWorkspace, waitForStatus } from "../support/workspace.ts";

Deno.test("tools and queries go to the embedding endpoint that the config names, and a failing one costs nothing", async () => {
  const asked = Promise.withResolvers<{ readonly texts: string[]; readonly key: string | null }>();
  await using endpoint = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      const { input } = await request.json();
      asked.resolve({ texts: input, key: request.headers.get("authorization") });
      return new Response("no", { status: 500 });
    },
  );
  await using seen = serveHttpTools({ list_notes: { description: "Lists notes" } });
  await using held = serveHttpTools({ secret_thing: { description: "Nobody has looked at this" } });
  await using workspace = await openWorkspace({
    embeddings: {
      enabled: true,
      url: `http://127.0.0.1:${endpoint.addr.port}/v1`,
      model: "m",
      api_key: "sesame-123",
    },
    mcpServers: [seen.entry("notes"), held.entry("held", { quarantined: true })],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "notes", "ready");

  const { results } = await gateway.management.request("tools.search", { q: "list notes" });

  deepStrictEqual(results.map(({ tool }) => tool.id), ["notes:list_notes"]);
  const { texts, key } = await asked.promise;
  deepStrictEqual([texts.length, key], [1, "Bearer sesame-123"]);
  ok(texts[0]?.includes("Lists notes"));
  const own = await gateway.management.request("calls.call", {
    tool_name: "retrieve_tools",
    arguments: { query: "list notes" },
  });
  strictEqual(JSON.parse(String(own.content[0]?.["text"])).total, 1);
  const shown = JSON.stringify(await gateway.management.request("config.get", {}));
  ok(!shown.includes("sesame-123"));
});
