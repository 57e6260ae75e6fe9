import type { ListKind, Relay } from "../calls/mod.ts";
import type { Clock } from "../platform/mod.ts";

/** Clients hear of a burst of changes of one list once. */
const MERGE_MS = 250;

/** Tells which lists have changed, with the servers behind the change. */
export type ListListener = (kind: ListKind, servers: ReadonlySet<string>) => void;

/** Merges the changes of lists. */
export interface ListNews extends Disposable {
  subscribe(listener: ListListener): Disposable;
}

/** Opens the news over a relay. */
export function openListNews(relay: Pick<Relay, "onListChange">, clock: Clock): ListNews {
  const listeners = new Set<ListListener>();
  const changed = new Map<ListKind, Set<string>>();
  let timer: Disposable | undefined;

  function tell(): void {
    timer = undefined;
    const news = [...changed];
    changed.clear();
    for (const [kind, servers] of news) for (const listener of [...listeners]) listener(kind, servers);
  }

  const subscription = relay.onListChange((kind, server) => {
    if (listeners.size === 0) return;
    const servers = changed.get(kind) ?? new Set();
    changed.set(kind, servers.add(server));
    timer ??= clock.after(MERGE_MS, tell);
  });

  return {
    subscribe(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    [Symbol.dispose]() {
      subscription[Symbol.dispose]();
      timer?.[Symbol.dispose]();
      listeners.clear();
    },
  };
}
