/**
 * A daemon that the system gives no more files.
 *
 * @module
 */

import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startDaemon } from "../support/daemon.ts";
import { openWorkspace } from "../support/workspace.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const MOST_FILES = 128;

/** The program with few files to open. */
const program = [
  "sh",
  "-c",
  `ulimit -n ${MOST_FILES}; exec "$0" run --quiet -A "$@"`,
  Deno.execPath(),
  join(ROOT, "cli/main.ts"),
];

/** Opens connections and says nothing, until the daemon takes or keeps no more. */
async function holdMany(port: number): Promise<Deno.Conn[]> {
  const held: Deno.Conn[] = [];
  for (let count = 0; count < 2 * MOST_FILES; count++) {
    try {
      held.push(await Deno.connect({ hostname: "127.0.0.1", port }));
    } catch {
      break;
    }
  }
  return held;
}

/** Asks until there is an answer. */
async function untilAnswered(ask: () => Promise<Response>): Promise<number> {
  for (let left = 20_000;; left--) {
    try {
      const response = await ask();
      await response.body?.cancel();
      return response.status;
    } catch (error) {
      if (left === 0) throw error;
    }
  }
}

Deno.test({
  name: "a daemon without free files drops what nobody uses, and goes on over TCP and its socket",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using workspace = await openWorkspace();
    await using daemon = await startDaemon(workspace, [], { program });
    const port = Number(new URL(daemon.url).port);
    using client = Deno.createHttpClient({ proxy: { transport: "unix", path: daemon.socketPath } });

    for (let round = 0; round < 3; round++) {
      const held = await holdMany(port);
      ok(held.length > MOST_FILES / 4, `${held.length} connections`);
      strictEqual(await untilAnswered(() => fetch(`${daemon.url}/healthz`)), 200);
      for (const connection of held) connection.close();
    }

    const status = await untilAnswered(() => fetch("http://localhost/api/v1/status", { client }));
    strictEqual(status, 200);
    const log = await Deno.readTextFile(join(workspace.dataDir, "logs", "main.log"));
    ok(log.includes("Too many open files"), log);
    const { code } = await daemon.stop();
    strictEqual(code, 0);
  },
});
