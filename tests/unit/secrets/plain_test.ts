import { deepStrictEqual } from "node:assert/strict";
import { ServerConfigSchema } from "../../../lib/contracts/mod.ts";
import { findPlainSecrets, secretNamesIn, withReferences } from "../../../lib/secrets/mod.ts";

const ENV = {
  GITHUB_TOKEN: "abcdef123456",
  OTHER_TOKEN: "${env:OTHER}",
  KEY_FILE: "secret-file",
  SSH_KEY: "/home/me/.ssh/id",
  USE_AUTH: "true",
  LEVEL: "debug-all",
  PLAIN: "ghp_" + "a1B2c3D4".repeat(4),
};

Deno.test("findPlainSecrets() finds secrets by name and by shape, in a map and in a list", () => {
  const entry = { env: ENV, headers: { Authorization: "Bearer qwertyuiop", Accept: "text/plain" } };
  const found = [
    "env GITHUB_TOKEN my-hub.GITHUB_TOKEN",
    "env PLAIN my-hub.PLAIN",
    "headers Authorization my-hub.Authorization Bearer ",
  ];
  for (const mcpServers of [{ "my hub": entry }, [{ name: "my hub", ...entry }]]) {
    const secrets = findPlainSecrets({ mcpServers });
    deepStrictEqual(
      secrets.map(({ scope, key, suggested, scheme }) =>
        [scope, key, suggested, ...(scheme === "" ? [] : [scheme])].join(" ")
      ),
      found,
    );
  }
  deepStrictEqual(findPlainSecrets({ mcpServers: { a: null, b: { env: [] } } }), []);
  deepStrictEqual(findPlainSecrets({}), []);
});

Deno.test("withReferences() writes references where the values still are what they were", () => {
  const config = { mcpServers: [{ name: "a", env: { TOKEN: "abcdef123456", KEY: "bcdefg123456" } }, 7] };
  const moves = findPlainSecrets(config).map((one) => ({ ...one, reference: `\${keyring:${one.key}}` }));
  const changed = { mcpServers: [{ name: "a", env: { TOKEN: "abcdef123456", KEY: "by hand" } }, 7] };
  deepStrictEqual(withReferences(changed, moves), {
    mcpServers: [{ name: "a", env: { TOKEN: "${keyring:TOKEN}", KEY: "by hand" } }, 7],
  });
});

Deno.test("secretNamesIn() finds references in every text of an entry", () => {
  const server = ServerConfigSchema.parse({
    name: "a",
    command: "npx",
    args: ["--key=${keyring:one}", "${env:NO}"],
    env: { A: "${keyring:two}${keyring:one}" },
    oauth: { client_secret: "${keyring:three}" },
  });
  deepStrictEqual([...secretNamesIn(server)].sort(), ["one", "three", "two"]);
});
