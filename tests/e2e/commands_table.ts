/**
 * What every command does with a daemon and without one, a row each, in the
 * order in which they are run: a row may rely on what those above it have done.
 *
 * @module
 */

import type { CliResult } from "../support/daemon.ts";

/** What a run must show: its exit code, and words of what it prints. */
export type Expected = readonly [code: number, says: RegExp];

/** Runs a command and gives what it prints as JSON. */
export type Ask = (...words: string[]) => Promise<unknown>;

/** One command. */
export interface Row {
  /** As it is typed; a function may ask for ids first. */
  readonly words: string | ((ask: Ask) => Promise<string>);
  readonly stdin?: string;
  readonly daemon: Expected;
  /** As with a daemon when absent. */
  readonly alone?: Expected;
}

/** How a run ended, as the table judges it. */
export function differenceOf(
  { code, stdout, stderr }: CliResult,
  [wanted, says]: Expected,
): string | undefined {
  if (code !== wanted) return `exit code ${code}, wanted ${wanted}\n${stdout}${stderr}`;
  return says.test(`${stdout}${stderr}`) ? undefined : `does not say ${says}\n${stdout}${stderr}`;
}

const NO_DAEMON: Expected = [1, /no daemon/i];

/** The id of the newest record of a tool. */
async function newest(ask: Ask, tool: string): Promise<string> {
  const page = await ask("activity", "list", "--tool", tool, "-n", "1");
  const [first]: readonly unknown[] = Reflect.get(Object(page), "activities");
  return String(Reflect.get(Object(first), "id"));
}

/** Commands by their words; several rows of one are fine. */
export const COMMAND_ROWS: readonly Row[] = [
  { words: "version", daemon: [0, /^mcpproxy v\d/] },
  { words: "status", daemon: [0, /Running/], alone: [0, /Not running/] },
  { words: "status --reset-key --yes", daemon: [0, /in force at once/], alone: [0, /when mcpproxy starts/] },
  { words: "completion bash", daemon: [0, /complete/] },
  { words: "completion names servers -- m", daemon: [0, /^memory\n$/], alone: [0, /^$/] },

  {
    words: "upstream list",
    daemon: [0, /memory .*Connected \(9 tools\)/],
    alone: [0, /memory[^]*No daemon runs/],
  },
  { words: "upstream get memory", daemon: [0, /memory/] },
  { words: "upstream add one -- none --flag", daemon: [0, /Added server "one"/] },
  { words: `upstream add-json two {"command":"none"}`, daemon: [0, /Added server "two"/] },
  {
    words: "upstream import - --format cursor",
    stdin: '{"mcpServers":{"three":{"command":"none"}}}',
    daemon: [0, /three: none/],
  },
  { words: "upstream patch one --env A=b", daemon: [0, /one/] },
  { words: "upstream disable one", daemon: [0, /Disabled server "one"/] },
  { words: "upstream enable one", daemon: [0, /Enabled server "one"/] },
  { words: "upstream discover-tools memory", daemon: [0, /Asked server "memory"/], alone: NO_DAEMON },
  { words: "upstream restart memory", daemon: [0, /Restarted server "memory"/], alone: NO_DAEMON },
  { words: "upstream reconnect", daemon: [0, /Trying|connected/i], alone: NO_DAEMON },
  { words: "upstream approve two", daemon: [0, /Approved server "two"/] },
  { words: "upstream quarantine two", daemon: [0, /held in quarantine/] },
  { words: "upstream inspect memory", daemon: [0, /read_graph/] },
  { words: "upstream logs memory -n 5", daemon: [0, /^/] },
  { words: "upstream tools disable memory read_graph", daemon: [0, /Disabled memory:read_graph/] },
  { words: "upstream tools enable memory read_graph", daemon: [0, /Enabled memory:read_graph/] },
  { words: "upstream tools disable-all memory", daemon: [0, /Disabled 9 tools/] },
  { words: "upstream tools enable-all memory", daemon: [0, /Enabled 9 tools/] },
  { words: "upstream remove three --yes", daemon: [0, /Removed server "three"/] },
  { words: "upstream rm three", daemon: [2, /wanted --yes/] },

  { words: "tools list", daemon: [0, /memory:read_graph/] },
  { words: "tools search read the graph", daemon: [0, /memory:read_graph/] },
  { words: "tools describe memory:read_graph", daemon: [0, /Call with +call_tool_read/] },
  { words: "tools tokens", daemon: [0, /tokens/i] },
  { words: "tools preflight memory:read_graph", daemon: [0, /ready/] },
  { words: "tools preflight memory:nothing", daemon: [12, /not_found/] },
  { words: "tools pending", daemon: [0, /Nothing is held|pending/] },
  { words: "tools diff memory:read_graph", daemon: [0, /Nothing has changed/] },
  { words: "tools reject memory:read_graph", daemon: [0, /Rejected memory:read_graph/] },
  { words: "tools approve memory:read_graph", daemon: [0, /Approved memory:read_graph/] },
  { words: "tools disable memory:read_graph", daemon: [0, /Disabled memory:read_graph/] },
  { words: "tools enable memory:read_graph", daemon: [0, /Enabled memory:read_graph/] },

  { words: "call tool memory:read_graph", daemon: [0, /entities/] },
  { words: "call tool-read memory:read_graph", daemon: [0, /entities/] },
  { words: 'call tool-write memory:create_entities --args {"entities":[]}', daemon: [0, /\[\]/] },
  { words: 'call tool-destructive memory:delete_entities --args {"entityNames":[]}', daemon: [0, /deleted/] },

  { words: "config show", daemon: [0, /mcpServers/] },
  { words: "config path", daemon: [0, /config\.json/] },
  { words: "config validate", daemon: [0, /valid/i] },
  { words: "config diff", daemon: [0, /no|nothing|same/i] },
  { words: "config edit", daemon: [0, /nothing|not changed|no change/i] },
  { words: "config schema", daemon: [0, /\$schema/] },
  { words: "config import", daemon: [4, /mcp_config\.json/] },

  { words: "profile create work memory", daemon: [0, /work/] },
  { words: "profile list", daemon: [0, /work/] },
  { words: "profile show work", daemon: [0, /memory/] },
  { words: "profile set work memory one", daemon: [0, /one/] },
  { words: "profile use work", daemon: [0, /see "work"/], alone: NO_DAEMON },
  { words: "profile use --none", daemon: [0, /all servers/], alone: NO_DAEMON },
  { words: "profile remove work --yes", daemon: [0, /Removed profile "work"/] },

  { words: "consent", daemon: [0, /No agent waits/], alone: NO_DAEMON },
  { words: "consent list --pending", daemon: [0, /No agent waits/], alone: NO_DAEMON },
  { words: "consent show none", daemon: [1, /nothing is asked/], alone: NO_DAEMON },
  { words: "consent allow none --session", daemon: [1, /nothing is asked/], alone: NO_DAEMON },
  { words: "consent deny none", daemon: [1, /nothing is asked/], alone: NO_DAEMON },

  { words: "sessions", daemon: [0, /No MCP client/], alone: NO_DAEMON },
  { words: "sessions list", daemon: [0, /No MCP client/], alone: NO_DAEMON },
  { words: "sessions show none", daemon: [1, /no session/i], alone: NO_DAEMON },
  { words: "sessions close none", daemon: [1, /no session/i], alone: NO_DAEMON },

  { words: "token create ci --servers memory", daemon: [0, /mcp_agt_/] },
  { words: "token list", daemon: [0, /ci/] },
  { words: "token show ci", daemon: [0, /memory/] },
  { words: "token regenerate ci", daemon: [0, /mcp_agt_/] },
  { words: "token revoke ci", daemon: [0, /Revoked token "ci"/] },
  { words: "token delete ci --yes", daemon: [0, /Deleted token "ci"/] },

  { words: "secrets set key", stdin: "a-value-of-it\n", daemon: [0, /keyring:key/] },
  { words: "secrets get key", daemon: [0, /^(?!a-value-of-it)/] },
  { words: "secrets list", daemon: [0, /key/] },
  { words: "secrets migrate", daemon: [0, /No plain secrets/] },
  { words: "secrets del key", daemon: [0, /Deleted secret "key"/] },

  { words: "activity list --tool read_graph", daemon: [0, /memory:read_graph/] },
  { words: async (ask) => `activity show ${await newest(ask, "read_graph")}`, daemon: [0, /read_graph/] },
  { words: async (ask) => `activity replay ${await newest(ask, "read_graph")}`, daemon: [0, /Part of/] },
  { words: "activity summary", daemon: [0, /memory:read_graph/] },
  { words: "activity usage", daemon: [0, /read_graph/] },
  { words: "activity export -f csv", daemon: [0, /^id,type/] },

  { words: "events", daemon: [0, /activity/], alone: NO_DAEMON },

  { words: "doctor", daemon: [1, /command:none/] },
  { words: "doctor explain MCPX_CALL_TIMEOUT", daemon: [0, /call_tool_timeout/] },
  { words: "doctor list-codes", daemon: [0, /MCPX_INTERNAL/] },
  { words: "doctor fix MCPX_DATA_DIR_DENIED", daemon: [0, /./] },
  { words: "doctor fix MCPX_STDIO_EXIT_NONZERO --server memory -o pretty", daemon: [0, /memory/] },
  { words: "code exec", daemon: [2, /running scripts is not part of this version/] },

  { words: "security scan memory", daemon: [0, /clean/] },
  { words: "security report", daemon: [0, /clean/] },
  { words: "security overview", daemon: [0, /Verdicts/] },
  { words: "security reject two", daemon: [0, /held in quarantine, and off/] },
  { words: "security approve two", daemon: [1, /has not been scanned/] },
  { words: "security approve two --force", daemon: [0, /let in/] },
  { words: "security check -", stdin: '{"tools":[]}', daemon: [0, /clean|nothing/i] },

  { words: "connect", daemon: [0, /cursor/] },
  { words: "disconnect cursor --yes", daemon: [0, /cursor/i] },

  {
    words: "registry add-source ./list.json --id mine",
    daemon: [0, /Added registry "mine"/],
  },
  { words: "registry list", daemon: [0, /mine/] },
  { words: "registry search weather -r mine", daemon: [0, /weather/] },
  { words: "registry add mine weather", daemon: [0, /Added server "weather"/] },
  { words: "registry edit mine --name Other", daemon: [0, /Changed registry "mine"/] },
  { words: "registry refresh mine", daemon: [0, /asked anew/] },
  { words: "registry remove mine", daemon: [0, /Removed registry "mine"/] },
];

/** Commands that do not end by themselves, with the test that runs each and the words by which it does. */
export const LASTING: Readonly<Record<string, { readonly file: string; readonly words: string }>> = {
  "serve": { file: "daemon_test.ts", words: "startDaemon(" },
  "stdio": { file: "stdio_test.ts", words: '"stdio"' },
  "activity watch": { file: "activity_test.ts", words: '"watch"' },
};
