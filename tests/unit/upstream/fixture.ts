import { type ServerConfigInput, ServerConfigSchema } from "../../../lib/contracts/mod.ts";
import { type Clock, createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";
import { openUpstream, type UpstreamConnection, type UpstreamOptions } from "../../../lib/upstream/mod.ts";
import { mcpServerCommand } from "../../support/fixtures/mcp_server.ts";
import { createManualClock, type ManualClock } from "../../support/manual_clock.ts";

/** An open connection with everything that was heard of it. */
export interface Opened extends AsyncDisposable {
  readonly connection: UpstreamConnection;
  readonly heard: Heard;
}

/** What came besides answers. */
export interface Heard {
  readonly lines: string[];
  readonly notifications: { readonly method: string; readonly params?: unknown }[];
  readonly closed: { readonly code: string; readonly message: string }[];
  /** Resolves when any of it, as JSON, has this text. */
  seen(text: string): Promise<void>;
}

/** Differences from the usual options. */
export type Overrides = Partial<Omit<UpstreamOptions, "server" | "onNotification">> & {
  readonly clock?: Clock;
};

/** A mark in the environment of every process of one test. */
export interface Mark {
  readonly env: Readonly<Record<string, string>>;
  /** Process ids of all that carry the mark, zombies included. */
  survivors(): number[];
}

/** Makes a mark that nobody else has. */
export function createMark(): Mark {
  const value = crypto.randomUUID();
  return { env: { MCP_TEST_MARK: value }, survivors: () => findProcesses(`MCP_TEST_MARK=${value}`) };
}

function findProcesses(entry: string): number[] {
  const found: number[] = [];
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      if (Deno.readTextFileSync(`/proc/${name}/environ`).split("\0").includes(entry)) {
        found.push(Number(name));
      }
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return found;
}

/** Everything of the environment that a Deno program needs. */
function baseEnvironment(): Record<string, string> {
  const { PATH = "", HOME = "/" } = Deno.env.toObject();
  return { PATH, HOME, NO_COLOR: "1" };
}

/** A manual clock that tells when a timer is set. */
export interface WatchedClock extends ManualClock {
  /** Resolves when the next timer of this length is set. */
  nextTimer(delayMs: number): Promise<void>;
}

/** See {@link WatchedClock}. */
export function createWatchedClock(): WatchedClock {
  const clock = createManualClock();
  const watchers = new Map<number, () => void>();
  return Object.create(clock, {
    after: {
      value(delayMs: number, callback: () => void) {
        watchers.get(delayMs)?.();
        return clock.after(delayMs, callback);
      },
    },
    nextTimer: {
      value: (delayMs: number) => new Promise<void>((resolve) => watchers.set(delayMs, resolve)),
    },
  });
}

/** Makes a server entry. */
export function server(entry: Omit<ServerConfigInput, "name">) {
  return ServerConfigSchema.parse({ name: "fixture", ...entry });
}

/** Makes the entry of the scriptable server over stdio. */
export function stdioServer(...behaviours: readonly string[]) {
  return server(mcpServerCommand(...behaviours));
}

/** Opens a connection and keeps what is heard of it. */
export async function open(
  entry: UpstreamOptions["server"],
  { clock, ...overrides }: Overrides = {},
): Promise<Opened> {
  const heard = createHeard();
  const platform: Platform = overrides.platform ?? createDenoPlatform();
  const connection = await openUpstream({
    cwd: undefined,
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    clientInfo: { name: "tests", version: "0" },
    stopGraceMs: { stdin: 5_000, term: 5_000 },
    ...overrides,
    platform: clock === undefined ? platform : { ...platform, clock },
    environment: { ...baseEnvironment(), ...overrides.environment },
    server: entry,
    onStderr(line) {
      overrides.onStderr?.(line);
      heard.add("lines", line);
    },
    onNotification: (message) => heard.add("notifications", message),
    onClosed(failure) {
      overrides.onClosed?.(failure);
      heard.add("closed", failure);
    },
  });
  return { connection, heard, [Symbol.asyncDispose]: () => connection.close() };
}

function createHeard() {
  const watchers = new Set<() => void>();
  const heard = {
    lines: [] as string[],
    notifications: [] as { readonly method: string; readonly params?: unknown }[],
    closed: [] as { readonly code: string; readonly message: string }[],
  };
  return {
    ...heard,
    add<K extends keyof typeof heard>(kind: K, value: (typeof heard)[K][number]) {
      (heard[kind] as unknown[]).push(value); // of its own kind, as the signature says
      for (const watcher of watchers) watcher();
    },
    seen: (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => {
          const all = [...heard.lines, ...heard.notifications, ...heard.closed];
          if (!all.some((one) => JSON.stringify(one).includes(text))) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
  };
}

/** Calls a tool of the scriptable server. */
export function call(
  { connection }: Opened,
  name: string,
  args: Readonly<Record<string, unknown>> = {},
  options: Parameters<UpstreamConnection["request"]>[2] = {},
): Promise<unknown> {
  return connection.request("tools/call", { name, arguments: args }, options);
}
