/**
 * Servers that hang, dribble, die at once or answer through another gateway,
 * as those who use the gateway meet them.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { startDaemon } from "../support/daemon.ts";
import { faultd, serveFaultd } from "../support/faultd/mod.ts";
import { openTestGateway, openWorkspace, waitForStatus } from "../support/workspace.ts";

const odd = (more: Readonly<Record<string, unknown>> = {}) => ({
  name: "odd",
  ...faultd(),
  quarantined: false,
  ...more,
});

/** Asks `faultd` for an answer that is wrong in a certain way. */
const faulty = (...faults: readonly unknown[]) => ({
  tool_name: "odd:fault",
  arguments: { do: faults },
  variant: "destructive" as const,
});
const ECHO = { tool_name: "odd:echo", arguments: { text: "here" }, variant: "destructive" as const };

const textOf = (result: unknown) => JSON.stringify(result);

Deno.test("a hundred calls that hang keep no other call of the same server waiting", async () => {
  await using workspace = await openWorkspace({ mcpServers: [odd()] });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "odd", "ready");
  const { management } = gateway;
  const before = await management.request("servers.get", { name: "odd" });
  const left = new AbortController();
  let ended = 0;
  const hung = Array.from(
    { length: 100 },
    () =>
      management.request("calls.call", faulty({ kind: "hang" }), { signal: left.signal })
        .then(() => "answered", () => "cancelled").finally(() => ended++),
  );

  const answers = await Promise.all(
    Array.from({ length: 300 }, () => management.request("calls.call", ECHO)),
  );

  strictEqual(ended, 0);
  deepStrictEqual(answers.filter(({ isError }) => isError === true), []);
  left.abort();
  deepStrictEqual(new Set(await Promise.all(hung)), new Set(["cancelled"]));
  const after = await management.request("servers.get", { name: "odd" });
  deepStrictEqual([after.pid, after.status], [before.pid, "ready"], "the connection has stayed");
});

Deno.test("a call without an answer ends with its time, and what comes later is nobody's", async () => {
  await using workspace = await openWorkspace({ call_tool_timeout: "1s", mcpServers: [odd()] });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "odd", "ready");
  const { management } = gateway;

  const late = await management.request("calls.call", faulty({ kind: "late" }));
  const next = await management.request("calls.call", ECHO);

  match(textOf(late), /MCPX_CALL_TIMEOUT[^]*odd/);
  strictEqual(next.isError ?? false, false);
  strictEqual((await management.request("servers.get", { name: "odd" })).reconnect_count, 0);
});

Deno.test("an answer that comes byte by byte is given up after its time, and others come meanwhile", async () => {
  await using server = await serveFaultd({});
  await using workspace = await openWorkspace({
    call_tool_timeout: "1s",
    mcpServers: [{ name: "odd", url: server.url, quarantined: false }],
  });
  await using gateway = await openTestGateway(workspace);
  await waitForStatus(gateway, "odd", "ready");
  const { management } = gateway;

  const slow = management.request("calls.call", faulty({ kind: "split", bytes: 1, pauseMs: 1_000 }));
  const others = await Promise.all(Array.from({ length: 20 }, () => management.request("calls.call", ECHO)));

  deepStrictEqual(others.filter(({ isError }) => isError === true), []);
  match(textOf(await slow), /MCPX_CALL_TIMEOUT/);
});

Deno.test("behind a gateway behind a gateway, an error names the hop that it comes from", async () => {
  await using inside = await openWorkspace({ call_tool_timeout: "1s", mcpServers: [odd()] });
  await using inner = await openTestGateway(inside);
  await waitForStatus(inner, "odd", "ready");
  await using outside = await openWorkspace({
    mcpServers: [{
      name: "inner",
      url: `${inner.mcpUrl}/call`,
      headers: { "X-API-Key": inner.apiKey },
      quarantined: false,
    }],
  });
  await using outer = await openTestGateway(outside);
  await waitForStatus(outer, "inner", "ready");
  const { tool_name: name, arguments: args } = faulty({ kind: "hang" });
  const call = { tool_name: "inner:call_tool_destructive", arguments: { name, args } };

  const hung = await outer.management.request("calls.call", call);
  await inner[Symbol.asyncDispose]();
  const gone = await outer.management.request("calls.call", call);

  strictEqual(hung.isError, true);
  match(textOf(hung), /odd/);
  ok(!/\\"server_name\\":\\"inner\\"/.test(textOf(hung)), "the outer gateway is not to blame");
  strictEqual(gone.isError, true);
  match(textOf(gone), /inner/);
});

Deno.test({
  name: "fifty programs that end at once leave no dead process behind",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using workspace = await openWorkspace({
      mcpServers: [{ name: "brief", command: "true", quarantined: false }],
    });
    await using daemon = await startDaemon(workspace);
    const { pid } = Object(await daemon.json(["status"]));
    for (let count = 0; count < 50; count++) {
      const answer = await fetch(`${daemon.url}/api/v1/servers/brief/restart`, {
        method: "POST",
        headers: { "x-api-key": daemon.apiKey },
      });
      await answer.body?.cancel();
    }

    for (let looks = 0; (await deadChildren(pid)).length > 0; looks++) {
      ok(looks < 2_000, `dead processes: ${await deadChildren(pid)}`);
      await (await fetch(`${daemon.url}/healthz`)).body?.cancel();
    }
  },
});

/** Children of a process that have ended and were not asked about. */
async function deadChildren(pid: number): Promise<string[]> {
  const dead: string[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    const [, state, parent] = /\) (\S) (\d+)/.exec(stat) ?? [];
    if (state === "Z" && Number(parent) === pid) dead.push(name);
  }
  return dead;
}

Deno.test("a service without HOME finds its own home, and never keeps secrets where it happens to be", async () => {
  await using workspace = await openWorkspace();
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `console.log((await import("${new URL(
        "../../lib/platform/mod.ts",
        import.meta.url,
      )}")).createDenoPlatform().machine.home)`,
    ],
    cwd: workspace.directory,
    clearEnv: true,
    env: {
      PATH: Deno.env.get("PATH") ?? "",
      DENO_DIR: Deno.env.get("DENO_DIR") ?? join(Deno.env.get("HOME") ?? "/", ".cache/deno"),
    },
    stderr: "inherit",
  });
  const home = new TextDecoder().decode((await child.output()).stdout).trim();

  ok(home.startsWith("/") && home !== workspace.directory, home);
});
