import { join } from "node:path";
import { type Gateway, openGateway } from "../../mod.ts";
import { type ScopedFleet, serveScopedFleet } from "../support/fixtures/scoped_fleet.ts";
import { openWorkspace, waitForStatus, type Workspace } from "../support/workspace.ts";

/** The servers of the scene. */
export const SERVERS = ["alpha", "beta", "gamma"];
/** Its profiles. */
export const PROFILES = [{ name: "ab", servers: ["alpha", "beta"] }, { name: "c", servers: ["gamma"] }];
/** All that a token may be permitted. */
export const PERMISSIONS = ["read", "write", "destructive"] as const;

/** A gateway that runs, and ways to use it with a token. */
export interface Scene extends AsyncDisposable {
  readonly fleet: ScopedFleet;
  readonly gateway: Gateway;
  readonly workspace: Workspace;
  readonly url: string;
  token(input?: Readonly<Record<string, unknown>>): Promise<string>;
  rest(path: string, token: string, body?: unknown): Promise<{ status: number; text: string }>;
}

/** Opens a gateway in front of a fleet of three. */
export async function openScene(config: Readonly<Record<string, unknown>> = {}): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const fleet = stack.use(serveScopedFleet());
  const workspace = stack.use(
    await openWorkspace({ mcpServers: SERVERS.map(fleet.entry), profiles: PROFILES, ...config }),
  );
  // A registry that is a file, and not there.
  const own = { id: "own", servers_url: join(workspace.directory, "registry.json") };
  await workspace.write({ ...JSON.parse(await workspace.read()), registries: [own] });
  const gateway = stack.use(await openGateway({ config: workspace.config, dataDir: workspace.dataDir }));
  for (const name of SERVERS) await waitForStatus(gateway, name, "ready");
  let count = 0;
  const owned = stack.move();
  const url = `http://${gateway.address}`;
  return {
    fleet,
    gateway,
    workspace,
    url,
    async token(input = {}) {
      const { token } = await gateway.management.request("tokens.create", { name: `t${count++}`, ...input });
      return token;
    },
    async rest(path, token, body) {
      const response = await fetch(url + path, {
        method: body === undefined ? "GET" : "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      return { status: response.status, text: await response.text() };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Names of servers in a text, whatever else it says. */
export function named(text: string): string[] {
  return SERVERS.filter((name) => text.includes(name));
}
