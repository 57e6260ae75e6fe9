import { join } from "node:path";
import type { Config, ServerConfig } from "../contracts/mod.ts";
import type { Platform } from "../platform/mod.ts";
import { type Capabilities, probeCapabilities } from "./capabilities.ts";
import { confineByBubblewrap, confineByDocker, type Confined, unavailable } from "./confine.ts";
import { type ContainersOptions, sweepContainers, watchContainer } from "./containers.ts";
import { isolationModeOf } from "./mode.ts";
import { type Newcomer, settleNewcomer } from "./newcomer.ts";

/** What is to be started. */
export interface StartRequest {
  readonly server: ServerConfig;
  readonly config: Config;
  /** Environment of a server that is not confined. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its `working_dir` as an absolute path; `undefined` if it names none. */
  readonly directory: string | undefined;
}

/** How a server is started confined. */
export interface ConfinedStart extends Confined {
  readonly kind: "docker" | "bubblewrap";
  /** The program has answered: what it needed for its start may go. */
  started(): Promise<void>;
  /** Its process has ended, or never came: nothing of it is left then. */
  ended(): Promise<void>;
}

/** Confines servers on this machine. */
export interface Isolation {
  /** What the machine can do; asked anew after half a minute. */
  capabilities(): Promise<Capabilities>;
  /**
   * Prepares a start.
   *
   * @returns `undefined` if the server is not to be confined.
   * @throws {GatewayError} MCPX_ISOLATION_UNAVAILABLE, MCPX_ISOLATION_REFUSED; it must not be started then.
   */
  prepare(request: StartRequest): Promise<ConfinedStart | undefined>;
  /** Decides how a server from an import or a registry is to run. */
  settle(server: ServerConfig, config: Config): Promise<Newcomer>;
  /** Removes what an earlier gateway left behind; names of containers. */
  sweep(): Promise<readonly string[]>;
}

/** Where the gateway keeps what no server may reach. */
export interface IsolationOptions {
  readonly platform: Platform;
  readonly dataDir: string;
  /** Directory of the config file. */
  readonly configDirectory: string;
}

/** A machine does not change its abilities often, but an engine may be started any time. */
const FRESH_MS = 30_000;

/** Creates the confinement of one gateway. */
export function createIsolation(options: IsolationOptions): Isolation {
  const { platform, dataDir, configDirectory } = options;
  const paths = { home: platform.machine.home, own: [dataDir, configDirectory] };
  let known: { readonly at: number; readonly able: Promise<Capabilities> } | undefined;

  function capabilities(): Promise<Capabilities> {
    const now = platform.clock.monotonic();
    if (known === undefined || now - known.at > FRESH_MS) {
      known = { at: now, able: probeCapabilities(platform) };
    }
    return known.able;
  }

  async function choose({ server, config }: StartRequest): Promise<"none" | "docker" | "bubblewrap"> {
    const mode = isolationModeOf(server, config);
    if (mode === "none") return mode;
    const able = await capabilities();
    const chosen = mode === "auto" ? able.auto : mode;
    if (chosen !== undefined && able[chosen].usable) return chosen;
    known = undefined; // an engine that is started now is seen at the next attempt
    throw unavailable(server, mode, able);
  }

  async function containers(): Promise<ContainersOptions> {
    return { platform, directory: join(dataDir, "containers"), instance: await toInstance(dataDir) };
  }

  async function startContainer(request: StartRequest): Promise<ConfinedStart> {
    const place = await containers();
    await platform.files.makeDirectory(place.directory, 0o700);
    const name = toName(request.server.name, platform);
    const envFile = join(place.directory, `${name}.env`);
    const container = { name, instance: place.instance, envFile };
    const confined = await confineByDocker({ ...request, platform, paths }, container);
    const watch = await watchContainer(place, name);
    const started = async () => void await platform.files.remove(envFile);
    const ended = async () => void await Promise.all([started(), watch.end()]);
    return { ...confined, kind: "docker", started, ended };
  }

  async function startInBubble(request: StartRequest): Promise<ConfinedStart> {
    const confined = await confineByBubblewrap({ ...request, platform, paths });
    const nothing = () => Promise.resolve();
    return { ...confined, kind: "bubblewrap", started: nothing, ended: nothing };
  }

  return {
    capabilities,
    async prepare(request) {
      const kind = await choose(request);
      if (kind === "none") return undefined;
      return kind === "docker" ? await startContainer(request) : await startInBubble(request);
    },
    settle: async (server, config) =>
      await settleNewcomer(server, { platform, able: await capabilities(), config, paths }),
    sweep: async () => await sweepContainers(await containers()),
  };
}

/** The same for every gateway with this data directory, and for no other. */
async function toInstance(dataDir: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(dataDir));
  return new Uint8Array(hash).toHex().slice(0, 16);
}

/** Engines take letters, digits, `_`, `.` and `-`. */
function toName(server: string, { random }: Platform): string {
  return `mcpproxy-${server.toLowerCase()}-${random.uuid().slice(0, 8)}`;
}
