/**
 * Calls of a token: which it may make, how many at once, and until when.
 *
 * @module
 */

import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { mustOpenMcp } from "../support/mcp_caller.ts";
import { openScene } from "./token_scene.ts";

Deno.test("a token calls what its permissions allow, whatever it says about the call", async () => {
  await using scene = await openScene();
  const reader = await mustOpenMcp(scene.gateway.mcpUrl, await scene.token());
  const call = async (variant: string, tool: string) => {
    const { result } = await reader.ask("tools/call", {
      name: `call_tool_${variant}`,
      arguments: { name: `alpha:${tool}`, args: {} },
    });
    return result?.isError === true ? JSON.stringify(result).match(/MCPX_[A-Z_]+/)?.[0] : "done";
  };

  strictEqual(await call("read", "look"), "done");
  for (const tool of ["change", "drop", "plain"]) {
    strictEqual(await call("read", tool), "MCPX_TOOL_NOT_FOUND");
  }
  for (const variant of ["write", "destructive"]) {
    strictEqual(await call(variant, "look"), "MCPX_FORBIDDEN");
    strictEqual(await call(variant, "nope"), "MCPX_FORBIDDEN", "the same, whether the tool is there or not");
  }
  deepStrictEqual(scene.fleet.take(), ["alpha tools/call look"]);
});

Deno.test("revoking a token ends its streams, sessions and calls at once, and nobody else's", async () => {
  await using scene = await openScene({ routing_mode: "direct" });
  const { management, mcpUrl } = scene.gateway;
  const { token } = await management.request("tokens.create", { name: "gone", permissions: ["destructive"] });
  const stays = await scene.token({ permissions: ["destructive"] });
  const open = async (key: string) => {
    const events = await fetch(`${scene.url}/events`, { headers: { "x-api-key": key } });
    const mcp = await mustOpenMcp(mcpUrl, key);
    const standing = await mcp.listen();
    const call = mcp.ask("tools/call", { name: "alpha__drop", arguments: { wait: true } });
    const rest = scene.rest("/api/v1/tools/call", key, { tool_name: "beta:drop", arguments: { wait: true } });
    return { events, mcp, standing, call, rest };
  };
  const [mine, theirs] = [await open(token), await open(stays)];
  await scene.fleet.called(4);

  await management.request("tokens.revoke", { name: "gone" });

  await mine.events.text();
  await mine.standing.text();
  const { error } = await mine.call;
  match(JSON.stringify(error), /"gone\\" was revoked/);
  const rest = await mine.rest;
  strictEqual(rest.status, 401);
  match(rest.text, /was revoked/);
  const after = await mine.mcp.ask("ping");
  strictEqual(after.status, 401);
  strictEqual((await scene.rest("/api/v1/servers", token)).status, 401);

  scene.fleet.release();
  strictEqual((await theirs.call).result?.isError, undefined);
  strictEqual((await theirs.rest).status, 200);
  strictEqual((await theirs.mcp.ask("ping")).status, 200);
  await theirs.events.body?.cancel();
  await theirs.standing.body?.cancel();
});

Deno.test("a token has as many calls in flight as it may, and the others wait", async () => {
  await using scene = await openScene({ routing_mode: "direct", queue_size: 0 });
  const mcp = await mustOpenMcp(
    scene.gateway.mcpUrl,
    await scene.token({ permissions: ["destructive"], max_concurrent: 1 }),
  );
  const first = mcp.ask("tools/call", { name: "alpha__drop", arguments: { wait: true } });
  await scene.fleet.called(1);
  const second = await mcp.ask("tools/call", { name: "beta__look", arguments: {} });
  match(JSON.stringify(second), /MCPX_TOO_MANY_CALLS/);
  scene.fleet.release();
  strictEqual((await first).result?.isError, undefined);
  match(JSON.stringify(await mcp.ask("tools/call", { name: "beta__look", arguments: {} })), /beta look done/);
});
