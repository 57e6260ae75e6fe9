import type { Config } from "../contracts/mod.ts";
import { EVERYTHING, onlyServers, type Scope } from "../calls/mod.ts";
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

/**
 * Reads the surface from the URL of a request.
 *
 * @throws {RpcFault} With status 404 for a path, profile or server that is not there.
 */
export function surfaceOf(url: string, config: Config, hasServer: (name: string) => boolean): Surface {
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
  if (kind === "p") return profileSurface(name, config);
  if (kind === "s" && hasServer(name)) return { key: `/mcp/s/${name}`, mode: "server", server: name };
  if (kind === "s") throw notFound(`unknown server '${name}'`, {});
  throw notFound(`no such endpoint: ${path.slice(0, 100)}`, {
    endpoints: ["/mcp", "/mcp/call", "/mcp/all", "/mcp/code", "/mcp/p/<profile>", "/mcp/s/<server>"],
  });
}

function profileSurface(name: string, { profiles }: Config): Surface {
  if (profiles.length === 0) throw notFound("no profiles configured", {});
  if (profiles.some((profile) => profile.name === name)) {
    return { key: `/mcp/p/${name}`, mode: "search", profile: name, adapts: true };
  }
  throw notFound(`unknown profile '${name}'`, { available: profiles.map((profile) => profile.name) });
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

/** Gives the scope of a surface, narrowed by the profile that a session has chosen; the same one as long as the config stays. */
export function createScopes(): (surface: Surface, profile: string | undefined, config: Config) => Scope {
  let of: Config | undefined;
  let scopes = new Map<string, Scope>();
  const remembered = (key: string, make: () => Scope) => {
    const scope = scopes.get(key) ?? make();
    scopes.set(key, scope);
    return scope;
  };
  return ({ server, profile: pinned }, chosen, config) => {
    if (of !== config) {
      of = config;
      scopes = new Map();
    }
    if (server !== undefined) return remembered(`s ${server}`, () => onlyServers([server]));
    const name = pinned ?? chosen;
    if (name === undefined) return EVERYTHING;
    return remembered(`p ${name}`, () => {
      // A profile that was removed meanwhile leaves nothing, rather than everything.
      return onlyServers(config.profiles.find((profile) => profile.name === name)?.servers ?? []);
    });
  };
}
