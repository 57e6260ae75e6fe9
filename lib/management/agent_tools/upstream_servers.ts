import {
  type Caller,
  type Config,
  didYouMean,
  GatewayError,
  type Management,
  type RequestSource,
  SERVER_OPERATION_ACCESS,
  type ServerConfigInput,
  type ServerView,
} from "../../contracts/mod.ts";
import type { Scope } from "../../calls/mod.ts";
import { maskServer } from "../../secrets/mod.ts";
import { type Operation, OPERATIONS } from "./definitions.ts";
import { isRisky, readFields } from "./entry.ts";

/** What a call of one of these tools works with. */
export interface AgentCall {
  readonly management: Management;
  readonly config: () => Config;
  readonly args: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  readonly signal: AbortSignal;
  /** For the records of what the tool asks for. */
  readonly from: RequestSource;
  readonly scope?: Pick<Scope, "includes">;
}

/** Tells whether a server is there for this client: a profile leaves out what is not in it. */
export function isInside({ scope }: Pick<AgentCall, "scope">, name: string): boolean {
  return scope?.includes(name) ?? true;
}

/** @throws {GatewayError} MCPX_SERVER_NOT_FOUND — the profile in force leaves the server out. */
export function demandInside(call: AgentCall, name: string): void {
  if (isInside(call, name)) return;
  throw new GatewayError(
    "MCPX_SERVER_NOT_FOUND",
    `Cannot find server "${name.slice(0, 200)}": no server has this name`,
    { remedy: "upstream_servers list has the servers of this profile" },
  );
}

/**
 * Carries out one operation on servers.
 *
 * @throws {GatewayError} MCPX_FORBIDDEN, MCPX_INVALID_INPUT, and whatever the verb throws.
 */
export async function upstreamServers(call: AgentCall): Promise<unknown> {
  const operation = operationOf(call.args.operation);
  if (SERVER_OPERATION_ACCESS[operation] === "admin" && call.caller.role !== "admin") {
    throw notForAgents(operation);
  }
  if (operation === "list") return await list(call);
  if (operation === "add_from_registry") return await addFromRegistry(call);
  const name = textOf(call, "name", operation);
  switch (operation) {
    case "add":
      return await add(call, name);
    case "update":
    case "patch":
      return await update(call, name);
    case "tail_log":
      return await tailLog(call, name);
    case "refresh":
      return await call.management.request("servers.discover", { name }, call);
    case "remove":
    case "enable":
    case "disable":
    case "restart":
      return await call.management.request(`servers.${operation}`, { name }, call);
    default:
      return operation satisfies never;
  }
}

function operationOf(value: unknown): Operation {
  const found = OPERATIONS.find((one) => one === value);
  if (found !== undefined) return found;
  const hint = typeof value === "string" ? didYouMean(value, OPERATIONS) : "";
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot carry out "${String(value).slice(0, 60)}": upstream_servers has no such operation${hint}`,
    { remedy: `Use one of ${OPERATIONS.join(", ")}` },
  );
}

function textOf({ args }: AgentCall, key: string, operation: string): string {
  const value = args[key];
  if (typeof value === "string" && value !== "") return value;
  throw new GatewayError(
    "MCPX_INVALID_INPUT",
    `Cannot ${operation}: "${key}" must be a text that is not empty`,
  );
}

async function list(call: AgentCall) {
  const { management, caller, signal } = call;
  const { servers: all } = await management.request("servers.list", {}, { caller, signal });
  const servers = all.filter(({ name }) => isInside(call, name));
  const isAdmin = caller.role === "admin";
  return { servers: servers.map((server) => toEntry(server, isAdmin)), total: servers.length };
}

/** Names of variables and headers, never their values; how a server is reached is for admins. */
function toEntry(server: ServerView, isAdmin: boolean) {
  // Masked here too: the config may let people see what agents may not.
  const { args, url } = maskServer({ env: {}, headers: {}, url: server.url, args: server.args ?? [] });
  return {
    name: server.name,
    protocol: server.protocol,
    enabled: server.enabled,
    quarantined: server.quarantined,
    connection_status: {
      state: server.status,
      last_error: server.quarantined ? undefined : server.last_error,
      retry_count: server.retry_count,
      last_retry_time: server.retry_at,
    },
    tools: { count: server.tool_count },
    health: server.health,
    ...(isAdmin
      ? {
        command: server.command,
        args: server.command === undefined ? undefined : args,
        url,
        env: Object.keys(server.env ?? {}),
        headers: Object.keys(server.headers ?? {}),
        trust_mode: server.trust_mode,
        created: server.created,
        updated: server.updated,
      }
      : {}),
  };
}

async function add(call: AgentCall, name: string) {
  const fields = readFields(call.args);
  // The verb checks every field by the schema of an entry and names what is wrong.
  const entry = { ...fields, name, quarantined: true } as ServerConfigInput;
  await call.management.request("servers.add", entry, call);
  return held(name, { added: true, enabled: fields.enabled !== false });
}

async function addFromRegistry(call: AgentCall) {
  const { registry, id, name, env, headers, enabled, operation: _operation, ...others } = call.args;
  const [stray] = Object.keys(others);
  if (stray !== undefined) {
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      `Cannot use "${stray.slice(0, 100)}": the registry says how a server is run`,
    );
  }
  const { server } = await call.management.request("registries.install", {
    id: textOf(call, "registry", `add "${String(id)}"`),
    server_id: textOf(call, "id", `add from "${String(registry)}"`),
    // The verb checks each by its schema.
    ...({ name, env, headers, enabled } as { name?: string }),
  }, call);
  return { ...held(server.name, { added: true, enabled: server.enabled }), server };
}

async function update(call: AgentCall, name: string) {
  const fields = readFields(call.args);
  const quarantines = isRisky(fields);
  const patch = quarantines ? { ...fields, quarantined: true } : fields;
  if (Object.keys(fields).length > 0 || call.args.quarantined !== true) {
    await call.management.request("servers.update", { name, patch }, call);
  } else await call.management.request("servers.quarantine", { name }, call);
  const changes = {
    modified: Object.keys(fields),
    removed: Object.keys(fields).filter((key) => fields[key] === null),
  };
  return quarantines ? { ...held(name, { updated: true }), changes } : { name, updated: true, changes };
}

/** A held server's log could tell the agent what nobody has reviewed. */
async function tailLog(call: AgentCall, name: string) {
  const { management, args, caller, signal } = call;
  demandInside(call, name);
  const view = await management.request("servers.get", { name }, { caller, signal });
  if (view.quarantined) {
    throw new GatewayError(
      "MCPX_SERVER_QUARANTINED",
      `Cannot read the log of server "${name}": it is in quarantine`,
      {
        remedy: `A person reads it: mcpproxy upstream logs ${name}`,
      },
    );
  }
  const lines = typeof args.lines === "number" && args.lines >= 1
    ? Math.min(500, Math.floor(args.lines))
    : 50;
  const { logs } = await management.request("servers.logs", { name, tail: lines }, { caller, signal });
  return {
    server_name: name,
    lines_requested: lines,
    lines_returned: logs.length,
    log_lines: logs.map(({ timestamp, level, message }) => `${timestamp} ${level} ${message}`),
    server_status: view.health.summary,
    connection_status: view.status,
  };
}

function held(name: string, facts: Readonly<Record<string, unknown>>) {
  return {
    name,
    ...facts,
    quarantined: true,
    security_status: "held",
    message:
      `Server "${name}" is held in quarantine: nothing of it can be used until a person has reviewed it`,
    next_steps: "Ask the person to review the server and to approve it",
    review_commands: [`mcpproxy upstream get ${name}`, `mcpproxy upstream approve ${name}`],
  };
}

function notForAgents(operation: string): GatewayError {
  return new GatewayError(
    "MCPX_FORBIDDEN",
    `Cannot carry out "${operation}": an agent may list servers, wanted the rights of an admin`,
    { remedy: "Ask the person to do it: mcpproxy upstream --help" },
  );
}
