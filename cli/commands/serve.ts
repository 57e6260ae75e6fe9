import type { ConfigSettings, DaemonProgress } from "../app_door.ts";
import type { Define } from "../define.ts";
import { renderProgress } from "../render/progress.ts";
import { lookOf, type Session } from "../session.ts";
import { usageError } from "../usage.ts";
import { VERSION } from "../../lib/contracts/quick.ts";

interface ServeOptions {
  readonly listen?: string;
  readonly requireMcpAuth?: true;
  readonly readOnly?: true;
  readonly enableSocket?: boolean;
  readonly logToFile?: boolean;
  readonly logDir?: string;
  readonly trayEndpoint?: string;
  readonly toolResponseLimit?: string;
  readonly toolResponseMode?: string;
  readonly debugSearch?: true;
  readonly disableManagement?: true;
  readonly allowServerAdd?: boolean;
  readonly allowServerRemove?: boolean;
  readonly enablePrompts?: boolean;
  readonly aggregateUpstreamPrompts?: true;
}

const MODES = ["full", "compact"] as const;

/** Defines `mcpproxy serve`. */
export const define: Define = (command, session) => {
  command
    .option("-l, --listen <address>", "TCP address of MCP, REST and UI, as host:port")
    .option("--require-mcp-auth", "ask every /mcp client on TCP for a key")
    .option("--read-only", "refuse every change of servers")
    .option("--enable-socket", "open the local control socket; the config decides when absent")
    .option("--no-enable-socket", "open no local control socket")
    .option("--tray-endpoint <address>", "path of the local control socket, as unix:///path")
    .option("--log-to-file", "write log files; the config decides when absent")
    .option("--no-log-to-file", "write no log files")
    .option("--log-dir <path>", "directory of log files")
    .option("--tool-response-limit <chars>", "shorten longer results; 0 means never")
    .option("--tool-response-mode <mode>", `form of search results: ${MODES.join(" or ")}`)
    .option("--debug-search", "add search details to results")
    .option("--disable-management", "hide management tools from agents")
    .option("--allow-server-add", "let servers be added; the config decides when absent")
    .option("--no-allow-server-add", "let no server be added")
    .option("--allow-server-remove", "let servers be removed; the config decides when absent")
    .option("--no-allow-server-remove", "let no server be removed")
    .option("--enable-prompts", "offer prompts; the config decides when absent")
    .option("--no-enable-prompts", "offer no prompts")
    .option("--aggregate-upstream-prompts", "offer prompts of servers")
    .action((options) => serve(options, session));
};

async function serve(options: ServeOptions, session: Session): Promise<void> {
  const settings = toSettings(options);
  const { runDaemon } = await session.loadApp();
  const { platform, globals } = session;
  session.exitCode = await runDaemon({
    platform,
    version: VERSION,
    config: globals.config,
    dataDir: globals.dataDir,
    logLevel: globals.logLevel,
    listen: options.listen,
    requireMcpAuth: options.requireMcpAuth,
    readOnly: options.readOnly,
    enableSocket: options.enableSocket,
    logToFile: options.logToFile,
    logDir: options.logDir,
    settings,
    report: (progress) => report(progress, session),
  });
}

/** Writes the options that are keys of the config; what is absent is left to the file. */
function toSettings(options: ServeOptions): ConfigSettings {
  const settings: ConfigSettings = {
    tray_endpoint: options.trayEndpoint,
    tool_response_limit: toLimit(options.toolResponseLimit),
    tool_response_mode: toMode(options.toolResponseMode),
    debug_search: options.debugSearch,
    disable_management: options.disableManagement,
    allow_server_add: options.allowServerAdd,
    allow_server_remove: options.allowServerRemove,
    enable_prompts: options.enablePrompts,
    aggregate_upstream_prompts: options.aggregateUpstreamPrompts,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function toLimit(text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw usageError(`Cannot read --tool-response-limit "${text}": wanted a whole number`, "serve");
}

function toMode(text: string | undefined): typeof MODES[number] | undefined {
  const found = MODES.find((mode) => mode === text);
  if (found !== undefined || text === undefined) return found;
  throw usageError(`Cannot read --tool-response-mode "${text}": wanted ${MODES.join(" or ")}`, "serve");
}

function report(progress: DaemonProgress, session: Session): void {
  const { stderr } = session.terminal;
  const text = renderProgress(progress, lookOf(stderr, session.platform.env));
  // A daemon whose terminal has gone goes on working.
  if (text !== "") stderr.write(text).catch(() => {});
}
