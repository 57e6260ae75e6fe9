import { join } from "node:path";

/** Words for the form of a client's config file. */
export const CLIENT_IDS = [
  "claude-code",
  "claude-desktop",
  "cursor",
  "windsurf",
  "vscode",
  "codex",
  "gemini",
  "zed",
  "opencode",
] as const;

/** A client whose config file is known. */
export type ClientId = typeof CLIENT_IDS[number];

/** Facts of the machine that decide where files are. */
export interface Place {
  readonly os: "linux" | "darwin" | "windows" | "other";
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A client: what it is called, and where and how it keeps its servers. */
export interface KnownClient {
  readonly id: ClientId;
  readonly title: string;
  readonly format: "json" | "toml";
  /** Where its servers are in the file. */
  readonly section: readonly string[];
  /** Where its file is; the first one that exists is the one, else the first. */
  readonly paths: (place: Place) => readonly string[];
}

/** Directory for settings of programs of this person. */
function settingsDir({ os, home, env }: Place): string {
  if (os === "darwin") return join(home, "Library", "Application Support");
  if (os === "windows") return env.APPDATA ?? join(home, "AppData", "Roaming");
  return env.XDG_CONFIG_HOME ?? join(home, ".config");
}

/** Programs that keep to `~/.config`, also where it is not the custom. */
function dotConfig({ os, home, env }: Place): string {
  if (os === "windows") return env.APPDATA ?? join(home, "AppData", "Roaming");
  return env.XDG_CONFIG_HOME ?? join(home, ".config");
}

const inHome = (...parts: string[]) => ({ home }: Place) => [join(home, ...parts)];

/** Every client that is known, by its id. */
export const KNOWN_CLIENTS: Readonly<Record<ClientId, KnownClient>> = {
  "claude-code": {
    id: "claude-code",
    title: "Claude Code",
    format: "json",
    section: ["mcpServers"],
    paths: inHome(".claude.json"),
  },
  "claude-desktop": {
    id: "claude-desktop",
    title: "Claude Desktop",
    format: "json",
    section: ["mcpServers"],
    paths: (place) => [join(settingsDir(place), "Claude", "claude_desktop_config.json")],
  },
  "cursor": {
    id: "cursor",
    title: "Cursor",
    format: "json",
    section: ["mcpServers"],
    paths: inHome(".cursor", "mcp.json"),
  },
  "windsurf": {
    id: "windsurf",
    title: "Windsurf",
    format: "json",
    section: ["mcpServers"],
    paths: inHome(".codeium", "windsurf", "mcp_config.json"),
  },
  "vscode": {
    id: "vscode",
    title: "VS Code",
    format: "json",
    section: ["servers"],
    paths: (place) => [join(settingsDir(place), "Code", "User", "mcp.json")],
  },
  "codex": {
    id: "codex",
    title: "Codex",
    format: "toml",
    section: ["mcp_servers"],
    paths: ({ home, env }) => [join(env.CODEX_HOME ?? join(home, ".codex"), "config.toml")],
  },
  "gemini": {
    id: "gemini",
    title: "Gemini CLI",
    format: "json",
    section: ["mcpServers"],
    paths: inHome(".gemini", "settings.json"),
  },
  "zed": {
    id: "zed",
    title: "Zed",
    format: "json",
    section: ["context_servers"],
    paths: (place) => [
      join(place.os === "windows" ? settingsDir(place) : dotConfig(place), "zed", "settings.json"),
    ],
  },
  "opencode": {
    id: "opencode",
    title: "opencode",
    format: "json",
    section: ["mcp"],
    paths: (place) => {
      const directory = join(place.os === "windows" ? place.home : dotConfig(place), "opencode");
      return [join(directory, "opencode.json"), join(directory, "opencode.jsonc")];
    },
  },
};

/** Tells whether a word names a known client. */
export function isClientId(text: string): text is ClientId {
  return Object.hasOwn(KNOWN_CLIENTS, text);
}
