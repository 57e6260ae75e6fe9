import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { findChromium, openBrowser } from "../support/browser.ts";
import { startDaemon } from "../support/daemon.ts";
import { turningServerCommand, type TurningState } from "../support/fixtures/turning_server.ts";
import { PAGE_TRAPS } from "../support/page_traps.ts";
import { openWorkspace } from "../support/workspace.ts";

const chromium = findChromium();
const isCi = Deno.env.get("CI") === "true";

const WORDS = `${PAGE_TRAPS.join("\n")}\n`;
const TRAPPED: TurningState = {
  instructions: WORDS,
  log: PAGE_TRAPS.join(" "),
  tools: PAGE_TRAPS.map((trap) => ({
    name: trap,
    title: trap,
    description: trap,
    inputSchema: { type: "object", title: trap, properties: { [trap]: { description: trap, enum: [trap] } } },
    annotations: { title: trap },
    icons: [{ src: trap, mimeType: "image/svg+xml" }],
  })),
  prompts: PAGE_TRAPS.map((trap) => ({ name: trap, description: trap, arguments: [{ name: trap }] })),
};

/** What must not be there: what has run, what would load or lead elsewhere, and what does not show. */
const FOUND = `(() => {
  const page = document.body;
  const elsewhere = [...page.querySelectorAll("[href], [src], [action], [data], [srcset]")]
    .flatMap((one) => [one.href, one.src, one.action, one.data, one.srcset])
    .filter((one) => typeof one === "string" && one !== "" && !one.startsWith(location.origin));
  const odd = [...page.querySelectorAll("img, script, iframe, object, embed, svg, math, style, link, base, meta, video, audio, template, marquee, x-foo")];
  const handlers = [...page.querySelectorAll("*")].flatMap((one) => one.getAttributeNames())
    .filter((name) => /^on/i.test(name) || name === "style");
  return [globalThis.owned, ...elsewhere, ...odd.map((one) => one.outerHTML.slice(0, 200)), ...handlers]
    .filter((one) => one !== undefined).map(String);
})()`;

Deno.test({
  name: "eighty texts that a careless page would run are text in every place of this one",
  ignore: chromium === undefined && !isCi,
  fn: async (t) => {
    ok(chromium !== undefined, "Cannot test the page: there is no browser");
    strictEqual(new Set(PAGE_TRAPS).size, 80);
    await using workspace = await openWorkspace();
    const file = join(workspace.directory, "state.json");
    await Deno.writeTextFile(file, JSON.stringify(TRAPPED));
    await workspace.write({
      listen: "127.0.0.1:0",
      mcpServers: [{ name: "calc", ...turningServerCommand(file), quarantined: true }],
    });
    await using daemon = await startDaemon(workspace);
    await daemon.cli(["upstream", "inspect", "calc"]);
    await using browser = await openBrowser(chromium);
    const tab = await browser.open((await daemon.cli(["status", "--web-url"])).stdout.trim());
    const isText = async (place: string, selector: string) => {
      await t.step(place, async () => {
        await tab.see(selector);
        await tab.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
        await tab.until(`document.body.innerText.includes(${JSON.stringify(PAGE_TRAPS[0])})`);
        deepStrictEqual(await tab.evaluate(FOUND), []);
      });
    };

    await tab.see("#servers li", "calc");
    await tab.goto(`${daemon.url}/ui/#/approvals`);
    await isText("a held server", ".approval");
    strictEqual((await daemon.cli(["upstream", "approve", "calc"])).code, 0);
    await tab.goto(`${daemon.url}/ui/#/servers/calc`);
    await isText("the page of a server", "main");
    await tab.goto(`${daemon.url}/ui/#/tools?q=script`);
    await isText("a search", "#results li");
    for (const trap of PAGE_TRAPS.slice(0, 8)) await daemon.cli(["call", "tool", `calc:${trap}`]);
    await tab.goto(`${daemon.url}/ui/#/activity`);
    await isText("the record", "#activity li");
    for (const trap of PAGE_TRAPS.slice(0, 20)) {
      await tab.goto(`${daemon.url}/ui/#/${trap}`);
      await tab.goto(`${daemon.url}/ui/#/servers/${encodeURIComponent(trap)}`);
    }
    await t.step("addresses", async () => deepStrictEqual(await tab.evaluate(FOUND), []));
    await t.step("nothing went wrong, and nothing was asked for elsewhere", async () => {
      const asked = await tab.evaluate<string[]>(
        "performance.getEntriesByType('resource').map((one) => one.name)",
      );
      deepStrictEqual(asked.filter((url) => !url.startsWith(daemon.url)), []);
      const serious = tab.problems.filter((problem) => !/status of 40[04]/.test(problem));
      deepStrictEqual(serious, []);
    });
  },
});
