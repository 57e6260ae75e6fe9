import { join } from "node:path";
import { GatewayError } from "../lib/contracts/quick.ts";
import { type Endpoint, endpointOfListen, parseEndpoint, socketPathOf } from "../lib/client/mod.ts";
import { locateConfig, readGatewayKeys, resolveDataDir, type TopLevelTexts } from "../lib/config/quick.ts";
import type { Platform } from "../lib/platform/mod.ts";
import type { Globals } from "./session.ts";

/** Where this program, run with these options, expects its daemon. */
export interface Place {
  readonly dataDir: string;
  /** Endpoints to ask, in this order. */
  readonly endpoints: readonly Endpoint[];
  /** Whether a person named a URL, so that no other gateway may answer instead. */
  readonly isExplicit: boolean;
}

/**
 * Finds out where the daemon should answer.
 *
 * A config that cannot be read counts as empty here: the daemon may still run
 * on its last good one, and the one who opens the config says what is wrong.
 *
 * @throws {GatewayError} MCPX_USAGE — `MCPPROXY_TRAY_ENDPOINT` is no address.
 */
export async function locatePlace(platform: Platform, globals: Globals): Promise<Place> {
  const { env, machine } = platform;
  const { dataDir: flag } = globals;
  const configPath = locateConfig({
    flag: globals.config,
    dataDir: flag,
    env,
    home: machine.home,
    cwd: machine.cwd,
  });
  const config = await readLoosely(platform, configPath);
  const dataDir = resolveDataDir({ flag, env, config, configPath, home: machine.home });
  const apiKey = env.MCPPROXY_API_KEY || config?.api_key || await readKey(platform, dataDir);
  return { dataDir, ...chooseEndpoints({ env, config, dataDir, apiKey }) };
}

/** Reads the key that a daemon made for itself when the config gave none. */
async function readKey(platform: Platform, dataDir: string): Promise<string | undefined> {
  const text = await platform.files.readText(join(dataDir, "api_key")).catch(() => undefined);
  return text?.trim() || undefined;
}

async function readLoosely(platform: Platform, path: string): Promise<TopLevelTexts | undefined> {
  try {
    const text = await platform.files.readText(path);
    return text === undefined ? undefined : await readGatewayKeys(text, platform.env, path);
  } catch {
    return undefined;
  }
}

/** What the choice of endpoints depends on. */
export interface EndpointFacts {
  readonly env: Readonly<Record<string, string>>;
  readonly config: Pick<TopLevelTexts, "listen" | "tray_endpoint"> | undefined;
  readonly dataDir: string;
  readonly apiKey: string | undefined;
}

/** Decides which endpoints to ask: a named one, the socket, the listen address; a named URL alone. */
export function chooseEndpoints(
  { env, config, dataDir, apiKey }: EndpointFacts,
): Pick<Place, "endpoints" | "isExplicit"> {
  const named = parseNamed(env.MCPPROXY_TRAY_ENDPOINT || config?.tray_endpoint, apiKey);
  if (named?.kind === "tcp") return { endpoints: [named], isExplicit: true };
  const socket: Endpoint = { kind: "socket", path: socketPathOf(dataDir) };
  const tcp = endpointOfListen(env.MCPPROXY_LISTEN || config?.listen || "127.0.0.1:8080", apiKey);
  // Without a key a daemon on TCP would only refuse.
  const candidates = [named, socket, apiKey === undefined ? undefined : tcp];
  const endpoints = candidates.filter((endpoint) => endpoint !== undefined);
  return { endpoints, isExplicit: false };
}

function parseNamed(text: string | undefined, apiKey: string | undefined): Endpoint | undefined {
  if (text === undefined || text === "") return undefined;
  const endpoint = parseEndpoint(text, apiKey);
  if (endpoint !== undefined) return endpoint;
  throw new GatewayError(
    "MCPX_USAGE",
    `Cannot use endpoint "${text}": it is no address of a daemon, wanted unix:///path or http://host:port`,
    { remedy: 'Correct MCPPROXY_TRAY_ENDPOINT, or "tray_endpoint" in the config' },
  );
}
