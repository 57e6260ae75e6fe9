import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { packageWords, pinWords, unpinnedPackage, withoutInstallScripts } from "../../../lib/packages/mod.ts";

Deno.test("unpinnedPackage() names the package whose newest version runs", () => {
  const rows: [string, string[], string | undefined][] = [
    ["npx", ["-y", "some-server"], "some-server"],
    ["npx", ["-y", "some-server@latest", "/dir"], "some-server@latest"],
    ["npx", ["-y", "some-server@1.2.3", "/dir"], undefined],
    ["npx", ["-y", "@scope/some-server"], "@scope/some-server"],
    ["/usr/bin/npx", ["-y", "@scope/some-server@2.0.1-rc.1"], undefined],
    ["/usr/bin/npx", ["-y", "@scope/some-server@2"], "@scope/some-server@2"],
    ["npx", ["--package=a-package@^1", "-c", "run it"], "a-package@^1"],
    ["npx", ["--registry", "http://127.0.0.1/", "some-server"], "some-server"],
    ["npx", ["someone/a-repository"], undefined],
    ["npm", ["exec", "-y", "some-server"], "some-server"],
    ["npm", ["start"], undefined],
    ["pnpm", ["dlx", "some-server"], "some-server"],
    ["pnpm", ["dlx", "some-server@1.2.3"], undefined],
    ["yarn", ["dlx", "some-server"], "some-server"],
    ["bunx", ["some-server"], "some-server"],
    ["bun", ["x", "some-server"], "some-server"],
    ["uv", ["tool", "run", "some-server"], "some-server"],
    ["uv", ["run", "some-server"], undefined],
    ["deno", ["run", "-A", "npm:@scope/some-server"], "@scope/some-server"],
    ["deno", ["run", "-A", "npm:some-server@1.2.3/bin"], undefined],
    ["deno", ["run", "-A", "./server.ts"], undefined],
    ["npx.cmd", ["--package", "a-package", "a-program"], "a-package"],
    ["npx", ["./local"], undefined],
    ["uvx", ["some-server"], "some-server"],
    ["uvx", ["some-server==1.0"], undefined],
    ["uvx", ["--from", "git+https://example.org/x", "x"], undefined],
    ["pipx", ["run", "some-server"], "some-server"],
    ["node", ["some-server"], undefined],
    ["npx", [], undefined],
  ];

  for (const [command, args, wanted] of rows) {
    strictEqual(unpinnedPackage({ command, args }), wanted, [command, ...args].join(" "));
  }
});

Deno.test("pinWords() writes the version that was looked up where the package stands", () => {
  const rows: [string[], string[]][] = [
    [["-y", "tiny", "--port", "tiny"], ["-y", "tiny@1.2.3", "--port", "tiny"]],
    [["--package=tiny", "tiny"], ["--package=tiny@1.2.3", "tiny"]],
    [["-p", "tiny", "-p", "other", "run"], ["-p", "tiny@1.2.3", "-p", "other", "run"]],
  ];
  const found = new Map([["tiny", { name: "tiny", version: "1.2.3", integrity: "sha512-x" }]]);

  for (const [args, wanted] of rows) {
    deepStrictEqual(pinWords(args, packageWords({ command: "npx", args }), found), wanted);
  }
});

Deno.test("withoutInstallScripts() tells npm and its kin, and nobody else", () => {
  const env = { A: "1" };

  deepStrictEqual(withoutInstallScripts({ command: "npx", env }).env, {
    A: "1",
    npm_config_ignore_scripts: "true",
  });
  deepStrictEqual(withoutInstallScripts({ command: "node", env }).env, env);
});
