import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { ToolListChangedNotificationSchema } from "@modelcontextprotocol/sdk/types.js";
import { type FixtureTool, serveHttpTools } from "../support/fixtures/http_tools.ts";
import { connectClient } from "../support/mcp_client.ts";
import { openTestGateway, openWorkspace, waitForStatus } from "../support/workspace.ts";

const SMALL: Readonly<Record<string, FixtureTool>> = {
  add_note: { description: "Adds a note" },
  list_notes: { description: "Lists notes", annotations: { readOnlyHint: true } },
};
const LARGE = Object.fromEntries(
  Array.from({ length: 60 }, (_, at): [string, FixtureTool] => [
    `report_${at}`,
    { description: "Makes a report of all the figures there are, month by month. ".repeat(8) },
  ]),
);
const OWN = [
  "retrieve_tools",
  "describe_tool",
  "call_tool_read",
  "call_tool_write",
  "call_tool_destructive",
  "read_cache",
  "set_profile",
  "upstream_servers",
  "quarantine_security",
  "list_registries",
  "search_servers",
];
/** At the endpoint of a profile there is none to choose. */
const WITHOUT_CHOICE = OWN.filter((name) => name !== "set_profile");
const DIRECT = ["notes__add_note", "notes__list_notes"];

async function openScene(config: Readonly<Record<string, unknown>> = {}) {
  await using stack = new AsyncDisposableStack();
  const small = stack.use(serveHttpTools(SMALL));
  const large = stack.use(serveHttpTools(LARGE));
  const workspace = stack.use(
    await openWorkspace({
      profiles: [
        { name: "few", servers: ["notes"] },
        { name: "quiet", servers: ["notes"], exposure: "search" },
      ],
      mcpServers: [small.entry("notes"), large.entry("reports", { enabled: false })],
      ...config,
    }),
  );
  const gateway = stack.use(await openTestGateway(workspace));
  await waitForStatus(gateway, "notes", "ready");
  const connect = (path: string, name?: string) =>
    connectClient({ mcpUrl: gateway.mcpUrl, apiKey: gateway.apiKey, path, name });
  const owned = stack.move();
  return { gateway, connect, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

Deno.test("/mcp lists few tools beside its own, and leaves many to be found", async (t) => {
  await using scene = await openScene();
  const { gateway, connect } = scene;
  await using agent = await connect("/mcp");
  const changes = createCounter();
  agent.client.setNotificationHandler(ToolListChangedNotificationSchema, () => changes.count());

  await t.step("few tools are listed, and can be called either way", async () => {
    deepStrictEqual(await agent.toolNames(), [...OWN, ...DIRECT]);
    match(agent.client.getInstructions() ?? "", /listed as server__tool/);
    strictEqual((await agent.call("notes__list_notes")).content[0]?.text, "list_notes");
    strictEqual(
      (await agent.call("call_tool_destructive", { name: "notes:list_notes" })).content[0]?.text,
      "list_notes",
    );
    strictEqual(
      (await agent.json("retrieve_tools", { query: "list notes" })).tools[0].name,
      "notes:list_notes",
    );
    strictEqual(agent.client.getServerCapabilities()?.tools?.listChanged, true);
  });

  await t.step("other endpoints stay what they are", async () => {
    for (const [path, names] of [["/mcp/call", OWN], ["/mcp/all", DIRECT]] as const) {
      await using other = await connect(path);
      deepStrictEqual(await other.toolNames(), names, path);
    }
  });

  await t.step(
    "when the tools become many, the client hears of it and finds its own tools alone",
    async () => {
      const before = changes.seen;
      await gateway.management.request("servers.enable", { name: "reports" });
      await waitForStatus(gateway, "reports", "ready");
      await changes.beyond(before);
      // The first news may be that of a server on its way; the list is what counts.
      while ((await agent.toolNames()).length !== OWN.length) await changes.beyond(changes.seen);
      deepStrictEqual(await agent.toolNames(), OWN);
      strictEqual(
        (await agent.call("notes__list_notes")).content[0]?.text,
        "list_notes",
        "a stale name still works",
      );
      await using fresh = await connect("/mcp");
      match(fresh.client.getInstructions() ?? "", /first call retrieve_tools/);
    },
  );

  await t.step("a profile with few tools is listed, unless it says otherwise", async () => {
    await using few = await connect("/mcp/p/few");
    deepStrictEqual(await few.toolNames(), [...WITHOUT_CHOICE, ...DIRECT]);
    await using quiet = await connect("/mcp/p/quiet");
    deepStrictEqual(await quiet.toolNames(), WITHOUT_CHOICE);
    const before = changes.seen;
    await agent.json("set_profile", { profile: "few" });
    await changes.beyond(before);
    deepStrictEqual(await agent.toolNames(), [...OWN, ...DIRECT]);
    await agent.json("set_profile", { profile: "" });
    deepStrictEqual(await agent.toolNames(), OWN);
  });

  await t.step("a change of the config is heard of", async () => {
    const before = changes.seen;
    await gateway.management.request("config.patch", { patch: { exposure: "direct" } });
    await changes.beyond(before);
    strictEqual((await agent.toolNames()).length, OWN.length + 62);
  });
});

Deno.test("exposure search keeps /mcp to its own tools, for all or for one client", async () => {
  await using scene = await openScene({ exposure: "search", exposure_clients: { eager: "direct" } });

  await using agent = await scene.connect("/mcp");
  deepStrictEqual(await agent.toolNames(), OWN);
  await using eager = await scene.connect("/mcp", "Eager");
  ok((await eager.toolNames()).includes("notes__add_note"));
});

/** Counts what is heard, and waits for more. */
function createCounter() {
  let seen = 0;
  let waiting: (() => void)[] = [];
  return {
    get seen() {
      return seen;
    },
    count() {
      seen++;
      for (const go of waiting.splice(0)) go();
    },
    async beyond(before: number) {
      while (seen <= before) await new Promise<void>((resolve) => waiting.push(resolve));
      waiting = [];
    },
  };
}
