import { didYouMean, GatewayError, type ToolAnnotations } from "../contracts/mod.ts";
import type { Catalogue, ListedTools, Runtime, ServerRecord, ViewSnapshot } from "../runtime/mod.ts";

/** The part of the gateway that a client reaches through its endpoint. */
export interface Scope {
  /** Tells whether the client may know of a server; whatever is outside does not exist for it. */
  includes(server: string): boolean;
  /** Tells whether the client may know of a tool with these annotations; of every one when absent. */
  permits?(annotations: ToolAnnotations | undefined): boolean;
}

/** Everything. */
export const EVERYTHING: Scope = { includes: () => true };

/** Only these servers. */
export function onlyServers(names: Iterable<string>): Scope {
  const servers = new Set(names);
  return { includes: (server) => servers.has(server) };
}

/** What lies within both of two scopes. */
export function intersect(one: Scope, other: Scope): Scope {
  if (one === EVERYTHING) return other;
  if (other === EVERYTHING) return one;
  const includes = (server: string) => one.includes(server) && other.includes(server);
  if (one.permits === undefined && other.permits === undefined) return { includes };
  return {
    includes,
    permits: (annotations) => (one.permits?.(annotations) ?? true) && (other.permits?.(annotations) ?? true),
  };
}

/**
 * Narrows the runtime to a scope: what is outside is neither listed nor found,
 * and asking for it gives the same error as asking for what does not exist.
 */
export function narrow(runtime: Runtime, scope: Scope = EVERYTHING): Runtime {
  if (scope === EVERYTHING) return runtime;
  const narrowed = NARROWED.get(runtime) ?? new WeakMap<Scope, Runtime>();
  NARROWED.set(runtime, narrowed);
  const known = narrowed.get(scope) ?? narrowAnew(runtime, scope);
  narrowed.set(scope, known);
  return known;
}

/** Calls are many and scopes few; what a scope sees of lists is worked out once. */
const NARROWED = new WeakMap<Runtime, WeakMap<Scope, Runtime>>();

function narrowAnew(runtime: Runtime, scope: Scope): Runtime {
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
    catalogue: narrowCatalogue(runtime.catalogue, scope),
    trust: runtime.trust,
    view,
    server,
    settled: () => runtime.settled(),
    inspect(name, signal) {
      server(name);
      return runtime.inspect(name, signal);
    },
    use(name, wait, work) {
      server(name);
      return runtime.use(name, wait, work);
    },
    restart(name) {
      server(name);
      runtime.restart(name);
    },
    relist(name) {
      server(name);
      runtime.relist(name);
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

/** Tools that are not permitted are left out of the lists, once for each list. */
function narrowCatalogue(catalogue: Runtime["catalogue"], scope: Scope): Runtime["catalogue"] {
  const permits = scope.permits?.bind(scope);
  const get = (name: string) => scope.includes(name) ? catalogue.get(name) : undefined;
  const versioned = (of: Pick<Catalogue, "get">): Runtime["catalogue"] => ({
    ...of,
    get version() {
      return catalogue.version;
    },
  });
  if (permits === undefined) return versioned({ get });
  const narrowed = new WeakMap<ListedTools, ListedTools>();
  return versioned({
    get(name) {
      const listed = get(name);
      if (listed === undefined) return undefined;
      const known = narrowed.get(listed) ?? narrowList(listed, permits);
      narrowed.set(listed, known);
      return known;
    },
  });
}

function narrowList(listed: ListedTools, permits: NonNullable<Scope["permits"]>): ListedTools {
  const tools = listed.tools.filter(({ annotations }) => permits(annotations));
  if (tools.length === listed.tools.length) return listed;
  const all = listed.all?.filter(({ annotations }) => permits(annotations));
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  return { ...listed, all, tools, byName, names: new Set(byName.keys()) };
}
