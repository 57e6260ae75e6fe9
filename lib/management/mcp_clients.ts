import type { SessionView } from "../contracts/mod.ts";

/** The profile for clients that choose none. */
export interface ActiveProfile {
  get(): string | undefined;
  set(name: string | undefined): void;
}

/** The MCP clients that talk to the gateway, as the MCP face knows them. */
export interface McpSessions {
  /** In no particular order. */
  list(): readonly SessionView[];
  /** Ends a session; `false` if there is none to end. */
  close(id: string): boolean;
}
