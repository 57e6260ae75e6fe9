import type { DaemonProgress } from "../app_door.ts";
import { renderServers } from "./servers.ts";
import { cut, type Look, oneLine, paint, type Style, visible } from "./text.ts";

/**
 * Writes what a starting, working or stopping daemon reports, for stderr.
 *
 * @returns Lines, each ended by a line feed; empty when there is nothing to say.
 */
export function renderProgress(progress: DaemonProgress, look: Look): string {
  switch (progress.kind) {
    case "listening":
      return renderListening(progress, look);
    case "server":
      return renderServerLine(progress, look);
    case "settled":
      return progress.servers.length === 0 ? "" : `\n${renderServers(progress.servers, look)}`;
    case "stopping":
      return `\nStopping (${visible(progress.signal)}); once more to stop at once\n`;
    case "crashed":
      return `\nStopping after a mistake of mcpproxy itself: ${visible(progress.text)}; main.log has more\n`;
    case "stopped":
      return "Stopped\n";
    case "notice":
      return `${paint("note", "warning", look)} ${visible(progress.text, "\n")}\n`;
    default:
      return progress satisfies never;
  }
}

type Listening = DaemonProgress & { kind: "listening" };

function renderListening(progress: Listening, look: Look): string {
  const { mcpUrl, socketPath, configPath, requireMcpAuth } = progress;
  const label = (text: string) => paint(text.padEnd(9), "strong", look);
  const lines = [
    `${label("MCP")} ${paint(mcpUrl, "good", look)}`,
    `${label("Config")} ${visible(configPath)}`,
    ...(socketPath === undefined ? [] : [`${label("Socket")} ${visible(socketPath)}`]),
    "",
    paint("Add it to a client:", "strong", look),
    ...(requireMcpAuth ? withToken(progress) : withoutToken(mcpUrl)),
    "",
    `${startText(progress.servers)}; Ctrl-C stops it`,
  ];
  return `${lines.join("\n")}\n`;
}

function withoutToken(url: string): string[] {
  const entry = JSON.stringify({ mcpServers: { mcpproxy: { url } } });
  return [`  claude mcp add --transport http mcpproxy ${url}`, `  ${entry}`];
}

/** A token for each client is better than the admin key for all of them. */
function withToken({ apiKeyFile }: Listening): string[] {
  const file = apiKeyFile === undefined ? "" : `; it lies in ${visible(apiKeyFile)}`;
  return [
    "  mcpproxy status --mcp-config claude-code   (or claude-desktop, cursor, vscode, codex, gemini)",
    "  prints what to put into its file, with a token made for it",
    `  The admin key opens everything: mcpproxy status --show-key${file}`,
  ];
}

function startText(count: number): string {
  if (count === 0) return "No servers yet (mcpproxy upstream add NAME URL)";
  return `Starting ${count} server${count === 1 ? "" : "s"}`;
}

type ServerLine = DaemonProgress & { kind: "server" };

const MARKS: Readonly<Record<string, readonly [string, Style]>> = {
  ready: ["✓", "good"],
  failed: ["✗", "bad"],
  backoff: ["✗", "warning"],
  authenticating: ["!", "warning"],
};

function renderServerLine(progress: ServerLine, look: Look): string {
  const [mark, style] = MARKS[progress.state] ?? ["·", "faint"];
  const count = `[${`${progress.done}`.padStart(`${progress.total}`.length)}/${progress.total}]`;
  const detail = progress.detail === undefined ? "" : `: ${oneLine(progress.detail)}`;
  const text = `${oneLine(progress.name)}  ${oneLine(progress.summary)}${detail} (${
    toTime(progress.tookMs)
  })`;
  const room = look.width === undefined ? Infinity : Math.max(10, look.width - count.length - 3);
  return `${paint(count, "faint", look)} ${paint(mark, style, look)} ${cut(text, room)}\n`;
}

function toTime(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
