import { isDeepStrictEqual } from "node:util";
import type { ServerConfig } from "../contracts/mod.ts";
import type { ListedTools } from "./listed_tools.ts";
import { healthOf } from "./health.ts";
import type { ServerRecord } from "./view.ts";

/** What of a server can be seen by those who may call tools. */
export interface Exposure {
  /** `coming` is a server that has not failed and is not ready, such as one asleep. */
  readonly health: "up" | "coming" | "down";
  /** Another connection may offer other prompts and resources. */
  readonly connection: number;
  /** Another object for other tools. */
  readonly tools: ReadonlySet<string> | undefined;
  readonly choice: Pick<ServerConfig, "enabled_tools" | "disabled_tools" | "expose_prompts">;
}

/**
 * Says what can be seen of a server; `undefined` for one that is hidden. Pure.
 *
 * Attempts that fail again and again make no difference.
 */
export function exposureOf(
  record: ServerRecord | undefined,
  listed: ListedTools | undefined,
): Exposure | undefined {
  if (record === undefined || healthOf(record, 0).admin_state !== "enabled") return undefined;
  const { config: { enabled_tools, disabled_tools, expose_prompts }, state, lastError, reconnects } = record;
  const health = state.state === "ready" ? "up" : lastError === undefined ? "coming" : "down";
  const choice = { enabled_tools, disabled_tools, expose_prompts };
  return { health, connection: reconnects, tools: listed?.names, choice };
}

/** Tells whether somebody who has seen the one would find the other the same. */
export function isSameExposure(one: Exposure | undefined, other: Exposure | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.health === other.health && one.connection === other.connection && one.tools === other.tools &&
    isDeepStrictEqual(one.choice, other.choice);
}
