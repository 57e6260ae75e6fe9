import { strictEqual } from "node:assert/strict";
import { unpinnedPackage } from "../../../lib/management/unpinned.ts";

Deno.test("unpinnedPackage() names the package whose newest version runs", () => {
  const rows: [string, string[], string | undefined][] = [
    ["npx", ["-y", "some-server"], "some-server"],
    ["npx", ["-y", "some-server@latest", "/dir"], "some-server@latest"],
    ["npx", ["-y", "some-server@1.2.3", "/dir"], undefined],
    ["npx", ["-y", "@scope/some-server"], "@scope/some-server"],
    ["/usr/bin/npx", ["-y", "@scope/some-server@2"], undefined],
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
