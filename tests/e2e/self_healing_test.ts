import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { Gateway } from "../../mod.ts";
import { serveHttpFleet } from "../support/fixtures/http_fleet.ts";
import { openTestGateway, openWorkspace, waitForStatus } from "../support/workspace.ts";

/** What a call was answered with. */
async function call(gateway: Gateway, tool: string, n: number): Promise<string> {
  const input = { tool_name: tool, arguments: { n } };
  return JSON.stringify(await gateway.management.request("calls.call", input));
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Resolves when all servers are ready. */
async function allReady(gateway: Gateway, count: number): Promise<void> {
  for (const server of range(count)) await waitForStatus(gateway, `place-${server}`, "ready");
}

Deno.test("100 calls over the restart of a server: one new session, 100 answers, nothing done twice", async () => {
  await using fleet = serveHttpFleet();
  await using workspace = await openWorkspace({ mcpServers: [fleet.entry(0)] });
  await using gateway = await openTestGateway(workspace);
  await allReady(gateway, 1);
  strictEqual(fleet.initialised(), 1);

  fleet.forget();
  const numbers = range(100).map((index) => index + 1);
  const answers = await Promise.all(numbers.map((n) => call(gateway, "place-0:act_0", n)));

  answers.forEach((answer, index) => match(answer, new RegExp(`did 0:${index + 1}"`)));
  strictEqual(fleet.initialised(), 2);
  strictEqual(fleet.calls.size, 100);
  deepStrictEqual([...new Set(fleet.calls.values())], [1]);
});

Deno.test("a call that a server still works on when it forgets its sessions is not made twice", async () => {
  await using fleet = serveHttpFleet();
  await using workspace = await openWorkspace({ mcpServers: [fleet.entry(0)] });
  await using gateway = await openTestGateway(workspace);
  await allReady(gateway, 1);
  const slow = call(gateway, "place-0:act_0", 0);
  while (!fleet.calls.has("0:0")) await call(gateway, "place-0:act_0", 1);

  fleet.forget();
  const other = call(gateway, "place-0:act_0", 2);
  fleet.release();

  match(await slow, /did 0:0"/);
  match(await other, /did 0:2"/);
  strictEqual(fleet.calls.get("0:0"), 1);
});

Deno.test("a call that is lost with its session is made again only if that can do no harm", async () => {
  await using fleet = serveHttpFleet();
  await using workspace = await openWorkspace({ mcpServers: [fleet.entry(0)] });
  await using gateway = await openTestGateway(workspace);
  await allReady(gateway, 1);
  const acts = call(gateway, "place-0:act_0", 0);
  const looks = call(gateway, "place-0:look_0", -1);
  while (!fleet.calls.has("0:0") || !fleet.calls.has("0:-1")) await call(gateway, "place-0:act_0", 1);

  fleet.forget();
  match(await call(gateway, "place-0:act_0", 2), /did 0:2"/);

  match(await acts, /MCPX_UPSTREAM_CLOSED/);
  strictEqual(fleet.calls.get("0:0"), 1);
  fleet.release();
  match(await looks, /did 0:-1"/);
  strictEqual(fleet.calls.get("0:-1"), 2);
});

Deno.test("60 servers: a few at a time, all found, all back by themselves, and known when they are gone", async () => {
  const count = 60;
  await using workspace = await openWorkspace();
  {
    await using fleet = serveHttpFleet();
    const mcpServers = range(count).map((server) => fleet.entry(server));
    await workspace.write({ listen: "127.0.0.1:0", mcpServers });
    await using gateway = await openTestGateway(workspace);
    await allReady(gateway, count);
    ok(fleet.mostAtOnce <= 16, `${fleet.mostAtOnce} attempts at a time`);
    ok(fleet.mostAtOnce > 1, "attempts at the same time");
    strictEqual(fleet.initialised(), count);

    fleet.forget();
    const answers = await Promise.all(
      range(count).map((server) => call(gateway, `place-${server}:act_${server}`, 1)),
    );
    answers.forEach((answer, server) => match(answer, new RegExp(`did ${server}:1"`)));
    deepStrictEqual(range(count).map((server) => fleet.initialised(server)), range(count).map(() => 2));
    ok(fleet.mostAtOnce <= 16, `${fleet.mostAtOnce} attempts at a time`);
  }

  await using gateway = await openTestGateway(workspace);
  const { tools } = await gateway.management.request("tools.list", {});
  strictEqual(tools.length, 2 * count);
  const { results } = await gateway.management.request("tools.search", { q: "look at place 42" });
  strictEqual(results[0]?.tool.id, "place-42:look_42");
  match(await call(gateway, "place-42:look_42", 1), /refuses the connection.*MCPX_SERVER_NOT_READY/);
});
