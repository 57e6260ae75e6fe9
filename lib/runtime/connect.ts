import { isAbsolute, resolve } from "node:path";
import {
  type ClientPeer,
  type Config,
  type Era,
  type PeerMessage,
  type ServerConfig,
  toMs,
  type ToolDefinition,
  wireOf,
} from "../contracts/mod.ts";
import type { Isolation } from "../isolation/mod.ts";
import type { ServerLog } from "../observability/mod.ts";
import { openDeadline, type Platform } from "../platform/mod.ts";
import { type Redactor, resolveServerSecrets, type SecretSources } from "../secrets/mod.ts";
import {
  classifyFailure,
  createStdioEnvironment,
  openUpstream,
  type UpstreamConnection,
  type UpstreamOptions,
} from "../upstream/mod.ts";
import { openConfined } from "./confined.ts";
import type { PackageGate } from "./package_gate.ts";
import { withoutInstallScripts } from "../packages/mod.ts";

/** What one attempt to connect needs. */
export interface ConnectOptions {
  readonly platform: Platform;
  readonly server: ServerConfig;
  readonly config: Config;
  /** Directory that relative working directories start from. */
  readonly baseDirectory: string;
  readonly version: string;
  readonly redactor: Redactor;
  /** Confines servers; where it is absent, one that is to be confined is not started. */
  readonly isolation?: Isolation;
  /** Gives the secrets that are kept by name. */
  readonly keyring?: SecretSources["keyring"];
  /** Decides which packages may be started from; all may where it is absent. */
  readonly packages?: PackageGate;
  /** Somebody wants to look at the server, and nothing of it is let in. */
  readonly isLook?: boolean;
  readonly log: ServerLog;
  readonly signal: AbortSignal;
  readonly onNotification: (message: PeerMessage) => void;
  /** The client whose own connection it is to be; all clients share it when absent. */
  readonly peer?: ClientPeer;
  /** The era the server spoke the last time. */
  readonly lastEra?: Era;
  readonly onClosed: (failure: Error) => void;
  /** Times between the steps of a stop; those of a daemon when absent. */
  readonly stopGraceMs?: UpstreamOptions["stopGraceMs"];
}

/**
 * What a shared server is told that its clients can do: all that is passed on.
 * A request that the client in question cannot answer is refused then.
 */
const SHARED_CAPABILITIES = {
  sampling: {},
  elicitation: { form: {}, url: {} },
  roots: { listChanged: true },
};

/** An open connection and the tools it listed. */
export interface Connected {
  readonly connection: UpstreamConnection;
  readonly tools: readonly ToolDefinition[];
}

/** Makes one connection; rejects with what {@link connectServer} throws. */
export type Connect = (options: ConnectOptions) => Promise<Connected>;

/**
 * Resolves secrets, connects and lists the tools, all within `init_timeout`.
 *
 * @throws {GatewayError} Classified; nothing of the attempt is left behind.
 */
export async function connectServer(options: ConnectOptions): Promise<Connected> {
  const { platform, config, signal, log } = options;
  const timeoutMs = toMs(options.server.init_timeout ?? config.init_timeout) || toMs("30s");
  const { server: resolved, secrets } = await resolveServerSecrets(options.server, {
    env: platform.env,
    files: platform.files,
    home: platform.machine.home,
    keyring: options.keyring,
  });
  for (const secret of secrets) options.redactor.add(secret);
  const cwd = workingDirectory(resolved, options.baseDirectory);
  const server = await settlePackages(resolved, cwd, options);
  const environment = createStdioEnvironment(platform.env, config, server);
  const directory = server.working_dir === undefined ? undefined : cwd;
  const connection = await openConfined(
    options.isolation,
    { server, config, environment, directory },
    async (start) =>
      await openUpstream({
        platform,
        server: start === undefined ? server : { ...server, command: start.command, args: [...start.args] },
        environment: start?.environment ?? environment,
        cwd: start === undefined ? cwd : "/",
        signal,
        timeoutMs,
        clientInfo: { name: "mcpproxy", version: options.version },
        clientCapabilities: options.peer?.capabilities ?? SHARED_CAPABILITIES,
        peer: options.peer,
        lastEra: options.lastEra,
        onNotification: options.onNotification,
        onStderr: (line) => log.write("info", line),
        onClosed: options.onClosed,
        stopGraceMs: options.stopGraceMs,
      }),
  );
  using deadline = openDeadline(platform.clock, timeoutMs, {
    parent: signal,
    onExpired: () => new DOMException("The first tool list took too long", "TimeoutError"),
  });
  try {
    return { connection, tools: await connection.listTools(deadline.signal) };
  } catch (error) {
    await connection.close();
    throw classifyFailure(server, error, "connect");
  }
}

/** Makes sure of the packages that the server is fetched from, if it is. */
async function settlePackages(
  server: ServerConfig,
  cwd: string | undefined,
  { platform, config, packages, signal, isLook = false }: ConnectOptions,
): Promise<ServerConfig> {
  const isBare = server.ignore_install_scripts ?? config.ignore_install_scripts;
  const entry = isBare ? withoutInstallScripts(server) : server;
  const environment = createStdioEnvironment(platform.env, config, entry);
  return await packages?.settle({ server: entry, environment, cwd, signal, isLook }) ?? entry;
}

function workingDirectory(server: ServerConfig, base: string): string | undefined {
  if (wireOf(server) !== "stdio") return undefined;
  if (server.working_dir === undefined) return base;
  return isAbsolute(server.working_dir) ? server.working_dir : resolve(base, server.working_dir);
}
