import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openGatewayScanner } from "../../../lib/app/scanner.ts";
import type { ConfigService } from "../../../lib/config/mod.ts";
import { createDenoPlatform } from "../../../lib/platform/mod.ts";
import { createManualClock } from "../../support/manual_clock.ts";

const bundle = (version: string) =>
  JSON.stringify({ format: 1, version, patterns: [{ id: "B", pattern: "nightfall", weight: 4 }] });

/** A scanner beside a folder, with a config that names a bundle. */
async function openScene(stack: AsyncDisposableStack, first: string | undefined) {
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const clock = createManualClock();
  let path = first;
  const listeners = new Set<() => void>();
  // Only what the scanner reads of a config service.
  const config = {
    path: join(folder, "config.json"),
    snapshot: () => ({ config: { security: { tpa_bundle_path: path } } }),
    onChange(listener: () => void) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  } as unknown as ConfigService;
  const notices: string[] = [];
  let told = Promise.withResolvers<void>();
  const hear = () => {
    told.resolve();
    told = Promise.withResolvers();
  };
  const log = { info: hear, error: hear } as unknown as Parameters<typeof openGatewayScanner>[1]["log"];
  const write = (name: string, text: string) => Deno.writeTextFile(join(folder, name), text);
  /** Does something, lets the watch see it, and waits until the scanner has said what came of it. */
  async function until(deed: () => unknown): Promise<void> {
    const heard = told.promise;
    let isHeard = false;
    heard.then(() => isHeard = true);
    await deed();
    while (!isHeard) {
      await clock.advanceAsync(1_000);
      // A turn for the file system, whose answers the clock knows nothing of.
      await Deno.stat(folder);
    }
  }
  return {
    notices,
    write,
    until,
    open: () =>
      openGatewayScanner(stack, {
        platform: { ...createDenoPlatform(), clock },
        config,
        log,
        onNotice: (text) => void notices.push(text.replaceAll(folder, "")),
      }),
    choose(name: string | undefined) {
      path = name;
      for (const listener of [...listeners]) listener();
    },
    remove: (name: string) => Deno.remove(join(folder, name)),
  };
}

Deno.test("openGatewayScanner() takes a good bundle, follows its file and its key, and keeps what works", async () => {
  await using stack = new AsyncDisposableStack();
  const scene = await openScene(stack, "rules.json");
  await scene.write("rules.json", bundle("one"));
  const scanner = await scene.open();
  // Of the bundle alone, without the digest behind it.
  const version = () => scanner.rules.replace(/^[^+]*\+?/, "").replace(/\.[0-9a-f]{12}$/, "");
  const versions = [version()];
  const note = () => void versions.push(version());

  await scene.until(() => scene.write("rules.json", bundle("two")));
  note();
  await scene.until(() => scene.write("rules.json", '{"format": 1, "version": "three", "patterns": [{}]}'));
  note();
  await scene.until(() => scene.write("rules.json", bundle("four")));
  note();
  await scene.until(() => scene.remove("rules.json"));
  note();
  await scene.write("other.json", bundle("five"));
  await scene.until(() => scene.choose("other.json"));
  note();
  await scene.until(() => scene.choose(undefined));
  note();

  deepStrictEqual(versions, ["one", "two", "two", "four", "four", "five", ""]);
  strictEqual(scene.notices.length, 2);
  match(
    scene.notices[0] ?? "",
    /^Cannot load .*patterns.*The scan rules in force stay: .*\+two\.[0-9a-f]{12}$/s,
  );
  match(
    scene.notices[1] ?? "",
    /^Cannot load the rules "\/rules.json": there is no such file.*\+four\.[0-9a-f]{12}$/,
  );
});

Deno.test("openGatewayScanner() starts with its own rules where the bundle is bad", async () => {
  await using stack = new AsyncDisposableStack();
  const scene = await openScene(stack, "rules.json");
  await scene.write("rules.json", "[]");

  const scanner = await scene.open();

  strictEqual(scanner.rules.includes("+"), false);
  strictEqual(scene.notices.length, 1);
  await scene.until(() => scene.write("rules.json", bundle("mended")));
  match(scanner.rules, /\+mended\.[0-9a-f]{12}$/);
});
