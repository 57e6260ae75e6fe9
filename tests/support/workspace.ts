/**
 * A place for one test: a private directory with a config, and the real
 * reference servers from npm to put into it.
 *
 * @module
 */

import { join } from "node:path";
import { type Gateway, openGateway } from "../../mod.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** A config and a data directory, removed when disposed. */
export interface Workspace extends AsyncDisposable {
  readonly directory: string;
  readonly config: string;
  readonly dataDir: string;
  write(config: unknown): Promise<void>;
  read(): Promise<string>;
}

/** Makes a workspace with the given config; `listen` is a free port unless it says otherwise. */
export async function openWorkspace(config: Readonly<Record<string, unknown>> = {}): Promise<Workspace> {
  // Short, because the path of a unix socket may have about 100 bytes only.
  const directory = await Deno.makeTempDir({ prefix: "mp-" });
  const path = join(directory, "config.json");
  const workspace: Workspace = {
    directory,
    config: path,
    dataDir: join(directory, "data"),
    async write(value) {
      await Deno.writeTextFile(path, typeof value === "string" ? value : JSON.stringify(value, null, 2), {
        mode: 0o600,
      });
    },
    read: () => Deno.readTextFile(path),
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
  await workspace.write({ listen: "127.0.0.1:0", ...config });
  return workspace;
}

let scratch: string | undefined;

/** A folder for what servers write, gone when the tests of this file end. */
function scratchFile(): string {
  if (scratch === undefined) {
    const made = Deno.makeTempDirSync({ prefix: "mp-scratch-" });
    globalThis.addEventListener("unload", () => Deno.removeSync(made, { recursive: true }));
    scratch = made;
  }
  return join(scratch, `${crypto.randomUUID()}.jsonl`);
}

/** Entry for a reference server as installed in this checkout, started without npx. */
export function reference(
  name: "everything" | "filesystem" | "memory",
  options: { readonly args?: readonly string[]; readonly entry?: Readonly<Record<string, unknown>> } = {},
): Record<string, unknown> {
  const script = join(ROOT, "node_modules", "@modelcontextprotocol", `server-${name}`, "dist", "index.js");
  return {
    name,
    command: "node",
    args: [script, ...(options.args ?? [])],
    quarantined: false,
    // Its file would otherwise lie beside the package.
    ...(name === "memory" ? { env: { MEMORY_FILE_PATH: scratchFile() } } : {}),
    ...options.entry,
  };
}

/** Opens a gateway on a workspace. */
export function openTestGateway(workspace: Workspace): Promise<Gateway> {
  return openGateway({ config: workspace.config, dataDir: workspace.dataDir });
}

/** Resolves once a server has the wanted status; rejects after 20 s with what it has instead. */
export async function waitForStatus(gateway: Gateway, name: string, ...wanted: string[]): Promise<void> {
  const reached = Promise.withResolvers<void>();
  let last = "";
  async function look(): Promise<void> {
    const { servers } = await gateway.management.request("servers.list", {});
    const server = servers.find((one) => one.name === name);
    last = server === undefined ? "absent" : `${server.status}: ${server.last_error ?? ""}`;
    if (wanted.includes(server?.status ?? "absent")) reached.resolve();
  }
  using _watch = gateway.onServerChange(() => void look());
  // A guard against a hang, not a wait: the event ends it as soon as it comes.
  const guard = setTimeout(
    () => reached.reject(new Error(`${name} is ${last}, wanted ${wanted.join(" or ")}`)),
    60_000,
  );
  try {
    await look();
    await reached.promise;
  } finally {
    clearTimeout(guard);
  }
}
