import { type Config, type ServerConfig, toMs, wireOf } from "../contracts/mod.ts";
import type { Wanted } from "./machine.ts";

/** What a server's actor is to do so that it comes to match its config entry. */
export type Action = "keep" | "start" | "update" | "restart" | "stop" | "remove";

/**
 * Tells whether an entry is held back until a person accepts it.
 *
 * What the entry states wins; unstated means held, unless quarantine is off
 * for all or the entry trusts its server (`trust_mode: auto`).
 */
export function isQuarantined(
  server: Pick<ServerConfig, "quarantined" | "trust_mode" | "skip_quarantine">,
  config: Pick<Config, "quarantine_enabled">,
): boolean {
  if (server.quarantined !== undefined) return server.quarantined;
  if (!config.quarantine_enabled || server.skip_quarantine === true) return false;
  return server.trust_mode !== "auto";
}

/**
 * Decides what is wanted of a configured server.
 *
 * @param onDemand Whether servers sleep until a call needs them.
 */
export function wantedOf(server: ServerConfig | undefined, config: Config, onDemand: boolean): Wanted {
  if (server === undefined) return { kind: "hold", reason: "removed" };
  if (!server.enabled) return { kind: "hold", reason: "disabled" };
  if (isQuarantined(server, config)) return { kind: "hold", reason: "quarantined" };
  const { idle_timeout: idle } = server;
  return { kind: "run", onDemand, dozes: idle !== undefined && toMs(idle) > 0 && wireOf(server) === "stdio" };
}

/**
 * Plans one server by name. Pure; level-based: only what is counts, not how it
 * came about, so that planning twice changes nothing.
 *
 * @param wanted Entry of the snapshot in force, `undefined` if it has none.
 * @param running Entry the actor works with, `undefined` if there is no actor.
 * @param needsRestart Whether going from one entry to the other needs a new connection.
 */
export function plan(
  wanted: ServerConfig | undefined,
  running: ServerConfig | undefined,
  needsRestart: (from: ServerConfig, to: ServerConfig) => boolean,
): Action {
  if (wanted === undefined) return running === undefined ? "keep" : "remove";
  if (running === undefined) return "start";
  if (wanted === running) return "keep";
  return needsRestart(running, wanted) ? "restart" : "update";
}
