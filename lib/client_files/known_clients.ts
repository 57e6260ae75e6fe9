/** How a client's config file states its servers. */
export interface FileForm {
  readonly format: "json" | "toml";
  /** Key below which the servers are, by name. */
  readonly section: string;
}

/** Every client whose file can be read, by its id. */
export const FILE_FORMS = {
  "claude-code": { format: "json", section: "mcpServers" },
  "claude-desktop": { format: "json", section: "mcpServers" },
  "cursor": { format: "json", section: "mcpServers" },
  "windsurf": { format: "json", section: "mcpServers" },
  "vscode": { format: "json", section: "servers" },
  "codex": { format: "toml", section: "mcp_servers" },
  "gemini": { format: "json", section: "mcpServers" },
  "zed": { format: "json", section: "context_servers" },
  "opencode": { format: "json", section: "mcp" },
} as const satisfies Readonly<Record<string, FileForm>>;

/** A client whose config file is known. */
export type ClientId = keyof typeof FILE_FORMS;

/** Tells whether a word names a known client. */
export function isClientId(text: string): text is ClientId {
  return Object.hasOwn(FILE_FORMS, text);
}
