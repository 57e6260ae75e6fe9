import type { Config, ServerConfig } from "../../contracts/mod.ts";
import type { Logger } from "../../observability/mod.ts";
import type { UpstreamConnection } from "../../upstream/mod.ts";
import { closeBaseline, hasOpenBaseline } from "./inspect.ts";
import { termsOf } from "./terms.ts";
import type { Trust } from "./trust_types.ts";

/** What the baselines are closed with. */
export interface BaselineOptions {
  readonly trust: Pick<Trust, "review" | "hasStarted">;
  readonly config: () => Config;
  readonly log: Logger;
  /** Works with the connection of a server that is ready. */
  readonly use: (
    server: string,
    signal: AbortSignal,
    work: (connection: UpstreamConnection) => Promise<void>,
  ) => Promise<void>;
}

/** Sees to it that what a server shows later is new, whether or not anybody asked for it before. */
export class Baselines {
  readonly #options: BaselineOptions;
  /** Servers that are asked for what they have not shown yet. */
  readonly #open = new Map<string, Promise<void>>();
  readonly #ending = new AbortController();

  constructor(options: BaselineOptions) {
    this.#options = options;
  }

  /** Asks a server that has become ready for what it has not shown yet. */
  close(server: ServerConfig): void {
    const { trust, config, log, use } = this.#options;
    const { name } = server;
    const { signal } = this.#ending;
    if (signal.aborted || this.#open.has(name)) return;
    if (!hasOpenBaseline(trust, server, termsOf(server, config()))) return;
    const work = use(name, signal, (connection) => closeBaseline(trust, server, connection, signal))
      .catch((cause) => log.debug("first lists not taken", { server: name, cause })) // the next connection goes on
      .finally(() => this.#open.delete(name));
    this.#open.set(name, work);
  }

  /** Asks for nothing more. */
  end(): void {
    this.#ending.abort(new DOMException("mcpproxy is shutting down", "AbortError"));
  }

  /** Resolves when nobody is asked any more. */
  async done(): Promise<void> {
    await Promise.all(this.#open.values());
  }
}
