import { socketPathOf } from "../client/mod.ts";
import { type Caller, GatewayError, type Management, resolveFeatures, VERSION } from "../contracts/mod.ts";
import { createHttpApp } from "../http/mod.ts";
import { createAgentTools, mcpUrl } from "../management/mod.ts";
import { createMcpFace, isComplete } from "../mcp/mod.ts";
import { createReadiness } from "../observability/mod.ts";
import {
  type Clock,
  createDenoPlatform,
  type Listener,
  type RequestHandler,
  sleep,
} from "../platform/mod.ts";
import { type Core, openCore } from "./core.ts";
import { type CoreOptions, type Ground, openGround } from "./ground.ts";
import { listenSocket, listenTcp, parseListen } from "./listeners.ts";
import type { PlaceOptions } from "./options.ts";
import { openTraffic } from "./traffic.ts";
import { keyPath } from "./place.ts";

/** Calls in flight get this long to finish when the gateway stops. */
const DRAIN_MS = 10_000;
/** Then each is told that it was cut short; answers take a moment to go out. */
const LAST_WORDS_MS = 1_000;

/** A running gateway. */
export interface Gateway extends AsyncDisposable {
  /** URL of the MCP endpoint. */
  readonly mcpUrl: string;
  /** `host:port` in fact bound. */
  readonly address: string;
  readonly configPath: string;
  readonly dataDir: string;
  /** `undefined` if there is none. */
  readonly socketPath: string | undefined;
  readonly apiKey: string;
  /** File of the key; `undefined` if the config gives the key. */
  readonly apiKeyFile: string | undefined;
  readonly management: Management;
  /** Calls `listener` with the name of each server whose state has changed. */
  onServerChange(listener: (name: string) => void): Disposable;
  /** Puts a mistake of the program itself into the log; whoever tells of it ends the gateway. */
  noteCrash(error: unknown): void;
  /** Reads the config file again; an invalid one changes nothing and throws. */
  reloadConfig(): Promise<void>;
}

/** How {@link openGateway} is to work; every field has a default. */
export type GatewayOptions =
  & Partial<PlaceOptions>
  & { readonly logToConsole?: boolean; readonly onNotice?: (text: string) => void };

/**
 * Opens a gateway: reads the config, listens, and starts the servers.
 *
 * Resolves as soon as it listens; servers become ready one by one. Disposing
 * it lets calls in flight finish, then stops every server and leaves nothing.
 *
 * @example Embed a gateway in a program
 * ```ts
 * await using gateway = await openGateway({ config: "./config.json", dataDir: "./data", listen: "127.0.0.1:0" });
 * console.log(gateway.mcpUrl);
 * ```
 *
 * @throws {GatewayError} For a bad config, a port or data directory in use.
 */
export async function openGateway(options: GatewayOptions = {}): Promise<Gateway> {
  const platform = options.platform ?? createDenoPlatform();
  const stopping = new AbortController();
  const readiness = createReadiness();
  let phase = "starting";
  const bound: { address?: string } = {};
  const core: CoreOptions = {
    ...options,
    platform,
    version: options.version ?? VERSION,
    running: true,
    logToConsole: options.logToConsole ?? false,
    phase: () => phase,
    listenAddress: () => bound.address,
    onNotice: options.onNotice ?? (() => {}),
  };
  await using stack = new AsyncDisposableStack();
  const ground = await openGround(stack, core);
  const door = createDoor();
  // Listening comes before the servers, so that a port in use leaves nothing to clean up.
  const listening = readiness.task("listening");
  const listeners = await openListeners(stack, ground, core, door.handler);
  bound.address = listeners.address;
  listening.done();
  const servers = readiness.task("servers");
  const built = await openCore(stack, ground, core);
  const surface = createSurface(stack, {
    core,
    built,
    ground,
    readiness,
    stopping: stopping.signal,
    listen: listeners.address,
  });
  door.open(surface.handler);
  servers.done();
  readiness.watch("activity", () => /^(?:healthy|opening)$/.test(built.activity.health().level));
  readiness.watch("storage", () => built.storage.health().level === "healthy");
  phase = "running";
  built.system.started({
    version: core.version,
    listen_address: listeners.address,
    config_path: built.config.path,
  });
  const owned = stack.move();
  return {
    ...listeners,
    configPath: built.config.path,
    dataDir: built.dataDir,
    get apiKey() {
      return built.adminKey.text();
    },
    apiKeyFile: built.config.snapshot().config.api_key === undefined ? keyPath(built.dataDir) : undefined,
    management: built.management,
    onServerChange: (listener) => built.runtime.onState(listener),
    noteCrash(error) {
      ground.logs.logger("app").error("crashed", { cause: error });
    },
    async reloadConfig() {
      await built.config.reload();
    },
    async [Symbol.asyncDispose]() {
      const log = ground.logs.logger("app");
      const enter = (next: string) => {
        phase = next;
        log.info("stopping", { phase });
      };
      enter("draining");
      const reason = new GatewayError("MCPX_SHUTTING_DOWN", "Cannot go on: mcpproxy is shutting down");
      stopping.abort(reason);
      const drained = Promise.all(listeners.all.map((listener) => listener.shutdown()));
      if (!await settles(platform.clock, drained, DRAIN_MS)) {
        enter("cancelling");
        surface.endCalls(reason);
        await settles(platform.clock, drained, LAST_WORDS_MS);
      }
      enter("stopping servers");
      await owned.disposeAsync();
    },
  };
}

/** Answers that the gateway is starting until it is opened. */
function createDoor() {
  let current: RequestHandler | undefined;
  const handler: RequestHandler = (request, peer) =>
    current?.(request, peer) ??
      new Response(JSON.stringify({ ready: false, error: "mcpproxy is starting" }), {
        status: 503,
        headers: { "content-type": "application/json", "retry-after": "1" },
      });
  return {
    handler,
    open(next: RequestHandler) {
      current = next;
    },
  };
}

async function openListeners(
  stack: AsyncDisposableStack,
  ground: Ground,
  options: CoreOptions,
  handler: RequestHandler,
) {
  const { platform, onNotice } = options;
  const { config } = ground.config.snapshot();
  const log = ground.logs.logger("http");
  const onLost = (error: unknown) => {
    const cause = error instanceof Error ? error.message : String(error);
    log.error("all connections dropped: the system let the listener down; it opens again", { cause });
  };
  const tcp = own(stack, await listenTcp(platform, config.listen, handler, onLost));
  const path = socketPathOf(ground.dataDir, config.tray_endpoint);
  const socket = await listenSocket(platform, path, { config, handler, onLost, onNotice });
  if (socket !== undefined) own(stack, socket);
  const { hostname, port } = tcp.address.kind === "tcp" ? tcp.address : parseListen(config.listen);
  const address = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${port}`;
  return {
    address,
    mcpUrl: mcpUrl(address),
    socketPath: socket === undefined ? undefined : path,
    all: socket === undefined ? [tcp] : [tcp, socket],
  };
}

/** Shuts a listener down when the stack is disposed, unless it was drained before. */
function own(stack: AsyncDisposableStack, listener: Listener): Listener {
  stack.defer(() => {
    void listener.shutdown().catch(() => {}); // a listener that was shut down before says so by an error
  });
  return listener;
}

/** Waits for a promise, but not for ever; tells whether it was in time. */
async function settles(clock: Clock, promise: Promise<unknown>, withinMs: number): Promise<boolean> {
  const done = new AbortController();
  const late = sleep(clock, withinMs, done.signal).then(() => false, () => true);
  const isInTime = await Promise.race([promise.then(() => true), late]);
  done.abort();
  return isInTime;
}

interface SurfaceParts {
  readonly core: CoreOptions;
  readonly built: Core;
  readonly ground: Ground;
  readonly readiness: ReturnType<typeof createReadiness>;
  readonly stopping: AbortSignal;
  readonly listen: string;
}

function createSurface(
  stack: AsyncDisposableStack,
  { core, built, ground, readiness, stopping, listen }: SurfaceParts,
): { readonly handler: RequestHandler; readonly endCalls: (error: GatewayError) => void } {
  const { platform, version } = core;
  const config = () => built.config.snapshot().config;
  const mcp = stack.use(createMcpFace({
    platform,
    calls: built.calls,
    relay: built.relay,
    agentTools: createAgentTools({ management: built.management, config }),
    config,
    version,
    activeProfile: () => built.activeProfile.get(),
    log: ground.logs.logger("mcp"),
    stopping,
  }));
  built.mcpSessions.serve(mcp);
  stack.use(built.activeProfile.onChange(() => mcp.profileChanged()));
  stack.use(built.config.onChange(() => mcp.configChanged()));
  const { hostname } = parseListen(listen);
  const handler = createHttpApp({
    platform,
    management: built.management,
    config,
    apiKey: built.adminKey.text,
    keyEnded: built.adminKey.ended,
    identify: (token) => built.tokens.identify(token),
    signIn: built.signIn,
    isComplete,
    traffic: openTraffic(stack, built, platform.clock),
    mcpFigures: () => mcp,
    listenHost: () => hostname,
    mcp: (request: Request, caller: Caller, requestId: string) => mcp.handle(request, caller, requestId),
    readiness,
    stopping,
    log: ground.logs.logger("http"),
    accessLog: ground.logs.accessLog,
    features: resolveFeatures(config()),
    // Loaded with the first page, so that a gateway without one does without it.
    assets: async () => (await import("./ui_assets.ts")).UI_ASSETS,
    bus: built.bus,
  });
  return { handler, endCalls: (error) => mcp.endCalls(error) };
}
