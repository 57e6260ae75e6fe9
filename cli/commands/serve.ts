import type { DaemonProgress } from "../app_door.ts";
import type { Define } from "../define.ts";
import { renderProgress } from "../render/progress.ts";
import { lookOf, type Session } from "../session.ts";
import { VERSION } from "../../lib/contracts/quick.ts";

interface ServeOptions {
  readonly listen?: string;
  readonly requireMcpAuth?: true;
  readonly readOnly?: true;
  readonly enableSocket?: boolean;
  readonly logToFile?: boolean;
}

/** Defines `mcpproxy serve`. */
export const define: Define = (command, session) => {
  command
    .option("-l, --listen <address>", "TCP address of MCP, REST and UI, as host:port")
    .option("--require-mcp-auth", "ask every /mcp client on TCP for a key")
    .option("--read-only", "refuse every change of servers")
    .option("--enable-socket", "open the local control socket; the config decides when absent")
    .option("--no-enable-socket", "open no local control socket")
    .option("--log-to-file", "write log files; the config decides when absent")
    .option("--no-log-to-file", "write no log files")
    .action((options) => serve(options, session));
};

async function serve(options: ServeOptions, session: Session): Promise<void> {
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
    report: (progress) => report(progress, session),
  });
}

function report(progress: DaemonProgress, session: Session): void {
  const { stderr } = session.terminal;
  const text = renderProgress(progress, lookOf(stderr, session.platform.env));
  // A daemon whose terminal has gone goes on working.
  if (text !== "") stderr.write(text).catch(() => {});
}
