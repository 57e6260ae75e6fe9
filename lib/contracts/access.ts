/**
 * Who may do what: every operation there is, on every surface, with the right
 * that it takes. Verbs say theirs themselves, and their REST routes follow;
 * what is no verb stands here. A test fails for an operation that is missing.
 *
 * @module
 */

import type { Role } from "./verb.ts";
import { type Verb, type VerbName, VERBS } from "./verbs.ts";

/** The right that an operation takes; `everyone` is whoever reaches the listener with an honest Host and Origin. */
export type Access = Role | "everyone";

/** Routes that are no verbs, as `METHOD path` with `*` for any rest. */
export const ROUTE_ACCESS: Readonly<Record<string, Access>> = {
  "POST /mcp": "agent",
  "GET /mcp": "agent",
  "DELETE /mcp": "agent",
  "POST /mcp/*": "agent",
  "GET /mcp/*": "agent",
  "DELETE /mcp/*": "agent",
  "GET /events": "agent",
  "GET /api/v1/openapi.json": "agent",
  "GET /api/v1/activity/export": "admin",
  "GET /metrics": "admin",
  // A program that watches health has no key, and learns nothing else.
  "GET /healthz": "everyone",
  "GET /livez": "everyone",
  "GET /health": "everyone",
  "GET /readyz": "everyone",
  "GET /ready": "everyone",
  // The pages are the same for all; what they show is asked for with a key.
  "GET /": "everyone",
  "GET /ui/*": "everyone",
  "GET /docs": "everyone",
  "GET /docs/*": "everyone",
  "GET /swagger/*": "everyone",
  // The code is the key.
  "POST /ui/sign-in": "everyone",
  "POST /ui/sign-out": "everyone",
};

/** The gateway's own MCP tools. None of them may do more than an agent: approving has no tool. */
export const TOOL_ACCESS: Readonly<Record<string, Role>> = {
  retrieve_tools: "agent",
  describe_tool: "agent",
  call_tool_read: "agent",
  call_tool_write: "agent",
  call_tool_destructive: "agent",
  read_cache: "agent",
  set_profile: "agent",
  code_execution: "agent",
  // Listing is for agents; each operation that changes something asks for the right of its verb.
  upstream_servers: "agent",
  quarantine_security: "agent",
  list_registries: "agent",
  search_servers: "agent",
};

/** What `upstream_servers` can do. What a server prints may come from any caller, so its log is for admins. */
export const SERVER_OPERATION_ACCESS = {
  list: "agent",
  add: "admin",
  add_from_registry: "admin",
  update: "admin",
  patch: "admin",
  remove: "admin",
  enable: "admin",
  disable: "admin",
  restart: "admin",
  refresh: "admin",
  tail_log: "admin",
} as const satisfies Readonly<Record<string, Role>>;

/** The verbs that each command asks for; one that does its work by itself asks for none. */
export const COMMAND_VERBS: Readonly<Record<string, readonly VerbName[]>> = {
  "serve": [],
  "stdio": [],
  "status": ["status.get", "access.sign_in_code", "access.client_snippet", "access.reset_key"],
  "upstream list": ["servers.list"],
  "upstream get": ["servers.get"],
  "upstream add": ["servers.add"],
  "upstream add-json": ["servers.add"],
  "upstream import": ["import.paths", "import.content", "import.path"],
  "upstream remove": ["servers.get", "servers.remove"],
  "upstream enable": ["servers.enable", "servers.enable_all"],
  "upstream disable": ["servers.disable", "servers.disable_all"],
  "upstream restart": ["servers.restart", "servers.restart_all"],
  "upstream reconnect": ["servers.reconnect"],
  "upstream discover-tools": ["servers.discover"],
  "upstream quarantine": ["servers.quarantine"],
  "upstream approve": ["servers.update", "approvals.approve"],
  "upstream patch": ["servers.update"],
  "upstream tools enable": ["tools.switch"],
  "upstream tools disable": ["tools.switch"],
  "upstream tools enable-all": ["tools.enable_all"],
  "upstream tools disable-all": ["tools.disable_all"],
  "upstream logs": ["servers.logs"],
  "tools list": ["tools.list", "servers.tools", "approvals.list"],
  "tools search": ["tools.search"],
  "tools preflight": ["tools.preflight"],
  "tools describe": ["servers.tools"],
  "tools tokens": ["stats.tokens"],
  "registry list": ["registries.list"],
  "registry search": ["registries.list", "registries.search"],
  "registry add": ["registries.install"],
  "registry add-source": ["registries.add"],
  "registry edit": ["registries.update"],
  "registry remove": ["registries.list", "registries.remove"],
  "registry refresh": ["registries.refresh"],
  "call tool": ["calls.call"],
  "call tool-read": ["calls.call"],
  "call tool-write": ["calls.call"],
  "call tool-destructive": ["calls.call"],
  "config show": ["config.get"],
  "config path": [],
  "config validate": ["config.validate"],
  "config diff": ["config.diff"],
  "config edit": [],
  "config schema": [],
  "config import": [],
  "profile list": ["profiles.list"],
  "profile show": ["profiles.get"],
  "profile create": ["profiles.create"],
  "profile set": ["profiles.set"],
  "profile remove": ["profiles.get", "profiles.remove"],
  "profile use": ["profiles.use"],
  "consent": ["consents.list"],
  "consent list": ["consents.list"],
  "consent show": ["consents.list"],
  "consent allow": ["consents.allow"],
  "consent deny": ["consents.deny"],
  "sessions": ["sessions.list"],
  "sessions list": ["sessions.list"],
  "sessions show": ["sessions.get"],
  "sessions close": ["sessions.close"],
  "secrets set": ["secrets.set"],
  "secrets get": [],
  "secrets del": ["secrets.delete"],
  "secrets list": ["secrets.list"],
  "secrets migrate": ["secrets.migrate"],
  "token create": ["tokens.create"],
  "token list": ["tokens.list"],
  "token show": ["tokens.get"],
  "token revoke": ["tokens.revoke"],
  "token delete": ["tokens.get", "tokens.remove"],
  "token regenerate": ["tokens.regenerate"],
  "activity list": ["activity.list"],
  "activity watch": [],
  "activity show": ["activity.get"],
  "activity replay": ["tool_calls.replay", "activity.get"],
  "activity summary": ["activity.summary"],
  "activity usage": ["activity.usage"],
  "activity export": [],
  "events": ["events.list"],
  "doctor": ["diagnostics.get", "diagnostics.server"],
  "doctor explain": [],
  "doctor list-codes": [],
  "doctor fix": ["diagnostics.fix"],
  "security check": [],
  "security scan": ["security.scan"],
  "security report": ["security.report"],
  "security approve": ["security.approve"],
  "security reject": ["security.reject"],
  "security overview": ["security.overview"],
  "tools pending": ["approvals.list"],
  "tools diff": ["approvals.diff", "approvals.list"],
  "tools approve": ["approvals.approve", "approvals.list"],
  "tools reject": ["approvals.reject", "approvals.list"],
  "tools enable": ["tools.switch"],
  "tools disable": ["tools.switch"],
  "upstream inspect": ["servers.get", "servers.inspect", "approvals.diff"],
  "connect": ["connect.list", "connect.get", "connect.preview", "connect.add", "connect.undo"],
  "disconnect": ["connect.remove"],
  "completion": [],
  "completion names": ["servers.list", "tools.list"],
  "version": [],
};

/** One row of the table. */
export interface Operation {
  readonly surface: "rest" | "http" | "mcp" | "cli";
  /** `METHOD path`, the name of a tool, or the words of a command. */
  readonly name: string;
  readonly access: Access;
}

/** Gives the whole table: REST routes of verbs, other routes, MCP tools, commands. */
export function listOperations(): Operation[] {
  const verbs: readonly Verb[] = Object.values(VERBS);
  return [
    ...verbs.flatMap(({ method, path, role, aliases = [] }) =>
      [{ method, path }, ...aliases].map((route): Operation => ({
        surface: "rest",
        name: `${route.method} /api/v1${route.path}`,
        access: role,
      }))
    ),
    ...rows("http", ROUTE_ACCESS),
    ...rows("mcp", TOOL_ACCESS),
    ...Object.entries(COMMAND_VERBS).map(([name, verbs]): Operation => ({
      surface: "cli",
      name,
      access: strongest(verbs),
    })),
  ];
}

function rows(surface: Operation["surface"], table: Readonly<Record<string, Access>>): Operation[] {
  return Object.entries(table).map(([name, access]) => ({ surface, name, access }));
}

/** A command needs the right of the most that it may do. */
function strongest(verbs: readonly VerbName[]): Access {
  const roles = verbs.map((name) => VERBS[name].role);
  if (roles.length === 0) return "everyone";
  return roles.includes("admin") ? "admin" : "agent";
}
