import type { ListedServer } from "./listing.ts";

interface Reference {
  readonly name: string;
  readonly description: string;
  readonly runner: "npx" | "uvx";
  readonly argument?: string;
}

const SERVERS: readonly Reference[] = [
  {
    name: "everything",
    description: "Shows every feature of the protocol; for trying out clients",
    runner: "npx",
  },
  {
    name: "filesystem",
    description: "Reads and writes files below a directory",
    runner: "npx",
    argument: "directory",
  },
  { name: "memory", description: "Keeps notes as a graph of entities and relations", runner: "npx" },
  {
    name: "sequential-thinking",
    description: "Lets a model write its thoughts down step by step",
    runner: "npx",
  },
  { name: "fetch", description: "Fetches web pages as text", runner: "uvx" },
  { name: "git", description: "Reads and changes a Git repository", runner: "uvx" },
  { name: "time", description: "Tells the time and converts time zones", runner: "uvx" },
];

/** Servers of the protocol's own project, known without a network. */
export const REFERENCE_SERVERS: readonly ListedServer[] = SERVERS.map((
  { name, description, runner, argument },
) => ({
  id: name,
  name,
  description,
  version: undefined,
  repository: "https://github.com/modelcontextprotocol/servers",
  install: runner === "npx"
    ? { command: "npx", args: ["-y", `@modelcontextprotocol/server-${name}`], protocol: "stdio" }
    : { command: "uvx", args: [`mcp-server-${name}`], protocol: "stdio" },
  inputs: argument === undefined ? [] : [{
    name: argument,
    kind: "argument",
    description: "Directory it may use",
    required: true,
    secret: false,
  }],
}));
