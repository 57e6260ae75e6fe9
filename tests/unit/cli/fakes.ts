import {
  type EventFilter,
  GatewayError,
  type GatewayEvent,
  type LogLine,
  type Management,
  type ServerView,
  type Status,
  type ToolView,
  type VerbName,
} from "../../../lib/contracts/mod.ts";
import { createDenoPlatform, type Platform } from "../../../lib/platform/mod.ts";
import type { App, DaemonOptions } from "../../../cli/app_door.ts";
import { main } from "../../../cli/main.ts";
import type { Terminal } from "../../../cli/terminal.ts";

/** One request that reached the fake Management. */
export interface Asked {
  readonly verb: VerbName | "activity.export";
  readonly input: unknown;
}

/** What a verb answers; a thrown error is the answer too. */
export type Answers = { readonly [N in VerbName]?: (input: unknown, signal: AbortSignal) => unknown };

/** Everything one run left behind. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly asked: readonly Asked[];
  readonly daemons: readonly DaemonOptions[];
}

/** The world of one run. */
export interface WorldOptions {
  readonly answers?: Answers;
  readonly env?: Record<string, string>;
  readonly stdin?: string;
  /** Lines that a person types, one for each question. */
  readonly answersTyped?: string[];
  /** What a person's editor does with a file. */
  readonly edit?: (editor: string, path: string) => Promise<number>;
  readonly isInteractive?: boolean;
  readonly width?: number;
  readonly isLocal?: boolean;
  readonly lines?: readonly LogLine[];
  /** Pieces of an export of activity. */
  readonly exported?: readonly string[];
  readonly events?: readonly GatewayEvent[];
  readonly onFollow?: (filter: EventFilter) => void;
  readonly platform?: Partial<Platform>;
  /** Gets the way to press Ctrl-C. */
  readonly onArmed?: (press: () => void) => void;
  readonly runDaemon?: (options: DaemonOptions) => Promise<number>;
  readonly isClosedPipe?: boolean;
}

/** Runs `main()` with a fake terminal and a fake Management. */
export async function runCli(argv: readonly string[], world: WorldOptions = {}): Promise<Run> {
  const written = { out: "", err: "" };
  const asked: Asked[] = [];
  const daemons: DaemonOptions[] = [];
  const app: App = {
    runDaemon(options) {
      daemons.push(options);
      return world.runDaemon?.(options) ?? Promise.resolve(0);
    },
    openGateway: () => Promise.reject(new Error("Cannot be opened in this test")),
    openSecretStore: () => {
      throw new Error("Cannot be opened in this test");
    },
    maskValue: () => "masked",
    openLocalManagement: () => Promise.resolve(createManagement(world, asked)),
  };
  const platform = { ...createDenoPlatform(), env: { ...world.env }, ...world.platform };
  const code = await main(argv, platform, {
    terminal: createTerminal(world, written),
    openManagement: () => Promise.resolve(createManagement(world, asked)),
    loadApp: () => Promise.resolve(app),
  });
  return { code, ...written, asked, daemons };
}

function createTerminal(world: WorldOptions, written: { out: string; err: string }): Terminal {
  const isTerminal = world.width !== undefined;
  const output = (key: "out" | "err") => ({
    isTerminal,
    width: () => world.width,
    write(text: string) {
      if (world.isClosedPipe && key === "out" && text !== "") {
        return Promise.reject(new Deno.errors.BrokenPipe());
      }
      written[key] += text;
      return Promise.resolve();
    },
  });
  return {
    stdout: output("out"),
    stderr: output("err"),
    isInteractive: world.isInteractive ?? false,
    readAll: () => Promise.resolve(world.stdin ?? ""),
    async *readLines() {
      for (const line of (world.stdin ?? "").split("\n")) yield await Promise.resolve(line);
    },
    readLine: () => Promise.resolve(world.answersTyped?.shift() ?? world.stdin),
    readHidden: () => Promise.resolve(world.answersTyped?.shift()),
    edit: (editor, path) => world.edit?.(editor, path) ?? Promise.resolve(0),
    onInterrupt(callback) {
      world.onArmed?.(callback);
      return { [Symbol.dispose]() {} };
    },
  };
}

function createManagement(world: WorldOptions, asked: Asked[]): Management {
  const never = new AbortController().signal;
  return {
    kind: world.isLocal ? "local" : "remote",
    async request(verb, input, options = {}) {
      asked.push({ verb, input });
      const answer = world.answers?.[verb];
      if (answer === undefined) {
        throw new GatewayError("MCPX_INTERNAL", `Cannot answer "${verb}" in this test`);
      }
      // A test answers in the shape of the verb; a fake cannot prove it.
      return await answer(input, options.signal ?? never) as never;
    },
    async *followLogs(_input, signal) {
      for (const line of world.lines ?? []) {
        if (signal.aborted) return;
        yield await Promise.resolve(line);
      }
    },
    async *exportActivity(input) {
      asked.push({ verb: "activity.export", input });
      for (const text of world.exported ?? []) yield await Promise.resolve(text);
    },
    async *followEvents(filter, signal) {
      world.onFollow?.(filter);
      for (const event of world.events ?? []) {
        if (signal.aborted) return;
        yield await Promise.resolve(event);
      }
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** A healthy server. */
export function serverView(name: string, more: Partial<ServerView> = {}): ServerView {
  return {
    id: name,
    name,
    protocol: "stdio",
    enabled: true,
    quarantined: false,
    trust_mode: "manual",
    connected: true,
    connecting: false,
    status: "ready",
    tool_count: 3,
    health: { level: "healthy", admin_state: "enabled", summary: "Connected (3 tools)", action: "" },
    retry_count: 0,
    reconnect_count: 0,
    ...more,
  };
}

/** A tool of a healthy server. */
export function toolView(id: string, more: Partial<ToolView> = {}): ToolView {
  const [server = "", name = ""] = id.split(":");
  return {
    id,
    name,
    server_name: server,
    description: `Does ${name}`,
    schema: {},
    call_with: "call_tool_read",
    usage: 0,
    disabled: false,
    server_health: serverView(server).health,
    ...more,
  };
}

/** A running gateway. */
export function statusOf(more: Partial<Status> = {}): Status {
  return {
    running: true,
    version: "0.1.0",
    edition: "personal",
    pid: 7,
    listen_addr: "127.0.0.1:8080",
    mcp_url: "http://127.0.0.1:8080/mcp",
    socket_path: "/d/mcpproxy.sock",
    config_path: "/d/config.json",
    config_version: 1,
    data_dir: "/d",
    uptime_seconds: 3700,
    phase: "ready",
    routing_mode: "retrieve_tools",
    require_mcp_auth: true,
    api_key: "abcd****wxyz",
    upstream_stats: {
      total_servers: 3,
      connected_servers: 1,
      quarantined_servers: 1,
      total_tools: 5,
      connecting_servers: 1,
    },
    tools_indexed: 5,
    memory_mb: 81.6,
    restart_required: [],
    timestamp: "2026-01-01T00:00:00Z",
    ...more,
  };
}
