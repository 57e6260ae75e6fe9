/**
 * The program on a machine that reaches the network by a proxy.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { runCli, startDaemon } from "../support/daemon.ts";
import { openWorkspace } from "../support/workspace.ts";

interface Proxy extends AsyncDisposable {
  readonly url: string;
  /** First lines of what it was sent. */
  readonly asked: readonly string[];
  /** Resolves once it was asked for something that fits. */
  seen(pattern: RegExp): Promise<void>;
}

/** A proxy that notes what it is asked and passes nothing on. */
function serveProxy(): Proxy {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const asked: string[] = [];
  const waiting: { readonly pattern: RegExp; readonly resolve: () => void }[] = [];

  async function take(connection: Deno.Conn): Promise<void> {
    using _closed = connection;
    const bytes = new Uint8Array(4096);
    const count = await connection.read(bytes) ?? 0;
    asked.push(new TextDecoder().decode(bytes.subarray(0, count)).split("\r\n")[0] ?? "");
    for (const { pattern, resolve } of waiting) if (asked.some((line) => pattern.test(line))) resolve();
    await connection.write(
      new TextEncoder().encode("HTTP/1.1 502 No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"),
    );
  }

  const done = (async () => {
    for await (const connection of listener) await take(connection).catch(() => {});
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    asked,
    seen(pattern) {
      if (asked.some((line) => pattern.test(line))) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.push({ pattern, resolve });
      return promise;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      await done;
    },
  };
}

Deno.test("a proxy gets what is for elsewhere, and nothing that is for this machine", async () => {
  await using proxy = serveProxy();
  const env = { HTTP_PROXY: proxy.url, https_proxy: proxy.url };
  await using workspace = await openWorkspace({
    enable_socket: false,
    mcpServers: [
      { name: "far", url: "http://far.invalid/mcp", quarantined: false },
      { name: "safe", url: "https://safe.invalid/mcp", quarantined: false },
      { name: "near", url: "http://127.0.0.1:1/sse", protocol: "sse", quarantined: false },
    ],
  });
  await using daemon = await startDaemon(workspace, [], { env });
  await proxy.seen(/^POST http:\/\/far\.invalid\/mcp /);
  await proxy.seen(/^CONNECT safe\.invalid:443 /);

  // Without a socket the command line goes over TCP, with the admin key.
  for (const endpoint of [daemon.url, daemon.url.replace("127.0.0.1", "localhost")]) {
    const status = await runCli(workspace, ["status"], {
      env: { ...env, MCPPROXY_TRAY_ENDPOINT: endpoint, MCPPROXY_API_KEY: daemon.apiKey },
    });
    strictEqual(status.code, 0, status.stderr);
    match(status.stdout, /Running/);
  }

  ok(proxy.asked.length >= 2);
  deepStrictEqual(proxy.asked.filter((line) => /127\.0\.0\.1|localhost/.test(line)), []);
});
