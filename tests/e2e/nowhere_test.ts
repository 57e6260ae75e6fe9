/**
 * Names that lead elsewhere, as they go over the wire: each route that takes
 * one, with what no honest client would put there.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { listOperations } from "../../lib/contracts/mod.ts";
import { openGateway } from "../../mod.ts";
import { sendRaw } from "../support/raw_http.ts";
import { TRAVERSALS } from "../support/traversals.ts";
import { openWorkspace } from "../support/workspace.ts";

/** Stands in files beside those that are shown; no answer may have it. */
const CANARY = "cnryelsewhere";
const SLOT = /\{\w+\}|\*/;

/** Every route with a place for a name. */
const ROUTES = listOperations().filter(({ surface, name }) =>
  (surface === "rest" || surface === "http") && SLOT.test(name)
).map(({ name }) => {
  const [method = "", path = ""] = name.split(" ");
  return { method, path };
});

/** As it can stand in a request line; what can not is written with percent signs, as any client would. */
function raw(name: string): string {
  return /^[\x21-\x7e]+$/.test(name) ? name.replace(/[#?]/g, encodeURIComponent) : encoded(name);
}

function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}

Deno.test("names that lead elsewhere lead to no file, on any route, however they are written", async () => {
  await using workspace = await openWorkspace({
    mcpServers: [{ name: "a", command: "x", enabled: false, quarantined: false }],
  });
  const { directory, dataDir } = workspace;
  await using gateway = await openGateway({ config: workspace.config, dataDir });
  for (const place of [directory, dataDir, join(dataDir, "logs"), join(directory, "etc")]) {
    await Deno.mkdir(place, { recursive: true });
    for (const name of ["passwd", "secret.log", "server-x.log", "canary.json"]) {
      await Deno.writeTextFile(join(place, name), `${CANARY}\n`);
    }
  }
  const own = [
    "../passwd",
    "..%2fpasswd",
    "../../etc/passwd",
    "x.log",
    "%2e%2e/secret.log",
    "../canary.json",
  ];
  const names = [...own, ...TRAVERSALS];
  const [hostname = "", port] = gateway.address.split(":");
  const headers = { "x-api-key": gateway.apiKey, "content-type": "application/json" };
  const config = await workspace.read();
  ok(ROUTES.length > 40, `${ROUTES.length}`);
  ok(names.length > 200);

  const wrong: string[] = [];
  for (const { method, path } of ROUTES) {
    for (const name of names) {
      // An endpoint that is there would stream for ever.
      if (method === "GET" && path.startsWith("/mcp")) continue;
      const written = path.replace(SLOT, name.length % 2 === 0 ? raw(name) : encoded(name)).replaceAll(
        /\{\w+\}/g,
        "x",
      );
      const { status, body } = await sendRaw(hostname, Number(port), {
        method,
        path: written,
        headers,
        body: method === "GET" ? "" : "{}",
      });
      if (status >= 500 || body.includes(CANARY) || /root:.*:0:0:|"api_key":"[0-9a-f]{64}/.test(body)) {
        wrong.push(`${method} ${written.slice(0, 120)}: ${status} ${body.slice(0, 120)}`);
      }
    }
  }

  deepStrictEqual(wrong, []);
  strictEqual(await workspace.read(), config);
});
