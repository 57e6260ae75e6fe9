import {
  type Caller,
  closest,
  didYouMean,
  GatewayError,
  parseToolId,
  type PreflightTool,
  type ToolRef,
  toToolId,
  type VerbOutput,
  type VerbParsed,
} from "../contracts/mod.ts";
import { checkTool, narrow, onlyServers, verdictOf, visibleTools } from "../calls/mod.ts";
import type { Runtime } from "../runtime/mod.ts";
import { hashDefinition } from "../security/mod.ts";
import type { ManagementOptions } from "./options.ts";
import { toIso } from "./server_views.ts";

/** Preflights that may wait at once; each looks again at every event. */
const MAX_WAITING = 4;
/** What may have changed without an event is seen this often. */
const LOOK_MS = 250;

type Input = VerbParsed<"tools.preflight">;
type Wanted = Input["tools"][number];

/** The verb that checks required tools; `waiting` is shared by all callers. */
export function preflightVerbs(options: ManagementOptions, waiting: { count: number }) {
  const { runtime, platform: { clock }, config } = options;

  function check(input: Input, caller: Caller): PreflightTool[] {
    const scope = scopeOf(input.profile);
    return input.tools.map((wanted) => checkOne(wanted, { input, caller, scope }));
  }

  function scopeOf(profile: string | undefined): Runtime {
    if (profile === undefined) return runtime;
    const { profiles } = config.snapshot().config;
    const found = profiles.find(({ name }) => name === profile);
    if (found !== undefined) return narrow(runtime, onlyServers(found.servers));
    const hint = didYouMean(profile, profiles.map(({ name }) => name));
    throw new GatewayError(
      "MCPX_INVALID_INPUT",
      `Cannot check tools in profile "${profile}": there is no such profile${hint}`,
      { remedy: 'See "profiles" in the config', details: { profile } },
    );
  }

  function checkOne(
    wanted: Wanted,
    { input, caller, scope }: { input: Input; caller: Caller; scope: Runtime },
  ): PreflightTool {
    const { id, pin_hash: pin } = wanted;
    const ref = parseToolId(id) ?? { server: "", tool: id };
    const isOwner = caller.scope === undefined && caller.role === "admin";
    if (isOwner && scope !== runtime && isOutside(ref.server, scope)) {
      return withRemedy({ id, status: "blocked", ...no("server_not_in_scope", "configure") }, ref.server);
    }
    const found: PreflightTool = { ...checkTool(scope, ref, input.policy), id };
    if (found.status === "not_found") return withRemedy(unknown(found, ref, isOwner, scope), ref.server);
    const definition = scope.catalogue.get(ref.server)?.byName.get(ref.tool);
    const hash = definition === undefined || pin === undefined && !isOwner
      ? undefined
      : hashDefinition("tool", { ...definition });
    const shown = isOwner && hash !== undefined ? { ...found, hash } : found;
    if (pin === undefined || found.status !== "ready" || pin === hash) return withRemedy(shown, ref.server);
    return withRemedy({
      ...shown,
      status: "blocked",
      ...no("hash_mismatch", "configure"),
      detail: "The definition is not the one that is pinned",
    }, ref.server);
  }

  /** A server that exists and is not in the scope; others are unknown in every scope. */
  function isOutside(server: string, scope: Runtime): boolean {
    return runtime.view().servers.has(server) && !scope.view().servers.has(server);
  }

  return {
    async preflight(
      input: Input,
      { caller, signal }: { readonly caller: Caller; readonly signal: AbortSignal },
    ): Promise<VerbOutput<"tools.preflight">> {
      const names = [...new Set(input.tools.flatMap(({ id }) => parseToolId(id)?.server ?? []))];
      await options.learnTools(signal, names.filter((name) => runtime.view().servers.has(name)));
      let tools = check(input, caller);
      const startedAt = clock.monotonic();
      if (input.wait_ms > 0 && verdictOf(tools) === "degraded_retryable") {
        tools = await waitFor(options, {
          waiting,
          waitMs: input.wait_ms,
          signal,
          look: () => check(input, caller),
        });
      }
      return {
        verdict: verdictOf(tools),
        checked_at: toIso(clock.now()),
        ...(input.wait_ms === 0 ? {} : { waited_ms: Math.round(clock.monotonic() - startedAt) }),
        tools,
      };
    },
  };
}

interface Wait {
  readonly waiting: { count: number };
  readonly waitMs: number;
  readonly signal: AbortSignal;
  readonly look: () => PreflightTool[];
}

/** Looks again at every event, until waiting does not help any more or the time is over. */
async function waitFor(
  { bus, platform: { clock } }: ManagementOptions,
  { waiting, waitMs, signal, look }: Wait,
): Promise<PreflightTool[]> {
  if (waiting.count >= MAX_WAITING) {
    throw new GatewayError(
      "MCPX_TOO_MANY_WAITING",
      `Cannot wait for the tools: ${MAX_WAITING} preflights are waiting already`,
      { details: { limit: MAX_WAITING, retry_after_ms: waitMs } },
    );
  }
  waiting.count++;
  const over = Promise.withResolvers<PreflightTool[]>();
  const lookAgain = () => {
    const tools = look();
    if (verdictOf(tools) !== "degraded_retryable") over.resolve(tools);
  };
  const onAbort = () => over.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  using _events = bus.subscribe(lookAgain);
  using _looks = clock.every(LOOK_MS, lookAgain);
  using _deadline = clock.after(waitMs, () => over.resolve(look()));
  try {
    lookAgain();
    return await over.promise;
  } finally {
    waiting.count--;
    signal.removeEventListener("abort", onAbort);
  }
}

function no(reason: string, action: string) {
  return { reason, action, retryable: false };
}

function unknown(
  found: PreflightTool,
  { server, tool }: ToolRef,
  isOwner: boolean,
  scope: Runtime,
): PreflightTool {
  const isKnown = scope.view().servers.has(server);
  const visible = [...visibleTools(scope)];
  const near = isKnown
    ? closest(tool, visible.filter((one) => one.server === server).map((one) => one.tool))
      .map((name) => toToolId(server, name))
    : visible.filter((one) => one.tool === tool).slice(0, 3).map(({ id }) => id);
  return {
    ...found,
    ...(isOwner && !isKnown ? { reason: "server_not_configured" } : {}),
    ...(near.length === 0 ? {} : { did_you_mean: near }),
  };
}

const REMEDIES: Readonly<Record<string, (server: string, id: string) => string>> = {
  server_initializing: () => "It is starting: ask again with --wait 10s",
  server_unhealthy: (server) => `mcpproxy upstream logs ${server}`,
  server_disabled: (server) => `mcpproxy upstream enable ${server}`,
  server_quarantined: (server) => `mcpproxy upstream approve ${server}`,
  server_not_configured: () => "mcpproxy upstream list",
  not_found: () => "mcpproxy tools list",
  tool_denied_by_config: () => 'See "enabled_tools" and "disabled_tools" in the config',
  server_not_in_scope: () => 'Add the server to the profile under "profiles" in the config',
  tool_pending_approval: (_, id) => `mcpproxy tools diff ${id}; mcpproxy tools approve ${id}`,
  tool_changed: (_, id) => `mcpproxy tools diff ${id}; mcpproxy tools approve ${id}`,
  tool_blocked_by_user: (_, id) => `It was rejected; to let it in: mcpproxy tools approve ${id}`,
  missing_annotation: () =>
    "The tool does not say what it does; ask without the filter to have it all the same",
  policy_filtered: () => "The tool is of a kind that was to be left out",
  hash_mismatch: () => "Look at the definition, then pin its new hash",
};

function withRemedy(tool: PreflightTool, server: string): PreflightTool {
  const remedy = tool.reason === undefined ? undefined : REMEDIES[tool.reason];
  return remedy === undefined ? tool : { ...tool, remediation: remedy(server, tool.id) };
}
