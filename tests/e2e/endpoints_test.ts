import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { connect, modernly, type Named, openServers } from "./relay_scene.ts";

Deno.test("each endpoint offers what it says, and what is not there is told apart", async () => {
  await using opened = await openServers();
  const { gateway } = opened;
  const names = async (path: string) => {
    await using one = await connect(gateway, path);
    return (await one.client.listTools()).tools.map(({ name }: Named) => name);
  };
  deepStrictEqual(await names("/mcp/code"), ["retrieve_tools", "code_execution", "set_profile"]);
  await using scripts = await connect(gateway, "/mcp/code");
  match(await scripts.text("code_execution", { code: "globalThis.ran = 1" }), /not part of this version/);
  ok((await names("/mcp/call")).includes("call_tool_write"));
  ok((await names("/mcp/all")).includes("modern__greet"));
  ok(!(await names("/mcp/p/one")).includes("set_profile"));

  const status = async (path: string) => {
    const response = await modernly(gateway, path, "tools/list", {});
    return [response.status, (await response.json()).error?.data?.error];
  };
  deepStrictEqual(await status("/mcp/s/none"), [404, "unknown server 'none'"]);
  deepStrictEqual(await status("/mcp/p/none"), [404, "unknown profile 'none'"]);
  deepStrictEqual(await status("/mcp/x"), [404, "no such endpoint: /mcp/x"]);

  await using one = await connect(gateway, "/mcp/p/one");
  const call = (name: string) => one.text("call_tool_read", { name, args: { message: "hi" } });
  match(await call("everything:echo"), /no server has this name/);
  await using free = await connect(gateway, "/mcp");
  const chosen = JSON.parse(await free.text("set_profile", { profile: "one" }));
  deepStrictEqual(chosen, { active_profile: "one", servers: ["modern"], tool_count: 1 });
  match(await free.text("call_tool_read", { name: "everything:echo", args: { message: "hi" } }), /no server/);
  const unknown = JSON.parse(await free.text("set_profile", { profile: "ones" }));
  strictEqual(unknown.code, "MCPX_PROFILE_NOT_FOUND");
  match(unknown.error, /there are .*did you mean "one"/);
  await free.text("set_profile", { profile: "" });
  match(await free.text("call_tool_read", { name: "everything:echo", args: { message: "hi" } }), /Echo: hi/);
});
