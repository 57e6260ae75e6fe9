import type { Define } from "./define.ts";

/** First word of a command. */
export interface Noun {
  readonly name: string;
  readonly summary: string;
  /** Whether verbs follow it. */
  readonly hasVerbs: boolean;
  /** Loads its definition; only the noun in use is loaded. */
  readonly load: () => Promise<Define>;
}

/** Every noun, in the order of the help. */
export const NOUNS: readonly Noun[] = [
  {
    name: "serve",
    summary: "Run the gateway; the default when no command is given",
    hasVerbs: false,
    load: async () => (await import("./commands/serve.ts")).define,
  },
  {
    name: "stdio",
    summary: "Speak MCP over standard input and output",
    hasVerbs: false,
    load: async () => (await import("./commands/stdio.ts")).define,
  },
  {
    name: "status",
    summary: "Show the gateway, its addresses and counts",
    hasVerbs: false,
    load: async () => (await import("./commands/status.ts")).define,
  },
  {
    name: "upstream",
    summary: "List, add, change and control servers",
    hasVerbs: true,
    load: async () => (await import("./commands/upstream.ts")).define,
  },
  {
    name: "tools",
    summary: "List and search the tools of all servers",
    hasVerbs: true,
    load: async () => (await import("./commands/tools.ts")).define,
  },
  {
    name: "call",
    summary: "Call a tool",
    hasVerbs: true,
    load: async () => (await import("./commands/call.ts")).define,
  },
  {
    name: "config",
    summary: "Show, check, compare and edit the config",
    hasVerbs: true,
    load: async () => (await import("./commands/config.ts")).define,
  },
  {
    name: "profile",
    summary: "List, choose and change profiles, the named subsets of servers",
    hasVerbs: true,
    load: async () => (await import("./commands/profile.ts")).define,
  },
  {
    name: "sessions",
    summary: "List the MCP clients that talk to the daemon",
    hasVerbs: true,
    load: async () => (await import("./commands/sessions.ts")).define,
  },
  {
    name: "consent",
    summary: "Say whether an agent may write elsewhere after what it has read",
    hasVerbs: true,
    load: async () => (await import("./commands/consent.ts")).define,
  },
  {
    name: "token",
    summary: "Make, list and end tokens for agents",
    hasVerbs: true,
    load: async () => (await import("./commands/token.ts")).define,
  },
  {
    name: "secrets",
    summary: "Keep secrets out of the config: set, list, delete and move them",
    hasVerbs: true,
    load: async () => (await import("./commands/secrets.ts")).define,
  },
  {
    name: "activity",
    summary: "Show what was called, decided and changed",
    hasVerbs: true,
    load: async () => (await import("./commands/activity.ts")).define,
  },
  {
    name: "events",
    summary: "List or follow what happens in the daemon",
    hasVerbs: false,
    load: async () => (await import("./commands/events.ts")).define,
  },
  {
    name: "doctor",
    summary: "Look for what is wrong, explain it, and mend what is safe to mend",
    hasVerbs: true,
    load: async () => (await import("./commands/doctor.ts")).define,
  },
  {
    name: "security",
    summary: "Scan tool definitions for hidden directives",
    hasVerbs: true,
    load: async () => (await import("./commands/security.ts")).define,
  },
  {
    name: "connect",
    summary: "Put the gateway into an MCP client's config, or list the clients",
    hasVerbs: false,
    load: async () => (await import("./commands/connect.ts")).define,
  },
  {
    name: "disconnect",
    summary: "Take the gateway out of an MCP client's config",
    hasVerbs: false,
    load: async () => (await import("./commands/connect.ts")).defineDisconnect,
  },
  {
    name: "registry",
    summary: "Search registries for servers, and say which there are",
    hasVerbs: true,
    load: async () => (await import("./commands/registry.ts")).define,
  },
  {
    name: "completion",
    summary: "Print the completion script of a shell",
    hasVerbs: false,
    load: async () => (await import("./commands/completion.ts")).define,
  },
  {
    name: "version",
    summary: "Print version and platform",
    hasVerbs: false,
    load: async () => (await import("./commands/version.ts")).define,
  },
];
