import type { Runtime } from "../runtime/mod.ts";
import type { ResourceRef } from "./resources.ts";

/** Told when a resource has changed; gets the params of the server's notification. */
export type UpdateListener = (params: unknown) => void;

/**
 * Subscriptions to resources: however many clients listen, the server is
 * subscribed to once, and again after each new connection.
 */
export interface Subscriptions extends Disposable {
  /**
   * Subscribes a listener.
   *
   * @throws What the server answers to the first subscription.
   */
  add(ref: ResourceRef, listener: UpdateListener): Promise<void>;
  remove(ref: ResourceRef, listener: UpdateListener): Promise<void>;
}

const WAIT_MS = 30_000;

interface Topic {
  readonly ref: ResourceRef;
  readonly listeners: Set<UpdateListener>;
}

/** Opens the subscriptions over the whole runtime. */
export function openSubscriptions(runtime: Runtime): Subscriptions {
  const topics = new Map<string, Topic>();
  const epochs = new Map<string, number>();

  const onMessage = runtime.onMessage((server, { method, params }) => {
    if (method !== "notifications/resources/updated") return;
    const uri = typeof params === "object" && params !== null && "uri" in params ? params.uri : undefined;
    if (typeof uri !== "string") return;
    for (const { ref, listeners } of topics.values()) {
      // A server may tell of a part of what was subscribed to.
      if (ref.server !== server || !uri.startsWith(ref.uri)) continue;
      for (const listener of listeners) listener(params);
    }
  });

  function ask(ref: ResourceRef, method: "subscribe" | "unsubscribe"): Promise<void> {
    const { signal } = new AbortController();
    return runtime.use(ref.server, { signal, waitMs: WAIT_MS }, (connection) => connection[method](ref.uri));
  }

  const onChange = runtime.onState((server) => {
    const record = runtime.view().servers.get(server);
    const epoch = record?.reconnects ?? 0;
    if (record?.state.state !== "ready" || epochs.get(server) === epoch) return;
    epochs.set(server, epoch);
    for (const { ref } of topics.values()) {
      if (ref.server === server) void ask(ref, "subscribe").catch(() => {}); // the next connection tries again
    }
  });

  return {
    async add(ref, listener) {
      const key = JSON.stringify(ref);
      const topic = topics.get(key);
      if (topic !== undefined) return void topic.listeners.add(listener);
      topics.set(key, { ref, listeners: new Set([listener]) });
      try {
        await ask(ref, "subscribe");
        epochs.set(ref.server, runtime.view().servers.get(ref.server)?.reconnects ?? 0);
      } catch (error) {
        topics.delete(key);
        throw error;
      }
    },
    async remove(ref, listener) {
      const key = JSON.stringify(ref);
      const topic = topics.get(key);
      if (topic === undefined || !topic.listeners.delete(listener) || topic.listeners.size > 0) return;
      topics.delete(key);
      if (runtime.view().servers.get(ref.server)?.state.state !== "ready") return;
      await ask(ref, "unsubscribe").catch(() => {}); // nobody listens, whatever the server says
    },
    [Symbol.dispose]() {
      onMessage[Symbol.dispose]();
      onChange[Symbol.dispose]();
    },
  };
}
