import type { ListKind, Relay } from "../calls/mod.ts";
import type { Clock } from "../platform/mod.ts";
import type { Exposure } from "./exposure.ts";
import type { Surface } from "./surface.ts";

/** Clients hear of a burst of changes of one list once. */
const MERGE_MS = 250;

/** Tells which lists have changed, with the servers behind the change; `said` by themselves. */
export type ListListener = (kind: ListKind, servers: ReadonlySet<string>, said: boolean) => void;

/**
 * Tells whether a change is one for clients of an endpoint. The gateway's own
 * tools do not change with the servers; directly listed ones have changed once
 * they were listed again, and those of one server when it says so.
 *
 * @param exposure What the client was told before and what it sees now, where that changes.
 */
export function concerns(
  { mode, adapts }: Surface,
  { kind, said }: { readonly kind: ListKind; readonly said: boolean },
  exposure: () => { readonly before: Exposure | undefined; readonly now: Exposure },
): boolean {
  if (kind !== "tools") return true;
  if (mode === "direct") return !said;
  if (adapts !== true) return mode === "server";
  if (said) return false;
  const { before, now } = exposure();
  return now === "direct" || (before !== undefined && before !== now);
}

/** Merges the changes of lists. */
export interface ListNews extends Disposable {
  subscribe(listener: ListListener): Disposable;
}

/** Opens the news over a relay. */
export function openListNews(relay: Pick<Relay, "onListChange">, clock: Clock): ListNews {
  const listeners = new Set<ListListener>();
  const changed = new Map<
    string,
    { readonly kind: ListKind; readonly said: boolean; readonly servers: Set<string> }
  >();
  let timer: Disposable | undefined;

  function tell(): void {
    timer = undefined;
    const news = [...changed.values()];
    changed.clear();
    for (const { kind, servers, said } of news) {
      for (const listener of [...listeners]) listener(kind, servers, said);
    }
  }

  const subscription = relay.onListChange((kind, server, said) => {
    if (listeners.size === 0) return;
    const key = `${kind} ${said}`;
    const entry = changed.get(key) ?? { kind, said, servers: new Set() };
    changed.set(key, entry);
    entry.servers.add(server);
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
