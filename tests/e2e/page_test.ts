import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { add, card, go, mul, pageTest, pow, row } from "./page_scene.ts";

pageTest(
  "a browser signs in by a link once, or by the key, and out",
  async (_t, { daemon, browser, link }) => {
    const url = await link();
    const tab = await browser.open(url);
    await tab.see(row("calc"), "Connected (2 tools)");
    await tab.until(`location.href === "${daemon.url}/ui/"`);
    strictEqual(await tab.evaluate("document.cookie"), "");
    await tab.goto(`${daemon.url}/ui/?again`);
    await tab.see(row("calc"));
    deepStrictEqual(tab.problems, []);

    await tab.click("#sign-out");
    await tab.see("#sign-in");
    await tab.until("document.querySelector('main').childElementCount === 0");
    await tab.goto(url.replace("#", "?used#"));
    await tab.see("#problem", /used, or too old.*web-url/s);
    await tab.fill("#key", "not the key");
    await tab.press("Enter");
    await tab.see("#problem", "This is not the admin key");
    await tab.fill("#key", daemon.apiKey);
    await tab.press("Enter");
    await tab.see(row("calc"), "Connected");
    await tab.see("#live.live");
    ok(!await tab.evaluate<boolean>(`document.documentElement.outerHTML.includes("${daemon.apiKey}")`));
  },
);

pageTest(
  "activity is shown as it happens, filtered, with all of a record",
  async (t, { daemon, browser, link }) => {
    const tab = await browser.open(await link());
    await go(tab, daemon, "activity");
    await tab.see("#activity li", "system start");

    await t.step("new records come by themselves", async () => {
      await daemon.cli(["call", "tool", "calc:mul", "--args", '{"a":4711}']);
      await tab.see("#activity li[data-type=tool_call][data-status=success]", "calc:mul");
      await daemon.cli(["call", "tool", "calc:<b>nope</b>\u202e"]);
      await tab.see("#activity li[data-status=error]", "<b>nope</b>\\u{202e}");
    });

    await t.step("a filter stays in the address", async () => {
      await tab.fill("#filter-server", "calc");
      await tab.evaluate("document.querySelector('#filter-status').value = 'success'");
      await tab.click("#filters button", "Filter");
      await tab.miss("#activity li", "system start");
      await tab.miss("#activity li[data-status=error]");
      await tab.until("location.hash.includes('server=calc') && location.hash.includes('status=success')");
      await tab.see("#activity li[data-type=tool_call]");
      await tab.click("#filters a", "All");
      await tab.see("#activity li", "system start");
      await go(tab, daemon, "activity?last=1+hour&type=system_start");
      await tab.miss("#activity li[data-type=tool_call]");
      await tab.see("#activity li", "system start");
      await tab.until("document.querySelector('#filter-last')?.value === '1 hour'");
      await go(tab, daemon, "activity");
    });

    await t.step("a record shows its arguments, and leads to what belongs to it", async () => {
      await tab.click("#activity li[data-type=tool_call][data-status=success] button");
      await tab.see("#record", /4711.*called mul/s);
      await tab.click("#record a", "calc");
      await tab.miss("#record");
      await tab.until("location.hash === '#/activity?server=calc'");
      deepStrictEqual(tab.problems, []);
    });
  },
);

pageTest("a search finds what agents find", async (_t, { daemon, browser, link }) => {
  const tab = await browser.open(await link());
  await tab.click("nav a", "Tools");
  await tab.fill("#query", "multiply numbers");
  await tab.press("Enter");
  await tab.see("#results li", /calc:mul.*read/s);
  await tab.fill("#query", "submarine");
  await tab.press("Enter");
  await tab.see("#results", "No tool matches.");
  await tab.until("location.hash === '#/tools?q=submarine'");
  await go(tab, daemon, "tools?q=add");
  await tab.see("#results li", "calc:add");
  deepStrictEqual(tab.problems, []);
});

const ESC = "\x1b";
const TRAPS = [
  `<img src=x onerror="globalThis.owned=1">`,
  `"><script>globalThis.owned=2</script>`,
  `javascript:globalThis.owned=3`,
  `\u202egpj.exe\u2066`,
  `${ESC}[2Jcleared${ESC}]0;owned\x07`,
  `a\u200bb\ufeff\u{e0041}`,
  `__proto__`,
  `../../config`,
];

pageTest(
  "what servers say stays text, and nothing of it hides",
  async (_t, { daemon, browser, link, turn }) => {
    const tab = await browser.open(await link());
    await turn({
      instructions: TRAPS.join("\n"),
      log: TRAPS.join(" "),
      tools: [
        mul,
        ...TRAPS.map((trap) => ({
          name: trap,
          title: trap,
          description: trap,
          inputSchema: { [trap]: trap },
        })),
      ],
      prompts: TRAPS.map((name) => ({ name, description: name })),
    });
    const isInert = async (place: string) => {
      const found = await tab.evaluate<string[]>(`(() => {
      const main = document.querySelector("body");
      const raw = main.outerHTML.match(/[\\u0000-\\u0008\\u000b-\\u001f\\u200b\\u202a-\\u202e\\u2066-\\u2069\\ufeff\\u{e0000}-\\u{e007f}]/gu);
      return [globalThis.owned ?? "", main.querySelectorAll("main img, main script, main iframe").length || "",
        [...main.querySelectorAll("[href]")].map((one) => one.href).find((href) => !href.startsWith(location.origin)) ?? "",
        ...(raw ?? [])].map(String).filter(Boolean);
    })()`);
      deepStrictEqual(found, [], place);
    };

    await go(tab, daemon, "approvals");
    await tab.see(".approval strong", '<img src=x onerror="globalThis.owned=1">');
    await tab.see(".approval strong", "\\u{202e}gpj.exe\\u{2066}");
    await tab.see(".approval strong", "a\\u{200b}b\\u{feff}\\u{e0041}");
    await tab.evaluate(
      "document.querySelectorAll('.approval details').forEach((one) => { one.open = true; })",
    );
    await tab.see(".approval .fields", "/inputSchema");
    await isInert("approvals");
    // Only then the question has a box to tick.
    await tab.see("section[data-server=calc] .approval", "dangerous");
    await tab.click("section[data-server=calc] button", "Accept all");
    await tab.click("dialog input");
    await tab.see("dialog");
    await isInert("dialog");
    await tab.click("dialog button", "Accept");
    await tab.miss("dialog");
    await go(tab, daemon, "servers/calc");
    await tab.see("#tools strong", "\\u{202e}gpj.exe\\u{2066}");
    await isInert("tools");
    await tab.click("#log summary");
    await tab.see("#log li", "<script>");
    await isInert("log");
    for (const trap of TRAPS) await daemon.cli(["call", "tool", `calc:${trap}`]);
    await go(tab, daemon, "activity");
    await tab.see("#activity li", "\\u{202e}gpj.exe\\u{2066}");
    await isInert("activity");
    await tab.click("#activity li[data-type=tool_call] button");
    await tab.see("#record");
    await isInert("record");
    deepStrictEqual(tab.problems, []);
    // Should there be a mistake, the browser itself still refuses to read HTML.
    match(
      await tab.evaluate(
        "(() => { try { document.body.innerHTML = '<b>x</b>'; } catch (error) { return String(error); } })()",
      ),
      /TrustedHTML/,
    );
  },
);

pageTest("the page is for small screens and keyboards, and says when it is cut off", async (t, scene) => {
  const { daemon, browser, link, turn } = scene;
  await turn({ tools: [add, { ...mul, description: `Long${"word".repeat(100)}` }, pow] });
  const tab = await browser.open(await link(), { width: 360, height: 740 });

  await t.step("nothing is wider than the screen", async () => {
    await tab.see(row("calc"));
    for (const place of ["servers", "approvals", "servers/calc", "activity", "tools?q=add"]) {
      await go(tab, daemon, place);
      await tab.see("main h2");
      await tab.until("document.querySelectorAll('main li').length > 0");
      await tab.until("document.documentElement.scrollWidth <= innerWidth");
    }
  });

  await t.step("no word of the head is broken", async () => {
    const lines = "[...document.querySelectorAll('nav a')].map((a) => a.getClientRects()[0].height)";
    await tab.until(`${lines}.length === 4 && ${lines}.every((height) => height < 40)`);
  });

  await t.step("the keyboard reaches what the mouse does, and stays where it was", async () => {
    await go(tab, daemon, "approvals");
    await tab.see(card("pow"));
    await tab.evaluate("document.getElementById('skip').focus()");
    await tab.press("Enter");
    await tab.until("document.activeElement.id + location.hash === 'main#/approvals'");
    await tab.evaluate(`mp.find(${JSON.stringify(`${card("pow")} input`)}, "").focus()`);
    await tab.press(" ");
    await tab.see("button", "Accept 1 ticked");
    await tab.press("Tab");
    await tab.press("Enter");
    await tab.see(`${card("pow")} .fields`, /\/description/);
    await tab.press("Tab");
    await tab.until("document.activeElement.textContent === 'Reject'");
    await tab.press("Enter");
    await tab.see("dialog");
    await tab.press("Escape");
    await tab.miss("dialog");
    await tab.until("document.activeElement.textContent === 'Reject'");
    const names = await tab.evaluate<string[]>(
      "[...document.querySelectorAll('button, input, select, a')].map((one) => " +
        "one.getAttribute('aria-label') || one.innerText || one.labels?.[0]?.innerText || one.placeholder || '')",
    );
    ok(names.every((name) => name.trim() !== ""), JSON.stringify(names));
    deepStrictEqual(tab.problems, []);
  });

  await t.step("what is no longer live is called so", async () => {
    await tab.see("#live.live");
    await daemon.stop();
    await tab.see("#live.away", /may be old/);
  });
});
