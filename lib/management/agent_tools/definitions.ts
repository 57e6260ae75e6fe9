import type { ToolDefinition } from "../../contracts/mod.ts";

const text = (description: string) => ({ type: "string", description });
const map = (description: string) => ({ type: "object", description, additionalProperties: true });
const list = (description: string) => ({ type: "array", items: { type: "string" }, description });

/** What `upstream_servers` can do. */
export const OPERATIONS = [
  "list",
  "add",
  "add_from_registry",
  "update",
  "patch",
  "remove",
  "enable",
  "disable",
  "restart",
  "refresh",
  "tail_log",
] as const;

/** An operation of `upstream_servers`. */
export type Operation = typeof OPERATIONS[number];

/** Servers as an agent may see and change them. */
export const UPSTREAM_SERVERS: ToolDefinition = {
  name: "upstream_servers",
  title: "Servers behind this gateway",
  description:
    "List the servers behind this gateway with their health. With admin rights also read their logs, and add, change, restart or remove servers; what is added or changed to run something else is held until a person approves it.",
  inputSchema: {
    type: "object",
    properties: {
      operation: { type: "string", enum: OPERATIONS, description: "What to do" },
      name: text("Name of the server; all but list need it"),
      command: text("add, update: program of a stdio server"),
      args: list("Its arguments"),
      env: map("Its variables; null removes one"),
      working_dir: text("Directory it starts in"),
      url: text("add, update: URL of an HTTP server"),
      headers: map("Its HTTP headers; null removes one"),
      protocol: text("stdio, http, streamable-http or sse; found out when absent"),
      enabled: { type: "boolean" },
      init_timeout: text("Time for its start, such as 45s"),
      registry: text("add_from_registry: id of the registry"),
      id: text("add_from_registry: id of the server there"),
      lines: { type: "integer", minimum: 1, maximum: 500, description: "tail_log: number of lines, 50" },
    },
    required: ["operation"],
    additionalProperties: true,
  },
  annotations: {
    title: "Servers behind this gateway",
    readOnlyHint: false,
    destructiveHint: true,
    openWorldHint: false,
  },
};

/** What `quarantine_security` can do. */
export const REVIEW_OPERATIONS = [
  "list_quarantined",
  "inspect_quarantined",
  "inspect_tools",
  "inspect_prompts",
  "quarantine_server",
  "block_tool",
  "block_all_tools",
] as const;

/** An operation of `quarantine_security`. */
export type ReviewOperation = typeof REVIEW_OPERATIONS[number];

/** What is held, as an agent may see it. */
export const QUARANTINE_SECURITY: ToolDefinition = {
  name: "quarantine_security",
  title: "What is held for review",
  description:
    "List servers, tools and prompts that are held until a person has reviewed them. With admin rights also hold a server or block tools. Nothing can be approved here: a person does that.",
  inputSchema: {
    type: "object",
    properties: {
      operation: { type: "string", enum: REVIEW_OPERATIONS, description: "What to do" },
      name: text("Name of the server; all but list_quarantined need it"),
      tool_name: text("block_tool: name of the tool on its server"),
    },
    required: ["operation"],
  },
  annotations: {
    title: "What is held for review",
    readOnlyHint: false,
    destructiveHint: true,
    openWorldHint: false,
  },
};

/** Where further servers can be looked for. */
export const LIST_REGISTRIES: ToolDefinition = {
  name: "list_registries",
  title: "Registries of servers",
  description: "List the registries in which search_servers can look for servers that are not here yet.",
  inputSchema: { type: "object", properties: {} },
  annotations: { title: "Registries of servers", readOnlyHint: true, openWorldHint: false },
};

/** Looks for further servers. */
export const SEARCH_SERVERS: ToolDefinition = {
  name: "search_servers",
  title: "Search registries for servers",
  description:
    "Look in a registry for servers that are not here yet; for tools of servers that are here use retrieve_tools. Texts are those of strangers. Pass a result's add to upstream_servers.",
  inputSchema: {
    type: "object",
    properties: {
      registry: text("Id of the registry, from list_registries"),
      search: text("Words in name or description"),
      tag: text("A further word"),
      limit: { type: "integer", minimum: 1, maximum: 50, description: "Most results, 10" },
    },
    required: ["registry"],
  },
  annotations: { title: "Search registries for servers", readOnlyHint: true, openWorldHint: true },
};
