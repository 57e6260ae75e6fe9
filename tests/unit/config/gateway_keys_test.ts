import { deepStrictEqual, rejects } from "node:assert/strict";
import { readGatewayKeys } from "../../../lib/config/gateway_keys.ts";

Deno.test("readGatewayKeys() reads where a gateway is, and nothing else", async () => {
  const cases: [string, Record<string, string>, Record<string, unknown>][] = [
    ["{}", {}, {}],
    ["", {}, {}],
    ["[]", {}, {}],
    [
      '\uFEFF{ "listen": ":1", "data_dir": "~/x", "tray_endpoint": "unix:///s", "api_key": "k", "mcpServers": 5 }',
      {},
      { listen: ":1", data_dir: "~/x", tray_endpoint: "unix:///s", api_key: "k" },
    ],
    ['// a comment\n{ "listen": ":${env:PORT}", /* another */ }', { PORT: "2" }, { listen: ":2" }],
    ['{ "listen": 5, "data_dir": "", "api_key": "" }', {}, {}],
  ];
  for (const [text, env, expected] of cases) {
    deepStrictEqual(await readGatewayKeys(text, env, "/x"), expected, text);
  }
});

Deno.test("readGatewayKeys() refuses what it cannot read", async () => {
  for (const text of ["{", '{ "listen": }', '{ "api_key": "${env:KEY}" }', '{ "listen": "${file:/x}" }']) {
    await rejects(readGatewayKeys(text, {}, "/x"), Error, text);
  }
});
