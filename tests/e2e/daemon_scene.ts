import { ok, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import type { ServerView } from "../../mod.ts";
import { type CliResult, type Daemon, startDaemon } from "../support/daemon.ts";
import { openWorkspace, reference, type Workspace } from "../support/workspace.ts";

/** A daemon in front of the three reference servers. */
export async function openThree(): Promise<AsyncDisposable & { workspace: Workspace; daemon: Daemon }> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(await openWorkspace());
  await Deno.writeTextFile(join(workspace.directory, "notes.txt"), "a note\n");
  await workspace.write({
    listen: "127.0.0.1:0",
    mcpServers: [
      reference("everything"),
      reference("filesystem", { args: [workspace.directory] }),
      // Its file would otherwise lie beside the package.
      reference("memory", {
        entry: { env: { MEMORY_FILE_PATH: join(workspace.directory, "memory.jsonl") } },
      }),
    ],
  });
  const daemon = stack.use(await startDaemon(workspace));
  const owned = stack.move();
  return { workspace, daemon, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Demands that a command ended with 0. @returns Its result. */
export function succeeded(result: CliResult): CliResult {
  strictEqual(result.code, 0, `${result.stdout}\n${result.stderr}`);
  return result;
}

/** The servers of a daemon by their names. */
export async function servers(daemon: Daemon): Promise<Record<string, ServerView>> {
  const list = await daemon.json(["upstream", "list"]) as ServerView[]; // the contract type, as the help says
  return Object.fromEntries(list.map((server) => [server.name, server]));
}

/** A server of a daemon that must be there. */
export async function serverOf(daemon: Daemon, name: string): Promise<ServerView> {
  const found = (await servers(daemon))[name];
  ok(found, `no server ${name}`);
  return found;
}
