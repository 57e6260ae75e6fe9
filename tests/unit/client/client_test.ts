import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type ErrorCode, GatewayError } from "../../../lib/contracts/mod.ts";
import {
  connectRemote,
  endpointOfListen,
  parseEndpoint,
  socketPathOf,
  toText,
} from "../../../lib/client/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";
import { statusOf } from "../cli/fakes.ts";
import type { RequestHandler } from "../../../lib/platform/mod.ts";
import { failure, hasCode, openDaemon, OPTIONS, platform, success } from "./client_fixture.ts";

const ACTION = { server: "a", action: "enable", success: true };

Deno.test("socketPathOf(), parseEndpoint() and endpointOfListen() read addresses", () => {
  strictEqual(socketPathOf("/data"), "/data/mcpproxy.sock");

  deepStrictEqual(parseEndpoint("unix:///run/m.sock"), { kind: "socket", path: "/run/m.sock" });
  deepStrictEqual(parseEndpoint("http://host:81/x", "k"), {
    kind: "tcp",
    url: "http://host:81",
    apiKey: "k",
  });
  for (const text of ["", "unix://", "npipe:////./pipe/x", "host:81", "http://"]) {
    strictEqual(parseEndpoint(text), undefined);
  }

  const urls = ["127.0.0.1:8080", ":9", "0.0.0.0:9", "[::]:9", "[::1]:9", "gw.example:9"]
    .map((listen) => endpointOfListen(listen))
    .map((endpoint) => endpoint && toText(endpoint));
  deepStrictEqual(urls, [
    "http://127.0.0.1:8080",
    "http://127.0.0.1:9",
    "http://127.0.0.1:9",
    "http://127.0.0.1:9",
    "http://[::1]:9",
    "http://gw.example:9",
  ]);
  strictEqual(endpointOfListen("localhost"), undefined);
  strictEqual(toText({ kind: "socket", path: "/a" }), "unix:///a");
});

Deno.test("connectRemote() sends each verb to its route with key and client name", async () => {
  const action = { ...ACTION, quarantined: true, restart_required: false };
  await using daemon = await openDaemon(success(action));
  await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);

  await remote.request("servers.enable", { name: "a b/c" });
  await remote.request("servers.update", { name: "a", patch: { env: { K: null } } });
  await remote.request("servers.remove", { name: "a" });
  await remote.request("servers.add", { name: "a", url: "http://x" });

  deepStrictEqual(daemon.seen.map(({ method, path, body }) => [method, path, body]), [
    ["POST", "/api/v1/servers/a%20b%2Fc/enable", "{}"],
    ["PATCH", "/api/v1/servers/a", '{"env":{"K":null}}'],
    ["DELETE", "/api/v1/servers/a", ""],
    ["POST", "/api/v1/servers", '{"name":"a","url":"http://x"}'],
  ]);
  strictEqual(daemon.seen[0]?.headers.get("x-mcpproxy-client"), "cli/1.2.3");
  strictEqual(daemon.seen[0]?.headers.get("x-api-key"), "key");
  strictEqual(daemon.seen[0]?.headers.get("content-type"), "application/json");
});

Deno.test("connectRemote() puts the fields of a GET that are not in its path into the query", async () => {
  await using daemon = await openDaemon(success({ query: "a", results: [], total: 0, took: "1ms" }));
  await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);

  await remote.request("tools.search", { q: "read & write", limit: 3 });
  await rejects(remote.request("status.get", { show_key: false }));

  deepStrictEqual(daemon.seen.map(({ path }) => path), [
    "/api/v1/index/search?q=read+%26+write&limit=3",
    "/api/v1/status?show_key=false",
  ]);
});

Deno.test("connectRemote() refuses names that no URL can carry, without asking", async () => {
  await using daemon = await openDaemon(success(ACTION));
  await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);

  await rejects(remote.request("servers.remove", { name: ".." }), hasCode("MCPX_SERVER_NOT_FOUND", /"\.\."/));
  await rejects(remote.request("servers.remove", { name: "" }), hasCode("MCPX_INVALID_INPUT", /"name"/));

  strictEqual(daemon.seen.length, 0);
});

Deno.test("connectRemote() passes a tool result on as it came, whatever its size", async () => {
  const result = {
    content: [{ type: "text", text: "x".repeat(300_000) }, { type: "odd", more: { a: 1 } }],
    structuredContent: { n: null },
    isError: true,
    _meta: { "a/b": [1] },
    extra: 1,
  };
  await using daemon = await openDaemon(success(result));
  await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);

  const answer = await remote.request("calls.call", { tool_name: "a:b", arguments: { p: "é" } });

  deepStrictEqual(answer, result);
  strictEqual(daemon.seen[0]?.body, '{"tool_name":"a:b","arguments":{"p":"é"}}');
});

Deno.test("connectRemote() throws the daemon's own error", async () => {
  await using daemon = await openDaemon(failure(404, {
    success: false,
    error: 'Cannot find server "x": it is not configured',
    code: "MCPX_SERVER_NOT_FOUND",
    remedy: "Look twice",
    details: { closest: ["y"] },
    request_id: "r1",
  }));
  await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);

  await rejects(remote.request("servers.get", { name: "x" }), (error: unknown) => {
    ok(error instanceof GatewayError);
    strictEqual(error.code, "MCPX_SERVER_NOT_FOUND");
    strictEqual(error.message, 'Cannot find server "x": it is not configured');
    strictEqual(error.remedy, "Look twice");
    deepStrictEqual(error.details, { closest: ["y"], request_id: "r1" });
    return true;
  });
});

Deno.test("connectRemote() gives an error without a known code the code of its status", async () => {
  const cases: [number, unknown, ErrorCode, RegExp][] = [
    [401, { success: false, error: "No key" }, "MCPX_UNAUTHORIZED", /^No key$/],
    [418, { success: false, code: "MCPX_NEW" }, "MCPX_INTERNAL", /status 418/],
    [404, { detail: "nope" }, "MCPX_INTERNAL", /status 404 with application\/json/],
  ];
  for (const [status, envelope, code, text] of cases) {
    await using daemon = await openDaemon(failure(status, envelope));
    await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);
    await rejects(remote.request("servers.list", {}), hasCode(code, text));
  }
});

Deno.test("connectRemote() tells of answers that are not those of a daemon", async () => {
  const cases: [RequestHandler, RegExp][] = [
    [() => new Response("<p>hi", { headers: { "content-type": "text/html; a=b" } }), /200 with text\/html/],
    [success({ servers: 3 }), /another shape than "servers\.list"/],
    [() => Response.redirect("http://127.0.0.1:1/", 302), /status 302/],
  ];
  for (const [handler, text] of cases) {
    await using daemon = await openDaemon(handler);
    await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);
    await rejects(remote.request("servers.list", {}), hasCode("MCPX_INTERNAL", text));
  }
});

Deno.test("connectRemote() says when no daemon answers", async () => {
  const directory = await Deno.makeTempDir();
  const path = join(directory, "none.sock");
  await using remote = connectRemote(platform, { kind: "socket", path }, OPTIONS);

  await rejects(remote.request("servers.list", {}), hasCode("MCPX_DAEMON_NOT_RUNNING", /none\.sock/));
  strictEqual(await remote.probe(), undefined);
  await Deno.remove(directory, { recursive: true });
});

Deno.test("connectRemote() works over a socket, without a key", async () => {
  const directory = await Deno.makeTempDir();
  const path = socketPathOf(directory);
  const headers: Headers[] = [];
  const listener = await platform.network.listen({ kind: "socket", path }, (request) => {
    headers.push(request.headers);
    return Response.json({ success: true, data: ACTION });
  });
  {
    await using remote = connectRemote(platform, { kind: "socket", path }, OPTIONS);
    deepStrictEqual(await remote.request("servers.enable", { name: "a" }), ACTION);
  }
  await listener.shutdown();
  await Deno.remove(directory, { recursive: true });

  strictEqual(headers[0]?.get("x-api-key"), null);
});

Deno.test("connectRemote() ends a request with its signal", async () => {
  const held = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  await using daemon = await openDaemon(async () => {
    asked.resolve();
    await held.promise;
    return new Response();
  });
  await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);
  const timeout = new GatewayError("MCPX_CALL_TIMEOUT", "Cannot wait longer");
  for (
    const [reason, code] of [[undefined, "MCPX_CALL_CANCELLED"], [timeout, "MCPX_CALL_TIMEOUT"]] as const
  ) {
    const controller = new AbortController();
    const pending = remote.request("servers.list", {}, { signal: controller.signal });
    await asked.promise;

    controller.abort(reason);

    await rejects(pending, hasCode(code, /^Cannot/));
  }
  held.resolve();
});

Deno.test("probe() tells a daemon that answers from one that does not in time", async () => {
  const clock = createManualClock();
  const asked = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  await using slow = await openDaemon(async () => {
    asked.resolve();
    await held.promise;
    return new Response();
  });
  await using remote = connectRemote({ ...platform, clock }, slow.endpoint, OPTIONS);
  const probe = remote.probe();
  await asked.promise;

  clock.advance(9_999);
  clock.advance(1);

  await rejects(probe, hasCode("MCPX_DAEMON_NOT_RUNNING", /has not answered within 10 s/));
  strictEqual(clock.pending, 0);
  held.resolve();
});

Deno.test("probe() waits for a daemon that is starting", async () => {
  let asked = 0;
  await using daemon = await openDaemon(() => {
    const isStarting = ++asked < 3;
    return isStarting
      ? Response.json({ ready: false }, { status: 503, headers: { "retry-after": "1" } })
      : Response.json({ success: true, data: statusOf({ version: "1.2.3" }) });
  });
  await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);

  strictEqual((await remote.probe())?.version, "1.2.3");
  strictEqual(asked, 3);
});

Deno.test("connectRemote() checks the answers of another version, and takes those of its own as they come", async () => {
  for (const [version, isTaken] of [["1.2.3", true], ["1.2.4", false]] as const) {
    await using daemon = await openDaemon((request) =>
      Response.json({
        success: true,
        data: new URL(request.url).pathname === "/api/v1/status" ? statusOf({ version }) : { strange: true },
      })
    );
    await using remote = connectRemote(platform, daemon.endpoint, OPTIONS);

    strictEqual((await remote.probe())?.version, version);
    const answer = remote.request("servers.enable", { name: "a" });

    if (isTaken) deepStrictEqual(await answer, { strange: true });
    else await rejects(answer, hasCode("MCPX_INTERNAL", /data of another shape than "servers.enable"/));
  }
});
