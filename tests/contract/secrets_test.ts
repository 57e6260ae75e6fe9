/**
 * The verbs about secrets, the same over every way to the service.
 *
 * @module
 */

import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { connectRemote } from "../../lib/client/mod.ts";
import { GatewayError, type Management } from "../../lib/contracts/mod.ts";
import { createDenoPlatform } from "../../lib/platform/mod.ts";
import { type Gateway, openGateway } from "../../mod.ts";
import { join } from "node:path";
import { openWorkspace } from "../support/workspace.ts";

const WAYS: Readonly<Record<string, (gateway: Gateway) => Management>> = {
  "in process": ({ management }) => management,
  "over the socket": ({ socketPath = "" }) =>
    connectRemote(createDenoPlatform(), { kind: "socket", path: socketPath }, { version: "test" }),
  "over HTTP": ({ address, apiKey }) =>
    connectRemote(createDenoPlatform(), { kind: "tcp", url: `http://${address}`, apiKey }, {
      version: "test",
    }),
};

const CONFIG = `{
  "listen": "127.0.0.1:0",
  "mcpServers": {
    // the first one
    "a": { "url": "http://127.0.0.1:9/", "enabled": false, "headers": { "Authorization": "Bearer qwertyuiop" } },
    "b": {
      "command": "none", "enabled": false, // stays
      "env": { "API_KEY": "qwertyuiop", "OTHER": "\${keyring:other}" }
    }
  }
}
`;

function failsWith(code: string): (error: unknown) => boolean {
  return (error) => error instanceof GatewayError && error.code === code;
}

for (const [way, reach] of Object.entries(WAYS)) {
  Deno.test(`secrets are set, listed, moved and deleted (${way})`, async () => {
    await using workspace = await openWorkspace();
    await workspace.write(CONFIG);
    const real = createDenoPlatform();
    await using gateway = await openGateway({
      config: workspace.config,
      dataDir: workspace.dataDir,
      platform: { ...real, env: { MCPPROXY_SECRET_STORE: "file" } },
    });
    const management = reach(gateway);
    const answers: unknown[] = [];
    const ask: Management["request"] = async (verb, input) => {
      const answer = await management.request(verb, input);
      answers.push(answer);
      return answer;
    };
    try {
      deepStrictEqual(await ask("secrets.list", {}), {
        store: "file",
        secrets: [{ name: "other", reference: "${keyring:other}", stored: false, servers: ["b"] }],
        total: 1,
        missing: 1,
      });
      const set = await ask("secrets.set", { name: "other", value: "canary-value" });
      deepStrictEqual([set.changed, set.reference, set.restarted], [true, "${keyring:other}", []]);
      strictEqual((await ask("secrets.set", { name: "other", value: "canary-value" })).changed, false);
      for (
        const wrong of [{ name: "../a", value: "x" }, { name: "a", value: "" }, { name: "a", value: "x\0" }]
      ) {
        await rejects(ask("secrets.set", wrong), failsWith("MCPX_INVALID_INPUT"));
      }

      const looked = await ask("secrets.migrate", {});
      deepStrictEqual(looked.moves.map(({ server, scope, key, name }) => [server, scope, key, name]), [
        ["a", "headers", "Authorization", "a.Authorization"],
        ["b", "env", "API_KEY", "b.API_KEY"],
      ]);
      deepStrictEqual([looked.dry_run, await workspace.read()], [true, CONFIG]);
      strictEqual((await ask("secrets.migrate", { apply: true })).dry_run, false);
      const text = await workspace.read();
      strictEqual(
        text,
        CONFIG.replace("Bearer qwertyuiop", "Bearer ${keyring:a.Authorization}")
          .replace("qwertyuiop", "${keyring:b.API_KEY}"),
      );
      strictEqual((await ask("secrets.migrate", { apply: true })).total, 0);

      const { secrets, missing } = await ask("secrets.list", {});
      deepStrictEqual(secrets.map(({ name, servers }) => [name, ...servers]), [
        ["a.Authorization", "a"],
        ["b.API_KEY", "b"],
        ["other", "b"],
      ]);
      strictEqual(missing, 0);
      const path = join(workspace.directory, "one-secret");
      await Deno.writeTextFile(path, "canary-value");
      const env = { X: `\${file:${path}}`, Y: "${env:NOT_THERE}", Z: "${env:NOT_THERE:-x}" };
      await ask("servers.update", { name: "b", patch: { env } });
      const all = await ask("secrets.list", { all: true });
      deepStrictEqual(all.secrets.slice(3).map(({ kind, name, stored }) => [kind, name, stored]), [
        // The one with a default has a value.
        ["env", "NOT_THERE", true],
        ["env", "NOT_THERE", false],
        ["file", path, true],
      ]);
      strictEqual((await ask("secrets.delete", { name: "other" })).success, true);
      await rejects(ask("secrets.delete", { name: "other" }), failsWith("MCPX_SECRET_NOT_FOUND"));

      await ask("servers.update", { name: "b", patch: { env: { EXTRA: "plain-one", MORE: "plain-two" } } });
      const moved = await ask("secrets.move", { name: "b", scope: "env", key: "EXTRA" });
      deepStrictEqual([moved.name, moved.reference], ["b.EXTRA", "${keyring:b.EXTRA}"]);
      match(await workspace.read(), /"EXTRA": "\$\{keyring:b\.EXTRA\}"/);
      for (
        const [key, code, secret_name] of [
          ["EXTRA", "MCPX_INVALID_INPUT"],
          ["NONE", "MCPX_INVALID_INPUT"],
          ["MORE", "MCPX_SECRET_EXISTS", "b.EXTRA"],
        ] as const
      ) {
        await rejects(
          ask("secrets.move", { name: "b", scope: "env", key, secret_name }),
          failsWith(code),
        );
      }

      const { events } = await management.request("events.list", { type: "secrets", limit: 100 });
      deepStrictEqual(events[0]?.payload, { operation: "set", secret_name: "other" });
      match(JSON.stringify(events), /"delete"/);
      const { activities } = await management.request("activity.list", {});
      ok(!/canary-value|qwertyuiop|plain-one/.test(JSON.stringify([answers, events, activities])));
    } finally {
      if (management !== gateway.management) await management[Symbol.asyncDispose]();
    }
  });
}
