import type { CallerScope, Config } from "../contracts/mod.ts";
import { EVERYTHING, intersect, onlyServers, type Scope } from "../calls/mod.ts";
import { RPC, RpcFault } from "./jsonrpc.ts";

/** How a client meets the servers. */
export type Mode =
  /** Tools are found with `retrieve_tools` and called through the gateway's own tools. */
  | "search"
  /** Every tool under a name of its own. */
  | "direct"
  /** Scripts that call tools. */
  | "code"
  /** One server as it is. */
  | "server";

/** What an endpoint offers. */
export interface Surface {
  /** Sessions belong to the endpoint they were opened at. */
  readonly key: string;
  readonly mode: Mode;
  readonly server?: string;
  readonly profile?: string;
  /** Whether tools of servers may be listed beside the gateway's own: `exposure` in the config decides. */
  readonly adapts?: boolean;
}

const MODES: Readonly<Record<Config["routing_mode"], Mode>> = {
  retrieve_tools: "search",
  direct: "direct",
  code_execution: "code",
};

const NAMED = /^\/mcp\/([ps])\/([^/]+)\/?$/;
/** Path of a URL; much cheaper than parsing it. */
const PATH = /^[^/]+\/\/[^/?#]+(\/[^?#]*)/;

/** What of the gateway there is for a caller. */
export interface Reach {
  readonly config: Config;
  readonly hasServer: (name: string) => boolean;
  /** Ends where the token of the caller does; absent for callers without one. */
  readonly scope: CallerScope | undefined;
}

/**
 * Reads the surface from the URL of a request.
 *
 * @throws {RpcFault} With status 404 for a path, profile or server that is not there, or not for this caller.
 */
export function surfaceOf(url: string, reach: Reach): Surface {
  const { config, hasServer } = reach;
  const path = PATH.exec(url)?.[1] ?? "/mcp";
  switch (path) {
    case "/mcp":
    case "/mcp/":
      return {
        key: "/mcp",
        mode: MODES[config.routing_mode],
        adapts: config.routing_mode === "retrieve_tools",
      };
    case "/mcp/call":
      return { key: "/mcp/call", mode: "search" };
    case "/mcp/all":
      return { key: "/mcp/all", mode: "direct" };
    case "/mcp/code":
      return { key: "/mcp/code", mode: "code" };
  }
  const [, kind, encoded = ""] = NAMED.exec(path) ?? [];
  const name = decode(encoded);
  if (kind === "p") return profileSurface(name, reach);
  if (kind === "s" && hasServer(name)) return { key: `/mcp/s/${name}`, mode: "server", server: name };
  if (kind === "s") throw notFound(`unknown server '${name}'`, {});
  throw notFound(`no such endpoint: ${path.slice(0, 100)}`, {
    endpoints: ["/mcp", "/mcp/call", "/mcp/all", "/mcp/code", "/mcp/p/<profile>", "/mcp/s/<server>"],
  });
}

function profileSurface(name: string, { config, scope }: Reach): Surface {
  const profiles = profilesWithin(config, scope).map((profile) => profile.name);
  if (profiles.length === 0) throw notFound("no profiles configured", {});
  if (profiles.includes(name)) {
    return { key: `/mcp/p/${name}`, mode: "search", profile: name, adapts: true };
  }
  throw notFound(`unknown profile '${name}'`, { available: profiles });
}

/** The profiles that there are for a caller: all, or the one that its token is pinned to. */
export function profilesWithin(
  { profiles }: Pick<Config, "profiles">,
  scope: Pick<CallerScope, "profile"> | undefined,
): Config["profiles"] {
  if (scope?.profile === undefined) return profiles;
  return profiles.filter(({ name }) => name === scope.profile);
}

function notFound(error: string, data: Readonly<Record<string, unknown>>): RpcFault {
  return new RpcFault(RPC.endpointNotFound, `Not found: ${error}`, { status: 404, data: { error, ...data } });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text).slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}

/** Where a request reaches, as far as scopes depend on it. */
export interface ScopePlace {
  readonly surface: Surface;
  /** Chosen by the session. */
  readonly profile: string | undefined;
  readonly config: Config;
  /** Of the caller's token. */
  readonly scope: CallerScope | undefined;
}

/** Gives the scope of a surface, narrowed by the profile that a session has chosen and by the caller's token; the same one as long as the config stays. */
export function createScopes(): (place: ScopePlace) => Scope {
  let of: Config | undefined;
  let scopes = new Map<string, Scope>();
  let narrowed = new WeakMap<CallerScope, Map<Scope, Scope>>();
  const remembered = (key: string, make: () => Scope) => {
    const scope = scopes.get(key) ?? make();
    scopes.set(key, scope);
    return scope;
  };
  const within = (scope: Scope, caller: CallerScope) => {
    const known = narrowed.get(caller) ?? new Map<Scope, Scope>();
    narrowed.set(caller, known);
    const both = known.get(scope) ?? intersect(scope, caller);
    known.set(scope, both);
    return both;
  };
  function surfaceScope({ surface: { server, profile: pinned }, profile, config }: ScopePlace): Scope {
    if (server !== undefined) return remembered(`s ${server}`, () => onlyServers([server]));
    const name = pinned ?? profile;
    if (name === undefined) return EVERYTHING;
    return remembered(`p ${name}`, () => {
      // A profile that was removed meanwhile leaves nothing, rather than everything.
      return onlyServers(config.profiles.find((profile) => profile.name === name)?.servers ?? []);
    });
  }
  return (place) => {
    if (of !== place.config) {
      of = place.config;
      scopes = new Map();
      narrowed = new WeakMap();
    }
    const scope = surfaceScope(place);
    return place.scope === undefined ? scope : within(scope, place.scope);
  };
}
