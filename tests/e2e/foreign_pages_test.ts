/**
 * Pages of strangers in a real browser: one whose name suddenly leads to this
 * machine, and one that sends what any page may send anywhere.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { findChromium, openBrowser, type Tab } from "../support/browser.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import { openWorkspace } from "../support/workspace.ts";

const chromium = findChromium();
const isCi = Deno.env.get("CI") === "true";
const FOREIGN = "foreign.test";

/** Everything that a page can try, with whatever came of it. */
const TRIES = (base: string) =>
  `(async () => {
  const post = { method: "POST", body: JSON.stringify({ name: "planted", command: "x" }) };
  const json = { ...post, headers: { "content-type": "application/json" } };
  const targets = ["/api/v1/servers", "/api/v1/config", "/mcp", "/events", "/metrics", "/healthz", "/ui/", "/ui/sign-in"];
  const found = [];
  for (const path of targets) {
    for (const [how, init] of Object.entries({ get: {}, post, json, put: { ...json, method: "PUT" } })) {
      try {
        const answer = await fetch("${base}" + path, init);
        const text = await answer.text();
        found.push([how, path, answer.status, /MCPX_[A-Z_]+/.exec(text)?.[0] ?? ""].join(" "));
      } catch { found.push([how, path, "unreadable"].join(" ")); }
    }
  }
  return found;
})()`;

/** Sends what needs no leave of the other side: forms, beacons, images, requests without reading. */
const SHOTS = (base: string) =>
  `(async () => {
  const body = JSON.stringify({ name: "planted", command: "x" });
  const types = ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"];
  for (const path of ["/api/v1/servers", "/mcp", "/api/v1/servers/honest/disable", "/api/v1/tools/call"]) {
    const url = "${base}" + path;
    for (const type of types) {
      await fetch(url, { method: "POST", mode: "no-cors", credentials: "include", body: new Blob([body], { type }) }).catch(() => {});
      navigator.sendBeacon(url, new Blob([body], { type }));
      const frame = document.createElement("iframe");
      frame.name = "f" + Math.random();
      document.body.append(frame);
      const form = document.createElement("form");
      Object.assign(form, { action: url, method: "POST", enctype: type, target: frame.name });
      const field = document.createElement("input");
      Object.assign(field, { name: '{"name":"planted","command":"x","a":"', value: '"}' });
      form.append(field);
      document.body.append(form);
      const loaded = new Promise((resolve) => { frame.onload = resolve; });
      form.submit();
      await loaded;
    }
    await new Promise((resolve) => { const image = new Image(); image.onload = image.onerror = resolve; image.src = url; });
  }
  return true;
})()`;

async function serversOf(daemon: Daemon): Promise<unknown> {
  return ((await daemon.json(["upstream", "list"])) as readonly { name: string; enabled: boolean }[])
    .map(({ name, enabled }) => [name, enabled]);
}

Deno.test({
  name: "pages of strangers change nothing and read nothing, whatever their name leads to",
  ignore: chromium === undefined && !isCi,
  fn: async (t) => {
    ok(chromium !== undefined, "Cannot test pages of strangers: there is no browser");
    await using page = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      () => new Response("<!doctype html><title>x</title>", { headers: { "content-type": "text/html" } }),
    );
    await using workspace = await openWorkspace({
      mcpServers: [{ name: "honest", command: "no-such-program", quarantined: false }],
      logging: { level: "info" },
    });
    await using daemon = await startDaemon(workspace);
    await using browser = await openBrowser(chromium, [FOREIGN]);
    const config = await workspace.read();
    const before = await serversOf(daemon);
    const port = new URL(daemon.url).port;
    // Somebody is signed in, so that there is a cookie to abuse.
    const own = await browser.open((await daemon.cli(["status", "--web-url"])).stdout.trim());
    await own.see("#servers li", "honest");

    const unharmed = async () => {
      strictEqual(await workspace.read(), config);
      deepStrictEqual(await serversOf(daemon), before);
    };

    await t.step("a name that leads here all of a sudden", async () => {
      const tab: Tab = await browser.open(`http://${FOREIGN}:${port}/healthz`);
      match(await tab.evaluate("document.body.innerText"), /MCPX_HOST_FORBIDDEN/);
      strictEqual(await tab.evaluate("location.origin"), `http://${FOREIGN}:${port}`);
      const found = await tab.evaluate<string[]>(TRIES(""));
      deepStrictEqual(found.filter((one) => !one.endsWith("403 MCPX_HOST_FORBIDDEN")), []);
      await unharmed();
    });

    await t.step("a page of another origin reads nothing", async () => {
      const tab = await browser.open(`http://${FOREIGN}:${page.addr.port}/`);
      const found = await tab.evaluate<string[]>(TRIES(daemon.url));
      deepStrictEqual(found.filter((one) => !one.endsWith("unreadable")), []);
      await unharmed();
    });

    await t.step(
      "a page of another origin, or of another port of this machine, changes nothing",
      async () => {
        for (const host of [FOREIGN, "127.0.0.1"]) {
          const tab = await browser.open(`http://${host}:${page.addr.port}/`);
          strictEqual(await tab.evaluate(SHOTS(daemon.url)), true);
          await unharmed();
        }
      },
    );

    await t.step("who is signed in still is", async () => {
      await own.reload();
      await own.see("#servers li", "honest");
    });
  },
});
