import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { checkHost, isLoopback } from "../../../lib/http/guard.ts";

const TCP = { kind: "tcp", hostname: "127.0.0.1", port: 5 } as const;

function host(
  headers: Record<string, string>,
  listenHost = "127.0.0.1",
  trustedHosts: string[] = [],
): string {
  try {
    checkHost({ peer: TCP, headers: new Headers(headers), listenHost, trustedHosts });
    return "ok";
  } catch {
    return "refused";
  }
}

Deno.test("checkHost() lets loopback names in and everything else out", () => {
  const cases: [Record<string, string>, string][] = [
    [{ host: "127.0.0.1:8080" }, "ok"],
    [{ host: "localhost" }, "ok"],
    [{ host: "[::1]:8080" }, "ok"],
    [{ host: "evil.example:8080" }, "refused"],
    [{ host: "localhost.evil.example" }, "refused"],
    [{ host: "10.0.0.5:8080" }, "refused"],
    [{ host: "" }, "refused"],
    [{ host: "localhost", origin: "http://localhost:3000" }, "ok"],
    [{ host: "localhost", origin: "https://evil.example" }, "refused"],
    [{ host: "localhost", origin: "null" }, "refused"],
    [{ host: "localhost", origin: "http://localhost@evil.example" }, "refused"],
    [{ host: "localhost", origin: "file://" }, "refused"],
  ];
  deepStrictEqual(cases.map(([headers]) => host(headers)), cases.map(([, wanted]) => wanted));
});

Deno.test("checkHost() trusts what the config trusts", () => {
  strictEqual(host({ host: "gw.corp.example:8080" }, "127.0.0.1", ["gw.corp.example"]), "ok");
  strictEqual(host({ host: "GW.corp.example" }, "127.0.0.1", [".corp.example"]), "ok");
  strictEqual(host({ host: "corp.example" }, "127.0.0.1", [".corp.example"]), "refused");
  strictEqual(host({ host: "anything" }, "127.0.0.1", ["*"]), "ok");
});

Deno.test("checkHost() accepts an address only where it is listened on", () => {
  strictEqual(host({ host: "10.0.0.5:8080" }, "0.0.0.0"), "ok");
  strictEqual(host({ host: "10.0.0.5:8080" }, "10.0.0.5"), "ok");
  strictEqual(host({ host: "10.0.0.6:8080" }, "10.0.0.5"), "refused");
  strictEqual(host({ host: "evil.example" }, "0.0.0.0"), "refused");
});

Deno.test("isLoopback() tells this machine from others", () => {
  const from = (hostname: string) => isLoopback({ kind: "tcp", hostname, port: 1 });
  deepStrictEqual(["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "::ffff:10.0.0.1"].map(from), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
