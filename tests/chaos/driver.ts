/**
 * Drives a daemon over REST and looks at what it has left on the disk.
 *
 * @module
 */

import { join } from "node:path";
import { parseConfig } from "../../lib/config/mod.ts";
import { type Daemon, startDaemon } from "../support/daemon.ts";
import type { Workspace } from "../support/workspace.ts";
import type { Plan } from "./daemon.ts";
import type { Change, Entry, Ledger } from "./ledger.ts";
import type { Chance } from "./random.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Comment of the config that no edit may cost. */
export const COMMENT = "// Written by hand.";

/** Starts the daemon of this folder, with the blow it is to meet. */
export function startVictim(
  workspace: Workspace,
  { plan, trace }: { readonly plan?: Plan; readonly trace?: string } = {},
): Promise<Daemon> {
  const env = {
    ...(plan === undefined ? {} : { MCPPROXY_CHAOS: JSON.stringify(plan) }),
    ...(trace === undefined ? {} : { MCPPROXY_CHAOS_TRACE: trace }),
  };
  const program = [Deno.execPath(), "run", "--quiet", "-A", join(ROOT, "tests/chaos/daemon.ts")];
  return startDaemon(workspace, ["--log-level", "debug"], { program, env });
}

/** Where a daemon is reached. */
export type Target = Pick<Daemon, "url" | "apiKey">;

/** Asks a daemon for a change and notes what comes of it; `undefined` if it died over it. */
export async function make(daemon: Target, ledger: Ledger, change: Change): Promise<Response | undefined> {
  ledger.ask(change);
  let response: Response;
  try {
    response = await send(daemon, change);
    await response.clone().body?.pipeTo(new WritableStream()); // the end of an answer can be missing
  } catch {
    return undefined;
  }
  if (response.ok) ledger.acknowledge(change);
  else ledger.refuse(change);
  return response;
}

function send({ url, apiKey }: Target, { name, verb, word }: Change): Promise<Response> {
  const base = `${url}/api/v1/servers`;
  const headers = { "x-api-key": apiKey, "content-type": "application/json" };
  const post = (path: string, method: string, body?: unknown) =>
    fetch(base + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  switch (verb) {
    case "add":
      return post("", "POST", { name, command: "true", args: [word] });
    case "patch":
      return post(`/${name}`, "PATCH", { args: [word] });
    case "remove":
      return post(`/${name}`, "DELETE");
    case "enable":
    case "disable":
      return post(`/${name}/${verb}`, "POST");
  }
}

/** Picks a change that makes sense for a name. */
export function pickChange(chance: Chance, ledger: Ledger, name: string): Change {
  const word = `word ${chance.below(1_000_000)}`;
  if (ledger.get(name) === undefined) return { name, verb: "add", word };
  return { name, verb: chance.pick(["patch", "patch", "enable", "disable", "remove"] as const), word };
}

/** Reads the servers that the config file names; throws if it is not valid. */
export async function readServers(workspace: Workspace): Promise<Map<string, Entry>> {
  const text = await workspace.read();
  if (!text.includes(COMMENT)) throw new Error(`The comment is gone from the config:\n${text}`);
  const { config } = parseConfig(text, workspace.config);
  return new Map(
    config.mcpServers.map(({ name, enabled, args }) => [name, { enabled, word: args?.[0] ?? "" }]),
  );
}

/** The servers as the daemon sees them. */
export async function listServers({ url, apiKey }: Target): Promise<Map<string, boolean>> {
  const response = await fetch(`${url}/api/v1/servers`, { headers: { "x-api-key": apiKey } });
  const { data } = await response.json();
  const servers: readonly { readonly name: string; readonly enabled: boolean }[] = data.servers;
  return new Map(servers.map(({ name, enabled }) => [name, enabled]));
}

/** Files that only a writer at work may have; that of the records is made while the daemon is already up. */
export function findLeftovers({ directory, dataDir }: Workspace): string[] {
  return [directory, dataDir]
    .flatMap((place) => [...Deno.readDirSync(place)].map(({ name }) => name))
    .filter((name) => /\.tmp\.|\.new(?:-|$)|^\.probe|\.corrupt-/.test(name))
    .filter((name) => !name.startsWith("activity.kv.new"));
}
