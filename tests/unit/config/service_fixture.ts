import { match, ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { openConfig, type OpenConfigOptions } from "../../../lib/config/mod.ts";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { createDenoPlatform, type Files, type Platform } from "../../../lib/platform/mod.ts";

export const deno = createDenoPlatform();

interface Scene extends AsyncDisposable {
  readonly directory: string;
  readonly path: string;
  readonly stderr: string[];
  write(text: string): Promise<void>;
  read(): Promise<string>;
  open(options?: Partial<OpenConfigOptions>): ReturnType<typeof openConfig>;
}

export async function openScene(
  text?: string,
  platform: { readonly env?: Record<string, string>; readonly files?: Partial<Files> } = {},
): Promise<Scene> {
  const directory = await Deno.realPath(await Deno.makeTempDir({ prefix: "mp-config-" }));
  const path = join(directory, "config.json");
  const stderr: string[] = [];
  const used: Platform = {
    ...deno,
    env: platform.env ?? {},
    files: { ...deno.files, ...platform.files },
    stderr: { write: (line) => void stderr.push(line) },
  };
  const scene: Scene = {
    directory,
    path,
    stderr,
    write: (next) => Deno.writeTextFile(path, next),
    read: () => Deno.readTextFile(path),
    open: (options) => openConfig(used, { path, ...options }),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
  if (text !== undefined) await scene.write(text);
  return scene;
}

export const isCode = (code: string, says = /./) => (error: unknown) => {
  ok(error instanceof GatewayError, String(error));
  strictEqual(error.code, code);
  match(error.message, says);
  ok(error.remedy.length > 0);
  return true;
};

export const mode = async (path: string) => ((await Deno.stat(path)).mode ?? 0) & 0o777;
export const ONE = '{\n  // mine\n  "mcpServers": [\n    { "name": "a", "command": "x" }\n  ]\n}\n';
export const add = (name: string) => ({ kind: "server.add", server: { name, command: "x" } } as const);
