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

const HOSTS: readonly (readonly [string, boolean])[] = [
  ["127.0.0.1:8080", true],
  ["localhost:8080", true],
  ["LOCALHOST:8080", true],
  ["[::1]:8080", true],
  ["127.0.0.1", true],
  ["evil.test:8080", false],
  ["127.0.0.1.evil.test", false],
  ["localhost.evil.test", false],
  ["evil.test#localhost", false],
  ["evil.test/localhost", false],
  ["a@127.0.0.1.evil.test", false],
  ["0x7f.1.evil.test", false],
  ["169.254.169.254", false],
  ["10.0.0.5:8080", false],
  ["", false],
];
const ORIGINS: readonly (readonly [string | undefined, boolean])[] = [
  [undefined, true],
  ["http://localhost:9", true],
  ["http://127.0.0.1:8080", true],
  ["http://[::1]:3", true],
  ["null", false],
  ["https://evil.test", false],
  ["http://localhost.evil.test", false],
  ["http://127.0.0.1.evil.test", false],
  ["http://evil.test:8080", false],
  ["http://localhost, https://evil.test", false],
  ["https://evil.test, http://localhost", false],
  ["chrome-extension://abcdefgh", false],
  ["file://", false],
  ["", false],
];

Deno.test("checkHost() lets in only where both Host and Origin are good, in every combination", () => {
  const wrong: string[] = [];
  for (const [name, isHostGood] of HOSTS) {
    for (const [origin, isOriginGood] of ORIGINS) {
      const found = host(origin === undefined ? { host: name } : { host: name, origin });
      const wanted = isHostGood && isOriginGood ? "ok" : "refused";
      if (found !== wanted) wrong.push(`Host ${name}, Origin ${origin}: ${found}`);
    }
  }
  deepStrictEqual(wrong, []);
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
