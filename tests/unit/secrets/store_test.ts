import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";
import { openSecretStore } from "../../../lib/secrets/mod.ts";

const real = createDenoPlatform();

/** Stands for the keyring of Linux: one file a secret in the directory `HOME`, and no session without it. */
const SECRET_TOOL = `#!/bin/sh
[ -e "$HOME/down" ] && { echo "Cannot autolaunch D-Bus" >&2; exit 1; }
[ -e "$HOME/hang" ] && exec sleep 60
echo "$*" >> "$HOME/asked"
for name; do :; done
case "$1" in
  store) cat > "$HOME/$name.value" ;;
  lookup) cat "$HOME/$name.value" 2>/dev/null || exit 1 ;;
  clear) rm -f "$HOME/$name.value" ;;
esac
`;

interface Scene {
  readonly directory: string;
  readonly platform: Platform;
}

async function scene(test: (scene: Scene) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  const directory = await Deno.makeTempDir({ prefix: "mp-store-" });
  try {
    const PATH = `${directory}:/usr/bin:/bin`;
    const machine = { ...real.machine, os: "linux" as const };
    await test({ directory, platform: { ...real, machine, env: { PATH, HOME: directory, ...env } } });
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function withTool(test: (scene: Scene) => Promise<void>): Promise<void> {
  await scene(async (parts) => {
    await Deno.writeTextFile(join(parts.directory, "secret-tool"), SECRET_TOOL, { mode: 0o700 });
    await test(parts);
  });
}

const isStoreFault = (error: unknown) => error instanceof GatewayError && error.code === "MCPX_SECRET_STORE";

Deno.test("openSecretStore() keeps secrets in a file that is of no use without its key", () =>
  scene(async ({ directory, platform }) => {
    const store = openSecretStore(platform, directory);
    deepStrictEqual([await store.get("a"), await store.names()], [undefined, []]);

    strictEqual(await store.set("b", "première\nligne"), true);
    strictEqual(await store.set("a", "canary-1"), true);
    strictEqual(await store.set("a", "canary-1"), false);

    const other = openSecretStore(platform, directory);
    deepStrictEqual(await other.names(), ["a", "b"]);
    deepStrictEqual([await other.get("a"), await other.get("b")], ["canary-1", "première\nligne"]);
    for (const name of ["secrets.age", "secrets.key", "secrets.lock"]) {
      const path = join(directory, name);
      strictEqual(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o600, name);
      ok(!(await Deno.readTextFile(path)).includes("canary-1"), name);
    }
    deepStrictEqual([await other.delete("a"), await other.delete("a")], [true, false]);
    strictEqual(await store.get("a"), undefined, "what another process did is seen");

    await Deno.remove(join(directory, "secrets.key"));
    await rejects(openSecretStore(platform, directory).get("b"), isStoreFault);
    await store.set("c", "more");
    strictEqual(
      await openSecretStore(platform, directory).get("b"),
      "première\nligne",
      "what was known is saved",
    );
  }, { MCPPROXY_SECRET_STORE: "file" }));

Deno.test("openSecretStore() loses nothing when many write at once", () =>
  scene(async ({ directory, platform }) => {
    const names = Array.from({ length: 12 }, (_, index) => `name${index + 10}`);
    await Promise.all(
      names.map((name) => openSecretStore(platform, directory).set(name, `value of ${name}`)),
    );
    const store = openSecretStore(platform, directory);
    deepStrictEqual(await store.names(), names);
    strictEqual(await store.get("name17"), "value of name17");
  }, { MCPPROXY_SECRET_STORE: "file" }));

Deno.test("openSecretStore() uses the keyring where it answers, and gives it values by stdin only", () =>
  withTool(async ({ directory, platform }) => {
    const store = openSecretStore(platform, directory);
    strictEqual(await store.kind(), "keyring");
    deepStrictEqual([await store.set("a", "canary-2"), await store.set("a", "canary-2")], [true, false]);
    strictEqual(await Deno.readTextFile(join(directory, "a.value")), "canary-2");
    deepStrictEqual([await store.get("a"), await store.names()], ["canary-2", ["a"]]);
    ok(!(await Deno.readTextFile(join(directory, "asked"))).includes("canary-2"));
    strictEqual(await store.delete("a"), true);
    deepStrictEqual([await store.get("a"), await store.names()], [undefined, []]);

    // Once it was used, a process without a session must not start a store of its own.
    await Deno.writeTextFile(join(directory, "down"), "");
    await rejects(openSecretStore(platform, directory).set("b", "x"), isStoreFault);
  }));

Deno.test("openSecretStore() takes the file where no keyring answers, and stays with it", () =>
  withTool(async ({ directory, platform }) => {
    await Deno.writeTextFile(join(directory, "down"), "");
    const store = openSecretStore(platform, directory);
    await store.set("a", "first");
    strictEqual(await store.kind(), "file");
    await Deno.remove(join(directory, "down"));
    const later = openSecretStore(platform, directory);
    deepStrictEqual([await later.kind(), await later.get("a")], ["file", "first"]);
    const wrong = { ...platform, env: { MCPPROXY_SECRET_STORE: "cloud" } };
    await rejects(openSecretStore(wrong, directory).get("a"), isStoreFault);
  }));

Deno.test("openSecretStore() does not wait for a keyring that hangs", () =>
  withTool(async ({ directory, platform }) => {
    await Deno.writeTextFile(join(directory, "hang"), "");
    const after = (_delayMs: number, callback: () => void) => platform.clock.after(50, callback);
    const hasty = { ...platform, clock: { ...platform.clock, after } };
    strictEqual(await openSecretStore(hasty, directory).kind(), "file");
  }));
