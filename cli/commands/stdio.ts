import { VERSION } from "../../lib/contracts/quick.ts";
import { type GatewayLink, linkTo, runBridge } from "../../lib/client/mod.ts";
import type { Define } from "../define.ts";
import { findDaemon } from "../open_management.ts";
import type { Session } from "../session.ts";
import { usageError } from "../usage.ts";

interface StdioOptions {
  readonly endpoint?: string;
  readonly profile?: string;
  readonly server?: string;
}

const DETAILS = `
For MCP clients that start a command and speak over its standard input and
output. Joins the gateway that is running, so that all clients share its
servers; starts one in this process if none is. Standard output carries MCP
messages only, everything else goes to standard error.

The client has the rights of the socket: all but approving. With an agent token
in the variable MCPPROXY_TOKEN it has those of the token.`;

/** Defines `mcpproxy stdio`. */
export const define: Define = (command, session) => {
  command
    .option("--endpoint <path>", "endpoint to join, such as /mcp/all; /mcp when absent")
    .option("--profile <name>", "only the servers of this profile")
    .option("--server <name>", "this one server, as it is")
    .addHelpText("after", DETAILS)
    .action((options) => stdio(options, session));
};

async function stdio(options: StdioOptions, session: Session): Promise<void> {
  const path = pathOf(options);
  await using stack = new AsyncDisposableStack();
  const { terminal, platform } = session;
  const link = await openLink(session, stack, platform.env.MCPPROXY_TOKEN || undefined);
  const note = (text: string) => void terminal.stderr.write(`${text}\n`);
  const ended = new AbortController();
  using _interrupt = terminal.onInterrupt(() => ended.abort());
  await runBridge({
    clock: platform.clock,
    link,
    path,
    lines: terminal.readLines(ended.signal),
    write: (line) => terminal.stdout.write(`${line}\n`).catch(() => ended.abort()), // nobody reads any more
    note,
  });
}

function pathOf({ endpoint, profile, server }: StdioOptions): string {
  const given = [endpoint, profile, server].filter((one) => one !== undefined);
  if (given.length > 1) {
    throw usageError(
      "Cannot join several endpoints: wanted one of --endpoint, --profile and --server",
      "stdio",
    );
  }
  if (profile !== undefined) return `/mcp/p/${encodeURIComponent(profile)}`;
  if (server !== undefined) return `/mcp/s/${encodeURIComponent(server)}`;
  if (endpoint === undefined || /^\/mcp(?:\/[\w./%-]*)?$/.test(endpoint)) return endpoint ?? "/mcp";
  throw usageError(`Cannot join endpoint "${endpoint}": wanted a path such as /mcp/all`, "stdio");
}

/** Joins the daemon, or opens a gateway here that ends with the client. */
async function openLink(
  session: Session,
  stack: AsyncDisposableStack,
  token: string | undefined,
): Promise<GatewayLink> {
  const { platform, globals } = session;
  const found = await findDaemon(platform, globals);
  if (found !== undefined) return stack.use(linkTo(platform, found, token));
  const { openGateway } = await session.loadApp();
  const gateway = stack.use(
    await openGateway({
      platform,
      version: VERSION,
      config: globals.config,
      dataDir: globals.dataDir,
      logLevel: globals.logLevel,
      // Only this client uses it, and other commands find it by its socket.
      listen: "127.0.0.1:0",
      onNotice: (text) => void session.note(text),
    }),
  );
  const { socketPath, address, apiKey } = gateway;
  return stack.use(linkTo(
    platform,
    socketPath === undefined
      ? { kind: "tcp", url: `http://${address}`, apiKey }
      : { kind: "socket", path: socketPath },
    token,
  ));
}
