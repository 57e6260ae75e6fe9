/**
 * The programs a measurement is made of: Node with our own scripts, and the
 * daemon as a user runs it. Each ends with its owner.
 *
 * @module
 */

import { type Daemon, startDaemon } from "../support/daemon.ts";
import { openWorkspace, type Workspace } from "../support/workspace.ts";

/** Path of a script of this folder. */
export function script(name: string): string {
  return new URL(name, import.meta.url).pathname;
}

/** Command of the echo server over standard input and output. */
export const ECHO_STDIO: readonly string[] = ["node", script("echo_upstream.mjs"), "stdio"];

/** A program of this folder that serves MCP over HTTP. */
export interface BenchServer extends AsyncDisposable {
  readonly url: string;
}

/** Starts an echo server over HTTP. */
export function startEcho(era?: "modern"): Promise<BenchServer> {
  return startServer("node", [script("echo_upstream.mjs"), "http", ...era === undefined ? [] : [era]]);
}

/** Starts a bare relay in front of a URL or a command. */
export function startRelay(target: readonly string[]): Promise<BenchServer> {
  return startServer(Deno.execPath(), ["run", "--quiet", "-A", script("relay.ts"), ...target]);
}

/** Starts a program that prints its port and ends when its standard input closes. */
export async function startServer(command: string, args: readonly string[]): Promise<BenchServer> {
  const child = new Deno.Command(command, { args: [...args], stdin: "piped", stdout: "piped" }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value } = await reader.read();
  return {
    url: `http://127.0.0.1:${Number(value)}/mcp`,
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await reader.cancel();
      await child.status;
    },
  };
}

/** A daemon with the workspace it lives in. */
export interface BenchDaemon extends AsyncDisposable {
  readonly daemon: Daemon;
  readonly workspace: Workspace;
  /** From the start of the process until it listens. */
  readonly listeningMs: number;
  /** The same, until every server is ready. */
  readonly readyMs: number;
}

/** How a daemon is started for a measurement. */
export interface BenchDaemonOptions {
  readonly servers: readonly Readonly<Record<string, unknown>>[];
  /** Options of `deno run`, before the program. */
  readonly flags?: readonly string[];
}

/** Starts a daemon that lets loopback in without a key, and waits for its servers. */
export async function startBenchDaemon({ servers, flags = [] }: BenchDaemonOptions): Promise<BenchDaemon> {
  await using stack = new AsyncDisposableStack();
  const workspace = stack.use(
    await openWorkspace({
      require_mcp_auth: false,
      logging: { level: "warn" },
      mcpServers: servers,
    }),
  );
  const main = new URL("../../cli/main.ts", import.meta.url).pathname;
  const startedAt = performance.now();
  const daemon = stack.use(
    await startDaemon(workspace, [], { program: [Deno.execPath(), "run", "--quiet", "-A", ...flags, main] }),
  );
  const listeningMs = performance.now() - startedAt;
  if (servers.length > 0) await daemon.seen(new RegExp(`^\\[${servers.length}/${servers.length}\\] `, "m"));
  const readyMs = performance.now() - startedAt;
  if (/^\[\d+\/\d+\] ✗/m.test(daemon.stderr())) {
    throw new Error(`A server did not start:\n${daemon.stderr()}`);
  }
  const owned = stack.move();
  return { daemon, workspace, listeningMs, readyMs, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Target of the load client: where it calls, and what. */
export interface Target {
  readonly url?: string;
  readonly command?: readonly string[];
  /** Over HTTP; legacy when absent. */
  readonly era?: "modern";
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What the load client is to do with each target. */
export interface LoadPlan {
  readonly rounds: number;
  readonly calls: number;
  readonly concurrency: number;
  readonly warmup: number;
  readonly targets: Readonly<Record<string, Target>>;
}

/** One round of one target, as the load client prints it; times in milliseconds. */
export interface Round {
  readonly target: string;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly callsPerSecond: number;
  readonly errors: number;
  readonly firstError?: string;
}

/** Runs the load client over a plan. @throws {Error} If a call failed. */
export async function load(plan: LoadPlan): Promise<Round[]> {
  const { stdout, success } = await new Deno.Command("node", {
    args: [script("load.mjs"), JSON.stringify(plan)],
    stderr: "inherit",
  }).output();
  const lines = new TextDecoder().decode(stdout).trim().split("\n");
  if (!success) throw new Error("The load client failed");
  const rounds: Round[] = lines.map((line) => JSON.parse(line));
  const failed = rounds.find(({ errors }) => errors > 0);
  if (failed === undefined) return rounds;
  throw new Error(`${failed.errors} calls of "${failed.target}" failed: ${failed.firstError}`);
}

/** Middle value; of an even count the upper of the two in the middle. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
