import { match, ok, rejects, strictEqual } from "node:assert/strict";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { type Fault, type Script, serveFaultd } from "../../support/faultd/mod.ts";
import { openTcpProxy } from "../../support/tcp_proxy.ts";
import { open, type Opened, server } from "./fixture.ts";

const FAILURES = /^MCPX_(UPSTREAM_(CLOSED|PROTOCOL)|HTTP_(TIMEOUT|CONN_REFUSED))$/;

/** Calls, and gives `answered` or the code of the failure. */
async function outcome({ connection }: Opened, faults: readonly Fault[], timeoutMs = 5_000): Promise<string> {
  try {
    await connection.request("tools/call", { name: "fault", arguments: { do: faults } }, { timeoutMs });
    return "answered";
  } catch (error) {
    return error instanceof GatewayError ? error.code : String(error);
  }
}

for (const stream of [false, true]) {
  const wire = stream ? "an event stream" : "JSON";

  Deno.test(`UpstreamConnection has one outcome wherever an answer as ${wire} breaks off`, async () => {
    const script: Script = { stream };
    await using faulty = await serveFaultd(script);
    const entry = server({ url: faulty.url, protocol: "streamable-http" });
    const counts = { answered: 0, failed: 0 };

    for (let at = 1; at < 420; at += 19) {
      await using opened = await open(entry);
      const then = at % 2 === 0 ? "close" : "reset";
      const found = await outcome(opened, [{ kind: "partial", bytes: at, then }]);
      ok(found === "answered" || FAILURES.test(found), `${found} after ${at} bytes`);
      counts[found === "answered" ? "answered" : "failed"]++;
    }

    strictEqual(counts.answered + counts.failed, 23);
    ok(counts.failed > 5, `${counts.failed} failed`);
  });
}

Deno.test("UpstreamConnection says what is wrong with the network", async () => {
  await using faulty = await serveFaultd({});
  await using proxy = await openTcpProxy(faulty.port);
  const entry = server({ url: `http://127.0.0.1:${proxy.port}/mcp`, protocol: "streamable-http" });
  await using opened = await open(entry);
  strictEqual(await outcome(opened, []), "answered");

  proxy.set({ latencyMs: 5 });
  strictEqual(await outcome(opened, []), "answered");
  proxy.set({ blackHole: true });
  strictEqual(await outcome(opened, [], 100), "MCPX_CALL_TIMEOUT");
  await proxy.refuse();
  match(await outcome(opened, []), FAILURES);
  await rejects(open(entry), { code: "MCPX_HTTP_CONN_REFUSED" });
  proxy.set({});
  await proxy.accept();

  await using again = await open(entry);
  strictEqual(await outcome(again, []), "answered");
});
