import { deepStrictEqual, match } from "node:assert/strict";
import { join } from "node:path";
import { turningServerCommand } from "../support/fixtures/turning_server.ts";
import { card, go, HONEST, pageTest, row } from "./page_scene.ts";

pageTest("servers are shown as they change, added, held and let in", async (t, scene) => {
  const { daemon, browser, workspace, link, turn } = scene;
  const tab = await browser.open(await link());
  await tab.see(row("gone"), "quarantine");
  await tab.see("#live.live");

  await t.step("what somebody else does shows by itself", async () => {
    await daemon.cli(["upstream", "disable", "calc"]);
    await tab.see(row("calc"), "Disabled");
    await tab.click(`${row("calc")} button`, "Enable");
    await tab.see(row("calc"), "Connected (2 tools)");
    await tab.click(`${row("calc")} button`, "Restart");
    await tab.see("#notice", "is starting again");
    await tab.see(row("calc"), "Connected (2 tools)");
  });

  await t.step("a new server is held until somebody has looked at it", async () => {
    await tab.click("summary", "Add a server");
    await tab.fill("#add-name", "new");
    await tab.fill("#add-target", `"${Deno.execPath()}`);
    await tab.click("#add button");
    await tab.see("#add .warning", "is not closed");
    const { command, args } = turningServerCommand(join(daemon.socketPath, "../../state.json"));
    await tab.fill("#add-target", [command, ...args].map((word) => `"${word}"`).join(" "));
    await tab.fill("#add-pairs", "A_B=c=d");
    await tab.click("#add button");
    await tab.see("section[data-server=new]", "Not looked at yet");
    await tab.click("section[data-server=new] button", "Inspect");
    await tab.see("section[data-server=new] summary", "It offers 4 things");
    await tab.click(`section[data-server=new] ${card("add")} button`, "Reject");
    await tab.click("dialog button", "Reject");
    await tab.see("#notice", "Rejected 1");
    await tab.click("section[data-server=new] button", "Let in");
    await tab.see("dialog", /3 things it offers will be accepted/);
    await tab.press("Escape");
    await tab.miss("dialog");
    await tab.click("section[data-server=new] button", "Let in");
    await tab.click("dialog button", "Let in");
    await tab.see("#notice", 'Server "new" is let in');
    await go(tab, daemon, "servers");
    await tab.see(row("new"), "Connected");
    const tools = await daemon.json(["tools", "list", "--server", "new"]);
    deepStrictEqual(JSON.stringify(tools).match(/new:\w+/g), ["new:mul"]);
    match(await workspace.read(), /"A_B": "c=d"/);
  });

  await t.step("one of them is seen with its tools, its log and what is wrong", async () => {
    await tab.click(`${row("calc")} a`, "calc");
    await tab.see("#tools .approval[data-name=mul]", "read");
    await tab.click("#tools .approval[data-name=mul] input");
    await tab.see("#tools .approval.off[data-name=mul]");
    match((await daemon.cli(["call", "tool", "calc:mul"])).stdout, /MCPX_/);
    await tab.click("#tools .approval[data-name=add] button", "Reject");
    await tab.click("dialog button", "Reject");
    await tab.miss("#tools .approval[data-name=add]");
    match((await daemon.cli(["call", "tool", "calc:add"])).stdout, /MCPX_TOOL_BLOCKED/);
    await turn(HONEST);
    await tab.click("#shown > summary");
    await tab.see(`#shown ${card("hello")}`, /prompt.*accepted/s);
    await tab.click(`#shown ${card("hello")} button`, "Reject");
    await tab.click("dialog button", "Reject");
    await tab.see(`#shown ${card("hello")}`, "rejected");
    await tab.click(`#shown ${card("hello")} button`, "Accept");
    await tab.see(`#shown ${card("hello")}`, "accepted");
    await tab.click("#log summary");
    await turn({ ...HONEST, log: "first words" });
    await tab.see("#log li", "first words");
    await turn({ ...HONEST, log: "more words" });
    await tab.see("#log li", "more words");
    await daemon.cli(["upstream", "approve", "gone"]);
    await go(tab, daemon, "servers/gone");
    await tab.see(".trouble", /not on PATH.*MCPX_STDIO_SPAWN_ENOENT.*Install no-such-program/s);
  });

  await t.step("it is removed when somebody says so twice", async () => {
    await tab.click("button", "Remove");
    await tab.click("dialog button", "Remove");
    await tab.see(row("calc"));
    await tab.miss(row("gone"));
    deepStrictEqual(tab.problems, []);
  });
});
