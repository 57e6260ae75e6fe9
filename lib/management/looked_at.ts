import type { Clock } from "../platform/mod.ts";
import type { TrustChoice } from "../runtime/mod.ts";
import type { DefinitionHash, DefinitionKind } from "../security/mod.ts";

/** One definition of a server. */
export interface DefinitionPlace {
  readonly server: string;
  readonly kind: DefinitionKind;
  readonly name: string;
}

/** Which form of a definition a person was shown last. */
export interface LookedAt {
  shown(place: DefinitionPlace, hash: DefinitionHash): void;
  /** Makes a decision one about the form that was shown lately; as it is if none was. */
  bind(server: string, choice: TrustChoice): TrustChoice;
}

/** Longer ago than that, nobody remembers what they have seen. */
const KEPT_MS = 3_600_000;
const MAX_KEPT = 1_000;

/**
 * Remembers what was shown, so that a server cannot put another form in its
 * place between the look and the decision.
 */
export function createLookedAt(clock: Pick<Clock, "monotonic">): LookedAt {
  const kept = new Map<string, { readonly hash: DefinitionHash; readonly at: number }>();
  return {
    shown({ server, kind, name }, hash) {
      const key = JSON.stringify([server, kind, name]);
      kept.delete(key);
      kept.set(key, { hash, at: clock.monotonic() });
      const oldest = kept.size > MAX_KEPT ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
    },
    bind(server, choice) {
      const found = kept.get(JSON.stringify([server, choice.kind, choice.name]));
      const isLate = found === undefined || clock.monotonic() - found.at > KEPT_MS;
      return choice.hash !== undefined || isLate ? choice : { ...choice, hash: found.hash };
    },
  };
}
