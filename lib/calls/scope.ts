import { didYouMean, GatewayError } from "../contracts/mod.ts";
import type { Runtime, ServerRecord, ViewSnapshot } from "../runtime/mod.ts";

/** The part of the gateway that a client reaches through its endpoint. */
export interface Scope {
  /** Tells whether the client may know of a server; whatever is outside does not exist for it. */
  includes(server: string): boolean;
}

/** Everything. */
export const EVERYTHING: Scope = { includes: () => true };

/** Only these servers. */
export function onlyServers(names: Iterable<string>): Scope {
  const servers = new Set(names);
  return { includes: (server) => servers.has(server) };
}

/**
 * Narrows the runtime to a scope: what is outside is neither listed nor found,
 * and asking for it gives the same error as asking for what does not exist.
 */
export function narrow(runtime: Runtime, scope: Scope = EVERYTHING): Runtime {
  if (scope === EVERYTHING) return runtime;
  const view = narrowView(runtime, scope);
  function server(name: string): ServerRecord {
    if (scope.includes(name)) return runtime.server(name);
    throw new GatewayError(
      "MCPX_SERVER_NOT_FOUND",
      `Cannot find server "${name}": no server has this name${didYouMean(name, view().servers.keys())}`,
      { details: { server: name } },
    );
  }
  // Methods of a class are not copied by a spread; each is passed on by name.
  return {
    catalogue: { get: (name) => scope.includes(name) ? runtime.catalogue.get(name) : undefined },
    view,
    server,
    use(name, wait, work) {
      server(name);
      return runtime.use(name, wait, work);
    },
    restart(name) {
      server(name);
      runtime.restart(name);
    },
    onMessage: (listener) =>
      runtime.onMessage((name, message) => scope.includes(name) ? listener(name, message) : undefined),
    onState: (listener) => runtime.onState((name) => scope.includes(name) ? listener(name) : undefined),
    onExposedChange: (listener) =>
      runtime.onExposedChange((names) => {
        const inside = names.filter((name) => scope.includes(name));
        if (inside.length > 0) listener(inside);
      }),
    notifyFor: (peerId, method, params) => runtime.notifyFor(peerId, method, params),
    endPeer: (peerId) => runtime.endPeer(peerId),
    [Symbol.asyncDispose]: () => Promise.resolve(), // the whole runtime belongs to somebody else
  };
}

function narrowView(runtime: Runtime, scope: Scope): () => ViewSnapshot {
  let last: { readonly of: ViewSnapshot; readonly narrowed: ViewSnapshot } | undefined;
  return () => {
    const of = runtime.view();
    if (last?.of !== of) {
      const servers = new Map([...of.servers].filter(([name]) => scope.includes(name)));
      last = { of, narrowed: { ...of, servers } };
    }
    return last.narrowed;
  };
}
