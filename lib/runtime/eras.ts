import type { Era, ServerConfig } from "../contracts/mod.ts";
import type { Storage } from "../storage/mod.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** A server may learn another era; after this time it is asked as if it were new. */
const GOOD_FOR_MS = 7 * 24 * 60 * 60 * 1000;

/** Remembers what servers speak, so that the right question comes first. */
export interface EraMemory {
  /** What the server spoke the last time, if that is not long ago and it is still reached the same way. */
  recall(server: ServerConfig): Era | undefined;
  /** Takes what the server speaks. */
  learn(server: ServerConfig, era: Era): void;
  /** Forgets a server. */
  forget(name: string): void;
}

/** Makes the memory over what storage keeps. */
export function createEraMemory({ eras }: Pick<Storage, "eras">, now: () => number): EraMemory {
  const verdictOn = (server: ServerConfig) => {
    const verdict = eras.get(server.name);
    if (verdict === undefined || verdict.fingerprint !== fingerprintOf(server)) return undefined;
    const age = now() - verdict.at;
    return age >= 0 && age < GOOD_FOR_MS ? verdict : undefined;
  };
  return {
    recall: (server) => verdictOn(server)?.era,
    learn(server, era) {
      // A verdict that was only confirmed keeps its date: else nobody would ever ask anew.
      if (verdictOn(server)?.era === era) return;
      eras.set(server.name, { fingerprint: fingerprintOf(server), era, at: now() });
    },
    forget: (name) => eras.remove(name),
  };
}
