import type { ServerView } from "../contracts/mod.ts";
import { CRASHED, listenCrashes } from "./crashes.ts";
import { type Gateway, openGateway } from "./gateway.ts";
import type { DaemonProgress, PlaceOptions } from "./options.ts";

/** How a daemon is to run. */
export interface DaemonOptions extends PlaceOptions {
  readonly report: (progress: DaemonProgress) => void;
  readonly logToConsole?: boolean;
}

/** Exit code when a second signal cut the shutdown short. */
const HURRIED = 1;

/**
 * Runs a gateway until SIGINT or SIGTERM, telling its progress.
 *
 * The first signal lets calls in flight finish and stops the servers; a second
 * one kills them. SIGHUP reads the config again. A failure that nobody has
 * taken ends it as a signal would, with the exit code 70.
 *
 * @returns The exit code.
 * @throws {GatewayError} If the gateway cannot be opened.
 */
export async function runDaemon(options: DaemonOptions): Promise<number> {
  const { report } = options;
  const notice = (text: string) => report({ kind: "notice", text });
  const gateway = await openGateway({ ...options, onNotice: notice });
  using crashes = listenCrashes();
  using signals = listenSignals(() => void gateway.reloadConfig().catch((error) => notice(error.message)));
  const { config_path: configPath, require_mcp_auth: requireMcpAuth, upstream_stats: stats } = await gateway
    .management
    .request("status.get", {});
  const { mcpUrl, socketPath, apiKeyFile } = gateway;
  report({
    kind: "listening",
    mcpUrl,
    socketPath,
    configPath,
    requireMcpAuth,
    apiKeyFile,
    servers: stats.total_servers,
  });
  const watching = watchServers(gateway, options);
  const end = await Promise.race([
    signals.first.then((signal) => ({ signal, code: 0 })),
    crashes.first.then((error) => ({ crash: error, code: CRASHED })),
  ]);
  watching[Symbol.dispose]();
  if ("signal" in end) report({ kind: "stopping", signal: end.signal });
  else {
    gateway.noteCrash(end.crash);
    report({ kind: "crashed", text: end.crash instanceof Error ? end.crash.message : String(end.crash) });
  }
  const closed = gateway[Symbol.asyncDispose]().then(() => end.code);
  const code = await Promise.race([closed, signals.second.then(() => HURRIED)]);
  if (code === HURRIED) options.platform.processes.killAll();
  report({ kind: "stopped" });
  return code;
}

/** Tells of each server as it settles for the first time, then of all of them together. */
function watchServers(gateway: Gateway, { platform, report }: DaemonOptions): Disposable {
  const startedAt = platform.clock.monotonic();
  const settled = new Set<string>();
  const waiting = new Set<string>();

  function take(server: ServerView): void {
    const { name } = server;
    if (settled.has(name)) return;
    if (!isSettled(server)) return void waiting.add(name);
    waiting.delete(name);
    settled.add(name);
    const total = settled.size + waiting.size;
    report(toProgress(server, platform.clock.monotonic() - startedAt, settled.size, total));
  }

  /** Only the one that has changed: with many servers the list of all takes longer than one of them. */
  async function look(name: string): Promise<void> {
    if (settled.has(name)) return;
    try {
      take(await gateway.management.request("servers.get", { name }));
    } catch {
      waiting.delete(name); // it is gone
    }
    await finish();
  }

  async function finish(): Promise<void> {
    if (waiting.size > 0 || !isListed) return;
    isListed = false;
    subscription[Symbol.dispose]();
    const { servers } = await gateway.management.request("servers.list", {});
    report({ kind: "settled", servers });
  }

  let isListed = false;
  const subscription = gateway.onServerChange((name) => void look(name));
  void gateway.management.request("servers.list", {}).then(({ servers }) => {
    // All of them first, so that the first line knows how many there are.
    for (const { name } of servers) if (!settled.has(name)) waiting.add(name);
    for (const server of servers) take(server);
    isListed = true;
    return finish();
  });
  return subscription;
}

function isSettled({ status, health }: ServerView): boolean {
  if (status === "ready" || status === "failed" || status === "backoff") return true;
  return status === "idle" && health.admin_state !== "enabled";
}

function toProgress(server: ServerView, tookMs: number, done: number, total: number): DaemonProgress {
  const { name, status: state, health, tool_count: toolCount } = server;
  return {
    kind: "server",
    name,
    state,
    summary: health.summary,
    detail: health.detail,
    toolCount,
    tookMs: Math.round(tookMs),
    done,
    total,
  };
}

function listenSignals(onHangUp: () => void) {
  const first = Promise.withResolvers<string>();
  const second = Promise.withResolvers<void>();
  let count = 0;
  const stopBy = (signal: string) => () => {
    count++;
    if (count === 1) first.resolve(signal);
    else second.resolve();
  };
  const handlers: [Deno.Signal, () => void][] = [["SIGINT", stopBy("SIGINT")]];
  // Windows knows SIGINT and SIGBREAK only.
  if (Deno.build.os === "windows") handlers.push(["SIGBREAK", stopBy("SIGBREAK")]);
  else handlers.push(["SIGTERM", stopBy("SIGTERM")], ["SIGHUP", onHangUp]);
  for (const [signal, handler] of handlers) Deno.addSignalListener(signal, handler);
  return {
    first: first.promise,
    second: second.promise,
    [Symbol.dispose]() {
      for (const [signal, handler] of handlers) Deno.removeSignalListener(signal, handler);
    },
  };
}
