import { match, ok, strictEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type ConfigService, openConfig } from "../../../lib/config/mod.ts";
import { type ErrorCode, GatewayError } from "../../../lib/contracts/mod.ts";
import type { Platform } from "../../../lib/platform/mod.ts";
import { deno } from "./service_fixture.ts";

export const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");

interface Scene extends AsyncDisposable {
  readonly directory: string;
  readonly path: string;
  readonly platform: Platform;
  /** Called once, when a new text is about to take the place of the old one. */
  beforeReplace: (() => Promise<unknown>) | undefined;
  /** Called at each read of the config. */
  onRead: (() => void) | undefined;
  write(text: string): Promise<void>;
  read(): Promise<string>;
  open(): Promise<ConfigService>;
}

export async function openScene(text: string): Promise<Scene> {
  const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "mp-revise-" }));
  const path = join(directory, "config.json");
  const scene: Scene = {
    directory,
    path,
    beforeReplace: undefined,
    onRead: undefined,
    platform: {
      ...deno,
      env: {},
      files: {
        ...deno.files,
        readText(target) {
          if (target === path) scene.onRead?.();
          return deno.files.readText(target);
        },
        async replaceText(target, change) {
          const act = scene.beforeReplace;
          scene.beforeReplace = undefined;
          await act?.();
          return await deno.files.replaceText(target, change);
        },
      },
    },
    write: (next) => Deno.writeTextFile(path, next),
    read: () => Deno.readTextFile(path),
    open: () => openConfig(scene.platform, { path }),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
  await scene.write(text);
  return scene;
}

export function hasCode(code: ErrorCode, says = /./) {
  return (error: unknown) => {
    ok(error instanceof GatewayError, String(error));
    strictEqual(error.code, code, error.message);
    match(error.message, says);
    return true;
  };
}

export const names = (config: ConfigService) => config.snapshot().config.mcpServers.map(({ name }) => name);
