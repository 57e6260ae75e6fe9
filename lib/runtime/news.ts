import type { PeerMessage } from "../contracts/mod.ts";
import { createMerger, type EventBus, type Merger } from "../events/mod.ts";
import type { Clock } from "../platform/mod.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Exposure, exposureOf, isSameExposure } from "./exposure.ts";
import { statsOf } from "./stats.ts";
import type { ViewSnapshot } from "./view.ts";

/** Takes what a server says to nobody in particular. */
export type MessageListener = (server: string, message: PeerMessage) => void;

/** What news are made of. */
export interface NewsOptions {
  readonly clock: Clock;
  readonly bus: EventBus;
  readonly view: () => ViewSnapshot;
  readonly catalogue: Pick<Catalogue, "get">;
  readonly onListenerError: (error: unknown) => void;
}

/** Tells everyone who listens what has become of servers; a listener that throws keeps it from nobody. */
export class News implements Disposable {
  readonly #options: NewsOptions;
  readonly #messages = new Set<MessageListener>();
  readonly #states = new Set<(server: string) => void>();
  readonly #exposures = new Set<(servers: readonly string[]) => void>();
  /** What was last told of each server that can be seen. */
  readonly #seen = new Map<string, Exposure>();
  readonly #changes: Merger<string>;
  readonly #visible: Merger<undefined>;

  constructor(options: NewsOptions) {
    this.#options = options;
    this.#changes = createMerger(options.clock, (burst) => this.#publish(burst));
    this.#visible = createMerger(options.clock, (burst) => this.#tellVisible([...burst.keys()]));
  }

  /** The record of a server is another one, for a reason: the name of its state, or `removed`. */
  changed(server: string, reason: string): void {
    this.#changes.note(server, reason);
    this.#visible.note(server, undefined);
    this.#tell(this.#states, (listener) => listener(server));
  }

  /** A server has listed its tools. */
  listed(server: string): void {
    this.#visible.note(server, undefined);
  }

  said(server: string, message: PeerMessage): void {
    this.#tell(this.#messages, (listener) => listener(server, message));
  }

  onMessage(listener: MessageListener): Disposable {
    return subscribe(this.#messages, listener);
  }

  onState(listener: (server: string) => void): Disposable {
    return subscribe(this.#states, listener);
  }

  onExposedChange(listener: (servers: readonly string[]) => void): Disposable {
    return subscribe(this.#exposures, listener);
  }

  /** Tells what is still waiting to be told, and falls silent. */
  [Symbol.dispose](): void {
    this.#changes.flush();
    this.#changes[Symbol.dispose]();
    this.#visible[Symbol.dispose]();
  }

  /** One event for a burst: which servers, of each the latest reason, and the counts as they are now. */
  #publish(burst: ReadonlyMap<string, string>): void {
    const { bus, view, catalogue } = this.#options;
    const servers = [...burst.keys()];
    const reason = burst.get(servers.at(-1) ?? "");
    const reasons = Object.fromEntries(burst);
    bus.publish("servers.changed", { reason, servers, reasons, stats: statsOf(view(), catalogue) });
  }

  /** What has come and gone within the burst is no news. */
  #tellVisible(servers: readonly string[]): void {
    const { view, catalogue } = this.#options;
    const records = view().servers;
    const changed = servers.filter((name) => {
      const now = exposureOf(records.get(name), catalogue.get(name));
      if (isSameExposure(this.#seen.get(name), now)) return false;
      if (now === undefined) this.#seen.delete(name);
      else this.#seen.set(name, now);
      return true;
    });
    if (changed.length > 0) this.#tell(this.#exposures, (listener) => listener(changed));
  }

  #tell<L>(listeners: ReadonlySet<L>, call: (listener: L) => void): void {
    for (const listener of [...listeners]) {
      try {
        call(listener);
      } catch (error) {
        this.#options.onListenerError(error);
      }
    }
  }
}

/** One function may listen only once. */
function subscribe<L>(listeners: Set<L>, listener: L): Disposable {
  listeners.add(listener);
  return { [Symbol.dispose]: () => void listeners.delete(listener) };
}
