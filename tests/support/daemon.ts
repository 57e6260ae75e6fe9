/**
 * The program as a user runs it: the command line and the daemon as processes
 * of their own, with their own home directory.
 *
 * @module
 */

import { join } from "node:path";
import type { Workspace } from "./workspace.ts";

const ROOT = new URL("../../", import.meta.url).pathname;

/** Longest wait for a line or an end; a guard against a hang, not a pace. */
const GUARD_MS = 60_000;

/** How a command ended. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is to run; everything has a default. */
export interface CliOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Program and first arguments in place of the checkout's `cli/main.ts`. */
  readonly program?: readonly string[];
  readonly cwd?: string;
  /** Give neither `--config` nor `--data-dir`, so that the program finds its files itself. */
  readonly bare?: boolean;
}

/** A started program whose output is read as it comes. */
export interface RunningProgram extends AsyncDisposable {
  readonly pid: number;
  /** What it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves to the first match in either stream; rejects when the program ends without one. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
  /** Sends a signal and waits for the end. */
  stop(signal?: Deno.Signal): Promise<CliResult>;
  readonly ended: Promise<CliResult>;
}

/** A daemon that listens. */
export interface Daemon extends RunningProgram {
  readonly mcpUrl: string;
  /** `http://host:port`. */
  readonly url: string;
  readonly socketPath: string;
  /** Runs a command against this daemon. */
  cli(args: readonly string[], options?: CliOptions): Promise<CliResult>;
  /** Runs a command that must succeed and print JSON. */
  json(args: readonly string[], options?: CliOptions): Promise<unknown>;
  readonly apiKey: string;
}

/** Starts a command in a workspace. */
export function startCli(
  workspace: Workspace,
  args: readonly string[],
  options: CliOptions = {},
): RunningProgram {
  const [command = Deno.execPath(), ...first] = options.program ??
    [Deno.execPath(), "run", "--quiet", "-A", join(ROOT, "cli/main.ts")];
  const place = options.bare === true ? [] : ["--config", workspace.config, "--data-dir", workspace.dataDir];
  const child = new Deno.Command(command, {
    args: [...first, ...place, ...args],
    cwd: options.cwd ?? workspace.directory,
    clearEnv: true,
    env: { ...environment(workspace), ...options.env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return watch(child, options.stdin ?? "");
}

/** Runs a command in a workspace to its end. */
export async function runCli(
  workspace: Workspace,
  args: readonly string[],
  options: CliOptions = {},
): Promise<CliResult> {
  await using program = startCli(workspace, args, options);
  return await program.ended;
}

/** Starts a daemon and waits until it listens. */
export async function startDaemon(
  workspace: Workspace,
  args: readonly string[] = [],
  options: CliOptions = {},
): Promise<Daemon> {
  const program = startCli(workspace, ["serve", ...args], options);
  try {
    const [, mcpUrl = ""] = await program.seen(/^MCP\s+(http:\S+)$/m);
    const cli = (words: readonly string[], more: CliOptions = {}) =>
      runCli(workspace, words, { ...options, ...more });
    return {
      ...program,
      mcpUrl,
      url: new URL(mcpUrl).origin,
      socketPath: join(workspace.dataDir, "mcpproxy.sock"),
      apiKey: await readKey(workspace),
      cli,
      async json(words, more) {
        const { code, stdout, stderr } = await cli(["-o", "json", ...words], more);
        if (code !== 0) {
          throw new Error(`Cannot run "${words.join(" ")}": exit code ${code}\n${stdout}${stderr}`);
        }
        return JSON.parse(stdout);
      },
    };
  } catch (error) {
    await program[Symbol.asyncDispose]();
    throw error;
  }
}

async function readKey(workspace: Workspace): Promise<string> {
  return (await Deno.readTextFile(join(workspace.dataDir, "api_key")).catch(() => "")).trim();
}

/**
 * Nothing of the caller's environment but what it takes to run. The home
 * directory is the workspace's own and marks every process started from there.
 */
function environment(workspace: Workspace): Record<string, string> {
  const { HOME = "/", PATH = "", DENO_DIR = join(HOME, ".cache/deno") } = Deno.env.toObject();
  return { PATH, HOME: workspace.directory, DENO_DIR, NO_COLOR: "1" };
}

/**
 * What of {@link running} is left when everything should be over. A killed
 * process may show for a moment longer, so a few looks are taken.
 */
export async function survivors(workspace: Workspace): Promise<number[]> {
  let found = await running(workspace);
  for (let look = 0; look < 20 && found.length > 0; look++) found = await running(workspace);
  return found;
}

/** Process ids of everything that was started from a workspace and lives. */
export async function running(workspace: Workspace): Promise<number[]> {
  const mark = `HOME=${workspace.directory}`;
  const found: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // A process may end, or belong to somebody else, between listing and reading.
    const variables = await Deno.readTextFile(`/proc/${name}/environ`).catch(() => "");
    if (variables.split("\0").includes(mark)) found.push(Number(name));
  }
  return found;
}

function watch(child: Deno.ChildProcess, stdin: string): RunningProgram {
  const texts = { stdout: "", stderr: "" };
  const watchers = new Set<() => void>();
  const changed = () => [...watchers].forEach((watcher) => watcher());

  async function read(stream: Deno.ChildProcess["stdout"], name: "stdout" | "stderr"): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      texts[name] += text;
      changed();
    }
  }

  let isOver = false;
  const reading = Promise.all([
    read(child.stdout, "stdout"),
    read(child.stderr, "stderr"),
    feed(child, stdin),
  ]);
  const ended = reading.then(() => child.status).then(({ code }) => {
    isOver = true;
    changed();
    return { code, ...texts };
  });

  function seen(pattern: RegExp): Promise<RegExpExecArray> {
    const found = Promise.withResolvers<RegExpExecArray>();
    const fail = (why: string) =>
      found.reject(new Error(`Cannot see ${pattern}: ${why}\n${texts.stdout}\n${texts.stderr}`));
    const look = () => {
      const match = pattern.exec(texts.stderr) ?? pattern.exec(texts.stdout);
      if (match !== null) found.resolve(match);
      else if (isOver) fail("the program has ended");
    };
    const guard = setTimeout(() => fail("nothing for too long"), GUARD_MS);
    watchers.add(look);
    look();
    return found.promise.finally(() => {
      clearTimeout(guard);
      watchers.delete(look);
    });
  }

  async function stop(signal: Deno.Signal = "SIGINT"): Promise<CliResult> {
    if (!isOver) kill(child.pid, signal);
    const guard = setTimeout(() => kill(child.pid, "SIGKILL"), GUARD_MS);
    try {
      return await ended;
    } finally {
      clearTimeout(guard);
    }
  }

  return {
    pid: child.pid,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    seen,
    stop,
    ended,
    async [Symbol.asyncDispose]() {
      await stop("SIGTERM");
    },
  };
}

async function feed(child: Deno.ChildProcess, text: string): Promise<void> {
  const writer = child.stdin.getWriter();
  try {
    if (text !== "") await writer.write(new TextEncoder().encode(text));
    await writer.close();
  } catch {
    // It has ended without reading all of it.
  }
}

function kill(pid: number, signal: Deno.Signal): void {
  try {
    Deno.kill(pid, signal);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof TypeError)) throw error;
  }
}
