import type { Management } from "../lib/contracts/mod.ts";
import { GatewayError, VERSION } from "../lib/contracts/quick.ts";
import { connectRemote, type Endpoint, toText } from "../lib/client/mod.ts";
import type { Platform } from "../lib/platform/mod.ts";
import type { App } from "./app_door.ts";
import { locatePlace } from "./place.ts";
import type { Globals } from "./session.ts";

/** What it takes to reach a daemon or to do without. */
export interface OpenOptions {
  readonly platform: Platform;
  readonly globals: Globals;
  readonly loadApp: () => Promise<App>;
}

/**
 * Opens the Management of the daemon, or one in this process if none runs.
 *
 * Asked in this order, each by a request: the endpoint a person named, the
 * socket, the listen address. What answers on TCP must use the same data
 * directory, since another gateway may have taken the port.
 *
 * @throws {GatewayError} MCPX_DAEMON_NOT_RUNNING — the HTTP endpoint a person named does not answer, or the socket
 * takes requests and does not answer them.
 */
export async function openManagement(options: OpenOptions): Promise<Management> {
  const { platform, globals } = options;
  const daemon = await openDaemon(platform, globals);
  if (daemon !== undefined) return daemon;
  const { openLocalManagement } = await options.loadApp();
  return await openLocalManagement({
    platform,
    version: VERSION,
    config: globals.config,
    dataDir: globals.dataDir,
    logLevel: globals.logLevel,
  });
}

/**
 * Opens the Management of the daemon; `undefined` if none runs.
 *
 * @throws {GatewayError} MCPX_DAEMON_NOT_RUNNING — the HTTP endpoint a person named does not answer.
 */
export async function openDaemon(platform: Platform, globals: Globals): Promise<Management | undefined> {
  const place = await locatePlace(platform, globals);
  for (const endpoint of place.endpoints) {
    const dataDir = place.isExplicit || endpoint.kind === "socket" ? undefined : place.dataDir;
    const remote = await tryEndpoint(platform, endpoint, dataDir);
    if (remote !== undefined) return remote;
  }
  if (place.isExplicit) throw noAnswer(place.endpoints);
  return undefined;
}

/** Finds the daemon that these options mean; `undefined` if none runs. */
export async function findDaemon(platform: Platform, globals: Globals): Promise<Endpoint | undefined> {
  const place = await locatePlace(platform, globals);
  for (const endpoint of place.endpoints) {
    const dataDir = place.isExplicit || endpoint.kind === "socket" ? undefined : place.dataDir;
    const remote = await tryEndpoint(platform, endpoint, dataDir);
    if (remote === undefined) continue;
    await remote[Symbol.asyncDispose]();
    return endpoint;
  }
  if (place.isExplicit) throw noAnswer(place.endpoints);
  return undefined;
}

/**
 * What is at the socket is the daemon of this data directory, also when it is
 * too busy to say so: doing without it would mean another config and other
 * servers. On TCP it may be anybody.
 *
 * @param dataDir Data directory the daemon must have; any if `undefined`.
 */
async function tryEndpoint(
  platform: Platform,
  endpoint: Endpoint,
  dataDir: string | undefined,
): Promise<Management | undefined> {
  const remote = connectRemote(platform, endpoint, { version: VERSION });
  const status = await remote.probe().catch(async (error) => {
    await remote[Symbol.asyncDispose]();
    if (endpoint.kind === "socket") throw error;
    return undefined;
  });
  if (status !== undefined && (dataDir === undefined || await isSame(platform, status.data_dir, dataDir))) {
    return remote;
  }
  await remote[Symbol.asyncDispose]();
}

async function isSame(platform: Platform, one: string, other: string): Promise<boolean> {
  if (one === other) return true;
  const real = (path: string) => platform.files.realPath(path).catch(() => path);
  return await real(one) === await real(other);
}

function noAnswer(endpoints: readonly Endpoint[]): GatewayError {
  const address = endpoints.map(toText).join(", ");
  return new GatewayError(
    "MCPX_DAEMON_NOT_RUNNING",
    `Cannot reach the daemon at "${address}": no answer, or the key is not valid there`,
    { remedy: "Correct MCPPROXY_TRAY_ENDPOINT and MCPPROXY_API_KEY, or unset MCPPROXY_TRAY_ENDPOINT" },
  );
}
