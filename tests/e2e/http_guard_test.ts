/**
 * Every route of the table of rights, asked by who may not, and by pages of
 * other sites.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type Access, listOperations } from "../../lib/contracts/mod.ts";
import { openGateway } from "../../mod.ts";
import { sendRaw } from "../support/raw_http.ts";
import { openWorkspace } from "../support/workspace.ts";

interface Route {
  readonly method: string;
  readonly path: string;
  readonly access: Access;
}

const ROUTES: readonly Route[] = listOperations()
  .filter(({ surface }) => surface === "rest" || surface === "http")
  .map(({ name, access }) => {
    const [method = "", path = ""] = name.split(" ");
    return {
      method,
      path: path.replace(/\{\w+\}/g, "x").replace(/^(\/mcp\/)\*/, "$1all").replace("*", ""),
      access,
    };
  });
/** The same path to whoever decodes it. */
function withPercentSign(path: string, at: number): string {
  return `${path.slice(0, at)}%${path.charCodeAt(at).toString(16)}${path.slice(at + 1)}`;
}

const JSON_TYPE = { "content-type": "application/json" };

Deno.test("every route checks Host and Origin, asks for a key and looks at its right", async (t) => {
  await using workspace = await openWorkspace();
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  const [hostname = "", port] = gateway.address.split(":");
  async function send(route: Route, headers: Record<string, string>) {
    // Who is let in by mistake may get a stream that never ends; this is a guard, not a wait.
    const late = Promise.withResolvers<never>();
    const guard = setTimeout(
      () => late.reject(new Error(`${route.method} ${route.path} does not end`)),
      10_000,
    );
    try {
      return await Promise.race([sendRaw(hostname, Number(port), { ...route, headers }), late.promise]);
    } finally {
      clearTimeout(guard);
    }
  }
  const { token } = await gateway.management.request("tokens.create", { name: "agent" });
  const key = { "x-api-key": gateway.apiKey };
  ok(ROUTES.length > 80);

  async function expectAll(
    title: string,
    routes: readonly Route[],
    headers: Record<string, string>,
    wanted: (route: Route, status: number, code: string) => boolean,
  ): Promise<void> {
    await t.step(title, async () => {
      const wrong: string[] = [];
      for (const route of routes) {
        const answer = await send(route, headers);
        const code = /MCPX_[A-Z_]+/.exec(answer.body)?.[0] ?? "";
        const name = `${route.method} ${route.path}: ${answer.status} ${code}`;
        if (!wanted(route, answer.status, code)) wrong.push(name);
        strictEqual(answer.headers["access-control-allow-origin"], undefined, name);
        strictEqual(answer.headers["x-content-type-options"], "nosniff", name);
        if (/html/.test(answer.headers["content-type"] ?? "")) {
          match(
            answer.headers["content-security-policy"] ?? "",
            /default-src 'none'.*frame-ancestors 'none'/,
            name,
          );
        }
      }
      deepStrictEqual(wrong, []);
    });
  }

  const isForeign = (_route: Route, status: number, code: string) =>
    status === 403 && code === "MCPX_HOST_FORBIDDEN";
  const options = ROUTES.map((route) => ({ ...route, method: "OPTIONS" }));
  const all = [...ROUTES, ...options];
  await expectAll("another Host", all, { ...key, ...JSON_TYPE, host: "evil.example" }, isForeign);
  await expectAll("no Host name", ROUTES, { ...key, ...JSON_TYPE, host: "" }, isForeign);
  await expectAll("another Origin", all, { ...key, ...JSON_TYPE, origin: "https://evil.example" }, isForeign);
  await expectAll("an Origin that is none", ROUTES, { ...key, ...JSON_TYPE, origin: "null" }, isForeign);

  await expectAll(
    "nobody",
    ROUTES,
    JSON_TYPE,
    ({ path, access }, status) =>
      // A code that is not good is refused like a key that is not.
      access === "everyone" ? path === "/ui/sign-in" ? status === 401 : status < 400 : status === 401,
  );
  const hidden = ROUTES.filter(({ access }) => access !== "everyone").flatMap((route) =>
    [1, route.path.length - 1].map((at) => ({ ...route, path: withPercentSign(route.path, at) }))
  );
  await expectAll(
    "nobody, with percent signs",
    hidden,
    JSON_TYPE,
    (_route, status) => [401, 404].includes(status),
  );
  await expectAll(
    "an agent token, with percent signs",
    hidden.filter(({ access }) => access === "admin"),
    { ...JSON_TYPE, authorization: `Bearer ${token}` },
    (_route, status) => [403, 404, 405].includes(status),
  );
  await expectAll(
    "a wrong key",
    ROUTES.slice(0, 3),
    { "x-api-key": "x" },
    (_route, status) => status === 401,
  );
  await expectAll(
    "an agent token",
    ROUTES.filter(({ access }) => access !== "everyone" && access !== "agent"),
    { ...JSON_TYPE, authorization: `Bearer ${token}` },
    (_route, status, code) => status === 403 && code === "MCPX_FORBIDDEN",
  );

  const { code } = await gateway.management.request("access.sign_in_code", {});
  const signedIn = await sendRaw(hostname, Number(port), {
    path: "/ui/sign-in",
    method: "POST",
    headers: JSON_TYPE,
    body: JSON.stringify({ code }),
  });
  const cookie = signedIn.headers["set-cookie"]?.split(";")[0] ?? "";
  const changing = ROUTES.filter(({ method, access, path }) =>
    method !== "GET" && access !== "everyone" && !path.startsWith("/mcp")
  );
  await expectAll("a form with the cookie of a browser", changing, {
    cookie,
    "content-type": "application/x-www-form-urlencoded",
  }, (_route, status) => status === 400 || status === 415);
  await expectAll("the cookie from another site", changing, {
    ...JSON_TYPE,
    cookie,
    "sec-fetch-site": "cross-site",
  }, isForeign);
  await expectAll(
    "the cookie at MCP",
    ROUTES.filter(({ path }) => path.startsWith("/mcp")),
    { ...JSON_TYPE, cookie },
    (_route, status) => status === 401,
  );
});

Deno.test("many wrong keys are answered with Retry-After, and the right one is still taken", async () => {
  await using workspace = await openWorkspace();
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  const [hostname = "", port] = gateway.address.split(":");
  const ask = (key: string, path = "/api/v1/servers") =>
    sendRaw(hostname, Number(port), { path, headers: { "x-api-key": key } });

  const statuses: number[] = [];
  for (let index = 0; index < 12; index++) {
    statuses.push((await ask("wrong", index % 2 ? "/mcp" : "/events")).status);
  }
  const refused = await ask("mcp_agt_wrong");
  const right = await ask(gateway.apiKey);

  deepStrictEqual(statuses, [...Array(10).fill(401), 429, 429]);
  strictEqual(refused.status, 429);
  strictEqual(refused.headers["retry-after"], "4");
  match(refused.body, /MCPX_RATE_LIMITED/);
  strictEqual(right.status, 200);
});

/** Sends bytes as they are, and reads the status of what comes. */
async function statusOf(hostname: string, port: number, head: readonly string[]): Promise<number> {
  using connection = await Deno.connect({ hostname, port });
  await connection.write(new TextEncoder().encode(`${head.join("\r\n")}\r\nconnection: close\r\n\r\n`));
  const text = await new Response(connection.readable).text();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
}

Deno.test("a request whose head says two things is not let in by either", async () => {
  await using workspace = await openWorkspace();
  await using gateway = await openGateway({ config: workspace.config, dataDir: workspace.dataDir });
  const [hostname = "", port] = gateway.address.split(":");
  const key = `x-api-key: ${gateway.apiKey}`;
  const own = `host: ${gateway.address}`;
  const get = "GET /api/v1/servers HTTP/1.1";
  const heads: Readonly<Record<string, readonly [readonly string[], readonly number[]]>> = {
    "as it should be": [[get, own, key], [200]],
    "two hosts, the foreign one last": [[get, own, "host: evil.test", key], [400, 403]],
    "two hosts, the foreign one first": [[get, "host: evil.test", own, key], [400, 403]],
    "a foreign host in the request line": [["GET http://evil.test/api/v1/servers HTTP/1.1", own, key], [
      400,
      403,
    ]],
    "a foreign host under an own one in the request line": [
      [`GET http://${gateway.address}/api/v1/servers HTTP/1.1`, "host: evil.test", key],
      [400, 403],
    ],
    "two origins, the foreign one last": [
      [get, own, key, "origin: http://localhost:1", "origin: https://evil.test"],
      [400, 403],
    ],
    "two origins, the foreign one first": [
      [get, own, key, "origin: https://evil.test", "origin: http://localhost:1"],
      [400, 403],
    ],
    "no host at all": [[get, key], [400, 403]],
    "a host with a name before it": [[get, `host: a@${gateway.address}`, key], [400, 403]],
    "a host in another notation": [[get, "host: 0x7f.1", key], [400, 403]],
  };

  const wrong: string[] = [];
  for (const [name, [head, wanted]] of Object.entries(heads)) {
    const status = await statusOf(hostname, Number(port), head);
    if (!wanted.includes(status)) wrong.push(`${name}: ${status}`);
  }
  deepStrictEqual(wrong, []);
});
