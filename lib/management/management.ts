import {
  type Caller,
  type CallerScope,
  GatewayError,
  type LogLine,
  type Management,
  type RequestOptions,
  type VerbInput,
  type VerbName,
  type VerbOutput,
  type VerbParsed,
  VERBS,
} from "../contracts/mod.ts";
import { withReach } from "../calls/mod.ts";
import { followServerLog } from "../observability/mod.ts";
import { accessVerbs } from "./access.ts";
import { type AgentTools, createAgentTools } from "./agent_tools/agent_tools.ts";
import { activityVerbs } from "./activity.ts";
import { approvalVerbs } from "./approvals.ts";
import { callVerbs } from "./calls.ts";
import { recordingChange } from "./changes.ts";
import { configVerbs } from "./config.ts";
import { diagnosticVerbs } from "./diagnostics.ts";
import { followBus, listEvents } from "./events.ts";
import { connectVerbs } from "./connect.ts";
import { consentVerbs } from "./consents.ts";
import { createCredentials } from "./credentials.ts";
import { importVerbs } from "./import.ts";
import { isolationVerbs } from "./isolation_verbs.ts";
import type { ManagementOptions } from "./options.ts";
import { gatewayVerbs } from "./gateway.ts";
import { parseInput } from "./input.ts";
import { cutPage } from "./paging.ts";
import { registryVerbs } from "./registries.ts";
import { preflightVerbs } from "./preflight.ts";
import { profileVerbs } from "./profiles.ts";
import { sessionVerbs } from "./sessions.ts";
import { narrowStatus, withinScope } from "./scoped.ts";
import { secretVerbs } from "./secrets.ts";
import { securityVerbs } from "./security.ts";
import { serverVerbs } from "./servers.ts";
import { status } from "./status.ts";
import { tokenVerbs } from "./tokens.ts";
import { statsVerbs } from "./stats.ts";
import { toolCallVerbs } from "./tool_calls.ts";
import { toolSwitchVerbs } from "./tool_switches.ts";
import { toolVerbs } from "./tools.ts";
import { type AddServer, partOf, type VerbContext } from "./verb_context.ts";

/** Caller when a surface names none: code in this process. */
const OWNER: Caller = { role: "admin", label: "in process", surface: "library" };

const ROLE_RANK = { agent: 0, admin: 1 };

type Handlers = {
  readonly [N in VerbName]: (
    input: VerbParsed<N>,
    context: VerbContext,
  ) => VerbOutput<N> | Promise<VerbOutput<N>>;
};

/** Carries out verbs over the parts of the service, or over what a scope leaves of them. */
function createHandlers(
  options: ManagementOptions,
  waiting: { count: number },
  agentTools: () => AgentTools,
): Handlers {
  const diagnostics = diagnosticVerbs(options);
  const gateway = gatewayVerbs(options);
  const servers = serverVerbs(options);
  const stats = statsVerbs(options);
  const tools = toolVerbs(options);
  const calls = callVerbs(options, agentTools);
  const config = configVerbs(options);
  const connect = connectVerbs(options, createCredentials(options));
  const add: AddServer = (entry, within) =>
    recordingChange(
      options,
      { verb: "servers.add", input: entry, ...partOf(within, options.platform.random.uuid()) },
      () => servers.add(entry),
    );
  const registries = registryVerbs(options, add);
  const imports = importVerbs(options, add);
  const tokens = tokenVerbs(options);
  const access = accessVerbs(options);
  const approvals = approvalVerbs(options);
  const secrets = secretVerbs(options);
  const security = securityVerbs(options);
  const switches = toolSwitchVerbs(options);
  const profiles = profileVerbs(options);
  const sessions = sessionVerbs(options);
  const consents = consentVerbs(options);
  const activity = activityVerbs(options);
  const isolation = isolationVerbs(options);
  const toolCalls = toolCallVerbs(options, agentTools);
  return {
    "status.get": (input, { caller }) => {
      const whole = status(options, input.show_key === true && caller.role === "admin");
      return options.scope === undefined ? whole : narrowStatus(whole);
    },
    "servers.list": (input) => {
      const { servers: all, stats } = servers.list();
      const { items, ...next } = cutPage(all, ({ name }) => name, input);
      return { servers: items, stats, ...next };
    },
    "servers.get": (input) => servers.get(input),
    "servers.add": (input) => servers.add(input),
    "servers.update": (input, context) => servers.update(input, context),
    "servers.remove": (input) => servers.remove(input),
    "servers.enable": (input) => servers.enable(input),
    "servers.disable": (input) => servers.disable(input),
    "servers.restart": (input) => servers.restart(input),
    "servers.tools": (input, { signal }) => servers.tools(input, signal),
    "servers.logs": (input) => servers.logs(input),
    "tools.list": async (input, { signal }) => {
      const { tools: all, ...rest } = await tools.list(signal);
      const { items, ...next } = cutPage(all, ({ id }) => id, input);
      return { tools: items, ...rest, ...next };
    },
    "tools.search": (input, { signal }) => tools.search(input, signal),
    "calls.call": (input, context) => calls.call(input, context),
    "config.get": (input) => config.get(input),
    "config.replace": (input) => config.replace(input),
    "config.patch": (input) => config.patch(input),
    "config.validate": (input) => config.validate(input),
    "config.diff": (input) => config.diff(input),
    "tools.preflight": (input, context) => preflightVerbs(options, waiting).preflight(input, context),
    "diagnostics.get": () => diagnostics.get(),
    "diagnostics.server": (input) => diagnostics.server(input),
    "diagnostics.fix": (input) => diagnostics.fix(input),
    "connect.list": () => connect.list(),
    "connect.get": (input) => connect.get(input),
    "connect.preview": (input) => connect.preview(input),
    "connect.add": (input) => connect.add(input),
    "connect.undo": (input) => connect.undo(input),
    "connect.remove": (input) => connect.remove(input),
    "registries.list": () => registries.list(),
    "registries.search": (input, { signal }) => registries.search(input, signal),
    "registries.add": (input) => registries.add(input),
    "registries.update": (input) => registries.update(input),
    "registries.remove": (input) => registries.remove(input),
    "registries.refresh": (input) => registries.refresh(input),
    "registries.install": (input, context) => registries.install(input, context),
    "import.paths": () => imports.paths(),
    "import.content": (input, context) => imports.content(input, context),
    "import.path": (input, context) => imports.path(input, context),
    "gateway.info": () => gateway.info(),
    "gateway.routing": () => gateway.routing(),
    "servers.enable_all": () => gateway.enableAll(),
    "servers.disable_all": () => gateway.disableAll(),
    "servers.restart_all": () => gateway.restartAll(),
    "servers.reconnect": () => gateway.reconnect(),
    "servers.quarantine": (input) => gateway.quarantine(input),
    "servers.unquarantine": (input, context) => gateway.unquarantine(input, context),
    "servers.discover": (input) => gateway.discover(input),
    "stats.tokens": () => stats.tokens(),
    "stats.cache": () => stats.cache(),
    "tools.annotations": () => gateway.annotations(),
    "access.sign_in_code": () => access.signInCode(),
    "access.reset_key": () => access.resetKey(),
    "access.client_snippet": (input) => access.snippet(input),
    "profiles.list": () => profiles.list(),
    "profiles.active": () => profiles.active(),
    "profiles.use": (input) => profiles.use(input),
    "profiles.get": (input) => profiles.get(input),
    "profiles.create": (input) => profiles.create(input),
    "profiles.set": (input) => profiles.set(input),
    "profiles.remove": (input) => profiles.remove(input),
    "consents.list": (input) => consents.list(input),
    "consents.allow": (input, context) => consents.allow(input, context),
    "consents.deny": (input, context) => consents.deny(input, context),
    "sessions.list": (input) => sessions.list(input),
    "sessions.get": (input) => sessions.get(input),
    "sessions.close": (input) => sessions.close(input),
    "tokens.list": () => tokens.list(),
    "tokens.get": (input) => tokens.get(input),
    "tokens.create": (input) => tokens.create(input),
    "tokens.revoke": (input) => tokens.revoke(input),
    "tokens.remove": (input) => tokens.remove(input),
    "tokens.regenerate": (input) => tokens.regenerate(input),
    "secrets.list": (input) => secrets.list(input),
    "secrets.set": (input) => secrets.set(input),
    "secrets.delete": (input) => secrets.delete(input),
    "secrets.move": (input) => secrets.move(input),
    "secrets.migrate": (input) => secrets.migrate(input),
    "activity.list": (input, { caller }) => activity.list(input, caller),
    "activity.get": (input, { caller }) => activity.get(input, caller),
    "activity.summary": (input) => activity.summary(input),
    "activity.usage": (input) => activity.usage(input),
    "approvals.list": (input) => approvals.list(input),
    "approvals.diff": (input) => approvals.diff(input),
    "approvals.approve": (input, context) => approvals.approve(input, context),
    "approvals.reject": (input, context) => approvals.reject(input, context),
    "servers.inspect": (input, { signal }) => approvals.inspect(input, signal),
    "tools.switch": (input) => switches.switch(input),
    "tools.enable_all": (input) => switches.enableAll(input),
    "tools.disable_all": (input) => switches.disableAll(input),
    "security.scan": (input, { signal }) => security.scan(input, signal),
    "security.report": (input) => security.report(input),
    "security.overview": () => security.overview(),
    "security.approve": (input, context) => security.approve(input, context),
    "security.reject": (input) => security.reject(input),
    "isolation.status": () => isolation.status(),
    "isolation.switch": (input) => isolation.switch(input),
    "tool_calls.list": (input, { caller }) => toolCalls.list(input, caller),
    "tool_calls.get": (input, { caller }) => toolCalls.get(input, caller),
    "tool_calls.replay": (input, context) => toolCalls.replay(input, context),
    "events.list": (input) => listEvents(options.bus, input),
  };
}

/** Creates the service that works in this process. */
export function createManagement(options: ManagementOptions): Management {
  const waiting = { count: 0 };
  // They ask the service itself, which is not there yet.
  const agentTools = () =>
    tools ??= createAgentTools({ management, config: () => options.config.snapshot().config });
  let tools: AgentTools | undefined;
  const handlers = createHandlers(options, waiting, agentTools);
  const scoped = new WeakMap<CallerScope, Handlers>();
  const handlersFor = ({ scope }: Caller): Handlers => {
    if (scope === undefined) return handlers;
    const known = scoped.get(scope) ?? createHandlers(withinScope(options, scope), waiting, agentTools);
    scoped.set(scope, known);
    return known;
  };
  const never = new AbortController().signal;
  // Without a daemon it is a command that asks.
  const owner: Caller = options.facts.running ? OWNER : { ...OWNER, surface: "cli" };
  const management: Management = {
    kind: "local",
    async request<N extends VerbName>(verb: N, input: VerbInput<N>, request: RequestOptions = {}) {
      const caller = request.caller ?? owner;
      const requestId = request.requestId ?? options.platform.random.uuid();
      const { from } = request;
      demandRole(verb, caller);
      const parsed = parseInput(verb, input);
      const work = async () => {
        const context = { caller, requestId, from, signal: request.signal ?? never };
        return await handlersFor(caller)[verb](parsed, context);
      };
      const change = { verb, input: parsed, caller, requestId, from };
      return await recordingChange(options, change, work).catch((thrown) => {
        throw withReach(thrown, caller);
      });
    },
    followLogs({ name, tail }, signal): AsyncIterable<LogLine> {
      options.runtime.server(name);
      const { platform: { files, clock }, logDirectory: directory } = options;
      return followServerLog({ files, clock, directory, name, tail, signal });
    },
    followEvents(filter, signal) {
      const { list } = serverVerbs(options);
      const snapshot = () => Promise.resolve({ status: status(options, false), ...list() });
      return followBus({ bus: options.bus, snapshot }, filter, signal);
    },
    async *exportActivity(input, { caller = owner, signal } = {}) {
      demandAdmin("activity.export", caller);
      yield* activityVerbs(options).export(input, signal ?? never);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return management;
}

function demandAdmin(what: string, { role }: Caller): void {
  if (role === "admin") return;
  throw new GatewayError("MCPX_FORBIDDEN", `Cannot carry out "${what}": it needs the role admin`, {
    details: { verb: what, role: "admin" },
  });
}

function demandRole(verb: VerbName, caller: Caller): void {
  const needed = VERBS[verb].role;
  if (ROLE_RANK[caller.role] >= ROLE_RANK[needed]) return;
  throw new GatewayError("MCPX_FORBIDDEN", `Cannot carry out "${verb}": it needs the role ${needed}`, {
    details: { verb, role: needed },
  });
}
