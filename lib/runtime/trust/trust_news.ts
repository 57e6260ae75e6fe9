import type { Logger } from "../../observability/mod.ts";
import type { DefinitionKind } from "../../security/mod.ts";
import type { TrustChange, TrustListener } from "./trust_types.ts";

/** Tells everyone who listens what has become of definitions; a listener that throws keeps it from nobody. */
export class TrustNews {
  readonly #log: Pick<Logger, "error">;
  readonly #listeners = new Set<TrustListener>();

  constructor(log: Pick<Logger, "error">) {
    this.#log = log;
  }

  onChange(listener: TrustListener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  tell(server: string, kind: DefinitionKind, changes: readonly TrustChange[]): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(server, kind, changes);
      } catch (cause) {
        this.#log.error("listener failed", { cause });
      }
    }
  }
}
