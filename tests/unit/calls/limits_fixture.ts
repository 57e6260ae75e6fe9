import { ok } from "node:assert/strict";
import type { Caller, Config } from "../../../lib/contracts/mod.ts";
import { createLimits, type Limits } from "../../../lib/calls/mod.ts";
import { GatewayError } from "../../../lib/contracts/mod.ts";
import { createManualClock, type ManualClock } from "../../support/manual_clock.ts";

export const ADMIN: Caller = { role: "admin", label: "admin key", surface: "mcp" };
const NEVER = new AbortController().signal;

export interface Scene {
  readonly clock: ManualClock;
  readonly limits: Limits;
  /** Puts other settings into force. */
  set(settings: Partial<Config>): void;
  /** Asks for a slot as one client. */
  enter(
    client: string,
    more?: { server?: string; signal?: AbortSignal; caller?: Caller },
  ): ReturnType<Limits["enter"]>;
}

export function scene(settings: Partial<Config>, limitFor?: (caller: Caller) => number | undefined): Scene {
  const clock = createManualClock();
  let config = toConfig(settings);
  const limits = createLimits({ clock, config: () => config, limitFor });
  return {
    clock,
    limits,
    set(next) {
      config = toConfig(next);
      limits.refresh();
    },
    enter: (client, { server = "github", signal = NEVER, caller = ADMIN } = {}) =>
      limits.enter({ server, caller, client, signal }),
  };
}

// Only what the limits read.
const toConfig = (settings: Partial<Config>) => ({ mcpServers: [], ...settings }) as unknown as Config;

export function server(settings: Record<string, unknown>): Partial<Config> {
  return { mcpServers: [{ name: "github", ...settings }] } as unknown as Partial<Config>;
}

export function codeOf(error: unknown): unknown {
  ok(error instanceof GatewayError);
  return [error.code, error.details.scope, error.details.reason];
}
