import type { Clock } from "../platform/mod.ts";
import type { Rpc } from "./rpc.ts";
import { isUnknownMethod } from "./rpc_error.ts";

/** A stream that ended is opened again after this; longer each time it ends at once. */
const RETRY = { firstMs: 1_000, mostMs: 60_000 };

/** What is listened for. */
export interface ListeningOptions {
  readonly clock: Clock;
  readonly rpc: Rpc;
  readonly capabilities: Readonly<Record<string, unknown>>;
}

/**
 * Hears of changes on a server: `subscriptions/listen` for a modern one,
 * `resources/subscribe` for a legacy one.
 */
export interface Listening extends Disposable {
  subscribe(uri: string): Promise<void>;
  unsubscribe(uri: string): Promise<void>;
}

/** A legacy server says by itself when its lists change; only resources are subscribed to. */
export function listenLegacy({ rpc }: Pick<ListeningOptions, "rpc">): Listening {
  return {
    subscribe: async (uri) => void await rpc.request("resources/subscribe", { uri }),
    unsubscribe: async (uri) => void await rpc.request("resources/unsubscribe", { uri }),
    [Symbol.dispose]: () => {},
  };
}

/** Keeps one listening request open at a modern server, made anew when what it listens for changes. */
export function listenModern({ clock, rpc, capabilities }: ListeningOptions): Listening {
  const uris = new Set<string>();
  let current: AbortController | undefined;
  let timer: Disposable | undefined;
  let disposed = false;
  let delayMs = RETRY.firstMs;

  async function listen(): Promise<void> {
    timer?.[Symbol.dispose]();
    current?.abort(new DOMException("Listening for something else now", "AbortError"));
    const notifications = filterOf(capabilities, uris);
    if (disposed || Object.keys(notifications).length === 0) return;
    const mine = new AbortController();
    current = mine;
    const startedAt = clock.monotonic();
    const error = await rpc.request("subscriptions/listen", { notifications }, {
      signal: mine.signal,
      timeoutMs: Infinity,
    }).then(() => undefined, (thrown: unknown) => thrown);
    if (disposed || mine.signal.aborted || rpc.closed !== undefined || isUnknownMethod(error)) return;
    delayMs = clock.monotonic() - startedAt > RETRY.mostMs
      ? RETRY.firstMs
      : Math.min(delayMs * 2, RETRY.mostMs);
    timer = clock.after(delayMs, () => void listen());
  }

  void listen();
  return {
    subscribe(uri) {
      if (!uris.has(uri)) {
        uris.add(uri);
        void listen();
      }
      return Promise.resolve();
    },
    unsubscribe(uri) {
      if (uris.delete(uri)) void listen();
      return Promise.resolve();
    },
    [Symbol.dispose]() {
      disposed = true;
      timer?.[Symbol.dispose]();
      current?.abort(new DOMException("The connection was closed", "AbortError"));
    },
  };
}

function filterOf(capabilities: Readonly<Record<string, unknown>>, uris: ReadonlySet<string>) {
  const says = (name: string) => {
    const capability = capabilities[name];
    return typeof capability === "object" && capability !== null && "listChanged" in capability &&
      capability.listChanged === true;
  };
  return {
    ...(says("tools") ? { toolsListChanged: true } : {}),
    ...(says("prompts") ? { promptsListChanged: true } : {}),
    ...(says("resources") ? { resourcesListChanged: true } : {}),
    ...(uris.size > 0 ? { resourceSubscriptions: [...uris] } : {}),
  };
}
